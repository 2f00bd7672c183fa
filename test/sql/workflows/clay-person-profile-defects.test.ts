import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { ada, id, profile, rowsOf, run, value } from '../support/calls.ts';

// One test per defect that reference/workflows/people.yaml lists for clay-person-profile in the old system.

const job = (company_domain: string | null, rest: object = {}) => ({
  title: 'Engineer',
  company: company_domain?.split('.')[0],
  company_domain,
  ...rest,
});

test('an older refresh that arrives late changes nothing that the newer one said', async ({ sql }) => {
  const goldenRows = () => sql`select target, golden_row from etl.golden_rows(${[ada]}) order by 1, 2`;
  await profile(sql, {
    name: 'Ada Example',
    country: 'Canada',
    last_refresh: '2025-01-01T00:00:00Z',
    latest_experience: { start_date: '2024-05-01', is_current: true },
    experience: [job('acme.example', { is_current: true }), job('globex.example')],
    education: [{ school_name: 'New School' }],
  });
  const before = await goldenRows();
  await profile(sql, {
    name: 'A. Example',
    country: 'United States',
    last_refresh: '2024-01-01T00:00:00Z',
    latest_experience: { start_date: '2020-01-01', is_current: true },
    experience: [job('initech.example')],
    education: [{ school_name: 'Old School' }],
  });
  expect(await goldenRows()).toEqual(before);
  expect(await rowsOf(sql, 'extracted.person_education')).toMatchObject([{ school_name: 'New School' }]);
  // but the employer that only the older one knew is a company all the same
  expect((await rowsOf(sql, 'core.companies')).map(({ domain }) => domain)).toEqual([
    'acme.example',
    'globex.example',
    'initech.example',
  ]);
});

test('refreshes are compared as points in time, not as text', async ({ sql }) => {
  await profile(sql, { name: 'Newer', last_refresh: '2024-06-01T01:00:00+00:00' });
  await profile(sql, { name: 'Older', last_refresh: '2024-06-01T02:00:00+02:00' });
  expect(await rowsOf(sql, 'core.people')).toMatchObject([{ full_name: 'Newer' }]);
});

test('past employers of other sources survive a new profile', async ({ sql }) => {
  await sql`
    insert into core.person_past_employer (id, linkedin_url, past_company_domain, source, scrape_settings_id)
    values (gen_random_uuid(), ${ada}, 'alumni.example', 'salesnav_scrape_settings', gen_random_uuid())`;
  await profile(sql, { experience: [job('globex.example')] });
  const rows = await rowsOf(sql, 'core.person_past_employer');
  expect(rows.map(({ past_company_domain, source }) => [past_company_domain, source]).sort()).toEqual([
    ['alumni.example', 'salesnav_scrape_settings'],
    ['globex.example', 'person_profile'],
  ]);
});

test('a person with only current jobs has no past employers any more', async ({ sql }) => {
  await profile(sql, { experience: [job('globex.example', { is_current: false })] });
  await profile(sql, { experience: [job('globex.example', { is_current: true })] });
  expect(await rowsOf(sql, 'core.person_past_employer')).toEqual([]);
});

test('is_current null means past, here and in the work history', async ({ sql }) => {
  await profile(sql, { experience: [job('globex.example', { is_current: null })] });
  expect(await rowsOf(sql, 'core.person_past_employer')).toHaveLength(1);
  expect(await rowsOf(sql, 'core.person_work_history')).toMatchObject([{ is_current: false }]);
});

test('past employers: one per domain or else per name, the newest names it, and none without either', async ({
  sql,
}) => {
  await profile(sql, {
    experience: [
      job('globex.example', { company: 'Globex Corporation' }),
      job('https://www.GLOBEX.example/', { company: 'Globex Inc' }),
      job(null, { company: 'Paper Mill' }),
      job(null, { company: ' paper  mill' }),
      job(null),
      { title: 'Nothing else' },
    ],
  });
  const rest = { linkedin_url: ada, scrape_settings_id: null, source: 'person_profile' };
  expect(await rowsOf(sql, 'core.person_past_employer')).toEqual([
    { ...rest, past_company_name: 'Globex Corporation', past_company_domain: 'globex.example' },
    { ...rest, past_company_name: 'Paper Mill', past_company_domain: null },
  ]);
});

test('a location stays whole: no old city beside a new country, no country erased by an unknown place', async ({
  sql,
}) => {
  await sql`
    insert into reference.location_lookup (location_name, city, state, country)
    values ('Testville, Ohio', 'Testville', 'Ohio', 'United States')`;
  const known = { city: 'Testville', state: 'Ohio', country: 'United States' };
  await profile(sql, { location_name: 'testville,  ohio' });
  expect(await rowsOf(sql, 'core.person_locations')).toMatchObject([known]);
  await profile(sql, { location_name: 'nowhere that is known' });
  expect(await rowsOf(sql, 'core.person_locations')).toMatchObject([known]);
  await profile(sql, { country: 'Canada' });
  expect(await rowsOf(sql, 'core.person_locations')).toMatchObject([
    { city: null, state: null, country: 'Canada' },
  ]);
});

