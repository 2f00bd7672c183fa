import { expect } from 'vitest';

import type { Sql } from '../../../src/database/connect.ts';
import { test } from '../../support/database.ts';
import { type AnySql, profile, run, value } from '../support/calls.ts';

type Step = {
  state: string;
  done: number;
  total: number;
  errors: number;
  worked: number;
  remaining: boolean;
};

const start = async (sql: AnySql, workers = 2) =>
  (await value(sql`select etl.start_rebuild(${workers})`)) as string;
const step = async (sql: AnySql, job: string, size = 2) =>
  (await value(sql`select etl.job_step(${job}, ${size})`)) as Step;

async function records(sql: AnySql): Promise<void> {
  for (let number = 0; number < 7; number++) {
    await run(sql, 'companyenrich', {
      domain: `c${number}.example`,
      raw_payload: {
        name: `Company ${number}`,
        keywords: ['paper', `k${number}`],
      },
    });
    await profile(
      sql,
      {
        latest_experience: {
          title: 'Pilot',
          company: 'Acme',
          company_domain: `c${number}.example`,
          is_current: true,
        },
      },
      { linkedinUrl: `https://www.linkedin.com/in/p${number}` },
    );
  }
}

test('several workers rebuild all records at once, each range once, to the same core', async ({
  ownDatabase,
}) => {
  const setup = ownDatabase.connect(1);
  await records(setup);
  const before = await value(setup`select etl.fingerprint(with_lineage => true)`);
  await setup`delete from core.company_keywords`;
  await setup`update core.companies set name = 'wrong'`;

  const job = await start(setup, 3);
  const worked = async (sql: Sql) => {
    let sum = 0;
    for (let last: Step | undefined; last?.remaining !== false;) {
      last = await step(sql, job);
      sum += last.worked;
    }
    return sum;
  };
  const sums = await Promise.all([1, 2, 3].map(() => worked(ownDatabase.connect(1))));

  expect(sums.reduce((sum, part) => sum + part)).toBe(14);
  expect(await value(setup`select etl.job(${job})`)).toMatchObject({
    state: 'done',
    done: 14,
    total: 14,
    errors: 0,
  });
  expect(await value(setup`select etl.fingerprint(with_lineage => true)`)).toBe(before);
  expect(await setup`select from etl.job_ranges`).toEqual([]);
});

test('while one worker is at a range another takes the next, and a third finds no place', async ({
  ownDatabase,
}) => {
  const [setup, first, second, third] = [1, 2, 3, 4].map(() => ownDatabase.connect(1)) as [
    Sql,
    Sql,
    Sql,
    Sql,
  ];
  await records(setup);
  const job = await start(setup, 2);
  await step(setup, job);
  await first.begin(async (one) => {
    expect(await step(one, job)).toMatchObject({ worked: 2 });
    await second.begin(async (two) => {
      await two`select from etl.job_ranges where job_id = ${job} order by first_key limit 1 for update skip locked`;
      expect(await value(two`select pg_try_advisory_xact_lock(hashtext(${job}), 2)`)).toBe(true);
      expect(await step(third, job)).toMatchObject({ worked: 0, remaining: true });
    });
  });
});

test('what a killed worker was at is done by the next', async ({ ownDatabase }) => {
  const setup = ownDatabase.connect(1);
  await records(setup);
  const job = await start(setup);
  await step(setup, job);
  await expect(
    ownDatabase.connect(1).begin(async (sql) => {
      await step(sql, job);
      throw new Error('killed');
    }),
  ).rejects.toThrow('killed');
  let last = await step(setup, job);
  while (last.remaining) last = await step(setup, job);
  expect(last).toMatchObject({ state: 'done', done: 14 });
});

test('a record that cannot be rebuilt is counted and tried again later; the others go through', async ({
  sql,
}) => {
  await records(sql);
  await sql.unsafe(`
    create function pg_temp.refuse() returns trigger language plpgsql as $$
      begin if new.domain = 'c3.example' then raise exception 'no luck'; end if; return new; end $$;
    create trigger refuse before insert on extracted.companyenrich_company for each row execute function pg_temp.refuse()`);
  const job = await start(sql);
  let last = await step(sql, job, 5);
  while (last.remaining) last = await step(sql, job, 5);
  expect(last).toMatchObject({ state: 'done', done: 14, errors: 1, last_error: 'P0001 no luck' });
  expect(await sql`select entity_key from etl.stale_records`).toEqual([{ entity_key: 'c3.example' }]);
});

test('a second start finds the rebuild that is under way; a cancelled one does nothing more', async ({
  sql,
}) => {
  await records(sql);
  const job = await start(sql);
  expect(await start(sql)).toBe(job);
  await step(sql, job);
  await sql`select etl.cancel_job(${job})`;
  expect(await step(sql, job)).toMatchObject({ state: 'cancelled', done: 2, worked: 0, remaining: false });
  expect(await sql`select from etl.job_ranges`).toEqual([]);
  expect(await start(sql)).not.toBe(job);
});

test('a backfill of companies also offers what profiles say of their employers', async ({ sql }) => {
  await profile(
    sql,
    {
      experience: [
        {
          title: 'Pilot',
          company: 'Acme Example',
          company_domain: 'acme.example',
          is_current: true,
        },
      ],
    },
    { linkedinUrl: 'https://www.linkedin.com/in/p' },
  );
  expect(await value(sql`select name from core.companies`)).toBe('Acme Example');
  await sql`update core.companies set name = null, lineage = lineage - 'name'`;
  await run(sql, 'backfill-cleaned-company-name', { wait: true });
  expect(await value(sql`select name from core.companies`)).toBe('Acme Example');
});
