import { expect } from 'vitest';

import { type Call, type Json, test as base } from '../http/support/api.ts';
import { run } from '../sql/support/calls.ts';
import { company, customer, type Day, days, loadLookups, person, urlOf } from './support/lead-lists.ts';

// What the old system's /api/leads and the views behind it did wrong, one claim a test. All are on one database, and each has
// companies and people of its own.

type Fixtures = {
  /** the text of a day before today */
  day: Day;
  /** calls the API when the read tables have followed */
  api: Call;
};

const test = base.extend<Fixtures>({
  day: [
    async ({ pool }, use) => {
      await loadLookups(pool);
      await use(await days(pool));
    },
    { scope: 'file' },
  ],
  api: [
    async ({ call, pool }, use) => {
      await use(async (...request) => {
        await pool`select api.refresh_all_reads()`;
        return call(...request);
      });
    },
    { scope: 'file' },
  ],
});

async function rows(call: Call, path: string): Promise<Json[]> {
  const { status, body } = await call(path);
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(200);
  return body.data as Json[];
}

async function names(call: Call, path: string): Promise<string[]> {
  return (await rows(call, path)).map((lead) => lead.full_name as string);
}

/** Every list of leads, with the parameters that it cannot do without. */
const lists = [
  '/api/leads?limit=100',
  '/api/leads/quick?limit=100',
  '/api/leads/recently-promoted?limit=100',
  '/api/leads/new-in-role?limit=100',
  '/api/leads/at-vc-portfolio?limit=100',
  '/api/leads/by-past-employer?limit=100&domains=before.example',
  '/api/leads/by-company-customers?limit=100&company_domain=seller-to-before.example',
];

/** Every filter: a value that the person below meets, and one that she does not. */
const filters = (day: Day): [name: string, met: string, missed: string][] => [
  ['job_function', 'Sales', 'Engineering'],
  ['seniority', 'VP', 'Senior'],
  ['industry', 'Retail', 'Banking'],
  ['employee_range', '51-100', '11-50'],
  ['person_city', 'springf', 'lyon'],
  ['person_state', 'ILLI', 'oregon'],
  ['person_country', 'united', 'france'],
  ['company_city', 'shelby', 'springfield'],
  ['company_state', 'oregon', 'illinois'],
  ['company_country', 'states', 'france'],
  ['company_domain', 'https://WWW.Everywhere.example/', 'before.example'],
  ['company_name', 'where works', 'before'],
  ['job_title', 'p of s', 'engineer'],
  ['full_name', 'ada every', 'bob'],
  ['job_start_date_gte', day(10), day(9)],
  ['job_start_date_lte', day(10), day(11)],
  ['business_model', 'b2b', 'B2C'],
];

type Bounds = [fallback: number, least: number, most: number];

test.for<[path: string, parameters: Record<string, Bounds>]>([
  ['/api/leads', { limit: [50, 1, 100], offset: [0, 0, 10_000] }],
  ['/api/leads/quick', { limit: [50, 1, 2_000] }],
  ['/api/leads/recently-promoted', { limit: [50, 1, 100], promoted_within_days: [180, 1, 3_650] }],
  ['/api/leads/new-in-role', { limit: [50, 1, 100], started_within_days: [90, 1, 3_650] }],
  ['/api/leads/at-vc-portfolio', { limit: [50, 1, 100] }],
  ['/api/leads/by-past-employer', { limit: [50, 1, 100] }],
  ['/api/leads/by-company-customers', { limit: [50, 1, 100] }],
  ['/api/leads/past-employer-preview', { limit: [10, 1, 50] }],
])('%s has its old defaults, and bounds of what it takes', async ([path, parameters], { api }) => {
  const { body: document } = await api('/openapi.json');
  const declared = (document.paths[path].get.parameters ?? []) as Json[];
  const required = declared.filter((parameter) => parameter.required);
  const query = required.map(({ name, example }) => `${name}=${[example].flat().join(',')}`).join('&');
  const asked = (more = '') => api(`${path}?${query}${more}`);
  for (const [name, [fallback, least, most]] of Object.entries(parameters)) {
    const { schema } = declared.find((parameter) => parameter.name === name) as Json;
    expect(schema, name).toMatchObject({ type: 'integer', default: fallback, minimum: least, maximum: most });
    for (const value of [least, most])
      expect((await asked(`&${name}=${value}`)).status, `${name}=${value}`).toBe(200);
    for (const value of [least - 1, most + 1])
      expect((await asked(`&${name}=${value}`)).status, `${name}=${value}`).toBe(422);
  }
  expect((await asked()).body.meta).toMatchObject({ limit: parameters.limit?.[0], offset: 0 });
});

