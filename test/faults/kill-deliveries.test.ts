import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { mostInASecond, startReceiver } from '../deliver/support/receiver.ts';
import { test } from '../support/database.ts';
import { startServe, until } from '../support/hq.ts';

/** The full proof: DELIVERY_ROWS=2000 DELIVERY_KILLS=10 DELIVERY_RATE=20. */
const rows = Number(process.env.DELIVERY_ROWS ?? 200);
const kills = Number(process.env.DELIVERY_KILLS ?? 2);
const rate = process.env.DELIVERY_RATE ?? '50';

async function deliver(sql: Sql, url: string, count: number): Promise<string> {
  const body = { webhook_url: url, rows: Array.from({ length: count }, (_, i) => ({ name: `Name ${i}` })) };
  const [made] = await sql<{ outcome: { body: { delivery_id: string } } }[]>`
    select etl.run('salesnav-export-to-clay', ${JSON.stringify(body)}::text::jsonb) as outcome`;
  return made?.outcome.body.delivery_id as string;
}

async function isDone(sql: Sql, id: string): Promise<boolean> {
  const [delivery] = await sql`select from etl.deliveries where id = ${id} and state = 'done'`;
  return delivery !== undefined;
}

function startWorkerProcess(url: string, deliveryRate: string) {
  return startServe(['--worker-only'], {
    DATABASE_URL: url,
    HQ_OUTBOUND_ALLOW: '127.0.0.1',
    HQ_DELIVERY_RATE: deliveryRate,
    HQ_DELIVERY_LEASE_SECONDS: '1',
    HQ_SWEEP_MS: '100',
  });
}

test(
  `kill -9 of the worker at ${kills} random moments loses none of ${rows} rows, and repeats only what was in flight, under the same key`,
  { timeout: 900_000 },
  async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(2);
    // Answers take a moment, so that some are in flight when the worker dies.
    const receiver = await startReceiver((_arrival, _nth, response) => {
      setTimeout(() => response.end('ok'), Math.random() * 30);
    });
    const id = await deliver(sql, receiver.url, rows);

    for (let kill = 1; kill <= kills; kill += 1) {
      const worker = await startWorkerProcess(ownDatabase.url, rate);
      const before = receiver.arrivals.length;
      await until('it sends', async () => receiver.arrivals.length > before || (await isDone(sql, id)));
      await sleep((Math.random() * 1_000 * rows) / Number(rate) / (kills + 1));
      expect(await worker.stop('SIGKILL')).toBe('SIGKILL');
    }
    const last = await startWorkerProcess(ownDatabase.url, rate);
    await until('it is done', () => isDone(sql, id), 600_000);
    await last.stop();
    receiver.close();

    const positions = receiver.arrivals.map(({ body }) => Number(body._row_index));
    expect(new Set(positions).size).toBe(rows);
    expect([...positions].sort((a, b) => a - b)).toEqual(positions);
    expect(receiver.arrivals.map(({ key }) => key)).toEqual(positions.map((position) => `${id}-${position}`));
    const repeats = positions.length - rows;
    expect(repeats).toBeLessThanOrEqual(kills);
    expect(mostInASecond(receiver.arrivals)).toBeLessThanOrEqual(Number(rate));
    const [counts] =
      await sql`select sent::int, failed::int, total::int from etl.deliveries where id = ${id}`;
    expect(counts).toEqual({ sent: rows, failed: 0, total: rows });
    if (process.env.DELIVERY_ROWS) {
      console.info(`${rows} rows, ${kills} kills: none lost, ${repeats} repeated under the same key.`);
    }
  },
);

test('two worker processes and two deliveries to one host keep to ten rows in any second together', async ({
  ownDatabase,
}) => {
  const sql = ownDatabase.connect(2);
  const receiver = await startReceiver();
  const ids = [await deliver(sql, receiver.url, 20), await deliver(sql, receiver.url, 20)];
  const workers = await Promise.all([
    startWorkerProcess(ownDatabase.url, '10'),
    startWorkerProcess(ownDatabase.url, '10'),
  ]);
  await until(
    'both are done',
    async () => (await isDone(sql, ids[0] ?? '')) && (await isDone(sql, ids[1] ?? '')),
  );
  await Promise.all(workers.map((worker) => worker.stop()));
  receiver.close();

  expect(receiver.arrivals).toHaveLength(40);
  expect(mostInASecond(receiver.arrivals)).toBeLessThanOrEqual(10);
});
