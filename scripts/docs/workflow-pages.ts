import { readFile } from 'node:fs/promises';

import { parse } from 'csv-parse/sync';

import type { Sql } from '../../src/database/connect.ts';
import { codeList, isPresent, markdownTable } from './markdown.ts';

type Field = { field: string; type: string; required: boolean; meaning: string };

type WrittenTable = {
  table: string;
  about?: string;
  key?: string[];
  survives?: string;
  fill_order?: string;
  richness?: string[];
  ranking?: string[];
  owner?: string[];
  kept_by?: string;
  from?: string[];
};

/** What etl.workflow_document() gives. */
export type WorkflowDocument = {
  workflow_slug: string;
  aliases: string[];
  workflow_type: string;
  entity_type: string;
  provider: string | null;
  platform: string | null;
  payload_type: string | null;
  description: string;
  path: string;
  other_paths: string[];
  is_active: boolean;
  inactive_reason: string | null;
  legacy_function: string | null;
  timeout_seconds: number;
  max_body_bytes: number;
  raw_table: string | null;
  key_field: string | null;
  payload_field: string | null;
  observed_at: string | null;
  request_fields: Field[];
  response_fields: Field[];
  extracted_tables: { table: string; key: string[]; mode: 'newest' | 'replace' }[];
  tables_written: WrittenTable[];
  lookups: { column: string; lookup: string }[];
  handler: string | null;
  backfills: string[] | null;
  example_request: unknown;
};

const note = 'Generated from the workflow registry by `npm run docs`; do not edit.';

/** The generated pages under docs/: path relative to it -> content. */
export async function workflowPages(sql: Pick<Sql, 'unsafe'>): Promise<Map<string, string>> {
  const rows = await sql.unsafe<{ document: WorkflowDocument }[]>(`
    select etl.workflow_document(workflow_slug) as document
      from reference.enrichment_workflow_registry
     order by workflow_slug`);
  const documents = rows.map(({ document }) => document);
  return new Map([
    ['workflows/README.md', indexPage(documents)],
    ['endpoint-mapping.md', mappingPage(documents, await waitingWorkflows())],
    ...documents.map((document): [string, string] => [
      `workflows/${document.workflow_slug}.md`,
      workflowPage(document),
    ]),
  ]);
}

function indexPage(documents: WorkflowDocument[]): string {
  const sections = groups(documents, ({ entity_type }) => entity_type).map(([entity, ofEntity]) => [
    `## ${entity}`,
    markdownTable(
      ['workflow', 'provider', 'type', 'path', 'what it does'],
      ofEntity.map((document) => [
        `[${document.workflow_slug}](${document.workflow_slug}.md)`,
        document.provider ?? '',
        document.is_active ? document.workflow_type : `${document.workflow_type}, inactive`,
        `\`${document.path}\``,
        document.description,
      ]),
    ),
  ]);
  const providers = groups(documents, ({ provider }) => provider ?? 'no provider').map(
    ([provider, ofProvider]) => [
      provider,
      ofProvider.map(({ workflow_slug }) => `[${workflow_slug}](${workflow_slug}.md)`).join(', '),
    ],
  );
  return page([
    '# Workflows',
    note,
    'All paths take `POST`. A new workflow is one SQL file: [adding a workflow](../adding-a-workflow.md).',
    ...sections.flat(),
    '## By provider',
    markdownTable(['provider', 'workflows'], providers),
  ]);
}

type Waiting = { path?: string; workflow_slug: string; old_function: string; waits_for: string };

/** What the old system had and this one has not yet: from the lists that the coverage test checks. */
async function waitingWorkflows(): Promise<Waiting[]> {
  const lists = await Promise.all(
    ['run-paths.csv', 'registry-workflows.csv'].map((file) =>
      readFile(new URL(`../../test/workflows/${file}`, import.meta.url), 'utf8'),
    ),
  );
  const [paths = [], registered = []] = lists.map((text) =>
    (parse(text, { columns: true }) as Waiting[]).filter(({ waits_for }) => waits_for !== ''),
  );
  // The registry and the paths name some by two slugs; the function tells that they are one.
  const known = new Set(paths.flatMap((row) => [row.workflow_slug, row.old_function]));
  const others = registered.filter((row) => !known.has(row.workflow_slug) && !known.has(row.old_function));
  return [...paths, ...others].sort((a, b) => (a.workflow_slug < b.workflow_slug ? -1 : 1));
}

function mappingPage(documents: WorkflowDocument[], waiting: Waiting[]): string {
  return page([
    '# Where the old endpoints are',
    note,
    'The old system had one serverless function per workflow. Its paths, request fields and response fields are kept; ' +
      'what is different is told in [differences](differences.md).',
    markdownTable(
      ['workflow', 'other slugs', 'old function', 'path'],
      documents.map((document) => [
        `[${document.workflow_slug}](workflows/${document.workflow_slug}.md)${document.is_active ? '' : ' (not active)'}`,
        codeList(document.aliases),
        document.legacy_function === null ? 'none' : `\`${document.legacy_function}\``,
        codeList([document.path, ...document.other_paths].map((path) => `POST ${path}`)),
      ]),
    ),
    'Beside the workflows: `POST /read/companies/db/check-existence` (the function `read_db_check_existence`).',
    ...(waiting.length === 0
      ? []
      : [
          '## Not here yet',
          markdownTable(
            ['workflow', 'old function', 'path', 'waits for'],
            waiting.map(({ workflow_slug, old_function, path, waits_for }) => [
              workflow_slug,
              old_function === 'none' ? 'none' : `\`${old_function}\``,
              path === undefined ? 'none' : `\`POST ${path}\``,
              waits_for,
            ]),
          ),
        ]),
  ]);
}