test('a lead is answered with these fields, of these types', async ({ api, pool, day }) => {
  await company(pool, 'typed.example');
  await person(pool, 'typed', [{ at: 'typed.example', start: day(5) }], { name: 'Typed' });
  await pool`update core.companies set linkedin_url = 'https://www.linkedin.com/company/typed' where domain = 'typed.example'`;
  const [ids] = await pool`
    select person.id as person, company.id as company
      from core.people as person join core.companies as company on company.id = person.core_company_id
     where person.linkedin_url = ${urlOf('typed')}`;
  const lead = {
    ...{ person_id: ids?.person, linkedin_url: urlOf('typed'), linkedin_slug: 'typed', full_name: 'Typed' },
    ...{ linkedin_url_type: 'real', linkedin_user_profile_urn: null },
    ...{ person_city: 'Springfield', person_state: 'Illinois', person_country: 'United States' },
    ...{ matched_cleaned_job_title: 'VP of Sales', matched_job_function: 'Sales', matched_seniority: 'VP' },
    ...{ job_start_date: day(5), company_id: ids?.company, company_domain: 'typed.example' },
    ...{ company_name: 'typed Works', company_linkedin_url: 'https://www.linkedin.com/company/typed' },
    ...{ company_city: 'Shelbyville', company_state: 'Oregon', company_country: 'United States' },
    ...{ matched_industry: 'Retail', employee_range: '51-100' },
  };
  expect(await rows(api, '/api/leads?full_name=typed')).toEqual([lead]);
  const { job_start_date: _, ...rest } = lead;
  expect(await pool`select * from core.leads where full_name = 'Typed'`).toEqual([
    { ...rest, job_start_date: expect.anything(), is_visible: true },
  ]);
});

test.for(lists)(
  '%s takes every filter of leads, and an empty one is none',
  async (path, { api, pool, day }) => {
    await company(pool, 'everywhere.example', {
      investors: 'Everywhere Capital',
      sellsTo: { businesses: true, consumers: false },
    });
    await company(pool, 'before.example');
    await customer(pool, 'seller-to-before.example', 'Before Works', 'before.example');
    await person(
      pool,
      'ada-everywhere',
      [
        { at: 'everywhere.example', start: day(10) },
        { at: 'everywhere.example', title: 'Engineer', start: day(400), end: day(20) },
        { at: 'before.example', start: day(900), end: day(500) },
      ],
      { name: 'Ada Everywhere' },
    );
    const taken = filters(day).filter(([name]) => !path.includes(`${name}=`));
    for (const [name, met, missed] of taken) {
      const asked = (value: string) => names(api, `${path}&${name}=${encodeURIComponent(value)}`);
      expect(await asked(met), `${name}=${met}`).toContain('Ada Everywhere');
      expect(await asked(missed), `${name}=${missed}`).not.toContain('Ada Everywhere');
    }
    const empty = taken.map(([name]) => `&${name}=`).join('');
    expect(await names(api, path + empty)).toEqual(await names(api, path));
  },
);

