import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { ada, fingerprint, id, profile, rowsOf, value } from '../support/calls.ts';

const engineer = {
  title: 'Engineer',
  company: 'Acme',
  company_domain: 'acme.example',
  start_date: '2019-01-01',
  end_date: '2021-12-31',
};
const lead = {
  title: 'Lead',
  company: 'Acme',
  company_domain: 'acme.example',
  start_date: '2022-01-01',
  is_current: true,
};

test('one row per job, with its classified title, in the order of the profile', async ({ sql }) => {
  await sql`
    insert into reference.job_title_lookup (latest_title, cleaned_job_title, seniority_level, job_function)
    values ('Test Pilot', 'Pilot', 'Senior', 'Operations')`;
  await profile(sql, {
    experience: [
      { ...lead, title: 'test  pilot', url: 'https://www.linkedin.com/company/acme' },
      'x',
      engineer,
    ],
  });
  const rest = {
    linkedin_url: ada,
    linkedin_url_type: 'real',
    source: 'person_profile',
    company_name: 'Acme',
    company_domain: 'acme.example',
  };
  const rows = await rowsOf(sql, 'core.person_work_history');
  expect(rows.sort((one, other) => Number(one.experience_order) - Number(other.experience_order))).toEqual([
    {
      ...rest,
      experience_order: 0,
      title: 'test  pilot',
      company_linkedin_url: 'https://www.linkedin.com/company/acme',
      matched_cleaned_job_title: 'Pilot',
      matched_job_function: 'Operations',
      matched_seniority: 'Senior',
      start_date: '2022-01-01',
      end_date: null,
      is_current: true,
    },
    {
      ...rest,
      experience_order: 2,
      title: 'Engineer',
      company_linkedin_url: null,
      matched_cleaned_job_title: null,
      matched_job_function: null,
      matched_seniority: null,
      start_date: '2019-01-01',
      end_date: '2021-12-31',
      is_current: false,
    },
  ]);
});

test('a new profile replaces the whole set: jobs that left it are gone', async ({ sql }) => {
  await profile(sql, { experience: [lead, engineer, { title: 'Intern', company_domain: 'globex.example' }] });
  await profile(sql, { experience: [lead] });
  expect(await rowsOf(sql, 'core.person_work_history')).toMatchObject([{ title: 'Lead' }]);
  expect(await rowsOf(sql, 'core.person_promotions')).toEqual([]);
});

test('an absent, empty or unusable list of jobs changes nothing', async ({ sql }) => {
  await profile(sql, { experience: [lead, engineer] });
  const before =
    await sql`select id from core.person_work_history union all select id from core.person_promotions order by 1`;
  for (const experience of [undefined, null, [], {}, 'none', ['x', null]]) await profile(sql, { experience });
  expect(
    await sql`select id from core.person_work_history union all select id from core.person_promotions order by 1`,
  ).toEqual(before);
});

test('rows of other sources survive', async ({ sql }) => {
  await sql`
    insert into core.person_work_history (id, linkedin_url, title, is_current, experience_order, source_id, source)
    values (gen_random_uuid(), ${ada}, 'Seen by salesnav', true, 0, gen_random_uuid(), 'salesnav')`;
  await sql`
    insert into core.person_promotions (id, linkedin_url, company_domain, previous_title, new_title, promotion_date, source)
    values (gen_random_uuid(), ${ada}, 'acme.example', 'A', 'B', '2020-01-01', 'salesnav')`;
  await profile(sql, { experience: [lead] });
  expect((await rowsOf(sql, 'core.person_work_history')).map(({ title }) => title).sort()).toEqual([
    'Lead',
    'Seen by salesnav',
  ]);
  expect(await rowsOf(sql, 'core.person_promotions')).toMatchObject([{ new_title: 'B' }]);
});

test('an older set that arrives late changes nothing; an older one with the only jobs counts', async ({
  sql,
}) => {
  await profile(sql, { name: 'Ada' }, { at: '2025-01-01T00:00:00Z' });
  await profile(sql, { experience: [lead] }, { at: '2024-06-01T00:00:00Z' });
  await profile(sql, { experience: [engineer] }, { at: '2024-01-01T00:00:00Z' });
  expect(await rowsOf(sql, 'core.person_work_history')).toMatchObject([{ title: 'Lead' }]);
});

test('two profiles of one person in one batch: the newer set is kept, whatever their order', async ({
  sql,
}) => {
  const body = (title: string, last_refresh: string) => ({
    linkedin_url: ada,
    workflow_slug: 'clay-person-profile',
    raw_payload: { last_refresh, experience: [{ ...lead, title }] },
  });
  const bodies = [body('Newer', '2024-02-01T00:00:00Z'), body('Older', '2024-01-01T00:00:00Z')];
  for (const batch of [bodies, bodies.toReversed()]) {
    await sql`select etl.run_batch('clay-person-profile', array(select jsonb_array_elements(${sql.json(batch)})))`;
    expect(await rowsOf(sql, 'core.person_work_history')).toMatchObject([{ title: 'Newer' }]);
  }
});

