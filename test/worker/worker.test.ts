import { afterEach, describe, expect } from 'vitest';

import { createLog } from '../../src/log.ts';
import { sweep } from '../../src/worker/sweeper.ts';
import { type RunningWorker, startWorker } from '../../src/worker/worker.ts';
import { test } from '../support/database.ts';
import { until } from '../support/hq.ts';
import { allowLocal, producerSettings } from '../support/producer.ts';
import { companyBody } from '../support/payloads.ts';

const log = createLog({ level: 'silent', pretty: false });
const settings = {
  workerConcurrency: 2,
  batchSize: 10,
  sweepMs: 50,
  changesDays: 7,
  productionDays: 90,
  deliveryRate: 10,
  deliveryTimeoutMs: 5_000,
  deliveryLeaseMs: 5_000,
  producer: producerSettings,
  producerConcurrency: 4,
  outboundAllow: allowLocal,
  drainMs: 30_000,
};
const running: RunningWorker[] = [];

async function start(url: string, overrides: Partial<typeof settings> = {}) {
  const worker = await startWorker(url, { ...settings, ...overrides }, log);
  running.push(worker);
  return worker;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()));
});

describe('the worker', () => {
  test('processes what has landed, shared with another worker, each payload once', async ({
    ownDatabase,
  }) => {
    const sql = ownDatabase.connect(2);
    for (let i = 0; i < 60; i += 1) {
      const body = await companyBody(sql, `w${i}.example.com`);
      await sql`select etl.run('companyenrich', ${sql.json(body as never)}::jsonb, '{"async": true}')`;
    }

    await Promise.all([start(ownDatabase.url), start(ownDatabase.url)]);

    await until(
      'nothing is pending',
      async () => (await sql`select from etl.pending_payloads limit 1`).length === 0,
    );
    const [counts] = await sql`
      select (select count(*) from core.companies where domain like 'w%.example.com')::int as companies,
             (select count(*) from etl.failures)::int as failures`;
    expect(counts).toEqual({ companies: 60, failures: 0 });
  });

  test('sets a payload aside that cannot be processed, and goes on with its neighbours', async ({
    ownDatabase,
  }) => {
    const sql = ownDatabase.connect(2);
    await sql`
      alter table extracted.companyenrich_company
        add constraint broken_on_purpose check (domain <> 'p3.example.com') not valid`;
    for (let i = 0; i < 8; i += 1) {
      const body = await companyBody(sql, `p${i}.example.com`);
      await sql`select etl.run('companyenrich', ${sql.json(body as never)}::jsonb, '{"async": true}')`;
    }

    await start(ownDatabase.url);

    await until(
      'nothing is pending',
      async () => (await sql`select from etl.pending_payloads limit 1`).length === 0,
    );
    expect(await sql`select entity_key, sqlstate from etl.failures`).toEqual([
      { entity_key: 'p3.example.com', sqlstate: '23514' },
    ]);
    expect(await sql`select from core.companies where domain like 'p%.example.com'`).toHaveLength(7);
  });

  test('coalesces records again when a lookup row they waited for is added', async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(2);
    const [profile] = await sql<{ body: Record<string, unknown> }[]>`
      select example_request as body
        from reference.enrichment_workflow_registry
       where workflow_slug = 'clay-person-profile'`;
    await sql`select etl.run('clay-person-profile', ${sql.json(profile?.body as never)}::jsonb)`;
    const [person] = await sql<{ linkedin_url: string; latest_title: string }[]>`
      select linkedin_url, latest_title from extracted.person_profile`;
    const title = { latest_title: person?.latest_title, cleaned_job_title: 'Chief Paper Folder' };
    await start(ownDatabase.url);
    const [answer] = await sql<{ status: string }[]>`
      select etl.run('reference-job-title-update', ${sql.json(title as never)}::jsonb) ->> 'status' as status`;
    expect(answer?.status).toBe('200');

    await until('nothing is stale', async () => {
      const [row] = await sql<{ waiting: boolean }[]>`
        select exists (select from etl.stale_records) or exists (select from etl.lookup_changes) as waiting`;
      return row?.waiting === false;
    });
    expect(
      await sql`
        select matched_cleaned_job_title from core.person_job_titles where linkedin_url = ${person?.linkedin_url ?? ''}`,
    ).toEqual([{ matched_cleaned_job_title: 'Chief Paper Folder' }]);
    const [before] = await sql`select etl.fingerprint() as print`;
    await sql`select etl.rebuild()`;
    expect(await sql`select etl.fingerprint() as print`).toEqual([before]);
  });

  test('runs a backfill to its end, and ends one that cannot go on with the reason', async ({
    ownDatabase,
  }) => {
    const sql = ownDatabase.connect(2);
    const [first] = await sql<{ id: string }[]>`
      select etl.run('backfill-person-job-titles', '{}') #>> '{body,job_id}' as id`;
    const [broken] = await sql<{ id: string }[]>`
      insert into etl.jobs (name, workflow_slug) values ('broken', 'no-such-backfill') returning id`;
    await start(ownDatabase.url);

    const stateOf = async (id = '') =>
      (await sql`select state, last_error from etl.jobs where id = ${id}`)[0];
    await until(
      'both jobs have ended',
      async () => (await sql`select from etl.runnable_jobs()`).length === 0,
    );
    expect(await stateOf(first?.id)).toEqual({ state: 'done', last_error: null });
    expect(await stateOf(broken?.id)).toEqual({ state: 'failed', last_error: expect.stringMatching(/\S/) });
  });

  test('stops in the time it has, although a transaction is still waiting', async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(3);
    const body = await companyBody(sql, 'slow.example.com');
    await sql`select etl.run('companyenrich', ${sql.json(body as never)}::jsonb, '{"async": true}')`;
    const worker = await startWorker(ownDatabase.url, { ...settings, drainMs: 300 }, log);
    await sql.begin(async (holder) => {
      await holder`insert into etl.records (entity_key, entity_type) values ('slow.example.com', 'company')`;
      await until('the worker waits for the record', async () => {
        const waiting = await sql`
          select from pg_stat_activity
           where application_name = 'hq worker' and wait_event_type = 'Lock' and query like '%etl.process(%'`;
        return waiting.length > 0;
      });
      await worker.stop();
    });
    expect(await sql`select from raw.payloads where entity_key = 'slow.example.com'`).toHaveLength(1);
  });

  test('keeps partitions ready', async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(1);
    await start(ownDatabase.url);
    await until('the job is done', async () => {
      return (
        (await sql`select from graphile_worker.jobs where task_identifier = 'ensure_partitions'`).length === 0
      );
    });
    expect(await sql`select etl.ensure_partitions() as made`).toEqual([{ made: 0 }]);
  });
});

