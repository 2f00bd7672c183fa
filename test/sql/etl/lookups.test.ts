import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { until } from '../../support/hq.ts';
import { type AnySql, ada, companyenrich, profile, rowsOf, run, value } from '../support/calls.ts';

/** Follows until nothing is left; gives the records of the first round (a change may be followed twice). */
async function recoalesce(sql: AnySql) {
  const rounds: number[] = [];
  for (;;) {
    const [row] = await sql<{ records: number; remaining: boolean }[]>`
      select (done ->> 'records')::int as records, (done ->> 'remaining')::boolean as remaining from etl.recoalesce() as done`;
    rounds.push(row?.records ?? 0);
    if (!row?.remaining) return rounds[0];
  }
}

/** Follows until every change has settled: transactions of other tests on this server hold that up, too, while they run. */
async function settle(sql: AnySql) {
  await until('every change has settled', async () => {
    await recoalesce(sql);
    return (await value(sql`select exists (select from etl.lookup_changes)`)) === false;
  });
}

const hasStaleRecords = (sql: AnySql) => value(sql`select etl.has_stale_records()`);

test('records that waited for a title follow when it is added, corrected and removed', async ({ sql }) => {
  await profile(sql, { latest_experience: { title: 'Test  Pilot' }, experience: [{ title: 'test pilot' }] });
  expect(await rowsOf(sql, 'core.person_job_titles')).toEqual([]);

  await run(sql, 'reference-job-title-update', {
    latest_title: ' TEST Pilot',
    cleaned_job_title: 'Pilot',
    job_function: 'Operations',
  });
  expect(await hasStaleRecords(sql)).toBe(true);
  expect(await recoalesce(sql)).toBe(1);
  expect(await rowsOf(sql, 'core.person_job_titles')).toMatchObject([
    { matched_cleaned_job_title: 'Pilot', matched_job_function: 'Operations' },
  ]);
  expect(await rowsOf(sql, 'core.person_work_history')).toMatchObject([
    { title: 'test pilot', matched_cleaned_job_title: 'Pilot' },
  ]);

  await run(sql, 'reference-job-title-update', { latest_title: 'Test pilot', cleaned_job_title: 'Aviator' });
  await recoalesce(sql);
  // what the correction left out stays
  expect(await rowsOf(sql, 'core.person_job_titles')).toMatchObject([
    { matched_cleaned_job_title: 'Aviator', matched_job_function: 'Operations' },
  ]);

  await sql`delete from reference.job_title_lookup where match_key = 'test pilot'`;
  await recoalesce(sql);
  expect(await rowsOf(sql, 'core.person_job_titles')).toEqual([]);
  expect(await rowsOf(sql, 'core.person_work_history')).toMatchObject([{ matched_cleaned_job_title: null }]);
});

test('a lookup whose key changes is followed under the old and the new value', async ({ sql }) => {
  await sql`insert into reference.industry_lookup (industry_raw, industry_cleaned) values ('Rocketry', 'Space')`;
  await companyenrich(sql, { industry: 'rocketry' }, { domain: 'acme.example' });
  await companyenrich(sql, { industry: 'Papercraft' }, { domain: 'globex.example' });
  await sql`update reference.industry_lookup set industry_raw = 'papercraft' where industry_raw = 'Rocketry'`;
  expect(await recoalesce(sql)).toBe(2);
  expect(
    (await rowsOf(sql, 'core.company_industries')).map(({ domain, matched_industry }) => [
      domain,
      matched_industry,
    ]),
  ).toEqual([
    ['acme.example', 'rocketry'],
    ['globex.example', 'Space'],
  ]);
});

test('only the records that used the value are coalesced again', async ({ sql }) => {
  await companyenrich(sql, { industry: 'Rocketry' }, { domain: 'acme.example' });
  await companyenrich(sql, { industry: 'Papercraft' }, { domain: 'globex.example' });
  await sql`insert into reference.industry_lookup (industry_raw, industry_cleaned) values ('Rocketry', 'Space'), ('Nobody asked', 'X')`;
  expect(await recoalesce(sql)).toBe(1);
});

test('a change that changes nothing wakes nobody', async ({ sql }) => {
  await sql`insert into reference.industry_lookup (industry_raw, industry_cleaned) values ('Rocketry', 'Space')`;
  await companyenrich(sql, { industry: 'Rocketry' });
  await recoalesce(sql);
  await sql`delete from etl.lookup_changes`;
  await sql`update reference.industry_lookup set industry_cleaned = industry_cleaned`;
  expect(await hasStaleRecords(sql)).toBe(false);
});

test('a value longer than an index row is followed too', async ({ sql }) => {
  const title = Array.from({ length: 400 }, (_, number) => ((number * 2654435761) % 4294967296).toString(36))
    .join(' ')
    .slice(0, 2500);
  await profile(sql, { latest_experience: { title } });
  await sql`insert into reference.job_title_lookup (latest_title, cleaned_job_title) values (${title}, 'Long')`;
  await recoalesce(sql);
  expect(await rowsOf(sql, 'core.person_job_titles')).toMatchObject([
    { linkedin_url: ada, matched_cleaned_job_title: 'Long' },
  ]);
});

test('a payload that read the old row and commits after the change was followed is followed all the same', async ({
  ownDatabase,
}) => {
  const [changing, reading, following, sql] = [
    ownDatabase.connect(1),
    ownDatabase.connect(1),
    ownDatabase.connect(1),
    ownDatabase.connect(1),
  ];
  // ids of transactions: the change gets a smaller one than the reader, so no snapshot's xmax covers the reader
  await changing`begin`;
  await changing`insert into reference.industry_lookup (industry_raw, industry_cleaned) values ('Rocketry', 'Space')`;
  await reading`begin`;
  await companyenrich(reading, { industry: 'Rocketry' });
  await changing`commit`;
  await recoalesce(following);
  await recoalesce(following);
  await reading`commit`;
  await recoalesce(following);
  expect(await rowsOf(sql, 'core.company_industries')).toMatchObject([{ matched_industry: 'Space' }]);
  await settle(following);
  expect(await hasStaleRecords(sql)).toBe(false);
});

test('two workers may follow at once', async ({ ownDatabase }) => {
  const [one, other] = [ownDatabase.connect(1), ownDatabase.connect(1)];
  for (let number = 0; number < 20; number++)
    await companyenrich(one, { industry: 'Rocketry' }, { domain: `c${number}.example` });
  await one`insert into reference.industry_lookup (industry_raw, industry_cleaned) values ('Rocketry', 'Space')`;
  await Promise.all([one, other].map((worker) => recoalesce(worker)));
  expect(
    await value(one`select count(*)::int from core.company_industries where matched_industry = 'Space'`),
  ).toBe(20);
});