test('the order of jobs in the payload changes no promotion', async ({ sql }) => {
  const jobs = [lead, engineer, { ...engineer, title: 'Intern', start_date: '2018-01', end_date: '2018-12' }];
  const promotions = [];
  for (const experience of [jobs, jobs.toReversed(), [...jobs.slice(1), jobs[0]]]) {
    await profile(sql, { experience });
    promotions.push(await rowsOf(sql, 'core.person_promotions'));
  }
  expect(
    promotions[0]?.map(({ previous_title, new_title, promotion_date }) => [
      previous_title,
      new_title,
      promotion_date,
    ]),
  ).toEqual(
    expect.arrayContaining([
      ['Engineer', 'Lead', '2022-01-01'],
      ['Intern', 'Engineer', '2019-01-01'],
    ]),
  );
  expect(promotions[1]).toEqual(promotions[0]);
  expect(promotions[2]).toEqual(promotions[0]);
});

test.for([
  ['starts the day the old one ends', '2021-12-31', 1],
  ['starts the month after', '2022-01-01', 1],
  ['starts 90 days after', '2022-03-31', 1],
  ['starts 91 days after', '2022-04-01', 0],
  ['overlaps by a month, as month-exact dates do', '2021-11-30', 1],
  ['overlaps by more', '2021-11-29', 0],
] as const)('a new job that %s: %i is a promotion (%s)', async ([, start_date, count], { sql }) => {
  await profile(sql, { experience: [{ ...lead, start_date }, engineer] });
  expect(await rowsOf(sql, 'core.person_promotions')).toHaveLength(count);
});

test.for([
  ['the same title in another spelling', { title: ' ENGINEER ' }],
  ['no title', { title: null }],
  ['no start date', { start_date: null }],
  ['a start date that is none', { start_date: 'Present' }],
  ['another company', { company_domain: 'globex.example' }],
  ['no domain', { company_domain: null }],
] as const)('%s is no promotion', async ([, change], { sql }) => {
  await profile(sql, { experience: [{ ...lead, ...change }, engineer] });
  expect(await rowsOf(sql, 'core.person_promotions')).toEqual([]);
  expect(await rowsOf(sql, 'core.person_work_history')).toHaveLength(2);
});

test('the previous job needs an end', async ({ sql }) => {
  await profile(sql, { experience: [lead, { ...engineer, end_date: null }] });
  expect(await rowsOf(sql, 'core.person_promotions')).toEqual([]);
});

test('one company in two spellings is one company', async ({ sql }) => {
  await profile(sql, { experience: [{ ...lead, company_domain: 'https://www.ACME.example' }, engineer] });
  expect(await rowsOf(sql, 'core.person_promotions')).toEqual([
    {
      linkedin_url: ada,
      company_domain: 'acme.example',
      company_name: 'Acme',
      previous_title: 'Engineer',
      new_title: 'Lead',
      promotion_date: '2022-01-01',
      source: 'person_profile',
    },
  ]);
});

test('only neighbours pair up: one job makes one promotion', async ({ sql }) => {
  const jobs = ['Intern', 'Engineer', 'Lead'].map((title, position) => ({
    ...engineer,
    title,
    start_date: `2021-0${position + 1}-01`,
    end_date: `2021-0${position + 1}-28`,
  }));
  await profile(sql, { experience: [...jobs, ...jobs] });
  const rows = await rowsOf(sql, 'core.person_promotions');
  expect(
    rows.map(({ previous_title, new_title }) => `${String(previous_title)} > ${String(new_title)}`).sort(),
  ).toEqual(['Engineer > Lead', 'Intern > Engineer']);
});

test('the same payload again, and a rebuild, leave it as it is, ids included', async ({ sql }) => {
  await profile(sql, { experience: [lead, engineer] }, { id: id(1), at: '2024-01-01T00:00:00Z' });
  const before = await fingerprint(sql);
  await profile(sql, { experience: [lead, engineer] }, { id: id(1), at: '2024-01-01T00:00:00Z' });
  await sql`select etl.rebuild()`;
  expect(await fingerprint(sql)).toBe(before);
});

test('source_id is the extracted row', async ({ sql }) => {
  await profile(sql, { experience: [lead] });
  expect(await value(sql`select source_id from core.person_work_history`)).toBe(
    await value(sql`select id from extracted.person_experience`),
  );
});