test('the total is of the same moment as the rows', { timeout: 60_000 }, async ({ api, pool, day }) => {
  await company(pool, 'moment.example');
  await person(pool, 'moment', [{ at: 'moment.example', start: day(5) }], { name: 'Moment' });
  await api('/api/leads');
  /** Makes the list anew in one transaction: so many people, all of that name. */
  const become = (name: string, people: number) =>
    pool.begin(async (sql) => {
      await sql`delete from api.lead_rows where linkedin_url like 'moment-%'`;
      await sql`
        insert into api.lead_rows
        select copied.*
          from api.lead_rows as lead
         cross join generate_series(2, ${people}::int) as n
         cross join lateral jsonb_populate_record(lead, jsonb_build_object(
           'linkedin_url', 'moment-' || n, 'person_id', gen_random_uuid(), 'full_name', ${name}::text
         )) as copied
         where lead.linkedin_url = ${urlOf('moment')}`;
      await sql`update api.lead_rows set full_name = ${name} where linkedin_url = ${urlOf('moment')}`;
    });
  const totals = { Few: 20, Many: 40 };
  await become('Few', totals.Few);
  let isOver = false;
  const writing = (async () => {
    while (!isOver) for (const [name, people] of Object.entries(totals)) await become(name, people);
  })();
  const seen = new Set<string>();
  try {
    for (let time = 0; time < 150; time += 1) {
      const page = await pool`
        select api.page('leads_new_in_role', '{"company_domain": "moment.example", "limit": 5, "count": "exact"}')::json as answer`;
      const { data, meta } = page[0]?.answer as Json;
      const [name] = data.map((lead: Json) => lead.full_name as string);
      seen.add(name);
      expect(meta.total, `with rows of ${name}`).toBe(totals[name as keyof typeof totals]);
    }
  } finally {
    isOver = true;
    await writing;
    await pool`delete from api.lead_rows where linkedin_url like 'moment-%'`;
  }
  expect([...seen].sort(), 'both were met').toEqual(['Few', 'Many']);
});

test('B2B and B2C include companies that are both, Both is for both only, and an unclassified company is none of them', async ({
  api,
  pool,
  day,
}) => {
  await company(pool, 'b.model.example', { sellsTo: { businesses: true, consumers: false } });
  await company(pool, 'c.model.example', { sellsTo: { businesses: false, consumers: true } });
  await company(pool, 'bc.model.example', { sellsTo: { businesses: true, consumers: true } });
  await company(pool, 'model.example');
  for (const at of ['b.model.example', 'c.model.example', 'bc.model.example', 'model.example'])
    await person(pool, `at-${at}`, [{ at, start: day(5) }], { name: `Model ${at}` });
  const asked = (model: string) => names(api, `/api/leads?full_name=model&business_model=${model}`);
  expect(await asked('B2B')).toEqual(['Model b.model.example', 'Model bc.model.example']);
  expect(await asked('b2c')).toEqual(['Model bc.model.example', 'Model c.model.example']);
  expect(await asked('BOTH')).toEqual(['Model bc.model.example']);
  expect(await asked('')).toHaveLength(4);
});

test('one rule says which people are leads, for every list and every count', async ({ api, pool, day }) => {
  await company(pool, 'whole.example', { investors: 'Whole Capital' });
  await company(pool, 'nameless.example', { name: null });
  await company(pool, 'countryless.example', { country: null });
  await company(pool, 'trade.example', { industry: null });
  await company(pool, 'left.example');
  await customer(pool, 'seller-to-left.example', 'Left Works', 'left.example');
  const left = { at: 'left.example', start: day(900), end: day(500) };
  const hired = (at: string, title?: string) => [
    { at, start: day(10), ...(title === undefined ? {} : { title }) },
    { at, start: day(400), end: day(20), title: 'Engineer' },
    left,
  ];
  await person(pool, 'whole', hired('whole.example'), { name: 'Whole' });
  const incomplete = ['No country', 'No company name', 'No company country', 'No industry', 'Juggler'];
  incomplete.push('No level', 'No function', 'Unknown title');
  await person(pool, 'no-country', hired('whole.example'), { name: 'No country', place: null });
  await person(
    pool,
    'no-name',
    hired('nameless.example').map((job) => ({ ...job, name: '' })),
    {
      name: 'No company name',
    },
  );
  await person(pool, 'no-company-country', hired('countryless.example'), { name: 'No company country' });
  await person(pool, 'no-industry', hired('trade.example'), { name: 'No industry' });
  for (const title of ['Juggler', 'No level', 'No function', 'Unknown title'])
    await person(pool, title.replace(' ', '-'), hired('whole.example', title), { name: title });

  const ours = (listed: string[]) => listed.filter((name) => name === 'Whole' || incomplete.includes(name));
  for (const path of lists) {
    const asked = path
      .replace('domains=before', 'domains=left')
      .replace('seller-to-before', 'seller-to-left');
    expect(ours(await names(api, asked)), asked).toEqual(['Whole']);
  }
  const named = 'company_name=Left Works';
  expect(await names(api, `/api/leads/past-employer-preview?${named}`)).toEqual(['Whole']);
  expect((await api(`/api/leads/past-employer-count?${named}`)).body.count).toBe(1);
  expect((await api(`/api/leads/past-employer-breakdown?${named}`)).body).toMatchObject({
    total: 1,
    by_job_function: { Sales: 1 },
  });
  expect((await api('/api/companies/whole.example')).body.lead_count).toBe(1);
  const all = await names(api, '/api/leads/by-past-employer?domains=left.example&include_incomplete=true');
  expect(all.sort()).toEqual([...incomplete, 'Whole'].sort());
  expect(
    await pool`select full_name from core.leads where is_visible and full_name = any (${[...incomplete, 'Whole']})`,
  ).toEqual([{ full_name: 'Whole' }]);
});

