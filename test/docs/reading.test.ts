import { readFile } from 'node:fs/promises';

import { expect } from 'vitest';

import { test } from '../support/database.ts';

const page = await readFile(new URL('../../docs/reading.md', import.meta.url), 'utf8');

/** Blocks of SQL, and statements within the text. */
const statements = [
  ...[...page.matchAll(/^```sql\n(.*?)^```/gms)].map(([, text]) => text ?? ''),
  ...[...page.matchAll(/`(select [^`]+)`/g)].map(([, text]) => text ?? ''),
];

test('the page has statements for psql', () => {
  expect(statements.length).toBeGreaterThan(4);
});

test.for(statements)('runs as it stands there: %s', async (statement, { sql }) => {
  await sql.unsafe(statement);
});

/** What the page names with its arguments in words, called with such. */
test.for([
  ['etl.golden_record(key, fields)', `select etl.golden_record('acme.example', '{companies.name}')`],
  ['etl.golden_records(keys, fields)', `select * from etl.golden_records('{acme.example}', null)`],
  [
    'api.records(entity_type, keys, fields)',
    `select * from api.records('company', '["acme.example"]', '{companies.name}')`,
  ],
  [
    'api.table_page(schema, table, request)',
    `select api.table_page('core', 'companies', '{"filters": [{"column": "domain", "operator": "eq", "value": "acme.example"}]}')`,
  ],
  ['api.changes(after, tables, max_changes)', `select * from api.changes(null, '{core.companies}', 10)`],
  ['etl.sequence_changes()', 'select * from etl.sequence_changes()'],
] as const)('%s can be called so', async ([named, statement], { sql }) => {
  expect(page).toContain(named);
  await sql.unsafe(statement);
});
