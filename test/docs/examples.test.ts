import { readFile } from 'node:fs/promises';

import { expect } from 'vitest';

import { test } from '../support/database.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');

const payloads = [
  { file: 'examples/companyenrich.json', workflow: 'companyenrich', warnings: ['/raw_payload/founded_year'] },
  { file: 'examples/core-company-full-upsert.json', workflow: 'core-company-full-upsert', warnings: [] },
  {
    file: 'examples/clay-person-profile.json',
    workflow: 'clay-person-profile',
    warnings: ['/raw_payload/latest_experience/end_date'],
  },
];

for (const { file, workflow, warnings } of payloads) {
  test(`${file} goes through, with the warnings the README tells of`, async ({ sql }) => {
    const [row] = await sql<{ response: { success: boolean; warnings?: { field: string }[] } }[]>`
      select etl.ingest(${workflow}, ${await read(file)}::text::jsonb) as response`;
    expect(row?.response.success).toBe(true);
    expect((row?.response.warnings ?? []).map(({ field }) => field)).toEqual(warnings);
  });
}

test('examples/companies.ndjson has two companies and one line that is refused', async ({ sql }) => {
  const lines = (await read('examples/companies.ndjson')).trim().split('\n');
  const outcomes = await sql`
    select outcome ->> 'status' as status, outcome #>> '{body,code}' as code
      from jsonb_array_elements(etl.run_batch('companyenrich', ${lines}::text[]::jsonb[])) as outcome`;
  expect([...outcomes]).toEqual([
    { status: '200', code: null },
    { status: '200', code: null },
    { status: '422', code: 'BADKY' },
  ]);
});

test('the SQL of the README runs as it stands there', async ({ sql }) => {
  const blocks = [...(await read('README.md')).matchAll(/^```sql\n(.*?)^```/gms)].map(
    ([, text]) => text ?? '',
  );
  const fromPsql = blocks.find((text) => text.includes('etl.golden_record'));
  expect(fromPsql).toBeDefined();
  const results = await sql.unsafe(fromPsql ?? '').simple();
  expect(results).toHaveLength(5);
  expect(results.at(-1)).toMatchObject([{ domain: 'initech.example' }]);
});
