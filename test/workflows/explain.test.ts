import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { type AnySql, run } from '../sql/support/calls.ts';

type Origin = { source?: string | null; raw_payload_id?: string | null; observed_at?: string | null };

type Explained = {
  tables: {
    table: string;
    rule: string;
    rows: ({
      key: Record<string, unknown>;
      values: Record<string, unknown>;
      lineage?: Record<string, Origin>;
      losers: Origin[];
    } & Origin)[];
  }[];
};

/** Runs the examples of all workflows that land, so that every golden table has a row. */
async function landAllExamples(sql: AnySql): Promise<void> {
  const examples = await sql<{ slug: string; example: Record<string, unknown> }[]>`
    select workflow_slug as slug, etl.landing_example(workflow_slug) as example
      from reference.enrichment_workflow_registry
      join etl.ingestions using (workflow_slug)
     where is_active
     order by workflow_slug`;
  for (const { slug, example } of examples) {
    const { status, body } = await run(sql, slug, example);
    if (status !== 200) throw new Error(`${slug} answers ${status}: ${JSON.stringify(body)}`);
  }
}

const isGiven = (value: unknown) => value !== null && value !== undefined;
const isComplete = ({ source, raw_payload_id, observed_at }: Origin) =>
  isGiven(source) && isGiven(raw_payload_id) && isGiven(observed_at);

test('etl.explain gives every row of every core table, and of each value the source, payload, time and rule', async ({
  sql,
}) => {
  await landAllExamples(sql);
  const stored = await sql<
    {
      target: string;
      entity_key: string;
      row_key: Record<string, unknown>;
      golden_row: Record<string, unknown>;
      columns: string[];
    }[]
  >`
    select stored.target, stored.entity_key, stored.row_key, stored.golden_row
      from etl.golden_rows(array(select entity_key from etl.records)) as stored`;

  const found: string[] = [];
  const kept = await sql<{ target: string }[]>`select target from etl.kept_tables() order by target`;
  for (const { target } of kept) {
    if (!stored.some((row) => row.target === target)) found.push(`${target}: no example writes it`);
  }

  const explained = new Map<string, Explained>();
  for (const key of new Set(stored.map(({ entity_key }) => entity_key))) {
    const [row] = await sql<{ explained: Explained }[]>`select etl.explain(${key}) as explained`;
    if (row) explained.set(key, row.explained);
  }
  for (const { target, entity_key, row_key, golden_row } of stored) {
    const place = `${target} ${JSON.stringify(row_key)}`;
    const table = explained.get(entity_key)?.tables.find((each) => each.table === target);
    const row = table?.rows.find(({ key }) => JSON.stringify(key) === JSON.stringify(row_key));
    if (!table?.rule) found.push(`${place}: no rule`);
    if (!row) {
      found.push(`${place}: not explained`);
      continue;
    }
    const bookkeeping = ['id', 'source', 'raw_payload_id', 'observed_at', 'lineage', ...Object.keys(row_key)];
    for (const [column, value] of Object.entries(golden_row)) {
      if (!isGiven(value) || bookkeeping.includes(column)) continue;
      if (JSON.stringify(row.values[column]) !== JSON.stringify(value)) {
        found.push(
          `${place}: ${column} is ${JSON.stringify(value)}, not ${JSON.stringify(row.values[column])}`,
        );
      }
      const origin = row.lineage === undefined ? row : row.lineage[column];
      if (!origin || !isComplete(origin))
        found.push(`${place}: ${column} has no origin: ${JSON.stringify(origin ?? null)}`);
    }
    if (!isComplete(row))
      found.push(`${place}: no origin: ${row.source} ${row.raw_payload_id} ${row.observed_at}`);
  }
  expect(found).toEqual([]);
});
