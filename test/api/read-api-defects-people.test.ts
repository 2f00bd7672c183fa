/**
 * What the old system's read endpoints of people did wrong, claim by claim; the marks (C1 to C15) are those of its description.
 * Claims that hold for all lists are in lists.test.ts, those about keys and empty parameters in read-api-defects-companies.test.ts.
 */
import { expect } from 'vitest';

import { type Call, type Json, test as base } from '../http/support/api.ts';
import { loadSample } from './support/sample.ts';

type Profile = (who: string, payload: object) => Promise<void>;

const test = base.extend<{ sample: Call; profile: Profile }>({
  sample: [
    async ({ pool, call }, use) => {
      await loadSample(pool, 12);
      await use(call);
    },
    { scope: 'file' },
  ],
  profile: [
    async ({ pool }, use) =>
      use(async (who, raw_payload) => {
        const body = { linkedin_url: urlOf(who), workflow_slug: 'clay-person-profile', raw_payload };
        await pool`select etl.ingest('clay-person-profile', ${pool.json(body as never)})`;
        await pool`select api.refresh_all_reads()`;
      }),
    { scope: 'file' },
  ],
});

const urlOf = (who: string) => `https://www.linkedin.com/in/${who}`;
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/);

async function answer(call: Call, path: string, json?: unknown): Promise<Json> {
  const { status, body } = await call(path, json === undefined ? {} : { json });
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(200);
  return body as Json;
}

async function names(call: Call, query: string): Promise<string[]> {
  return (await answer(call, `/api/people?limit=100&${query}`)).data.map(
    (person: Json) => person.full_name as string,
  );
}

const job = (title: string, company: string, rest: object) => ({
  title,
  company,
  company_domain: `${company.toLowerCase()}.example`,
  ...rest,
});

test('GET /api/people shows everybody, complete enough to be a lead or not, with text, dates and times as such', async ({
  sample,
  profile,
}) => {
  await profile('plain', { slug: 'plain', name: 'Plain Person' });
  const { data, meta } = await answer(sample, `/api/people?linkedin_url=${urlOf('plain')}`);
  expect(meta).toMatchObject({ total: 1, limit: 50, offset: 0 });
  const nothing = [
    'core_company_id',
    'linkedin_user_profile_urn',
    'person_city',
    'person_state',
    'person_country',
  ];
  nothing.push('matched_cleaned_job_title', 'matched_job_function', 'matched_seniority', 'job_start_date');
  expect(data).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      linkedin_url: urlOf('plain'),
      linkedin_slug: 'plain',
      full_name: 'Plain Person',
      linkedin_url_type: 'real',
      ...Object.fromEntries(nothing.map((name) => [name, null])),
      created_at: isoTime,
      updated_at: isoTime,
    },
  ]);
  expect((await answer(sample, `/api/leads?full_name=plain%20person`)).data).toEqual([]);
  expect((await answer(sample, '/api/people?full_name=sam%20weber')).data[0]).toMatchObject({
    job_start_date: '2026-09-01',
    matched_seniority: 'VP',
    person_city: 'Springfield',
  });
});

test.for([
  [{ job_function: 'Security, Risk, & Compliance', person_state: 'illi' }, 3],
  [{ job_function: 'sales,Security, Risk, & Compliance' }, 6],
  [{ seniority: ' vp , director ' }, 8],
  [{ job_title: 'p of s', seniority: 'VP' }, 2],
  [{ person_city: 'springf', person_country: 'united', job_function: 'Sales' }, 3],
  [{ full_name: '%', person_state: 'Illinois' }, 0],
  [{ full_name: 'sam_ng' }, 0],
] as const)('GET /api/people?%j finds %i of the sample (C2, C3)', async ([filters, count], { sample }) => {
  const found = await names(sample, new URLSearchParams(filters).toString());
  expect(found.filter((name) => name.startsWith('Sam '))).toHaveLength(count);
});

test('a person without a start date is not found by one', async ({ sample, profile }) => {
  await profile('undated', { name: 'Undated Person' });
  expect(await names(sample, 'full_name=undated')).toEqual(['Undated Person']);
  for (const query of ['job_start_date_gte=1900-01-01', 'job_start_date_lte=2999-12-31'])
    expect(await names(sample, `full_name=undated&${query}`), query).toEqual([]);
  const all = (await names(sample, 'full_name=sam')).length;
  expect(
    await names(sample, 'full_name=sam&job_start_date_gte=2026-09-01&job_start_date_lte=2026-09-01'),
  ).toHaveLength(all);
});

