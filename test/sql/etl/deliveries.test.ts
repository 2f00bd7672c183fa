import { describe, expect } from 'vitest';

import { test } from '../../support/database.ts';
import { type AnySql, run } from '../support/calls.ts';

const workers = ['0190a000-0000-4000-8000-00000000000a', '0190a000-0000-4000-8000-00000000000b'] as const;

async function makeDelivery(sql: AnySql, rows = 3, host = 'hooks.acme.example'): Promise<string> {
  const { body } = await run(sql, 'salesnav-export-to-clay', {
    webhook_url: `https://${host}/in/1`,
    rows: Array.from({ length: rows }, (_, i) => ({ n: i })),
  });
  return body.delivery_id as string;
}

async function claim(sql: AnySql, worker: string, lease = '1 minute'): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from etl.claim_deliveries(worker => ${worker}, lease => ${lease}::interval, most => 10) as id`;
  return rows.map(({ id }) => id);
}

type Step = {
  next: string;
  position?: number;
  attempt?: number;
  slot?: number;
  wait_ms?: number;
  idempotency_key?: string;
};

async function next(sql: AnySql, id: string, worker: string, rate = 1_000): Promise<Step> {
  const [row] = await sql<{ step: Step }[]>`
    select etl.next_delivery_row(delivery_id => ${id}, worker => ${worker}, sends_per_second => ${rate}, hold => '35 seconds') as step`;
  return row?.step as Step;
}

async function record(
  sql: AnySql,
  id: string,
  worker: string,
  step: Step,
  outcome: string,
  status: number | null,
) {
  await sql`
    select etl.record_answer(
      delivery_id => ${id}, worker => ${worker}, row_position => ${step.position ?? 0}, attempt => ${step.attempt ?? 0}, slot => ${step.slot ?? 0},
      outcome => ${outcome}, status => ${status}, problem => ${outcome === 'sent' ? null : 'it failed'})`;
}

async function counts(sql: AnySql, id: string) {
  const [row] = await sql`select state, sent::int, failed::int from etl.deliveries where id = ${id}`;
  return row;
}

describe('a lease', () => {
  test('gives a delivery to one worker, until it is given back or runs out', async ({ pool }) => {
    const id = await makeDelivery(pool);
    expect(await claim(pool, workers[0])).toContain(id);
    expect(await claim(pool, workers[1])).not.toContain(id);
    expect(await next(pool, id, workers[1])).toEqual({ next: 'stop' });

    await pool`select etl.release_delivery(delivery_id => ${id}, worker => ${workers[0]})`;
    expect(await claim(pool, workers[1], '0 seconds')).toContain(id);
    // It ran out at once.
    expect(await claim(pool, workers[0])).toContain(id);
    expect(await next(pool, id, workers[1])).toEqual({ next: 'stop' });
  });

  test('lost in mid-flight: the next worker sends the row again under the same key, and the late answer is dropped', async ({
    pool,
  }) => {
    const id = await makeDelivery(pool, 1);
    await claim(pool, workers[0], '0 seconds');
    const first = await next(pool, id, workers[0]);
    expect(first).toMatchObject({ next: 'send', position: 0, attempt: 1, idempotency_key: `${id}-0` });
    await claim(pool, workers[1]);
    const second = await next(pool, id, workers[1], 999);
    expect(second).toMatchObject({ next: 'send', position: 0, attempt: 2, idempotency_key: `${id}-0` });

    await record(pool, id, workers[0], first, 'refused', 400);
    expect(await counts(pool, id)).toEqual({ state: 'sending', sent: 0, failed: 0 });
    await record(pool, id, workers[1], second, 'sent', 200);
    expect(await counts(pool, id)).toEqual({ state: 'done', sent: 1, failed: 0 });
    // Recorded twice is counted once.
    await record(pool, id, workers[1], second, 'sent', 200);
    expect(await counts(pool, id)).toEqual({ state: 'done', sent: 1, failed: 0 });
  });

  test('is not asked about when the answer comes: a row in flight while its delivery is cancelled is counted', async ({
    pool,
  }) => {
    const id = await makeDelivery(pool);
    await claim(pool, workers[0]);
    const step = await next(pool, id, workers[0]);
    await pool`select etl.change_delivery(${id}, 'cancel')`;
    await record(pool, id, workers[0], step, 'sent', 200);
    expect(await counts(pool, id)).toEqual({ state: 'cancelled', sent: 1, failed: 0 });
  });
});

test('what follows an accepted row may fail: then the row has failed and says so, and does not arrive again and again', async ({
  ownDatabase,
}) => {
  const sql = ownDatabase.connect(1);
  await sql`
    select etl.delivers('client-leads-to-clay',
      as_select => 'select 1 as a, ''x'' as row_key from source', on_sent => 'select ($1::text)::integer')`;
  const { body } = await run(sql, 'client-leads-to-clay', {
    webhook_url: 'https://hooks.acme.example/in/1',
    client_domain: 'client.example',
  });
  const id = body.delivery_id as string;
  await claim(sql, workers[0]);
  await record(sql, id, workers[0], await next(sql, id, workers[0]), 'sent', 200);
  expect(await counts(sql, id)).toEqual({ state: 'done', sent: 0, failed: 1 });
  const [row] = await sql`select state, status, problem from etl.delivery_rows where delivery_id = ${id}`;
  expect(row).toEqual({
    state: 'failed',
    status: 200,
    problem: expect.stringContaining('accepted the row, but what had to follow failed: invalid input syntax'),
  });
});

describe('the pace', () => {
  test('lets nobody send before a slot is free, for as long as the receiver has not answered', async ({
    pool,
  }) => {
    const host = 'slow.acme.example';
    const ids = [await makeDelivery(pool, 3, host), await makeDelivery(pool, 3, host)] as const;
    await claim(pool, workers[0]);
    const first = await next(pool, ids[0], workers[0], 1);
    expect(first).toMatchObject({ next: 'send', slot: 1 });
    const waiting = await next(pool, ids[1], workers[0], 1);
    expect(waiting).toMatchObject({ next: 'wait' });

    await record(pool, ids[0], workers[0], first, 'sent', 200);
    const after = await next(pool, ids[1], workers[0], 1);
    expect(after.next).toBe('wait');
    expect(after.wait_ms).toBeLessThanOrEqual(1_000);
    expect(after.wait_ms).toBeGreaterThan(500);
  });
});

describe('a retry', () => {
  test('waits 1, 2, 4 … seconds, a quarter more or less, and as long as the receiver asks, within an hour', async ({
    sql,
  }) => {
    const rows = await sql<{ attempt: number; asked: string | null; seconds: number }[]>`
      select attempt, asked, extract(epoch from etl.retry_delay(attempt, asked::interval))::float8 as seconds
        from (values (1, null), (2, null), (5, null), (30, null), (1, '90 seconds'), (1, '3 days')) as asking (attempt, asked)`;
    const within = [
      [0.75, 1.25],
      [1.5, 2.5],
      [12, 20],
      [225, 375],
      [90, 90],
      [3_600, 3_600],
    ] as const;
    rows.forEach(({ seconds }, i) => {
      expect(seconds).toBeGreaterThanOrEqual(within[i]?.[0] ?? 0);
      expect(seconds).toBeLessThanOrEqual(within[i]?.[1] ?? 0);
    });
  });

  test('ends after eight attempts, and a row that fails holds up no other', async ({ pool }) => {
    const id = await makeDelivery(pool, 2);
    await claim(pool, workers[0]);
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await pool`update etl.deliveries set next_attempt_at = '-infinity' where id = ${id}`;
      await pool`update etl.destinations set next_send_at = '-infinity'`;
      const step = await next(pool, id, workers[0]);
      expect(step).toMatchObject({ next: 'send', position: 0, attempt });
      await record(pool, id, workers[0], step, 'retry', 503);
      if (attempt < 8) expect((await next(pool, id, workers[0])).next).toBe('wait');
    }
    await pool`update etl.destinations set next_send_at = '-infinity'`;
    expect(await counts(pool, id)).toEqual({ state: 'sending', sent: 0, failed: 1 });
    expect(await next(pool, id, workers[0])).toMatchObject({ next: 'send', position: 1, attempt: 1 });
  });
});

describe('a destination', () => {
  test.for([
    ['https://Hooks.Acme.Example/in/1?x=@y', 'hooks.acme.example'],
    ['HTTP://hooks.acme.example.:8080', 'hooks.acme.example'],
    ['https://[2001:db8::1]:443/', '[2001:db8::1]'],
  ] as const)('%s is paced as %s', async ([url, host], { sql }) => {
    const [row] = await sql`select etl.destination_host(${url}) as host`;
    expect(row?.host).toBe(host);
  });

  test.for(['', 'hooks', '/in/1', 'ftp://acme.example/', 'https://', 'https://user@acme.example/'])(
    '"%s" is refused, also from psql',
    async (url, { sql }) => {
      const { status, body } = await run(sql, 'salesnav-export-to-clay', {
        webhook_url: url,
        rows: [{ a: 1 }],
      });
      expect([status, body.code]).toEqual([422, 'BADRQ']);
      expect(await sql`select from etl.deliveries where state = 'receiving'`).toEqual([]);
    },
  );
});

describe('a declaration is refused', () => {
  test.for([
    ['of a workflow that is none', 'nowhere', 'select 1 as a from source', null],
    ['of a workflow of another type', 'companyenrich', 'select 1 as a from source', null],
    ['whose query is wrong', 'client-leads-to-clay', 'select nothing from source', null],
    ['that sends nothing', 'client-leads-to-clay', 'select 1 as row_key from source', null],
    [
      'whose added fields are wrong',
      'client-leads-to-clay',
      'select 1 as a from source',
      'select nothing from source',
    ],
  ] as const)('%s', async ([, slug, query, adds], { sql }) => {
    await expect(
      sql`select etl.delivers(${slug}, as_select => ${query}, adds => ${adds})`,
    ).rejects.toMatchObject({ code: 'BADDL' });
  });

  test('when its request does not say where to', async ({ sql }) => {
    await sql`select etl.workflow('to-nowhere', type => 'delivery', entity => 'company', path => '/run/nowhere', description => 'x', request_schema => '{"type": "object"}', example => '{}')`;
    await expect(
      sql`select etl.delivers('to-nowhere', as_select => 'select 1 as number from source')`,
    ).rejects.toMatchObject({ code: 'BADDL' });
  });
});
