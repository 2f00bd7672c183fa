import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { type TestDatabase, createTestDatabase, test } from '../support/database.ts';
import { runHq, spawnHq, startServe, until } from '../support/hq.ts';
import { companyBody } from '../support/payloads.ts';

const count = 400;
let folder: string;
let file: string;
let bodies: string[];
let undisturbed: string;

/** The hash of all of core. Every company here has one payload, so times of landing decide nothing. */
async function fingerprint(sql: Sql): Promise<string> {
  const [row] = await sql<{ print: string }[]>`select etl.fingerprint() as print`;
  return row?.print ?? '';
}

async function countOf(sql: Sql, table: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from ${sql(table)}`;
  return row?.count ?? 0;
}

/** The same payloads, loaded without any trouble. */
async function loadUndisturbed(database: TestDatabase): Promise<string> {
  const { code } = await runHq(['load', 'companyenrich', file], { DATABASE_URL: database.url });
  expect(code).toBe(0);
  return fingerprint(database.connect(1));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hq-kill-'));
  file = join(folder, 'companies.ndjson');
  const database = await createTestDatabase();
  const sql = database.connect(1);
  bodies = [];
  for (let i = 0; i < count; i += 1) bodies.push(JSON.stringify(await companyBody(sql, `k${i}.example.com`)));
  await writeFile(file, bodies.join('\n'));
  undisturbed = await loadUndisturbed(database);
  await database.drop();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('kill -9', () => {
  test('of a load, again and again: running it again ends with every line loaded once', async ({
    ownDatabase,
  }) => {
    const sql = ownDatabase.connect(1);
    const env = { DATABASE_URL: ownDatabase.url, HQ_BATCH_SIZE: '20' };
    for (const landed of [20, 120, 260]) {
      const child = spawnHq(['load', 'companyenrich', file], env);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await until(`${landed} lines have landed`, async () => (await countOf(sql, 'raw.payloads')) >= landed);
      child.kill('SIGKILL');
      await ended;
    }
    expect(await countOf(sql, 'raw.payloads')).toBeLessThan(count);

    const { code, stdout } = await runHq(['load', 'companyenrich', file, '--json'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lines_loaded: count, lines_failed: 0, repeated: false });
    expect(await countOf(sql, 'raw.payloads')).toBe(count);
    expect(await countOf(sql, 'etl.load_lines')).toBe(0);
    expect(await fingerprint(sql)).toBe(undisturbed);
  });

  test('of the server while clients land payloads: everything accepted is there, and a rerun ends the same', async ({
    ownDatabase,
  }) => {
    const sql = ownDatabase.connect(2);
    const env = { DATABASE_URL: ownDatabase.url, HQ_BATCH_SIZE: '10' };
    const accepted = new Set<string>();
    const open = new Set(bodies);

    /** Four clients at a time land what is not accepted yet, until all is or the server is gone. */
    async function land(address: string, apiKey: string) {
      const queue = [...open];
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          for (let body = queue.pop(); body !== undefined; body = queue.pop()) {
            const response = await fetch(`${address}/run/companies/companyenrich/ingest`, {
              method: 'POST',
              headers: {
                authorization: `Bearer ${apiKey}`,
                'content-type': 'application/json',
                prefer: 'respond-async',
              },
              body,
            }).catch(() => undefined);
            const answer = (await response?.json().catch(() => undefined)) as
              { payload_id?: string } | undefined;
            if (!answer) return;
            if (!answer.payload_id) throw new Error(`unexpected answer: ${JSON.stringify(answer)}`);
            accepted.add(answer.payload_id);
            open.delete(body);
          }
        }),
      );
    }

    for (const landed of [60, 200]) {
      const serving = await startServe([], env);
      const landing = land(serving.address as string, serving.apiKey);
      await until(`${landed} payloads are accepted`, async () => accepted.size >= landed);
      await serving.stop('SIGKILL');
      await landing;
    }
    // What was answered before a kill is stored, whatever became of its processing.
    const stored = await sql<{ id: string }[]>`select id from raw.payloads`;
    const storedIds = new Set(stored.map(({ id }) => id));
    expect([...accepted].filter((id) => !storedIds.has(id))).toEqual([]);
    expect(open.size).toBeGreaterThan(0);

    const serving = await startServe([], env);
    await land(serving.address as string, serving.apiKey);
    expect(open.size).toBe(0);
    await until('nothing is pending', async () => (await countOf(sql, 'etl.pending_payloads')) === 0);
    expect(await serving.stop()).toBe(0);
    expect(await countOf(sql, 'etl.failures')).toBe(0);
    expect(await fingerprint(sql)).toBe(undisturbed);
    await sql`select etl.rebuild()`;
    expect(await fingerprint(sql)).toBe(undisturbed);
  });

  test('of a worker in the middle of its work: another worker takes over without waiting', async ({
    ownDatabase,
  }) => {
    const sql = ownDatabase.connect(1);
    const env = { DATABASE_URL: ownDatabase.url, HQ_BATCH_SIZE: '5' };
    await sql`
      select etl.run_batch('companyenrich', array(select jsonb_array_elements(${`[${bodies.join(',')}]`}::text::jsonb)), '{"async": true}')`;
    expect(await countOf(sql, 'etl.pending_payloads')).toBe(count);

    for (const left of [count - 20, count - 150]) {
      const worker = await startServe(['--worker-only'], env);
      await until(
        `${left} payloads are pending`,
        async () => (await countOf(sql, 'etl.pending_payloads')) <= left,
      );
      await worker.stop('SIGKILL');
    }
    expect(await countOf(sql, 'etl.pending_payloads')).toBeGreaterThan(0);

    const worker = await startServe(['--worker-only'], env);
    await until('nothing is pending', async () => (await countOf(sql, 'etl.pending_payloads')) === 0);
    expect(await worker.stop()).toBe(0);
    expect(await fingerprint(sql)).toBe(undisturbed);
  });
});