test.describe('promotions', () => {
  const promoted = (on: string, before: string, at = 'ladder.example') => [
    { at, start: on },
    { at, title: 'Engineer', start: '2015-01-01', end: before },
  ];
  const listed = (api: Call, query = '') =>
    rows(api, `/api/leads/recently-promoted?company_domain=ladder.example${query}`);

  test('are listed from so many days ago until today, the newest first, never those to come', async ({
    api,
    pool,
    day,
  }) => {
    await company(pool, 'ladder.example');
    for (const ago of [-1, 0, 30, 31])
      await person(pool, `rung${ago}`, promoted(day(ago), day(ago + 1)), { name: `Rung ${ago}` });
    await person(pool, 'same-rung', promoted(day(30), day(31)), { name: 'Rung 30' });
    const window = await listed(api, '&promoted_within_days=30');
    expect(window.map((lead) => [lead.full_name, lead.promotion_date])).toEqual([
      ['Rung 0', day(0)],
      ['Rung 30', day(30)],
      ['Rung 30', day(30)],
    ]);
    const [, one, other] = window;
    expect(one.person_id < other.person_id, 'those of one day by person_id').toBe(true);
    expect(window[0]).toMatchObject({ previous_title: 'Engineer', new_title: 'VP Sales' });
  });

  test('make a person one row however many there are, and only those at the present employer count', async ({
    api,
    pool,
    day,
  }) => {
    await company(pool, 'ladder.example');
    await company(pool, 'old-ladder.example');
    const twice = [
      { at: 'ladder.example', start: day(3) },
      { at: 'ladder.example', title: 'Strategist', start: day(60), end: day(4) },
      { at: 'ladder.example', title: 'Engineer', start: day(900), end: day(61) },
    ];
    await person(pool, 'twice', twice, { name: 'Twice' });
    const elsewhere = [
      { at: 'ladder.example', start: day(20) },
      ...promoted(day(50), day(51), 'old-ladder.example'),
    ];
    await person(
      pool,
      'elsewhere',
      elsewhere.map((job, at) => ({ ...job, ...(at === 1 ? { end: day(21) } : {}) })),
      {
        name: 'Elsewhere',
      },
    );
    const found = await listed(api, '&promoted_within_days=365&full_name=');
    expect(found.filter((lead) => lead.full_name === 'Twice')).toEqual([
      expect.objectContaining({
        previous_title: 'Strategist',
        new_title: 'VP Sales',
        promotion_date: day(3),
      }),
    ]);
    expect(found.map((lead) => lead.full_name)).not.toContain('Elsewhere');
    expect(
      await pool`select full_name from core.leads_recently_promoted where linkedin_url = ${urlOf('twice')}`,
    ).toEqual([{ full_name: 'Twice' }]);
    expect(
      await pool`select company_domain from core.person_promotions where linkedin_url = ${urlOf('elsewhere')}`,
      'is known all the same',
    ).toEqual([{ company_domain: 'old-ladder.example' }]);
  });
});

test('people are new in a job from so many days ago until today, the newest first, never those to come', async ({
  api,
  pool,
  day,
}) => {
  await company(pool, 'hiring.example');
  for (const ago of [-1, 0, 90, 91])
    await person(pool, `hired${ago}`, [{ at: 'hiring.example', start: day(ago) }], { name: `Hired ${ago}` });
  const path = '/api/leads/new-in-role?company_domain=hiring.example';
  expect(await names(api, path)).toEqual(['Hired 0', 'Hired 90']);
  expect(await names(api, `${path}&started_within_days=91`)).toEqual(['Hired 0', 'Hired 90', 'Hired 91']);
  const [started] = await rows(api, path);
  expect(
    await pool`select job_start_date::text from core.person_job_start_dates where person_linkedin_url = ${started.linkedin_url}`,
    'the older table of start dates says the same',
  ).toEqual([{ job_start_date: day(0) }]);
});

