import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { type AnySql, rowsOf, sqlstate, value } from '../support/calls.ts';

type Chunk = { loaded: number; failed: number; last_line: number | null; remaining: boolean };

async function begin(sql: AnySql) {
  return (await value(
    sql`select etl.begin_load('companyenrich', 'file.ndjson', 'fingerprint', 100)`,
  )) as Record<string, unknown> & { load_id: string };
}

async function copy(sql: AnySql, load: string, lines: string[]) {
  await sql`insert into etl.load_lines ${sql(lines.map((body, position) => ({ load_id: load, line_number: position + 1, body })))} on conflict do nothing`;
}

const chunk = async (sql: AnySql, load: string, size = 1000) =>
  (await value(sql`select etl.load_chunk(${load}, ${size})`)) as Chunk;
const line = (domain: string, keyword = 'fine') =>
  JSON.stringify({ domain, raw_payload: { keywords: [keyword] } });

test('bad lines are kept with their number and reason; the others are loaded', async ({ sql }) => {
  const { load_id } = await begin(sql);
  await copy(sql, load_id, [
    line('a.example'),
    'not json',
    line('nope'),
    '{"domain": "b.example"}',
    '',
    'null',
    String.raw`{"domain": "\u0000"}`,
    line('c.example'),
  ]);
  expect(await chunk(sql, load_id)).toEqual({ loaded: 2, failed: 6, last_line: 8, remaining: false });
  expect(await sql`select line_number::int, code from etl.load_errors order by 1`).toEqual([
    { line_number: 2, code: 'NOTJS' },
    { line_number: 3, code: 'BADKY' },
    { line_number: 4, code: 'BADRQ' },
    { line_number: 5, code: 'NOTJS' },
    { line_number: 6, code: 'BADRQ' },
    { line_number: 7, code: 'NOTJS' },
  ]);
  expect((await rowsOf(sql, 'core.companies')).map(({ domain }) => domain)).toEqual([
    'a.example',
    'c.example',
  ]);
  expect(await value(sql`select etl.finish_load(${load_id})`)).toMatchObject({
    lines_loaded: 2,
    lines_failed: 6,
  });
});

test('it goes chunk by chunk, and the same file again is the same load', async ({ sql }) => {
  const { load_id } = await begin(sql);
  await copy(sql, load_id, [line('a.example'), line('b.example'), line('c.example')]);
  await sql`select etl.note_lines_copied(${load_id}, 3, 90)`;
  expect(await chunk(sql, load_id, 2)).toEqual({ loaded: 2, failed: 0, last_line: 2, remaining: true });
  expect(await begin(sql)).toMatchObject({ load_id, lines_copied: 3, bytes_read: 90, lines_loaded: 2 });
  expect(await chunk(sql, load_id, 2)).toEqual({ loaded: 1, failed: 0, last_line: 3, remaining: false });
  expect(await chunk(sql, load_id)).toEqual({ loaded: 0, failed: 0, last_line: null, remaining: false });
});

test('a line that is loaded twice lands once', async ({ sql }) => {
  const { load_id } = await begin(sql);
  for (let time = 0; time < 2; time++) {
    await copy(sql, load_id, [line('a.example'), line('b.example')]);
    await chunk(sql, load_id);
  }
  expect(await value(sql`select count(*)::int from raw.payloads`)).toBe(2);
});

test('a line that lands but cannot be processed is a failure, not an error of the file', async ({ sql }) => {
  await sql`alter table core.company_keywords add constraint no_poison check (keyword <> 'poison')`;
  const { load_id } = await begin(sql);
  await copy(sql, load_id, [line('a.example', 'poison'), line('b.example')]);
  expect(await chunk(sql, load_id)).toMatchObject({ loaded: 1, failed: 1 });
  expect(await sql`select entity_key from etl.failures`).toEqual([{ entity_key: 'a.example' }]);
  expect(await sql`select line_number from etl.load_errors`).toEqual([]);
});

test('within a load the later line is the newer one', async ({ sql }) => {
  const { load_id } = await begin(sql);
  const typed = (type: string) => JSON.stringify({ domain: 'a.example', raw_payload: { type } });
  await copy(sql, load_id, [typed('private'), typed('public')]);
  await chunk(sql, load_id);
  expect(await rowsOf(sql, 'core.company_types')).toMatchObject([{ raw_type: 'public' }]);
});

test('the body of an erased record is not kept as an error', async ({ sql }) => {
  await sql`select etl.forget('a.example')`;
  const { load_id } = await begin(sql);
  await copy(sql, load_id, [line('a.example', 'secret')]);
  await chunk(sql, load_id);
  expect(await sql`select code, body from etl.load_errors`).toEqual([{ code: 'FORGT', body: '' }]);
});

test('only what lands payloads can be loaded', async ({ sql }) => {
  expect(await sqlstate(sql, (sql) => sql`select etl.begin_load('lookup-job-title', 'f', 'f')`)).toBe(
    'BADRQ',
  );
  expect(await sqlstate(sql, (sql) => sql`select etl.load_chunk(gen_random_uuid())`)).toBe('UNKEY');
});