describe('sweep', () => {
  test('adds one job per workflow with something pending, however often it looks', async ({
    ownDatabase,
  }) => {
    const sql = ownDatabase.connect(2);
    const jobs = () => sql`select key, task_identifier, attempts from graphile_worker.jobs order by key`;
    await sweep(sql);
    expect(await jobs()).toEqual([]);

    const body = await companyBody(sql, 'sweep.example.com');
    await sql`select etl.run('companyenrich', ${sql.json(body as never)}::jsonb, '{"async": true}')`;
    await sweep(sql);
    await sweep(sql);

    expect(await jobs()).toEqual([
      { key: 'process_pending:companyenrich', task_identifier: 'process_pending', attempts: 0 },
    ]);
  });

  test('leaves a failed job its time, and adds another beside one that is running', async ({
    ownDatabase,
  }) => {
    const sql = ownDatabase.connect(2);
    const body = await companyBody(sql, 'sweep.example.com');
    await sql`select etl.run('companyenrich', ${sql.json(body as never)}::jsonb, '{"async": true}')`;
    await sweep(sql);
    await sql`
      update graphile_worker._private_jobs set attempts = 3, run_at = now() + interval '1 hour'`;
    await sweep(sql);
    expect(await sql`select attempts, run_at > now() as waits from graphile_worker.jobs`).toEqual([
      { attempts: 3, waits: true },
    ]);

    await sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker that was killed'`;
    await sweep(sql);
    expect(await sql`select key from graphile_worker.jobs where locked_at is null`).toEqual([
      { key: 'process_pending:companyenrich' },
    ]);
  });
});