function workflowPage(document: WorkflowDocument): string {
  return page([
    `# ${document.workflow_slug}`,
    note,
    document.description,
    document.is_active ? undefined : `**Not active**: ${document.inactive_reason}.`,
    markdownTable(['', ''], facts(document)),
    '## Request',
    fieldTable(document.request_fields, true),
    '## Response',
    fieldTable(document.response_fields, false),
    ...extractedSection(document),
    ...writtenSection(document),
    ...lookupSection(document),
    '## Example',
    example(document),
  ]);
}

function facts(document: WorkflowDocument): string[][] {
  const lands = document.key_field !== null;
  const rows: [string, string | null | undefined][] = [
    ['path', `\`POST ${document.path}\``],
    ['type', document.workflow_type],
    ['entity', document.entity_type],
    ['provider', document.provider],
    ['platform', document.platform],
    ['payload type', document.payload_type],
    ['other slugs', codeList(document.aliases)],
    ['key', document.key_field && `\`${document.key_field}\` of the body, normalised`],
    [
      'payload',
      lands
        ? document.payload_field
          ? `\`${document.payload_field}\` of the body`
          : 'the whole body'
        : null,
    ],
    [
      'observed at',
      lands
        ? document.observed_at
          ? `\`${document.observed_at}\`, else the time of landing`
          : 'the time of landing'
        : null,
    ],
    ['raw payloads', document.raw_table && `\`${document.raw_table}\``],
    ['answered by', document.handler && `\`${document.handler}(request jsonb)\``],
    ['coalesces again', document.backfills && codeList(document.backfills)],
    ['time limit', `${document.timeout_seconds} seconds`],
    ['largest body', `${document.max_body_bytes} bytes`],
    ['old function', document.legacy_function && `\`${document.legacy_function}\``],
  ];
  return rows.filter(([, value]) => isPresent(value)).map(([name, value]) => [name, value ?? '']);
}

function fieldTable(fields: Field[], isRequest: boolean): string {
  if (fields.length === 0) return 'No fields.';
  const columns: [string, (field: Field) => string][] = [
    ['field', ({ field }) => `\`${field.slice(1).replaceAll('/', '.').replaceAll('.*', '[]')}\``],
    ['type', ({ type }) => type],
  ];
  if (isRequest) columns.push(['required', ({ required }) => (required ? 'yes' : '')]);
  if (fields.some(({ meaning }) => meaning !== '')) columns.push(['meaning', ({ meaning }) => meaning]);
  return markdownTable(
    columns.map(([heading]) => heading),
    fields.map((field) => columns.map(([, cell]) => cell(field))),
  );
}

function extractedSection({ extracted_tables }: WorkflowDocument): string[] {
  if (extracted_tables.length === 0) return [];
  return [
    '## Extracted tables',
    markdownTable(
      ['table', 'key', 'keeps'],
      extracted_tables.map(({ table, key, mode }) => [
        `\`${table}\``,
        codeList(key),
        mode === 'newest' ? 'the newest payload per key' : 'the rows of the newest payload that has any',
      ]),
    ),
  ];
}

function writtenSection({ tables_written }: WorkflowDocument): string[] {
  if (tables_written.length === 0) return [];
  return [
    '## Tables written',
    'The rules are explained in [survivorship](../survivorship.md).',
    markdownTable(
      ['table', 'key', 'which candidate stays', 'from'],
      tables_written.map((written) => [
        `\`${written.table}\``,
        codeList(written.key ?? []),
        rule(written),
        written.kept_by ? `\`${written.kept_by}\`` : codeList(written.from ?? []),
      ]),
    ),
  ];
}

function rule({ survives = '', fill_order, richness, ranking, owner }: WrittenTable): string {
  const details = [
    fill_order && `each value by ${fill_order}`,
    richness && `counting ${codeList(richness)}`,
    ranking && `ranking ${codeList(ranking)}`,
    owner && `a set per ${codeList(owner)}`,
  ].filter(isPresent);
  return [survives, ...details].join(', ');
}

function lookupSection({ lookups }: WorkflowDocument): string[] {
  if (lookups.length === 0) return [];
  return [
    '## Lookups',
    'When a row of a lookup is added or changed, the records that asked for its value are coalesced again.',
    markdownTable(
      ['column', 'looked up in'],
      lookups.map(({ column, lookup }) => [`\`${column}\``, `\`${lookup}\``]),
    ),
  ];
}

function example({ path, example_request }: WorkflowDocument): string {
  return [
    '```sh',
    `curl http://127.0.0.1:3000${path} \\`,
    '  -H "X-API-Key: $HQ_API_KEY" -H "Content-Type: application/json" --data-binary @- <<\'END\'',
    JSON.stringify(example_request, null, 2),
    'END',
    '```',
  ].join('\n');
}

function groups(
  documents: WorkflowDocument[],
  keyOf: (document: WorkflowDocument) => string,
): [string, WorkflowDocument[]][] {
  const grouped = Map.groupBy(documents, keyOf);
  return [...grouped].sort(([a], [b]) => (a < b ? -1 : 1));
}

function page(blocks: (string | undefined)[]): string {
  return `${blocks.filter(isPresent).join('\n\n')}\n`;
}