test.describe('leads of a portfolio', () => {
  const describe = (domain: string, vc_name: string, long_description?: string) => ({
    domain,
    vc_name,
    company_name: 'Backed Works',
    ...(long_description === undefined ? {} : { long_description }),
  });

  test('work at companies with an investor, are one row each, and show the investor that was asked for', async ({
    api,
    pool,
    day,
  }) => {
    await company(pool, 'backed.example', { investors: 'Zebra Ventures' });
    await company(pool, 'unbacked.example');
    await pool`select etl.ingest('vc-portfolio', ${pool.json(describe('backed.example', 'Aardvark Capital', 'It is backed.'))})`;
    await pool`select etl.ingest('vc-portfolio', ${pool.json(describe('backed.example', 'Middle Partners'))})`;
    for (const at of ['backed.example', 'unbacked.example'])
      await person(pool, `at-${at}`, [{ at, start: day(5) }], { name: `Portfolio ${at}` });
    const listed = (query = '') => rows(api, `/api/leads/at-vc-portfolio?full_name=portfolio${query}`);
    const all = { vc_names: ['Aardvark Capital', 'Middle Partners', 'Zebra Ventures'] };
    expect(await listed()).toEqual([
      expect.objectContaining({
        full_name: 'Portfolio backed.example',
        vc_name: 'Aardvark Capital',
        vc_company_description: 'It is backed.',
        ...all,
      }),
    ]);
    expect(await listed('&vc_name=zebra ventures')).toEqual([
      expect.objectContaining({ vc_name: 'Zebra Ventures', ...all }),
    ]);
    expect(await listed('&vc_name=Zebra')).toEqual([]);
    expect(
      await pool`
        select vc_name, vc_company_description from core.leads_at_vc_portfolio where full_name like 'Portfolio%' order by vc_name`,
      'the view has a row per investor',
    ).toEqual(all.vc_names.map((vc_name) => ({ vc_name, vc_company_description: 'It is backed.' })));
  });
});

