/**
 * What the old system's read endpoints of companies did wrong, claim by claim; the marks (C1 to C15) are those of its description.
 * Claims that hold for all lists are in lists.test.ts, those about bad input in bad-input.test.ts.
 */
import { describe, expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { type Call, type Json, test as base } from '../http/support/api.ts';
import { contracts } from './contract.ts';
import { loadSample } from './support/sample.ts';

type Ingest = (workflow: string, body: object) => Promise<void>;

const test = base.extend<{ sample: Call; ingest: Ingest }>({
  sample: [
    async ({ pool, call }, use) => {
      await loadSample(pool, 12);
      await use(call);
    },
    { scope: 'file' },
  ],
  ingest: [
    async ({ pool }, use) => use((workflow, body) => ingestBody(pool, workflow, body)),
    { scope: 'file' },
  ],
});

async function ingestBody(sql: Sql, workflow: string, body: object): Promise<void> {
  await sql`select etl.ingest(${workflow}, ${sql.json(body as never)})`;
}

async function named(ingest: Ingest, companies: Record<string, string>): Promise<void> {
  for (const [domain, company_name] of Object.entries(companies))
    await ingest('core-company-full-upsert', { domain, company_name });
}

async function answer(call: Call, path: string, json?: unknown): Promise<Json> {
  const { status, body } = await call(path, json === undefined ? {} : { json });
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(200);
  return body as Json;
}

async function domains(call: Call, path: string): Promise<string[]> {
  return (await answer(call, path)).data.map((row: Json) => row.domain as string);
}

const query = (values: Record<string, string>) => new URLSearchParams(values).toString();

describe('every path', () => {
  const paths = contracts.filter(({ path }) => /^\/api\/(companies|people)/.test(path));

  test.for(paths)(
    '$method $path needs a key that may read (C1)',
    async ({ call: path, method, json }, { call, keys }) => {
      const send = (headers: Record<string, string>) =>
        call(path, { method, headers, ...(json ? { json } : {}) });
      expect((await send({ authorization: '' })).status).toBe(401);
      expect((await send({ authorization: `Bearer ${keys.ingest}` })).status).toBe(403);
      expect((await send({ authorization: `Bearer ${keys.read}` })).status).toBeOneOf([200, 404]);
    },
  );

  test.for([
    ['/api/companies', 'industry employee_range city state country domain name limit offset'],
    [
      '/api/people',
      'job_function seniority person_city person_state person_country job_title full_name linkedin_url job_start_date_gte job_start_date_lte limit offset',
    ],
  ] as const)('an empty parameter of %s is no filter', async ([path, names], { sample }) => {
    const all = await answer(sample, path);
    const empty = query(Object.fromEntries(names.split(' ').map((name) => [name, ''])));
    expect(all.data.length).toBeGreaterThan(3);
    expect(await answer(sample, `${path}?${empty}`)).toEqual(all);
  });

  test.for(['true', 'True', '1', 'yes', 'on'])('yes may be spelt %s', async (yes, { sample }) => {
    const complete = (await answer(sample, '/api/leads?limit=100')).meta.total;
    expect(
      (await answer(sample, `/api/leads?limit=100&include_incomplete=${yes}`)).meta.total,
    ).toBeGreaterThan(complete);
  });
});

describe('GET /api/companies', () => {
  const technology = 'Technology, Information and Internet';
  test.for([
    [{ industry: technology }, ['zenith.example']],
    [{ industry: `Retail,${technology}` }, ['zenith.example', 'zephyr.example', 'zodiac.example']],
    [{ industry: 'retail, ' }, ['zephyr.example', 'zodiac.example']],
    [{ domain: 'HTTPS://www.Zodiac.example/jobs?x=1' }, ['zodiac.example']],
    [{ domain: ' zodiac.example , zephyr.example' }, ['zephyr.example', 'zodiac.example']],
    [{ name: 'ODIAC', country: 'united', employee_range: '51-100' }, ['zodiac.example']],
    [{ name: 'zod%' }, []],
    [{ name: 'z_diac' }, []],
  ] as const)('%j finds %j (C2, C3, C7)', async ([filters, found], { sample }) => {
    expect((await domains(sample, `/api/companies?${query(filters)}`)).sort()).toEqual(found);
  });

  test('leaves description, tagline and lead count to the endpoint about one company', async ({ sample }) => {
    const { data } = await answer(sample, '/api/companies');
    const [acme] = data.filter((company: Json) => company.domain === 'acme.example');
    expect(acme).toMatchObject({ description: null, tagline: null, lead_count: null });
    expect((await answer(sample, '/api/companies/acme.example')).description).toEqual(expect.any(String));
  });
});

describe('GET /api/companies/search', () => {
  const search = async (call: Call, q: string, limit = 10) =>
    answer(call, `/api/companies/search?${query({ q, limit: String(limit) })}`);

  test('gives the domain itself first, then the very name, what begins with the text, and what contains it', async ({
    sample,
    ingest,
    pool,
  }) => {
    await named(ingest, {
      'quill.example': 'Feather Works',
      'q1.example': 'Quill.example',
      'q2.example': 'Quill.example Writers',
      'q3.example': 'Big Quill.example Holding',
      'q4.example': 'Unrelated',
    });
    await pool`select api.refresh_all_reads()`;
    const found = (await search(sample, 'QUILL.example')).data.map((company: Json) => company.domain);
    expect(found).toEqual(['quill.example', 'q1.example', 'q2.example', 'q3.example']);
    const byDomain = (await search(sample, 'quill.exa')).data.map((company: Json) => company.domain);
    expect(byDomain.indexOf('quill.example'), 'a domain that begins with it').toBeLessThan(
      byDomain.indexOf('q3.example'),
    );
  });

  test('takes commas, parentheses and dots as text (no filter is put together from it)', async ({
    sample,
    ingest,
    pool,
  }) => {
    await named(ingest, { 'odd.example': 'Oddity, Inc. (West)' });
    await pool`select api.refresh_all_reads()`;
    expect((await search(sample, 'oddity, inc. (w')).data[0].domain).toBe('odd.example');
    for (const q of ['%,domain.ilike.%', 'zzz,id.not.is.null', '%%', '__', '),(']) {
      expect((await search(sample, q)).data, q).toEqual([]);
    }
  });

  test('tells how many companies match, not how many are shown', async ({ sample, ingest, pool }) => {
    await named(ingest, {
      'v1.example': 'Vermilion One',
      'v2.example': 'Vermilion Two',
      'v3.example': 'New Vermilion',
    });
    await pool`select api.refresh_all_reads()`;
    const whole = await search(sample, 'vermilion');
    expect(whole.data).toHaveLength(3);
    expect(whole.meta).toEqual({ total: 3, total_is_estimated: false, limit: 10, offset: 0 });
    const first = await search(sample, 'vermilion', 1);
    expect(first.data).toHaveLength(1);
    expect(first.meta, 'those that begin with it were enough').toMatchObject({
      total: 2,
      total_is_estimated: true,
    });
    expect((await search(sample, 'vermilion', 3)).meta).toMatchObject({
      total: 3,
      total_is_estimated: false,
    });
  });

  test('finds a part that very many words have', async ({ sample, ingest, pool }) => {
    for (let n = 0; n < 60; n += 1)
      await named(ingest, { [`w${n}.example`]: `Word${String(n).padStart(2, '0')}xqy` });
    await pool`select api.refresh_all_reads()`;
    const { data, meta } = await search(sample, 'xqy', 50);
    expect(data).toHaveLength(50);
    expect(meta).toMatchObject({ total: 60, total_is_estimated: false });
    expect(await answer(sample, '/api/companies/lookup?name=xqy')).toMatchObject({
      found: true,
      match_type: 'partial',
    });
  });
});

describe('GET /api/companies/lookup', () => {
  const long = `Association of ${'Very '.repeat(12)}Long Names`;

  test.for([
    [
      'the very name, in any case and spacing',
      'MARLIN  foods',
      { domain: 'm2.example', match_type: 'exact' },
    ],
    ['of those that begin with it, the shortest', 'marl', { domain: 'm1.example', match_type: 'partial' }],
    ['of those that contain it, the shortest', 'rlin', { domain: 'm1.example', match_type: 'partial' }],
    [
      'names that differ after 60 letters are not the same',
      `${long} East`,
      { domain: 'l1.example', match_type: 'exact' },
    ],
    ['nor is the beginning of a name the name', long, { domain: 'l1.example', match_type: 'partial' }],
    ['what no name has is not found', `${long} South`, { domain: null, name: null, match_type: null }],
    ['a percent sign is no pattern (C3)', 'marl%', { domain: null, name: null, match_type: null }],
    ['an underscore is no pattern (C3)', 'm_rlin', { domain: null, name: null, match_type: null }],
  ] as const)('%s (C15)', async ([, name, found], { sample, ingest, pool }) => {
    await named(ingest, {
      'm1.example': 'Marlin',
      'm2.example': 'Marlin Foods',
      'm3.example': 'Marlinspike Ropes',
      'l1.example': `${long} East`,
      'l2.example': `${long} West Coast`,
    });
    await pool`select api.refresh_all_reads()`;
    const said = await answer(sample, `/api/companies/lookup?${query({ name })}`);
    expect(said).toMatchObject({ found: found.domain !== null, ...found });
  });
});

describe('GET /api/companies/{domain}', () => {
  const profile = (who: string, employer: string, title: string) => {
    const current = {
      title,
      company: employer,
      company_domain: `${employer}.example`,
      start_date: '2026-01-01',
      is_current: true,
    };
    return {
      linkedin_url: `https://www.linkedin.com/in/${who}`,
      workflow_slug: 'clay-person-profile',
      raw_payload: {
        name: who,
        location_name: 'Springfield, Illinois, United States',
        latest_experience: current,
        experience: [current],
      },
    };
  };

  test('counts the leads that the list of leads shows, whoever comes, moves on, is incomplete or erased', async ({
    sample,
    ingest,
    pool,
  }) => {
    const before = { zodiac: await count('zodiac'), zephyr: await count('zephyr') };
    async function count(company: string): Promise<number> {
      await pool`select api.refresh_all_reads()`;
      const { lead_count } = await answer(sample, `/api/companies/${company}.example`);
      const { meta } = await answer(
        sample,
        `/api/leads?company_domain=${company}.example&count=exact&limit=1`,
      );
      expect(lead_count).toBe(meta.total);
      return lead_count as number;
    }
    expect(before).toEqual({ zodiac: 4, zephyr: 4 });
    await ingest('clay-person-profile', profile('mover', 'zodiac', 'VP Sales'));
    await ingest('clay-person-profile', profile('incomplete', 'zodiac', 'Title that no lookup knows'));
    expect(await count('zodiac')).toBe(5);
    await ingest('clay-person-profile', profile('mover', 'zephyr', 'VP Sales'));
    expect([await count('zodiac'), await count('zephyr')]).toEqual([4, 5]);
    await ingest('clay-person-profile', profile('incomplete', 'zodiac', 'Director Sales'));
    expect(await count('zodiac')).toBe(5);
    await pool`select etl.forget('https://www.linkedin.com/in/mover')`;
    await pool`select etl.forget('https://www.linkedin.com/in/incomplete')`;
    expect([await count('zodiac'), await count('zephyr')]).toEqual([4, 4]);
  });

  test('keeps no number of a company that was erased', async ({ sample, ingest, pool }) => {
    await named(ingest, { 'vanish.example': 'Vanish' });
    await ingest('companyenrich', {
      domain: 'vanish.example',
      raw_payload: { industry: 'Retail', location: { country: { name: 'United States' } } },
    });
    await ingest('clay-person-profile', profile('stays', 'vanish', 'VP Sales'));
    await pool`select api.refresh_all_reads()`;
    expect((await answer(sample, '/api/companies/vanish.example')).lead_count).toBe(1);
    await pool`select etl.forget('vanish.example')`;
    await pool`select api.refresh_all_reads()`;
    expect(await pool`select leads from api.lead_counts where company_domain = 'vanish.example'`).toEqual([]);
  });

  test('has every field of a company that is known by its advertisements only', async ({
    sample,
    ingest,
  }) => {
    await ingest('google-ads-ingest', {
      domain: 'only-ads.example',
      google_ads_payload: { ads: [{ creative_id: 'c' }] },
    });
    expect(await answer(sample, '/api/companies/only-ads.example')).toMatchObject({
      id: null,
      domain: 'only-ads.example',
      name: null,
      linkedin_url: null,
      matched_industry: null,
      description: null,
      lead_count: 0,
      record: { company_google_ads: { is_running_ads: true } },
    });
  });
});

describe('customers of a company', () => {
  const customers = async (ingest: Ingest) => {
    const body = { origin_company_domain: 'vendor.example', workflow_slug: 'manual-company-customers' };
    await ingest('manual-company-customers', {
      ...body,
      company_customer_name: 'Nameless Domain Co',
      case_study_url: 'https://vendor.example/stories/nameless',
    });
    await ingest('manual-company-customers', {
      ...body,
      company_customer_name: 'Zodiac Chartmakers',
      company_customer_domain: 'zodiac.example',
    });
    await ingest('manual-company-customers', {
      ...body,
      company_customer_name: 'Zodiac',
      company_customer_domain: 'zodiac.example',
    });
    await ingest('manual-company-customers', {
      ...body,
      company_customer_name: 'Stranger',
      company_customer_domain: 'stranger.example',
    });
  };

  test('are one row each: known by name only, to nobody else, or twice under one domain (C14)', async ({
    sample,
    ingest,
  }) => {
    await customers(ingest);
    const { data, meta } = await answer(sample, '/api/companies/vendor.example/customers');
    const row = { matched_industry: null, employee_range: null, company_country: null, case_study_url: null };
    const zodiac = {
      ...{ name: 'Zodiac Charts', domain: 'zodiac.example', matched_industry: 'Retail' },
      ...{ employee_range: '51-100', company_country: 'United States', case_study_url: null },
    };
    expect(data.slice(0, 1)).toEqual([
      { ...row, name: 'Stranger', domain: 'stranger.example', customer_name: 'Stranger' },
    ]);
    expect(data.slice(1, 3)).toEqual(
      expect.arrayContaining([
        { ...zodiac, customer_name: 'Zodiac' },
        { ...zodiac, customer_name: 'Zodiac Chartmakers' },
      ]),
    );
    expect(data.slice(3)).toEqual([
      {
        ...row,
        name: 'Nameless Domain Co',
        domain: null,
        customer_name: 'Nameless Domain Co',
        case_study_url: 'https://vendor.example/stories/nameless',
      },
    ]);
    expect(meta).toMatchObject({ total: 4, limit: 100, offset: 0, origin_domain: 'vendor.example' });
  });

  test('come in one order, page by page (C4)', async ({ sample, ingest }) => {
    await customers(ingest);
    const path = '/api/companies/vendor.example/customers';
    const whole = (await answer(sample, path)).data;
    const paged = [];
    for (const offset of [0, 1, 2, 3])
      paged.push(...(await answer(sample, `${path}?limit=1&offset=${offset}`)).data);
    expect(paged).toEqual(whole);
  });

  test('count alike in the list and in both checks, in any spelling of the domain (C7)', async ({
    sample,
    ingest,
  }) => {
    await customers(ingest);
    const spelt = 'HTTPS://www.Vendor.example/about';
    const expected = { domain: 'vendor.example', has_customers: true, count: 4 };
    expect(await answer(sample, `/api/companies/${encodeURIComponent(spelt)}/has-customers`)).toEqual(
      expected,
    );
    expect(await answer(sample, '/api/companies/check-has-customers', { domain: spelt })).toEqual(expected);
    expect((await answer(sample, '/api/companies/Vendor.example/customers')).meta.total).toBe(4);
    expect(await answer(sample, '/api/companies/nobody.example/has-customers')).toEqual({
      domain: 'nobody.example',
      has_customers: false,
      count: 0,
    });
    expect((await answer(sample, '/api/companies/nobody.example/customers')).meta.total).toBe(0);
  });
});

describe('case studies of a company', () => {
  const study = (page: string, people: object[], customer = 'Zodiac Charts') => ({
    origin_company_domain: 'teller.example',
    origin_company_name: 'Teller',
    customer_company_name: customer,
    case_study_url: `https://teller.example/stories/${page}`,
    people,
  });

  test('count once per page, whichever workflow read it, and tell when it was read last, as ISO 8601', async ({
    sample,
    ingest,
    pool,
  }) => {
    const ask = () => answer(sample, '/api/companies/teller.example/has-case-studies');
    expect(await ask()).toEqual({
      domain: 'teller.example',
      has_case_studies: false,
      count: 0,
      last_extracted_at: null,
    });
    await ingest(
      'case-study-buyers',
      study('one', [{ fullName: 'Ada Example' }, { fullName: 'Bo Example' }]),
    );
    const first = await ask();
    expect(first).toMatchObject({ has_case_studies: true, count: 1 });
    expect(first.last_extracted_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/);
    await pool`
      insert into extracted.case_study_details (id, domain, company_customer_name, case_study_key, case_study_url, raw_payload_id, observed_at)
      select gen_random_uuid(), 'teller.example', 'Zodiac Charts', core.case_study_key(page.url), page.url, gen_random_uuid(), '2026-01-01'
        from unnest(array['https://www.teller.example/stories/one/', 'https://teller.example/stories/two']) as page (url)`;
    expect(await ask()).toMatchObject({ count: 2, last_extracted_at: first.last_extracted_at });
    await ingest('case-study-buyers', study('one', [{ fullName: 'Ada Example' }]));
    const again = await ask();
    expect(again.count).toBe(2);
    expect(Date.parse(again.last_extracted_at), 'reading it again is newer').toBeGreaterThan(
      Date.parse(first.last_extracted_at),
    );
    expect(
      await answer(sample, '/api/companies/check-has-case-studies', { domain: ' TELLER.example/ ' }),
    ).toEqual(again);
  });

  test('tell each person once, every title, and how many customers an industry has', async ({
    sample,
    ingest,
  }) => {
    const ada = (jobTitle?: string) => ({ fullName: 'Ada Example', ...(jobTitle ? { jobTitle } : {}) });
    const bo = { fullName: 'Bo Example', jobTitle: 'Head of Sales' };
    const origin = { ...study('', []), origin_company_domain: 'insight.example' };
    for (const [page, people] of [
      ['a', [ada('Head of Sales'), bo]],
      ['b', [ada('Chief Navigator')]],
      ['c', [ada()]],
    ] as const)
      await ingest('case-study-buyers', {
        ...origin,
        people,
        case_study_url: `https://insight.example/${page}`,
      });
    for (const [company_customer_name, company_customer_domain] of [
      ['Zodiac', 'zodiac.example'],
      ['Zodiac Ltd', 'zodiac.example'],
      ['Zephyr', 'zephyr.example'],
      ['Zenith', 'zenith.example'],
      ['No Domain Co', null],
    ])
      await ingest('manual-company-customers', {
        origin_company_domain: 'insight.example',
        workflow_slug: 'manual-company-customers',
        company_customer_name,
        ...(company_customer_domain ? { company_customer_domain } : {}),
      });
    const insights = await answer(sample, '/api/companies/WWW.insight.example/customer-insights');
    expect(insights).toMatchObject({
      origin_domain: 'insight.example',
      customer_industries: ['Retail', 'Technology, Information and Internet'],
      customer_industry_counts: [
        { industry: 'Retail', customer_count: 2 },
        { industry: 'Technology, Information and Internet', customer_count: 1 },
      ],
      case_study_job_titles: ['Chief Navigator', 'Head of Sales'],
      case_study_job_title_counts: [
        { job_title: 'Head of Sales', champion_count: 2 },
        { job_title: 'Chief Navigator', champion_count: 1 },
      ],
    });
    const people = insights.case_study_champions.map((champion: Json) => champion.full_name);
    expect(people).toEqual(['Ada Example', 'Bo Example']);
    const { customer_count } = await answer(sample, '/run/companies/db/company-customers/lookup', {
      domain: 'insight.example',
    });
    expect(insights.customer_count, 'known by name only, too; as the lookup counts').toBe(customer_count);
    expect(customer_count).toBeGreaterThanOrEqual(4);
  });

  test('of an unknown company are none', async ({ sample }) => {
    expect(await answer(sample, '/api/companies/nobody.example/customer-insights')).toEqual({
      origin_domain: 'nobody.example',
      customer_count: 0,
      ...{ customer_industries: [], customer_industry_counts: [] },
      ...{ case_study_job_titles: [], case_study_job_title_counts: [], case_study_champions: [] },
    });
  });
});

describe('GET /api/companies/{domain}/icp', () => {
  test('gives each field from whoever has it, repeats nothing, and answers as its twin does', async ({
    sample,
    ingest,
  }) => {
    await ingest('icp-job-titles', {
      domain: 'target.example',
      company_name: 'Target',
      workflow_slug: 'icp-job-titles',
      raw_target_icp_job_titles_payload: {
        primaryTitles: ['vpOfSecurity', 'itDirector'],
        influencerTitles: ['itDirector', 'grcManager'],
        extendedTitles: ['vpOfSecurity'],
      },
    });
    await ingest('icp-criteria-upsert', { domain: 'target.example', countries: ['France'] });
    for (const company_customer_name of ['Zodiac', 'Zodiac Ltd'])
      await ingest('manual-company-customers', {
        ...{ origin_company_domain: 'target.example', workflow_slug: 'manual-company-customers' },
        ...{ company_customer_name, company_customer_domain: 'zodiac.example' },
      });
    const icp = await answer(sample, '/api/companies/https%3A%2F%2FTarget.example/icp');
    expect(icp).toMatchObject({
      success: true,
      domain: 'target.example',
      company_name: 'Target',
      customer_domains: ['zodiac.example'],
      countries: ['France'],
      job_titles: ['VP of Security', 'IT Director', 'GRC Manager'],
      industries: null,
    });
    expect(
      await answer(sample, '/run/companies/db/company-icp/lookup', { domain: 'target.example' }),
    ).toMatchObject(icp);
  });

  test('is not found for a company of which nothing is known', async ({ sample }) => {
    expect((await sample('/api/companies/nobody.example/icp')).status).toBe(404);
  });
});

describe('GET /api/companies/by-technology', () => {
  const uses = (domain: string, ...titles: string[]) => ({
    domain,
    workflow_slug: 'predictleads-techstack',
    predictleads_payload: { technologies: titles.map((title) => ({ title })) },
  });

  test('finds technologies of every source, also of companies not known else, with their titles (C14)', async ({
    sample,
    ingest,
  }) => {
    await ingest('predictleads-techstack', uses('tech1.example', 'Quaxtool Cloud', 'Quaxtool', 'Other'));
    await ingest('builtwith-techstack', {
      domain: 'tech2.example',
      workflow_slug: 'builtwith-techstack',
      builtwith_payload: { matchesFound: [{ Name: 'quaxtool' }] },
    });
    await ingest('companyenrich', { domain: 'zodiac.example', raw_payload: { technologies: ['Quaxtool'] } });
    const { data, meta } = await answer(sample, '/api/companies/by-technology?name=QUAX');
    expect(data.map(({ domain, technologies }: Json) => [domain, technologies.join().toLowerCase()])).toEqual(
      [
        ['tech1.example', 'quaxtool,quaxtool cloud'],
        ['tech2.example', 'quaxtool'],
        ['zodiac.example', 'quaxtool'],
      ],
    );
    expect(data[2].name).toBe('Zodiac Charts');
    expect(meta).toMatchObject({ total: 3, limit: 50, offset: 0, technology: 'QUAX' });
    expect((await answer(sample, '/api/companies/by-technology?name=QUAX&limit=1&offset=2')).data).toEqual([
      data[2],
    ]);
  });

  test('pages of a text that many technologies have are the whole list in order, each company once (C4)', async ({
    sample,
    ingest,
  }) => {
    const title = (n: number) => `Mosaic ${String(n % 80).padStart(2, '0')}`;
    const domain = (n: number) => `mosaic${String((n * 7) % 31).padStart(2, '0')}.example`;
    for (let n = 0; n < 31; n += 1)
      await ingest('predictleads-techstack', uses(domain(n), title(n), title(n * 3), title(n + 50)));
    for (let n = 0; n < 10; n += 1)
      await ingest('builtwith-techstack', {
        domain: domain(n),
        workflow_slug: 'builtwith-techstack',
        builtwith_payload: { matchesFound: [{ Name: title(n) }] },
      });
    const path = '/api/companies/by-technology?name=mosaic';
    const whole = (await answer(sample, `${path}&format=ndjson`)) as Json[];
    expect(whole.map((company) => company.domain as string)).toEqual(
      Array.from({ length: 31 }, (_, n) => domain(n)).sort(),
    );
    const paged: Json[] = [];
    for (let next = ''; ;) {
      const { data, meta } = await answer(sample, `${path}&limit=4${next && `&cursor=${next}`}`);
      paged.push(...data);
      expect(meta.total).toBe(31);
      next = meta.next_cursor ?? '';
      if (next === '') break;
    }
    expect(paged).toEqual(whole);
  });

  test('a name of one letter is a name, an empty one is none, a pattern is text (C3)', async ({
    sample,
    ingest,
  }) => {
    await ingest('predictleads-techstack', uses('tech4.example', 'R'));
    expect(await domains(sample, '/api/companies/by-technology?name=R&limit=200')).toContain('tech4.example');
    for (const name of ['', ' '])
      expect((await sample(`/api/companies/by-technology?${query({ name })}`)).status).toBe(422);
    for (const name of ['%', '_'])
      expect(await domains(sample, `/api/companies/by-technology?${query({ name })}`)).toEqual([]);
  });
});

describe('GET /api/companies/by-job-title', () => {
  test('leaves out old postings when asked to, and knows companies by their posting (C14)', async ({
    sample,
    ingest,
  }) => {
    const day = 86_400_000;
    const post = (domain: string, job_id: number, age: number) =>
      ingest('job-posting', {
        domain,
        job_posting_payload: {
          jobPostData: {
            ...{ domain, job_id, title: 'Glass Blower', normalized_title: 'Glass Blower' },
            posted_at: new Date(Date.now() - age * day).toISOString(),
          },
        },
      });
    await post('job1.example', 1, 400);
    await post('job2.example', 2, 3);
    await post('job2.example', 3, 5);
    const ask = (more = '') => answer(sample, `/api/companies/by-job-title?title=BLOW${more}`);
    const all = await ask();
    expect(all.data.map((company: Json) => company.domain)).toEqual(['job1.example', 'job2.example']);
    expect(all.meta).toMatchObject({ total: 2, job_title: 'BLOW' });
    const fresh = await ask('&posted_within_days=30');
    expect(fresh.data.map((company: Json) => company.domain)).toEqual(['job2.example']);
    expect(fresh.meta.total).toBe(1);
    for (const title of ['', '%', 'b_ow'])
      expect(
        (await sample(`/api/companies/by-job-title?${query({ title })}`)).body.data ?? [],
        title,
      ).toEqual([]);
  });
});

describe('advertisements', () => {
  const counted = { google: 'total_ad_count', linkedin: 'total_ads', meta: 'number_of_ads' } as const;
  const items = { google: 'ads', linkedin: 'ads', meta: 'results' } as const;
  const ad = { google: { creative_id: 'c' }, linkedin: { ad_id: 'c' }, meta: { ad_id: 'c' } };

  test.for(['google', 'linkedin', 'meta'] as const)(
    'on %s: most first, those not counted last, then by domain, companies known to nobody else too (C4, C11, C14)',
    async (platform, { sample, ingest, pool }) => {
      const run = (domain: string, count: number | null, ads: object[] = [ad[platform]]) =>
        ingest(`${platform}-ads-ingest`, {
          domain,
          [`${platform}_ads_payload`]: { [items[platform]]: ads, [counted[platform]]: count },
        });
      for (const domain of ['b-ads.example', 'a-ads.example']) await run(domain, 40);
      await run('zodiac.example', 90);
      await run('quiet-ads.example', 0, []);
      await run('c-ads.example', 1);
      await pool`update core.${pool(`company_${platform}_ads`)} set ad_count = null where domain = 'c-ads.example'`;
      const { data, meta } = await answer(sample, `/api/companies/by-${platform}-ads`);
      expect(data.map(({ domain, ad_count }: Json) => [domain, ad_count])).toEqual([
        ['zodiac.example', 90],
        ['a-ads.example', 40],
        ['b-ads.example', 40],
        ['acme.example', { google: 12, linkedin: 7, meta: 3 }[platform]],
        ...(platform === 'google' ? [['only-ads.example', 1]] : []),
        ['c-ads.example', null],
      ]);
      expect(data[0].name).toBe('Zodiac Charts');
      expect(meta).toMatchObject({ total: data.length, limit: 50, offset: 0 });
      const paged = await answer(sample, `/api/companies/by-${platform}-ads?limit=2&offset=1`);
      expect(paged.data).toEqual(data.slice(1, 3));
    },
  );

  test('of one company, in any spelling, as numbers and lists (C7, C12)', async ({ sample }) => {
    expect(await answer(sample, '/api/companies/WWW.Acme.example/ads')).toMatchObject({
      domain: 'acme.example',
      google_ads: { is_running_ads: true, ad_count: 12, advertiser_id: 'AR0001' },
      linkedin_ads: { is_running_ads: true, ad_count: 7, page_id: '1234567' },
      meta_ads: { is_running_ads: true, ad_count: 3, platforms: ['facebook', 'instagram'] },
      is_running_any_ads: true,
    });
    expect(await answer(sample, '/api/companies/nobody.example/ads')).toEqual({
      domain: 'nobody.example',
      ...{ google_ads: null, linkedin_ads: null, meta_ads: null, is_running_any_ads: false },
    });
  });
});

describe('POST /api/companies/enrichment-status', () => {
  const ask = (call: Call, domain: string, workflow_slug: string) =>
    answer(call, '/api/companies/enrichment-status', { domain, workflow_slug, company_linkedin_url: null });

  test.for([
    [
      'a slug between blanks',
      ' companyenrich ',
      { workflow_slug: 'companyenrich', enriched: true, count: 1 },
    ],
    [
      'the newer name of a workflow',
      'google-ads',
      { workflow_slug: 'google-ads-ingest', enriched: true, count: 1 },
    ],
    [
      'a table whose key has another name',
      'company-customers-structured',
      { core_table: 'core.company_customers', enriched: true, count: expect.any(Number) },
    ],
    [
      'a workflow without a core table',
      'icp-verdict',
      { core_table: null, enriched: expect.any(Boolean), count: 0 },
    ],
    [
      'a row that another workflow wrote',
      'core-company-simple',
      { core_table: 'core.companies', enriched: false, count: 1 },
    ],
  ] as const)('takes %s', async ([, slug, expected], { sample }) => {
    const domain = slug === 'core-company-simple' ? 'https://Zodiac.example/' : 'ACME.example';
    expect(await ask(sample, domain, slug)).toMatchObject(expected);
  });

  test('tells of the last payload, not of the first', async ({ sample, ingest }) => {
    const before = await ask(sample, 'zephyr.example', 'companyenrich');
    await ingest('companyenrich', { domain: 'zephyr.example', raw_payload: { name: 'Zephyr_Gliders' } });
    const after = await ask(sample, 'zephyr.example', 'companyenrich');
    expect(Date.parse(after.last_enriched_at)).toBeGreaterThan(Date.parse(before.last_enriched_at));
  });

  test('a workflow that is switched off still tells what it did', async ({ sample, pool }) => {
    const before = await ask(sample, 'acme.example', 'job-posting');
    expect(before).toMatchObject({ enriched: true });
    const switchTo = (active: boolean) => pool`
      update reference.enrichment_workflow_registry set is_active = ${active}, inactive_reason = ${active ? null : 'Replaced.'}
       where workflow_slug = 'job-posting'`;
    await switchTo(false);
    expect(await ask(sample, 'acme.example', 'job-posting')).toEqual(before);
    await switchTo(true);
  });
});

describe('POST /api/companies/public-company-info', () => {
  const ask = (call: Call, domain: string) => answer(call, '/api/companies/public-company-info', { domain });

  test('joins the ticker to the SEC, in the spelling of the SEC', async ({ sample, ingest, pool }) => {
    await ingest('company-ticker', { domain: 'listed.example', ticker_payload: 'lstd' });
    expect(await ask(sample, 'listed.example')).toMatchObject({
      ...{ found: true, ticker: 'LSTD', cik: null, sec_company_name: null, note: expect.any(String) },
    });
    const known = [{ ticker: 'LSTD', cik: '0000004711', sec_company_name: 'LISTED EXAMPLE INC' }];
    await pool`select etl.load_reference('reference.sec_company_info', ${pool.json(known)})`;
    const found = await ask(sample, 'HTTPS://www.Listed.example/');
    expect(found).toEqual({
      found: true,
      domain: 'listed.example',
      ...known[0],
      last_updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\+00:00$/),
    });
    expect(await ask(sample, 'nobody.example')).toEqual({
      ...{
        found: false,
        domain: 'nobody.example',
        ticker: null,
        cik: null,
        sec_company_name: null,
        last_updated: null,
      },
    });
  });
});

test('VC-backed companies with customers are one row per domain, by the name that is known', async ({
  ingest,
  pool,
}) => {
  await ingest('companyenrich', {
    domain: 'backed.example',
    raw_payload: { financial: { funding: [{ date: '2024-01-01', type: 'Seed', from: 'Example Ventures' }] } },
  });
  for (const [origin_company_name, company_customer_name] of [
    ['Backed', 'One Co'],
    ['Backed Inc', 'Two Co'],
  ])
    await ingest('manual-company-customers', {
      ...{ origin_company_domain: 'backed.example', workflow_slug: 'manual-company-customers' },
      ...{ origin_company_name, company_customer_name },
    });
  const rows = await pool`
    select name is not null as is_named, customer_count::int, customer_name_count::int, vc_investors
      from core.vc_backed_with_customers where domain = 'backed.example'`;
  expect(rows).toEqual([
    { is_named: true, customer_count: 0, customer_name_count: 2, vc_investors: ['Example Ventures'] },
  ]);
});
