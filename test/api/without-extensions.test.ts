import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { type Call, test as base } from '../http/support/api.ts';
import { loadSample } from './support/sample.ts';

/** The API on a server that has neither pg_trgm nor btree_gin. */
const test = base.extend<{ plain: Call }>({
  plain: [
    async ({ pool, call }, use) => {
      await pool`drop extension if exists pg_trgm cascade`;
      await pool`drop extension if exists btree_gin cascade`;
      await pool`select api.use_extensions()`;
      await loadSample(pool, 24);
      await use(call);
    },
    { scope: 'file' },
  ],
});

async function total(call: Call, path: string): Promise<number> {
  const { status, body } = await call(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.meta.total as number;
}

test('without pg_trgm, search takes words and their beginnings, and filters any part of a text', async ({
  plain,
  pool,
}) => {
  const [row] = await pool<{ schema: string | null }[]>`select api.trigram_schema() as schema`;
  expect(row?.schema).toBeNull();
  expect(await total(plain, '/api/leads?q=sam%20okoro')).toBe(3);
  expect(await total(plain, '/api/leads?q=oko%20sa')).toBe(3);
  expect(await total(plain, '/api/leads?full_name=m%20okor')).toBe(3);
  expect(await total(plain, '/api/leads?full_name=KORO')).toBe(3);
  expect(await total(plain, '/api/leads?company_name=nith%20100%25')).toBe(8);
  expect(await total(plain, '/api/companies?name=gliders')).toBe(1);
  const { body } = await plain('/api/companies/search?q=zeph');
  expect(body.data.map(({ domain }: { domain: string }) => domain)).toEqual(['zephyr.example']);
});

test('a misspelt word finds nothing without pg_trgm, and its like once that is installed', async ({
  plain,
  pool,
}) => {
  expect(await total(plain, '/api/leads?q=okroo')).toBe(0);
  await pool`create extension pg_trgm with schema public`;
  await pool`select api.use_extensions()`;
  expect(await total(plain, '/api/leads?q=okroo')).toBe(3);
  expect(await total(plain, '/api/leads?full_name=KORO')).toBe(3);
});

/** Indexes that a query reads when it may not scan the table. */
async function indexesOf(sql: Sql, query: string): Promise<string[]> {
  return sql.begin(async (transaction) => {
    await transaction`set local enable_seqscan = off`;
    const plan = await transaction.unsafe<{ 'QUERY PLAN': string }[]>(`explain ${query}`);
    return plan.flatMap(
      (line) => /Index (?:Only )?Scan (?:using|on) (\w+)/.exec(line['QUERY PLAN'])?.slice(1) ?? [],
    );
  });
}

test('filters are found by an index each without btree_gin, and by one for all once that is installed', async ({
  plain,
  pool,
}) => {
  const query = `select from api.lead_rows where matched_job_function = any ('{Sales}') and person_country = any ('{Germany}')`;
  const path = '/api/leads?job_function=Sales&person_country=united%20states&count=exact';
  const found = await total(plain, path);
  expect(found).toBeGreaterThan(0);
  const each = expect.stringMatching(/^lead_rows_(matched_job_function|person_country)_idx$/) as string;
  expect((await indexesOf(pool, query))[0]).toEqual(each);
  await pool`create extension btree_gin with schema public`;
  await pool`select api.use_extensions()`;
  expect(await indexesOf(pool, query)).toEqual(['lead_rows_filters_idx']);
  expect(await total(plain, path)).toBe(found);
  await pool`drop extension btree_gin cascade`;
  await pool`select api.use_extensions()`;
  expect((await indexesOf(pool, query))[0]).toEqual(each);
});
