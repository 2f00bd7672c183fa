import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { type AnySql, profile, rowsOf, run, sqlstate, value } from '../support/calls.ts';

type Job = { state: string; done: number; total: number; remaining: boolean };

async function people(sql: AnySql, count: number) {
  for (let number = 0; number < count; number++) {
    await profile(
      sql,
      { latest_experience: { title: 'Test Pilot' } },
      { linkedinUrl: `https://www.linkedin.com/in/p${number}` },
    );
  }
  await sql`insert into reference.job_title_lookup (latest_title, cleaned_job_title) values ('Test Pilot', 'Pilot')`;
}

const step = async (sql: AnySql, job: unknown, size = 2) =>
  (await value(sql`select etl.job_step(${job as string}, ${size})`)) as Job;

test('a backfill goes on from where it stopped, and counts', async ({ sql }) => {
  await people(sql, 5);
  const { status, body } = await run(sql, 'backfill-person-job-titles', {});
  expect([status, body]).toMatchObject([202, { success: true, state: 'queued', done: 0, total: 5 }]);
  expect(await sql`select etl.runnable_jobs() as id`).toEqual([{ id: body.job_id }]);
  expect(await step(sql, body.job_id)).toMatchObject({ state: 'running', done: 2, remaining: true });
  expect(await rowsOf(sql, 'core.person_job_titles')).toHaveLength(2);
  expect(await step(sql, body.job_id)).toMatchObject({ state: 'running', done: 4, remaining: true });
  expect(await step(sql, body.job_id)).toMatchObject({ state: 'done', done: 5, remaining: false });
  expect(await step(sql, body.job_id)).toMatchObject({ state: 'done', done: 5, remaining: false });
  expect((await rowsOf(sql, 'core.person_job_titles')).map((row) => row.matched_cleaned_job_title)).toEqual(
    Array(5).fill('Pilot'),
  );
  expect(await sql`select etl.runnable_jobs()`).toEqual([]);
});

test('wait answers when all is done', async ({ sql }) => {
  await people(sql, 3);
  expect(await run(sql, 'backfill-person-job-titles', { wait: true })).toMatchObject({
    status: 200,
    body: { state: 'done', done: 3, total: 3 },
  });
});

test('a second call finds the job that is under way', async ({ sql }) => {
  const ids = [];
  for (let call = 0; call < 2; call++)
    ids.push((await run(sql, 'backfill-person-job-titles', {})).body.job_id);
  expect(ids[1]).toBe(ids[0]);
});

test('a cancelled job does nothing more; what it did stays', async ({ sql }) => {
  await people(sql, 5);
  const { job_id } = (await run(sql, 'backfill-person-job-titles', {})).body;
  await step(sql, job_id);
  expect(await value(sql`select etl.cancel_job(${job_id as string})`)).toMatchObject({
    state: 'cancelled',
    done: 2,
  });
  expect(await step(sql, job_id)).toMatchObject({ state: 'cancelled', done: 2, remaining: false });
  expect(await rowsOf(sql, 'core.person_job_titles')).toHaveLength(2);
});

test('a failed job keeps its reason', async ({ sql }) => {
  const { job_id } = (await run(sql, 'backfill-person-job-titles', {})).body;
  await sql`select etl.fail_job(${job_id as string}, 'no luck')`;
  expect(await value(sql`select etl.job(${job_id as string})`)).toMatchObject({
    state: 'failed',
    errors: 1,
    last_error: 'no luck',
  });
});

test('an unknown job is UNKEY, and null when only asked about', async ({ sql }) => {
  expect(await sqlstate(sql, (sql) => sql`select etl.job_step(gen_random_uuid())`)).toBe('UNKEY');
  expect(await value(sql`select etl.job(gen_random_uuid())`)).toBeNull();
});