test('name and slug are refreshed, and the current employer is set', async ({ sql }) => {
  await profile(sql, { name: 'Ada Example', slug: 'ada' });
  await profile(sql, {
    name: 'Ada Lovely',
    slug: 'ada-lovely',
    experience: [
      job('globex.example'),
      job('www.acme.example', { is_current: true }),
      job('initech.example', { is_current: true }),
    ],
  });
  expect(await rowsOf(sql, 'core.people')).toEqual([
    {
      linkedin_url: ada,
      linkedin_slug: 'ada-lovely',
      full_name: 'Ada Lovely',
      linkedin_url_type: 'real',
      linkedin_user_profile_urn: null,
      core_company_id: await value(sql`select id from core.companies where domain = 'acme.example'`),
      source: 'person_profile',
    },
  ]);
});

test('companies_count counts distinct companies, in every spelling', async ({ sql }) => {
  const { body } = await profile(sql, {
    experience: [job('acme.example'), job('WWW.acme.example'), job('globex.example'), job(null), 'x'],
    education: [{}, 'x'],
  });
  expect(body).toMatchObject({ experience_count: 4, education_count: 1, companies_count: 2 });
});

test('the response has every documented field', async ({ sql }) => {
  const { body } = await profile(sql, {
    country: 'Canada',
    latest_experience: { start_date: '2021-05' },
    experience: [job('acme.example')],
    education: [{ school_name: 'School' }],
  });
  expect(body).toEqual({
    success: true,
    raw_id: body.raw_payload_id,
    raw_payload_id: expect.any(String),
    person_profile_id: await value(sql`select id from extracted.person_profile`),
    experience_count: 1,
    education_count: 1,
    core_person_id: await value(sql`select id from core.people`),
    companies_count: 1,
    core_location_id: await value(sql`select id from core.person_locations`),
    core_tenure_id: await value(sql`select id from core.person_tenure`),
    past_employers_count: 1,
  });
});

test('the same profile again adds nothing to work history and promotions', async ({ sql }) => {
  const experience = [
    job('acme.example', { title: 'Lead', start_date: '2021-02' }),
    job('acme.example', { start_date: '2020', end_date: '2021-01' }),
  ];
  for (let time = 0; time < 2; time++) await profile(sql, { experience });
  expect(await rowsOf(sql, 'core.person_work_history')).toHaveLength(2);
  expect(await rowsOf(sql, 'core.person_promotions')).toHaveLength(1);
});

test('the current title is classified from the profile', async ({ sql }) => {
  await sql`
    insert into reference.job_title_lookup (latest_title, cleaned_job_title, seniority_level, job_function)
    values ('Chief Test Pilot', 'Pilot', 'C-suite', 'Operations')`;
  await profile(sql, { latest_experience: { title: ' chief test  PILOT' } });
  expect(await rowsOf(sql, 'core.person_job_titles')).toEqual([
    {
      linkedin_url: ada,
      matched_cleaned_job_title: 'Pilot',
      matched_job_function: 'Operations',
      matched_seniority: 'C-suite',
      source: 'person_profile',
    },
  ]);
});

test('tenure: a month or year is its first day, a job already left is none, a late older profile moves nothing', async ({
  sql,
}) => {
  const start = (start_date: string, last_refresh: string, is_current?: boolean) =>
    profile(sql, { last_refresh, latest_experience: { start_date, is_current } });
  await start('2021-05', '2024-01-01T00:00:00Z', true);
  expect(await rowsOf(sql, 'core.person_tenure')).toEqual([
    { linkedin_url: ada, job_start_date: '2021-05-01', source: 'person_profile' },
  ]);
  await start('2023-01-15', '2024-02-01T00:00:00Z');
  await start('2019', '2023-01-01T00:00:00Z', true);
  await start('2024-01-01', '2024-03-01T00:00:00Z', false);
  expect(await rowsOf(sql, 'core.person_tenure')).toMatchObject([{ job_start_date: '2023-01-15' }]);
});

test('an unknown or missing workflow_slug stores nothing', async ({ sql }) => {
  const body = { linkedin_url: ada, raw_payload: {} };
  expect(await run(sql, 'clay-person-profile', { ...body, workflow_slug: 'nope' })).toMatchObject({
    status: 404,
  });
  expect(await run(sql, 'clay-person-profile', body)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/workflow_slug' }] },
  });
  expect(await value(sql`select count(*)::int from raw.payloads`)).toBe(0);
});

test('of two profiles of the same instant the greater payload id wins, whichever came first', async ({
  sql,
}) => {
  const last_refresh = '2024-01-01T00:00:00Z';
  await profile(sql, { name: 'Second', last_refresh }, { id: id(2) });
  await profile(sql, { name: 'First', last_refresh }, { id: id(1) });
  expect(await rowsOf(sql, 'core.people')).toMatchObject([{ full_name: 'Second' }]);
});

test('who left their job has no current employer any more', async ({ sql }) => {
  await profile(sql, { experience: [job('acme.example', { is_current: true })] });
  await profile(sql, { experience: [job('acme.example', { is_current: false })] });
  expect(await value(sql`select core_company_id from core.people`)).toBeNull();
});
