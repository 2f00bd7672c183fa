import { exitCodes } from '../errors.ts';
import { line } from './output.ts';
import type { Context } from './program.ts';

type Offered = {
  raw_payload_id: string;
  observed_at: string;
  source?: string | null;
  workflow_slug?: string;
};

type Row = Offered & {
  key: Record<string, unknown> | null;
  values: Record<string, unknown>;
  losers: (Offered & Record<string, unknown>)[];
  /** per column, where the rule takes each value from another payload */
  lineage?: Record<string, Offered>;
};

/** The last three where a model or provider was asked for it. */
type Payload = {
  payload_id: string;
  workflow_slug: string;
  model?: string;
  pages?: string[];
  sources?: { url: string; title?: string }[];
};

type Explanation = {
  entity: string;
  key: string;
  tables: { table: string; rule?: string; kept_by?: string; rows: Row[] }[];
  payloads: Payload[];
};

const lineageColumns = new Set(['raw_payload_id', 'observed_at', 'source', 'workflow_slug', 'id']);

/** `hq explain`: every value of a golden record with its rule, source, payload and time, and what lost against it. */
export async function explainCommand({ database, output }: Context, key: string): Promise<number> {
  const [row] = await database.sql<{ explanation: Explanation }[]>`select etl.explain(${key}) as explanation`;
  const { explanation } = row as { explanation: Explanation };
  output.result(explanation, () => print(explanation));
  return exitCodes.ok;
}

function print({ entity, key, tables, payloads }: Explanation): void {
  line(`${entity} ${key}, from ${payloads.length} payload${payloads.length === 1 ? '' : 's'}`);
  for (const { table, rule, kept_by, rows } of tables) {
    line();
    line(`${table}  (${rule ?? `kept by ${kept_by}`})`);
    for (const row of rows) printRow(row, key);
  }
  const produced = payloads.filter(({ pages, sources }) => pages ?? sources);
  if (produced.length > 0) line('\nWhat answers rest on');
  for (const { payload_id, workflow_slug, model, pages = [], sources = [] } of produced) {
    line(`  ${workflow_slug}, payload ${payload_id}${model ? `, ${model}` : ''}`);
    for (const page of pages) line(`    was shown ${page}`);
    for (const { url, title } of sources) line(`    cites ${url}${title ? ` (${title})` : ''}`);
  }
}

function printRow(row: Row, entityKey: string): void {
  const parts = Object.values(row.key ?? {}).filter((value) => value !== entityKey && value !== null);
  if (parts.length > 0) line(`  ${parts.map(shown).join(' / ')}`);
  line(`    ${facts(row.values)}`);
  line(`    from ${origin(row)}`);
  for (const [column, from] of Object.entries(row.lineage ?? {})) {
    if (from.raw_payload_id !== row.raw_payload_id) line(`      ${column} from ${origin(from)}`);
  }
  for (const loser of row.losers) line(`    over ${facts(loser)}  (${origin(loser)})`);
}

function facts(values: Record<string, unknown>): string {
  const known = Object.entries(values).filter(([name, value]) => !lineageColumns.has(name) && value !== null);
  return known.map(([name, value]) => `${name} = ${shown(value)}`).join(', ') || '(no further values)';
}

function origin({ source, workflow_slug, raw_payload_id, observed_at }: Offered): string {
  return `${source ?? workflow_slug ?? 'an unknown source'}, payload ${raw_payload_id}, observed ${observed_at}`;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
