import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'vitest';

import { Reader } from '../../src/http/reader.ts';
import type { Sql } from '../../src/database/connect.ts';
import { test as base } from '../http/support/api.ts';

const test = base.extend<{ filled: Sql }>({
  filled: [
    async ({ pool }, use) => {
      await pool`create table staging.many as select n as id, repeat('x', 1000) as filler from generate_series(1, 60000) as n`;
      await pool`alter table staging.many add primary key (id)`;
      await pool`create view staging.failing as select id, filler, 1 / (1 - id) as ratio from staging.many`;
      await use(pool);
    },
    { scope: 'file' },
  ],
});

/** Connections that write files. */
async function writing(sql: Sql): Promise<number> {
  const [row] = await sql<{ found: number }[]>`
    select count(*)::int as found from pg_stat_activity where datname = current_database() and state = 'active' and query like 'copy%'`;
  return row?.found ?? 0;
}

async function untilNoneWrites(sql: Sql) {
  await expect.poll(() => writing(sql), { timeout: 10_000 }).toBe(0);
}

test('a file that is left in the middle is no longer computed, and another can be had at once', async ({
  filled,
  serve,
  keys,
}) => {
  const { url } = await serve();
  const headers = { 'x-api-key': keys.admin };
  // More than may run at a time.
  for (let n = 0; n < 10; n += 1) {
    const response = await fetch(`${url}/api/tables/staging/many?format=${n % 2 ? 'csv' : 'ndjson'}`, {
      headers,
    });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await untilNoneWrites(filled);
  }
});

test('what fails before the first row is a problem; what fails later breaks the file off', async ({
  filled,
  serve,
  keys,
}) => {
  const { url } = await serve();
  for (const format of ['csv', 'ndjson']) {
    const get = (table: string) =>
      fetch(`${url}/api/tables/staging/${table}?format=${format}`, { headers: { 'x-api-key': keys.admin } });
    const failing = await get('failing');
    expect(failing.status).toBe(422);
    expect(await failing.json()).toMatchObject({ detail: 'division by zero.' });
    const lost = await get('many');
    expect(lost.status).toBe(200);
    await filled`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'copy%'`;
    await expect(lost.text()).rejects.toThrow();
  }
  await untilNoneWrites(filled);
});

test('four files are written at a time; the fifth is asked to come again', async ({ filled }) => {
  const reader = new Reader(filled, 1);
  const files = Array.from({ length: 4 }, () => reader.copy('copy staging.many to stdout'));
  for (const file of files) await file.next();
  await expect(reader.copy('copy staging.many to stdout').next()).rejects.toMatchObject({
    kind: 'unavailable',
    headers: { 'Retry-After': '30' },
  });
  await files[0]?.return();
  const other = reader.copy('copy staging.many to stdout');
  expect((await other.next()).done).toBe(false);
  for (const file of [...files, other]) await file.return();
  await untilNoneWrites(filled);
  await reader.close(1);
});

test('a file of which nothing is taken is broken off; one that is taken slowly is not', async ({
  filled,
}) => {
  const reader = new Reader(filled, 1, 500);
  const slow = reader.copy('copy (select * from staging.many order by id) to stdout');
  let bytes = 0;
  const from = Date.now();
  for await (const chunk of slow) {
    bytes += chunk.length;
    if (Date.now() - from < 1_500) await sleep(100);
  }
  expect(bytes).toBeGreaterThan(60_000_000);

  const left = reader.copy('copy staging.many to stdout');
  await left.next();
  await untilNoneWrites(filled);
  const rest = async () => {
    for await (const chunk of left) bytes += chunk.length;
  };
  await expect(rest()).rejects.toThrow();
  await reader.close(1);
});

test('a file whose connection is lost fails, and the next one is written', async ({ filled }) => {
  const reader = new Reader(filled, 1);
  const file = reader.copy('copy staging.many to stdout');
  await file.next();
  await filled`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'copy staging.many to stdout'`;
  const rest = async () => {
    for (let next = await file.next(); !next.done; next = await file.next());
  };
  await expect(rest()).rejects.toThrow();
  const again = reader.copy('copy (select 1) to stdout');
  expect(Buffer.from((await again.next()).value ?? []).toString()).toBe('1\n');
  await again.return();
  await reader.close(1);
});