test.describe('former employees', () => {
  test('are those of all sources who work there no more, once each, with the total of all', async ({
    api,
    pool,
    day,
  }) => {
    await company(pool, 'former.example');
    await company(pool, 'next.example');
    const former = { at: 'former.example', start: day(900), end: day(100) };
    const now = { at: 'next.example', start: day(90) };
    await person(pool, 'gone', [now, former], { name: 'Gone' });
    await person(
      pool,
      'gone-twice',
      [now, former, { ...former, title: 'Engineer', start: day(950), end: day(901) }],
      {
        name: 'Gone twice',
      },
    );
    await person(pool, 'risen', [{ at: 'former.example', start: day(99) }, former], { name: 'Risen' });
    await person(pool, 'told', [now], { name: 'Told' });
    const move = {
      person_linkedin_url: urlOf('told'),
      previous_company_domain: 'former.example',
      new_company_domain: 'next.example',
      new_company_name: 'next Works',
      start_date_at_new_job: day(90),
      job_change_event_raw_payload: {},
    };
    await pool`select etl.ingest('clay-signal-job-change', ${pool.json(move)})`;
    const path = '/api/leads/by-past-employer?domains=https://www.FORMER.example/jobs,';
    const { body } = await api(`${path}&limit=2`);
    expect(body.meta.total).toBe(3);
    expect(body.data).toHaveLength(2);
    expect(await names(api, path)).toEqual(['Gone', 'Gone twice', 'Told']);
    for (const of of ['core', 'public'])
      expect(
        await pool`select full_name from ${pool(of)}.get_leads_by_past_employer('{former.example}', 2, 1)`,
        of,
      ).toEqual([{ full_name: 'Gone twice' }, { full_name: 'Told' }]);
  });

  test('follow a job change that changes nothing else of the person', async ({ api, pool, day }) => {
    await company(pool, 'latest.example');
    await person(pool, 'mover', [{ at: 'latest.example', start: day(10) }], { name: 'Mover' });
    expect(await names(api, '/api/leads/by-past-employer?domains=late-news.example')).toEqual([]);
    // An older change comes late: all that it says of the present is known better by now.
    const late = {
      person_linkedin_url: urlOf('mover'),
      previous_company_domain: 'late-news.example',
      new_company_domain: 'latest.example',
      start_date_at_new_job: day(10),
      job_change_event_raw_payload: {},
    };
    const { status } = await run(pool, 'clay-signal-job-change', late, { at: '2020-01-01T00:00:00Z' });
    expect(status).toBe(200);
    expect(await names(api, '/api/leads/by-past-employer?domains=late-news.example')).toEqual(['Mover']);
  });

  test('are found by the name of a company and by its domain, and no name is a pattern', async ({
    api,
    pool,
    day,
  }) => {
    await company(pool, 'named.example', { name: 'Named_Works' });
    await company(pool, 'new-home.example');
    const now = { at: 'new-home.example', start: day(90) };
    const former = { at: 'named.example', start: day(900), end: day(100) };
    await person(pool, 'by-domain', [now, { ...former, name: 'Named Works, Inc.' }]);
    await person(pool, 'by-name', [now, { ...former, at: 'elsewhere.example', name: 'NAMED_works' }], {
      place: 'lyon',
    });
    await person(pool, 'by-pattern', [now, { ...former, at: 'other.example', name: 'NamedXWorks' }]);
    const counted = async (query: string) =>
      (await api(`/api/leads/past-employer-count?company_name=${query}`)).body as Json;
    expect(await counted('named_WORKS')).toEqual({
      company_name: 'named_WORKS',
      domain: 'named.example',
      count: 2,
    });
    expect(await counted('named%25')).toMatchObject({ domain: null, count: 0 });
    expect(await counted('named_works&country=FRANCE')).toMatchObject({ count: 1 });
    expect(await counted('named_works&country=%25')).toMatchObject({ count: 0 });
    expect(await counted('named_works&country=')).toMatchObject({ count: 2 });
  });

  test('are counted, shown and broken down alike, by functions of Sales Navigator, the largest first', async ({
    api,
    pool,
    day,
  }) => {
    await company(pool, 'functions.example');
    await company(pool, 'onwards.example');
    const now = { at: 'onwards.example', start: day(90) };
    const former = (title: string, name?: string) => ({
      at: 'functions.example',
      title,
      start: day(900),
      end: day(100),
      ...(name === undefined ? {} : { name }),
    });
    await person(pool, 'engineer-1', [now, former('Engineer')]);
    await person(pool, 'engineer-2', [now, former('Engineer')]);
    await person(pool, 'both', [
      now,
      former('Engineer'),
      { ...former('VP Sales'), start: day(999), end: day(901) },
    ]);
    await person(pool, 'unmapped', [now, former('Strategist')]);
    await person(pool, 'unknown', [now, former('Whatever title')]);
    const named = 'company_name=functions works';
    const broken = await api(`/api/leads/past-employer-breakdown?${named}`);
    expect(broken.body).toEqual({
      company_name: 'functions works',
      domain: 'functions.example',
      total: 5,
      by_job_function: { Engineering: 3, Other: 2, Sales: 1 },
    });
    expect(Object.keys(broken.body.by_job_function)).toEqual(['Engineering', 'Other', 'Sales']);
    for (const [name, people] of Object.entries(broken.body.by_job_function)) {
      const asked = `${named}&job_function=${name.toLowerCase()}`;
      expect((await api(`/api/leads/past-employer-count?${asked}`)).body.count, name).toBe(people);
      expect(await names(api, `/api/leads/past-employer-preview?${asked}`), name).toHaveLength(
        Number(people),
      );
    }
    const { body: added } = await api('/api/leads/priority-companies', {
      json: { company_name: 'functions works' },
    });
    expect(added).toMatchObject({ total: 5, engineering: 3, sales: 1 });
    const listed = await rows(api, '/api/leads/priority-companies');
    expect(listed).toEqual([added]);
    await api('/api/leads/priority-companies/functions%20works', { method: 'DELETE' });
  });
});