test('work history has the present jobs first, then the newest, undated ones last, and each once', async ({
  sample,
  profile,
  pool,
}) => {
  const experience = [
    job('Founder', 'Alpha', { is_current: null }),
    job('Clerk', 'Beta', { start_date: '2015-01-01', end_date: '2018-01-01', is_current: false }),
    job('Director Sales', 'Gamma', { start_date: '2018-02-01', end_date: '2020-01-01', is_current: false }),
    job('VP Sales', 'Delta', { start_date: '2021-05-01', is_current: true }),
  ];
  await profile('worker', { name: 'Worker', experience });
  const ask = () =>
    answer(sample, '/api/people/work-history', { linkedin_url: 'http://LinkedIn.com/in/Worker/' });
  const first = await ask();
  expect(first).toMatchObject({ linkedin_url: urlOf('worker'), has_work_history: true, entry_count: 4 });
  expect(first.work_history.map((entry: Json) => [entry.title, entry.is_current])).toEqual([
    ['VP Sales', true],
    ['Director Sales', false],
    ['Clerk', false],
    ['Founder', false],
  ]);
  expect(first.work_history[0]).toEqual({
    ...{
      company_name: 'Delta',
      company_domain: 'delta.example',
      company_linkedin_url: null,
      title: 'VP Sales',
    },
    ...{ matched_job_function: 'Sales', matched_seniority: 'VP' },
    ...{ start_date: '2021-05-01', end_date: null, is_current: true },
  });

  await profile('worker', { name: 'Worker', experience });
  expect(await ask(), 'a profile that comes again repeats nothing').toEqual(first);
  await pool`
    insert into core.person_work_history (id, linkedin_url, company_domain, company_name, title, matched_job_function, matched_seniority, start_date, is_current, experience_order, source_id, source)
    select gen_random_uuid(), linkedin_url, company_domain, company_name, title, matched_job_function, matched_seniority, start_date, is_current, experience_order, source_id, 'another source'
      from core.person_work_history where linkedin_url = ${urlOf('worker')} and title = 'VP Sales'`;
  expect(await ask(), 'nor does a job that another source tells, too').toEqual(first);
  const status = await answer(sample, '/api/people/enrichment-status', { linkedin_url: urlOf('worker') });
  expect(status, 'both endpoints count the same').toEqual({
    ...{ linkedin_url: urlOf('worker'), is_enriched: true, entry_count: 4, last_enriched_at: isoTime },
  });
});

test('an unknown person has an empty history', async ({ sample }) => {
  expect(await answer(sample, '/api/people/work-history', { linkedin_url: urlOf('nobody-here') })).toEqual({
    ...{ linkedin_url: urlOf('nobody-here'), has_work_history: false, entry_count: 0, work_history: [] },
  });
});

test('whether a workflow enriched a person is told by slug or newer name, of tables whatever they call the key', async ({
  sample,
  pool,
}) => {
  const ask = (workflow_slug: string, who = 'sample-3') =>
    answer(sample, '/api/people/workflow-enrichment-status', {
      person_linkedin_url: `${urlOf(who)}/`,
      workflow_slug,
    });
  expect(await ask(' clay-person-profile ')).toEqual({
    person_linkedin_url: urlOf('sample-3'),
    workflow_slug: 'clay-person-profile',
    ...{ core_table: 'core.people', enriched: true, count: 1, last_enriched_at: isoTime },
  });
  expect(await ask('clay-person-profile', 'nobody-here')).toMatchObject({
    enriched: false,
    count: 0,
    last_enriched_at: null,
  });
  // Every workflow about people can be asked, whichever table it writes.
  const slugs = await pool<{ slug: string }[]>`
    select workflow_slug as slug from reference.enrichment_workflow_registry where entity_type = 'person' order by 1`;
  expect(slugs.length).toBeGreaterThan(20);
  for (const { slug } of slugs) expect((await ask(slug)).workflow_slug).toBe(slug);
});

test('the record of a person who is known by other tables only has every headline field', async ({
  sample,
  pool,
}) => {
  await pool`
    insert into core.person_locations (id, linkedin_url, country, source)
    values (gen_random_uuid(), ${urlOf('placed')}, 'France', 'test')`;
  expect(await answer(sample, `/api/people/record?linkedin_url=${urlOf('placed')}`)).toMatchObject({
    ...{
      id: null,
      linkedin_url: urlOf('placed'),
      full_name: null,
      person_country: 'France',
      company_domain: null,
    },
  });
});
