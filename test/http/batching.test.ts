import { expect } from 'vitest';

import { company, companyPath, type Server, test } from './support/api.ts';

/** Sum and count of a histogram of /metrics. */
async function histogram({ call }: Server, name: string) {
  const { text } = await call('/metrics');
  const value = (suffix: string) =>
    Number(new RegExp(`^${name}_${suffix}\\{workflow="companyenrich"\\} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return { sum: value('sum'), count: value('count') };
}

test('gathers concurrent requests into few calls, and each gets its own answer', async ({ serve, pool }) => {
  const server = await serve();
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) =>
      server.call(companyPath, { json: company(`gathered-${i}.example`) }),
    ),
  );
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  for (const [i, { body }] of answers.entries()) {
    const [row] = await pool`select entity_key from raw.payloads where id = ${body.raw_id}`;
    expect(row?.entity_key).toBe(`gathered-${i}.example`);
  }
  const { sum, count } = await histogram(server, 'hq_batch_items');
  expect(sum).toBe(60);
  expect(count).toBeLessThan(30);
});

test('keeps one bad body from spoiling those gathered with it', async ({ serve }) => {
  const { call } = await serve();
  // 1e-20000 is JSON, but no Postgres numeric: the database raises for the whole call.
  const bad = '{"domain":"bad.example","raw_payload":{"n":1e-20000}}';
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      i === 7
        ? call(companyPath, { body: bad, headers: { 'content-type': 'application/json' } })
        : call(companyPath, { json: company(`good-${i}.example`) }),
    ),
  );
  expect(answers.map((answer) => answer.status)).toEqual(
    Array.from({ length: 20 }, (_, i) => (i === 7 ? 422 : 200)),
  );
});

test('stores the payload and says so when processing takes longer than the workflow allows', async ({
  serve,
  pool,
}) => {
  await pool`update reference.enrichment_workflow_registry set timeout = 1 where workflow_slug = 'companyenrich'`;
  const server = await serve();
  await server.call(companyPath, { json: company('locked.example') });
  const holder = await pool.reserve();
  await holder`begin`;
  await holder`select from etl.records where entity_key = 'locked.example' for update`;
  try {
    const answer = await server.call(companyPath, { json: company('locked.example') });
    expect(answer.status).toBe(504);
    expect(answer.body).toMatchObject({ type: '/problems/timeout', success: false });
    expect(answer.headers.get('location')).toBe(answer.body.status_url);
    expect((await server.call(answer.body.status_url)).body).not.toMatchObject({ state: 'processed' });

    // Another record is not held up by the call that waits for the lock.
    const waiting = server.call(companyPath, { json: company('locked.example') });
    const other = await server.call(companyPath, { json: company('free.example') });
    expect(other.status).toBe(200);
    expect((await waiting).status).toBe(504);
  } finally {
    await holder`rollback`;
    holder.release();
    await pool`update reference.enrichment_workflow_registry set timeout = 60 where workflow_slug = 'companyenrich'`;
  }
  await pool`select etl.retry()`;
  await pool`select etl.process('companyenrich')`;
  const rows =
    await pool`select payload_id from etl.pending_payloads union all select payload_id from etl.failures`;
  expect([...rows]).toEqual([]);
});

test('retries a call whose connection was cut', async ({ serve, pool }) => {
  const { call } = await serve();
  const holder = await pool.reserve();
  await call(companyPath, { json: company('cut.example') });
  await holder`begin`;
  await holder`select from etl.records where entity_key = 'cut.example' for update`;
  const waiting = call(companyPath, { json: company('cut.example', { description: 'after the cut' }) });
  const blocked = () => pool<{ pid: number }[]>`
    select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await blocked()).length).toBe(1);
  await pool`select pg_terminate_backend(${(await blocked())[0]?.pid ?? 0}::int)`;
  await holder`rollback`;
  holder.release();
  expect((await waiting).status).toBe(200);
});