test('priority companies are listed in the order they came, keep and count by a domain that is known no more, and any name can be deleted', async ({
  api,
  pool,
  day,
}) => {
  const add = async (company_name: string) =>
    (await api('/api/leads/priority-companies', { json: { company_name } })).body as Json;
  await company(pool, 'priority.example', { name: 'Priority Works' });
  await company(pool, 'after-priority.example');
  await person(pool, 'deprioritised', [
    { at: 'after-priority.example', start: day(5) },
    { at: 'priority.example', name: 'Priority, Inc.', start: day(900), end: day(6) },
  ]);
  expect(await add('  Zz/Top % & Sons ')).toMatchObject({ company_name: 'Zz/Top % & Sons', domain: null });
  expect(await add('Priority Works')).toMatchObject({ domain: 'priority.example', total: 1 });
  await pool`select etl.ingest('core-company-full-upsert', '{"domain": "priority.example", "company_name": "Renamed"}')`;
  expect(await add('priority works')).toMatchObject({ domain: 'priority.example', total: 1 });
  const listed = await rows(api, '/api/leads/priority-companies');
  expect(listed.map((each) => each.company_name)).toEqual(['Zz/Top % & Sons', 'Priority Works']);
  for (const { company_name } of listed) {
    const path = `/api/leads/priority-companies/${encodeURIComponent(company_name.toLowerCase())}`;
    expect((await api(path, { method: 'DELETE' })).body).toMatchObject({ status: 'deleted' });
  }
  expect(await rows(api, '/api/leads/priority-companies')).toEqual([]);
});

test.describe('alumni of customers', () => {
  test('show the customer that they left last, also one that is known by name only', async ({
    api,
    pool,
    day,
  }) => {
    for (const domain of ['first.customer.example', 'last.customer.example', 'present.customer.example'])
      await company(pool, domain);
    await company(pool, 'named.customer.example', { name: 'Known By Name' });
    for (const domain of ['first.customer.example', 'last.customer.example', 'present.customer.example'])
      await customer(pool, 'vendor.example', `Customer ${domain}`, domain);
    await customer(pool, 'vendor.example', 'KNOWN by name');
    const present = { at: 'present.customer.example', start: day(50) };
    const first = { at: 'first.customer.example', start: day(900), end: day(800) };
    await person(
      pool,
      'alumna',
      [present, { at: 'last.customer.example', start: day(700), end: day(60) }, first],
      {
        name: 'Alumna',
      },
    );
    await person(
      pool,
      'alumnus',
      [present, { at: 'named.customer.example', start: day(700), end: day(60) }],
      {
        name: 'Alumnus',
      },
    );
    await person(pool, 'no-alumna', [present, { ...present, start: day(100), end: day(51) }], {
      name: 'No alumna',
    });
    const path = '/api/leads/by-company-customers?company_domain=HTTPS://www.vendor.example/';
    const { body } = await api(path);
    expect(body.data).toEqual([
      expect.objectContaining({
        full_name: 'Alumna',
        company_domain: 'present.customer.example',
        previous_customer_domain: 'last.customer.example',
        previous_customer_name: 'Customer last.customer.example',
      }),
      expect.objectContaining({
        full_name: 'Alumnus',
        previous_customer_domain: 'named.customer.example',
        previous_customer_name: 'KNOWN by name',
      }),
    ]);
    expect(body.meta.total).toBe(2);
    for (const schema of ['core', 'public'])
      expect(
        await pool`
          select full_name, previous_customer_domain from ${pool(schema)}.get_leads_by_company_customers('vendor.example', p_limit => 1, p_offset => 1)`,
      ).toEqual([{ full_name: 'Alumnus', previous_customer_domain: 'named.customer.example' }]);
    expect((await api('/api/leads/by-company-customers?company_domain=unknown.example')).body).toMatchObject({
      data: [],
      meta: { total: 0 },
    });
  });

  test('are those of all customers, however many there are', async ({ api, pool, day }) => {
    await company(pool, 'zz-last.example');
    await company(pool, 'afterwards.example');
    await person(pool, 'of-many', [
      { at: 'afterwards.example', start: day(5) },
      { at: 'zz-last.example', start: day(900), end: day(6) },
    ]);
    await pool`
      insert into core.company_customers (id, origin_company_domain, customer_key, customer_name, customer_domain, source)
      select gen_random_uuid(), 'seller-to-many.example', 'customer ' || n, 'Customer ' || n, 'customer-' || n || '.example', 'test'
        from generate_series(1, 6000) as n
      union all
      select gen_random_uuid(), 'seller-to-many.example', 'zz last', 'Zz last', 'zz-last.example', 'test'`;
    expect(await names(api, '/api/leads/by-company-customers?company_domain=seller-to-many.example')).toEqual(
      ['of-many'],
    );
  });
});

