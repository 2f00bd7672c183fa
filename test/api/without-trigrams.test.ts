import { expect } from 'vitest';

import { type Call, test as base } from '../http/support/api.ts';
import { loadSample } from './support/sample.ts';

/** The API on a server that has no pg_trgm. */
const test = base.extend<{ plain: Call }>({
  plain: [
    async ({ pool, call }, use) => {
      await pool`drop extension if exists pg_trgm cascade`;
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
  await pool`select api.use_trigrams()`;
  expect(await total(plain, '/api/leads?q=okroo')).toBe(3);
  expect(await total(plain, '/api/leads?full_name=KORO')).toBe(3);
});