test.describe('in psql', () => {
  test('core.leads has every person once, with nulls for what is not known', async ({ api, pool }) => {
    await pool`select etl.ingest('clay-person-profile', ${pool.json({
      linkedin_url: urlOf('bare'),
      workflow_slug: 'clay-person-profile',
      raw_payload: { slug: 'bare', name: 'Bare' },
    })})`;
    await api('/api/leads');
    const [counted] = await pool`
      select (select count(*) from core.leads) = (select count(*) from core.people) as is_every_person,
             (select count(distinct person_id) from core.leads) = (select count(*) from core.people) as is_once`;
    expect(counted).toEqual({ is_every_person: true, is_once: true });
    expect(
      await pool`
        select full_name, company_id, company_name, person_country, matched_job_function, job_start_date
          from core.leads where linkedin_url = ${urlOf('bare')}`,
    ).toEqual([
      {
        full_name: 'Bare',
        ...{ company_id: null, company_name: null, person_country: null, matched_job_function: null },
        job_start_date: null,
      },
    ]);
  });

  test('the full companies are one row each, however many sources there are, the size of all, and the best name that is known', async ({
    pool,
  }) => {
    const found = (name: string) =>
      pool`select etl.ingest('clay-find-companies', ${pool.json({
        company_domain: 'sources.example',
        workflow_slug: 'clay-find-companies',
        raw_payload: { name },
      })})`;
    const views = async () => [
      await pool`select name, employee_range from core.companies_full where domain = 'sources.example'`,
      await pool`select name, employee_range from core.companies_full_v2 where domain = 'sources.example'`,
    ];
    await company(pool, 'sources.example', { name: 'Sources, Inc.' });
    await found('Sources of Clay');
    expect(await views()).toEqual([
      [{ name: 'Sources, Inc.', employee_range: '51-100' }],
      [{ name: 'Sources of Clay', employee_range: '51-100' }],
    ]);
    const portfolio = {
      domain: 'sources.example',
      company_name: 'Sources of Crunchbase',
      vc: 'Sources Capital',
    };
    await pool`select etl.ingest('cb-vc-portfolio', ${pool.json(portfolio)})`;
    expect((await views())[1]).toEqual([{ name: 'Sources of Crunchbase', employee_range: '51-100' }]);
    const by_hand = { domain: 'sources.example', company_name: 'Sources', employee_range: '101-250' };
    await pool`select etl.ingest('core-company-full-upsert', ${pool.json(by_hand)})`;
    const entered = [{ name: 'Sources', employee_range: '101-250' }];
    expect(await views()).toEqual([entered, entered]);
  });

  test('a backed company with customers is one row, whatever it was called with each', async ({ pool }) => {
    await company(pool, 'one-row.example', { name: 'One Row', investors: 'Second Fund, First Fund' });
    await customer(pool, 'one-row.example', 'Its customer', 'its-customer.example');
    await customer(pool, 'one-row.example', 'Name without a company');
    await pool`
      update core.company_customers set origin_company_name = customer_name || ' calls it so' where origin_company_domain = 'one-row.example'`;
    expect(await pool`select * from core.vc_backed_with_customers where domain = 'one-row.example'`).toEqual([
      {
        domain: 'one-row.example',
        name: 'One Row',
        customer_count: '1',
        customer_name_count: '2',
        vc_investors: ['First Fund', 'Second Fund'],
      },
    ]);
  });

  test('what lacks customers is of the top firms, in the United States, and without any', async ({
    pool,
  }) => {
    for (const [domain, investors, country] of [
      ['lacking.example', 'Sequoia Capital', 'United States'],
      ['abroad.example', 'Sequoia Capital', 'France'],
      ['small-fund.example', 'Small Fund', 'United States'],
      ['has-customers.example', 'Sequoia Capital', 'United States'],
    ] as const)
      await company(pool, domain, { investors, country });
    await customer(pool, 'has-customers.example', 'Someone');
    expect(
      await pool`
        select domain, company_name, vc_name, vc_domain from public.vc_backed_missing_customers
         where domain = any ('{lacking.example,abroad.example,small-fund.example,has-customers.example}')`,
    ).toEqual([
      {
        ...{ domain: 'lacking.example', company_name: 'lacking Works' },
        ...{ vc_name: 'Sequoia', vc_domain: 'sequoiacap.com' },
      },
    ]);
  });
});
