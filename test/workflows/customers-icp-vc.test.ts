import { describe, expect } from 'vitest';

import { test } from '../support/database.ts';
import {
  type AnySql,
  type Outcome,
  companyenrich,
  fingerprint,
  rowsOf,
  run,
  value,
} from '../sql/support/calls.ts';

const early = { at: '2020-01-01T00:00:00Z' };
const late = { at: '2021-01-01T00:00:00Z' };

async function runExample(sql: AnySql, slug: string): Promise<Outcome> {
  const [row] = await sql<{ outcome: Outcome }[]>`
    select etl.run(workflow_slug, etl.landing_example(workflow_slug)) as outcome
      from reference.enrichment_workflow_registry where workflow_slug = ${slug}`;
  if (!row) throw new Error(`no workflow ${slug}`);
  return row.outcome;
}

const structured = (sql: AnySql, customers: unknown, more: Record<string, unknown> = {}, at = {}) =>
  run(sql, 'company-customers-structured', { origin_company_domain: 'acme.example', customers, ...more }, at);

const customersOf = (sql: AnySql) => rowsOf(sql, 'core.company_customers');

describe('customers', () => {
  test('the canonical workflow answers every documented field', async ({ sql }) => {
    expect((await runExample(sql, 'company-customers-structured')).body).toMatchObject({
      success: true,
      domain: 'acme.example',
      customers_extracted: 2,
      customers_to_core: 2,
      staging_case_study_urls: 1,
      staging_errors: null,
      customer_names: ['Globex Example', 'Initech Example'],
      confidence: 'high',
    });
    expect(await customersOf(sql)).toMatchObject([
      {
        customer_name: 'Globex Example',
        case_study_url: 'https://acme.example/customers/globex',
        has_case_study: true,
      },
      { customer_name: 'Initech Example', case_study_url: null, has_case_study: false },
    ]);
    expect(await rowsOf(sql, 'core.companies')).toMatchObject([
      { domain: 'acme.example', name: 'Acme Example' },
    ]);
  });

  test.for([
    ['company-customers-v2', 'extracted.claygent_customers_v2', 'claygent_v2'],
    ['company-customers-claygent', 'extracted.claygent_customers', 'claygent'],
    ['claygent-get-all-company-customers', 'extracted.company_customer_claygent', 'claygent_all'],
    ['manual-company-customers', 'extracted.manual_company_customers', 'manual'],
  ] as const)(
    '%s reaches core, and a second call changes nothing',
    async ([slug, table, source], { sql }) => {
      expect((await runExample(sql, slug)).status).toBe(200);
      const customers = await customersOf(sql);
      expect(customers.map((row) => row.source)).toEqual(customers.map(() => source));
      expect(customers).toHaveLength(slug === 'manual-company-customers' ? 1 : 2);
      expect(await rowsOf(sql, table)).toHaveLength(customers.length);
      await runExample(sql, slug);
      expect(await customersOf(sql)).toEqual(customers);
    },
  );

  test('one customer whatever its case and blanks, and whichever workflow names it', async ({ sql }) => {
    await structured(sql, [{ companyName: 'Globex  Example' }, { companyName: ' GLOBEX example' }]);
    await runExample(sql, 'company-customers-v2');
    expect((await customersOf(sql)).map((row) => row.customer_key)).toEqual([
      'globex example',
      'initech example',
    ]);
  });

  test('what is left out keeps what is known, older statements change nothing', async ({ sql }) => {
    const url = 'https://acme.example/customers/globex';
    await structured(
      sql,
      [{ companyName: 'Globex', url, hasCaseStudy: true }],
      { origin_company_name: 'Acme' },
      early,
    );
    await structured(sql, [{ companyName: 'Globex', url: '' }], {}, late);
    const known = { origin_company_name: 'Acme', case_study_url: url, has_case_study: true };
    expect(await customersOf(sql)).toMatchObject([known]);
    await structured(
      sql,
      [{ companyName: 'Globex', url: 'https://old.example', hasCaseStudy: false }],
      {},
      { at: '2019-01-01T00:00:00Z' },
    );
    expect(await customersOf(sql)).toMatchObject([known]);
  });

  test('false that may mean unknown does not stand against a case study', async ({ sql }) => {
    await structured(sql, [{ companyName: 'Globex', hasCaseStudy: true }], {}, early);
    const raw_payload = { customers: [{ companyName: 'Globex', hasCaseStudy: null }] };
    const body = { origin_company_domain: 'acme.example', origin_company_name: 'Acme', raw_payload };
    expect((await run(sql, 'claygent-get-all-company-customers', body, late)).body).toMatchObject({
      customer_count: 1,
    });
    expect(await customersOf(sql)).toMatchObject([{ has_case_study: true }]);
    expect(await rowsOf(sql, 'extracted.company_customer_claygent')).toMatchObject([
      { has_case_study: false },
    ]);
  });

  test('an empty list is stored and gives no customer; wrong types are warned about', async ({ sql }) => {
    expect((await structured(sql, [])).body).toMatchObject({ customers_extracted: 0, customer_names: [] });
    const { status, body } = await structured(sql, [{ companyName: 5, url: [] }, 'text', null], {
      confidence: 7,
      stepsTaken: 'x',
    });
    expect(status).toBe(200);
    expect(body.warnings?.length).toBeGreaterThan(0);
    expect(await customersOf(sql)).toEqual([]);
    expect(await value(sql`select count(*)::int from raw.claygent_customers_structured_raw`)).toBe(2);
  });

  test.for([
    ['company-customers-v2', {}],
    ['company-customers-v2', { claygent_output: 'text' }],
    ['company-customers-claygent', { claygent_output: { result: ' ' } }],
    ['company-customers-claygent', { customers_claygent: {} }],
    ['manual-company-customers', { company_customer_name: 'x'.repeat(501) }],
    ['company-customers-structured', { origin_company_domain: '' }],
  ] as const)('%s refuses %j', async ([slug, part], { sql }) => {
    const { status, payload_id } = await run(sql, slug, { origin_company_domain: 'acme.example', ...part });
    expect([status, payload_id]).toEqual([422, null]);
  });

  test('customers_claygent is another name of claygent_output', async ({ sql }) => {
    const customers_claygent = { customers: [{ companyName: 'Globex' }], confidence: 'high' };
    expect(
      (
        await run(sql, 'company-customers-v2', {
          origin_company_domain: 'www.acme.example',
          customers_claygent,
        })
      ).body,
    ).toMatchObject({
      domain: 'acme.example',
      customer_names: ['Globex'],
      confidence: 'high',
    });
  });

  test('a comma before a legal form belongs to the name, and only a page that names a customer is its case study', async ({
    sql,
  }) => {
    const claygent_output = {
      result: 'Acme Parts, Inc., Globex LLC,, Co-op, Foo, Co.',
      stepsTaken: [
        'Visited https://acme.example/case-study/globex-llc',
        'https://acme.example/case-study/other',
      ],
    };
    const { body } = await run(sql, 'company-customers-claygent', {
      origin_company_domain: 'acme.example',
      claygent_output,
    });
    expect(body.customer_names).toEqual(['Acme Parts, Inc.', 'Globex LLC', 'Co-op', 'Foo, Co.']);
    const urls =
      await sql`select customer_name, case_study_url from extracted.claygent_customers where case_study_url is not null`;
    expect(urls).toMatchObject([
      { customer_name: 'Globex LLC', case_study_url: 'https://acme.example/case-study/globex-llc' },
    ]);
  });

  test('what was entered by hand wins, and brings the domain', async ({ sql }) => {
    await runExample(sql, 'manual-company-customers');
    await structured(sql, [{ companyName: 'Globex Example', url: 'https://other.example' }]);
    expect(await customersOf(sql)).toMatchObject([
      {
        customer_domain: 'globex.example',
        case_study_url: 'https://acme.example/customers/globex',
        source: 'manual',
      },
    ]);
    expect(await rowsOf(sql, 'core.companies')).toMatchObject([
      { domain: 'acme.example' },
      { domain: 'globex.example' },
    ]);
    expect(await rowsOf(sql, 'raw.manual_company_customers')).toHaveLength(1);
  });

  test('a domain is found by name while one company has it, and not when two do', async ({ sql }) => {
    const domain = () => value(sql`select customer_domain from core.company_customers_resolved`);
    await structured(sql, [{ companyName: 'globex' }]);
    expect(await domain()).toBeNull();
    await companyenrich(sql, { name: 'Globex' }, { domain: 'globex.example' });
    expect(await domain()).toBe('globex.example');
    await companyenrich(sql, { name: 'GLOBEX' }, { domain: 'globex-two.example' });
    expect(await domain()).toBeNull();
  });

  test('the lookup counts customers without a domain, and two names of one domain once', async ({ sql }) => {
    await structured(sql, [{ companyName: 'Unknown' }, { companyName: 'Globex' }]);
    await companyenrich(
      sql,
      { name: 'Globex', industry: 'Paper', employees: '1K-5K', location: { country: { name: 'France' } } },
      { domain: 'globex.example' },
    );
    const manual = {
      origin_company_domain: 'acme.example',
      company_customer_name: 'Globex Inc',
      company_customer_domain: 'globex.example',
    };
    await run(sql, 'manual-company-customers', manual);
    const { body } = await run(sql, 'lookup-company-customers', { domain: 'https://www.ACME.example/about' });
    expect(body).toMatchObject({
      domain: 'acme.example',
      customer_count: 2,
      customers: [
        { name: 'Globex', domain: 'globex.example', industry: 'Paper', size: '1001-5000', country: 'France' },
        { name: 'Unknown', domain: null, industry: null, size: null, country: null },
      ],
    });
    expect((await run(sql, 'lookup-company-customers', { domain: 'nobody.example' })).body).toMatchObject({
      customer_count: 0,
      customers: [],
    });
    expect((await run(sql, 'company-customers-status', { domain: 'ACME.example' })).body).toMatchObject({
      has_customers: true,
      total_customers: 3,
      customers_with_domain: 2,
      customers_without_domain: 1,
      domain_coverage_pct: 66.7,
      sample_customers: [{ name: 'Globex' }, { name: 'Globex Inc' }, { name: 'Unknown' }],
    });
  });

  test('a case study to be read keeps its marks over a repeated call and a rebuild', async ({ sql }) => {
    await runExample(sql, 'company-customers-structured');
    await sql`update raw.staging_case_study_urls set sent_to_clay = true, batch_id = 'b1'`;
    await runExample(sql, 'company-customers-structured');
    await sql`select etl.rebuild()`;
    const staged = () => rowsOf(sql, 'raw.staging_case_study_urls');
    expect(await staged()).toMatchObject([
      { sent_to_clay: true, processed: false, batch_id: 'b1', customer_company_name: 'Globex Example' },
    ]);
    await runExample(sql, 'case-study-buyers');
    expect(await staged()).toMatchObject([{ sent_to_clay: true, processed: true }]);
    // the same page for another publisher is another row
    await structured(sql, [{ companyName: 'Globex', url: 'https://acme.example/customers/globex' }], {
      origin_company_domain: 'initech.example',
    });
    expect(await staged()).toHaveLength(2);
  });
});

describe('case studies', () => {
  test('their people and their customer reach core, once', async ({ sql }) => {
    await runExample(sql, 'case-study-buyers');
    expect((await runExample(sql, 'case-study-buyers')).body).toMatchObject({ buyer_count: 2 });
    expect(await rowsOf(sql, 'extracted.case_study_buyers')).toHaveLength(2);
    expect(await rowsOf(sql, 'core.case_study_champions')).toMatchObject([
      {
        full_name: 'Ada Example',
        job_title: 'Head of Operations',
        company_domain: 'globex.example',
        company_name: 'Globex Example',
      },
      { full_name: 'Ben Example', job_title: null, source: 'case_study_buyers' },
    ]);
    expect(await customersOf(sql)).toMatchObject([
      { customer_domain: 'globex.example', has_case_study: true },
    ]);
    expect(
      await value(
        sql`select company.domain from core.case_study_champions join core.companies as company on company.id = core_company_id limit 1`,
      ),
    ).toBe('globex.example');
    expect(await value(sql`select count(*)::int from mapped.case_study_champions`)).toBe(2);
  });

  test('a person without a name and no people at all are no reason to refuse', async ({ sql }) => {
    const body = {
      origin_company_name: 'Acme',
      origin_company_domain: 'acme.example',
      customer_company_name: 'Globex',
    };
    const people = [{ jobTitle: 'CEO' }, { fullName: ' Ada  ' }, { fullName: 'ADA' }, null];
    expect((await run(sql, 'case-study-buyers', { ...body, people })).body).toMatchObject({ buyer_count: 1 });
    expect((await run(sql, 'case-study-buyers', { ...body, people: null })).body).toMatchObject({
      buyer_count: 0,
    });
  });

  test("the publisher's own domain is not the customer's", async ({ sql }) => {
    const body = {
      origin_company_name: 'Acme',
      origin_company_domain: 'acme.example',
      customer_company_name: 'Globex',
      customer_company_domain: 'www.acme.example',
    };
    await run(sql, 'case-study-buyers', body);
    expect(await customersOf(sql)).toMatchObject([{ customer_domain: null }]);
  });

  test.for(['http://www.ACME.example/customers/globex/', 'https://acme.example/customers/globex#quote'])(
    '%s is known',
    async (case_study_url, { sql }) => {
      const known = async () => (await run(sql, 'lookup-case-study-details', { case_study_url })).body;
      expect(await known()).toMatchObject({ exists: false, case_study_url });
      await runExample(sql, 'case-study-buyers');
      expect(await known()).toMatchObject({ success: true, exists: true, case_study_url });
    },
  );
});

describe('ICP', () => {
  test('terms are mapped by lookups only, and the record follows when one is added', async ({ sql }) => {
    expect((await runExample(sql, 'icp-industries')).body).toMatchObject({
      raw_industries: ['Software', 'Paper Aviation'],
      matched_industries: ['Software Development'],
      matched_mapping: { Software: ['Software Development'] },
      unmatched_industries: ['Paper Aviation'],
    });
    await sql`insert into reference.icp_industry_lookup (term, matched_industries) values ('paper  aviation', '{Aviation,Software Development}')`;
    await sql`select etl.recoalesce()`;
    expect(await rowsOf(sql, 'core.icp_criteria')).toMatchObject([
      { industries: ['Software Development', 'Aviation'] },
    ]);
    expect(await rowsOf(sql, 'extracted.icp_industries')).toMatchObject([
      { matched_industries: ['Software Development', 'Aviation'] },
    ]);
  });

  test.for([
    ['chiefInformationSecurityOfficer', 'Chief Information Security Officer'],
    ['vpOfSecurity', 'VP of Security'],
    ['devOpsEngineer', 'DevOps Engineer'],
    ['DevSecOps', 'DevSecOps'],
    ['headOfSaaS', 'Head of SaaS'],
    ['VP, sales', 'VP, Sales'],
    ['director (sales)', 'Director (Sales)'],
    ['Co-Founder', 'Co-Founder'],
    ["women'sHealthLead", "Women's Health Lead"],
    ['ofCounsel', 'Of Counsel'],
  ] as const)('%s reads %s', async ([title, readable], { sql }) => {
    expect(await value(sql`select core.readable_title(${title})`)).toBe(readable);
  });

  test('a tier that is null or holds no text does not break the call', async ({ sql }) => {
    const raw_target_icp_job_titles_payload = {
      primaryTitles: null,
      influencerTitles: [5, 'cto'],
      extendedTitles: 'x',
    };
    const { status, body } = await run(sql, 'icp-job-titles', {
      company_name: 'Acme',
      domain: 'acme.example',
      raw_target_icp_job_titles_payload,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ primary_titles: [], influencer_titles: ['CTO'], extended_titles: [] });
  });

  test('the value proposition takes a confidence that is a number', async ({ sql }) => {
    const target_icp_value_prop_payload = { confidence: 0.9, valueProp: 'Rockets' };
    const { body } = await run(sql, 'icp-value-proposition', {
      company_name: 'Acme',
      domain: 'acme.example',
      target_icp_value_prop_payload,
    });
    expect(body).toMatchObject({ confidence: '0.9', value_proposition: 'Rockets', core_benefit: null });
  });

  test('the fit criterion answers its lists', async ({ sql }) => {
    expect((await runExample(sql, 'icp-fit-criterion')).body).toMatchObject({
      primary_criterion: 'Has a yard',
      ideal_company_attributes: ['Teaches physics'],
      minimum_requirements: ['A door'],
    });
    expect(await rowsOf(sql, 'extracted.icp_fit_criterion')).toHaveLength(1);
  });

  test('the newest verdict per pair stands', async ({ sql }) => {
    const pair = { origin_company_domain: 'https://www.acme.example', company_domain: 'Globex.example' };
    expect(
      (await run(sql, 'icp-verdict-enrichment', { ...pair, verdict: ' YES ' }, early)).body,
    ).toMatchObject({ is_match: true });
    expect(
      (
        await run(
          sql,
          'icp-verdict-enrichment',
          { ...pair, label: 'No', reason: 'Far', totalCostToAIProvider: 0.1 },
          late,
        )
      ).body,
    ).toMatchObject({ is_match: false });
    expect(
      (
        await run(
          sql,
          'icp-verdict-enrichment',
          { ...pair, label: 'perhaps' },
          { at: '2019-01-01T00:00:00Z' },
        )
      ).body,
    ).toMatchObject({ is_match: null });
    expect(await rowsOf(sql, 'extracted.icp_verdict')).toMatchObject([
      {
        origin_company_domain: 'acme.example',
        company_domain: 'globex.example',
        is_match: false,
        match_reason: 'Far',
      },
    ]);
    expect(
      (await run(sql, 'icp-verdict-enrichment', { ...pair, origin_company_domain: 'acme' })).status,
    ).toBe(422);
  });

  test('each field is what someone wrote, else what was found', async ({ sql }) => {
    for (const slug of ['icp-industries', 'icp-job-titles', 'icp-value-proposition'])
      await runExample(sql, slug);
    await run(sql, 'icp-criteria-upsert', {
      domain: 'acme.example',
      industries: [],
      countries: ['France'],
      core_benefit: '',
    });
    await run(sql, 'icp-criteria-upsert', { domain: 'acme.example', countries: null, seniorities: ['VP'] });
    // newer findings do not push aside what was written
    await runExample(sql, 'icp-industries');
    await runExample(sql, 'manual-company-customers');
    expect((await run(sql, 'lookup-company-icp', { domain: 'www.acme.example' })).body).toMatchObject({
      domain: 'acme.example',
      company_name: 'Acme Example',
      customer_domains: ['globex.example'],
      industries: [],
      countries: ['France'],
      seniorities: ['VP'],
      job_titles: ['Chief Information Security Officer', 'VP of Security', 'GRC Manager', 'IT Director'],
      value_proposition: 'Rockets that arrive flat.',
      core_benefit: '',
      funding_stages: null,
    });
    expect((await run(sql, 'lookup-company-icp', { domain: 'nobody.example' })).body).toMatchObject({
      success: true,
      industries: null,
      customer_domains: [],
    });
  });

  test('the upsert answers the id, and drops a list of the wrong type with a warning', async ({ sql }) => {
    const { body } = await run(sql, 'icp-criteria-upsert', {
      domain: 'acme.example',
      industries: 'Software',
      countries: ['France'],
    });
    expect(body.warnings).toMatchObject([{ field: '/industries' }]);
    expect(await value(sql`select id from core.icp_criteria`)).toBe(body.id);
    expect(await rowsOf(sql, 'core.icp_criteria')).toMatchObject([
      { industries: null, countries: ['France'] },
    ]);
  });
});

describe('venture capital', () => {
  test('all feeds reach one list of investors under their canonical names', async ({ sql }) => {
    for (const slug of ['vc-portfolio', 'cb-vc-portfolio', 'clay-company-vc-investors']) {
      expect((await runExample(sql, slug)).status, slug).toBe(200);
      await runExample(sql, slug);
    }
    const investors = await rowsOf(sql, 'core.company_vc_investors');
    expect(investors).toHaveLength(13);
    expect(investors.map((row) => row.vc_name)).toContain('Sequoia');
    expect((await run(sql, 'has-raised-vc', { domain: 'acme.example' })).body).toMatchObject({
      has_raised_vc: true,
      vc_count: 13,
      founded_date: '2011',
    });
    expect(await rowsOf(sql, 'core.company_vc_backed')).toMatchObject([{ vc_count: 13 }]);
    expect(await rowsOf(sql, 'extracted.cb_vc_portfolio')).toHaveLength(13);
    expect(await rowsOf(sql, 'extracted.vc_portfolio')).toMatchObject([
      { vc_name: 'Sequoia', raw_vc_name: 'Sequoia Capital' },
    ]);
    expect(
      await value(
        sql`select count(*)::int from public.vc_backed_missing_customers where domain = 'acme.example'`,
      ),
    ).toBe(2);
  });

  test('an alias that is added is followed', async ({ sql }) => {
    await run(sql, 'clay-company-vc-investors', {
      company_name: 'Acme',
      company_domain: 'acme.example',
      vc_og: 'Paper Fund LP',
      vc_1: ' ',
    });
    await sql`insert into reference.vc_name_aliases (raw_name, canonical_name) values ('PAPER fund lp', 'Paper Fund')`;
    await sql`select etl.recoalesce()`;
    expect(await rowsOf(sql, 'core.company_vc_investors')).toMatchObject([
      { vc_name: 'Paper Fund', company_name: 'Acme' },
    ]);
  });

  test('the firm whose portfolio led to a company is an investor, and each counts once', async ({ sql }) => {
    const body = {
      company_name: 'Acme',
      company_domain: 'acme.example',
      vc_og: 'Paper Fund',
      vc_3: 'paper fund',
      vc_12: 'Other',
    };
    expect((await run(sql, 'clay-company-vc-investors', body)).body).toMatchObject({
      vc_count: 2,
      company_name: 'Acme',
    });
  });

  test('a company without investors keeps its facts; numbers are taken', async ({ sql }) => {
    const body = {
      company_name: 'Acme',
      domain: 'acme.example',
      city: 'Springfield',
      total_funding_amount: 5,
      last_funding_date: '2025-03-01',
      last_funding_amount: 12,
    };
    expect((await run(sql, 'cb-vc-portfolio', body)).body).toMatchObject({ vc_count: 0 });
    expect(await rowsOf(sql, 'extracted.cb_vc_portfolio')).toMatchObject([
      { vc_name: null, city: 'Springfield', total_funding_amount: '5' },
    ]);
    expect(await rowsOf(sql, 'core.company_locations')).toMatchObject([{ city: 'Springfield' }]);
    expect(await rowsOf(sql, 'core.company_funding_rounds')).toMatchObject([
      { amount: '12', source: 'cb_vc_portfolio' },
    ]);
  });

  test('setting the domain of a firm changes the firm, not a company', async ({ sql }) => {
    const body = { vc_name: ' sequoia  CAPITAL', domain: 'https://www.sequoia.example/' };
    expect(await run(sql, 'vc-domain-update', body)).toMatchObject({
      status: 200,
      body: { vc_name: 'Sequoia', domain: 'sequoia.example', updated: 1 },
    });
    expect(await value(sql`select domain from raw.vc_firms where name = 'Sequoia'`)).toBe('sequoia.example');
    expect(await rowsOf(sql, 'core.companies')).toEqual([]);
    expect(await run(sql, 'vc-domain-update', { vc_name: 'Nobody', domain: 'a.example' })).toMatchObject({
      status: 404,
      body: { code: 'UNKEY' },
    });
  });
});

describe('lead views', () => {
  test('a view follows what is known of whom the company sells to', async ({ sql }) => {
    const created = await runExample(sql, 'create-target-client-view');
    expect(created.body).toMatchObject({
      domain: 'acme.example',
      company_name: null,
      slug: 'acme-example',
      shareable_url: '/leads?view=acme-example',
      filters: { customer_domains: [], icp_industries: null, icp_job_titles: null },
    });
    await runExample(sql, 'icp-industries');
    await runExample(sql, 'icp-value-proposition');
    await run(sql, 'icp-criteria-upsert', { domain: 'acme.example', industries: ['Aviation'] });
    // a name that is known now does not change the link
    expect((await run(sql, 'create-target-client-view', { domain: 'acme.example' })).body).toMatchObject({
      view_id: created.body.view_id,
      company_name: 'Acme Example',
      slug: 'acme-example',
      filters: { icp_industries: ['Aviation'] },
      value_proposition: 'Rockets that arrive flat.',
    });
  });

  test('the slug of another view is refused', async ({ sql }) => {
    await run(sql, 'create-target-client-view', { domain: 'acme.example' });
    const { status, body } = await run(sql, 'create-target-client-view', {
      domain: 'globex.example',
      slug: 'ACME example!',
    });
    expect([status, body.errors]).toMatchObject([422, [{ pointer: '/slug' }]]);
  });

  test('filters of its own stay, and what is left out', async ({ sql }) => {
    const filters = { industry: 'Paper' };
    expect((await runExample(sql, 'target-view-upsert')).body).toMatchObject({
      url: '/v/acme-example',
      data: { name: 'Acme leads', filters: { industry: 'Software Development' }, endpoint: '/api/leads' },
    });
    await run(sql, 'target-view-upsert', { domain: 'acme.example', filters });
    await run(sql, 'create-target-client-view', { domain: 'acme.example' });
    expect(await rowsOf(sql, 'core.target_client_views')).toMatchObject([{ name: 'Acme leads', filters }]);
  });
});

describe('all of them', () => {
  test('a rebuild gives the same core', async ({ sql }) => {
    const slugs = await sql<{ slug: string }[]>`
      select workflow_slug as slug from reference.enrichment_workflow_registry where etl.lands_payloads(workflow_type) order by workflow_slug`;
    for (const { slug } of slugs) await runExample(sql, slug);
    await structured(sql, [{ companyName: 'Globex Example' }, { companyName: 'Zeta' }], {}, early);
    const before = await fingerprint(sql);
    await sql`select etl.rebuild()`;
    expect(await fingerprint(sql)).toBe(before);
  });

  test.for([
    ['coalesce-company-customers', 'company-customers-structured', 'core.company_customers'],
    ['coalesce-case-study-champions', 'case-study-buyers', 'core.case_study_champions'],
  ] as const)('%s fills what is missing in core', async ([backfill, slug, table], { sql }) => {
    await runExample(sql, slug);
    const rows = await rowsOf(sql, table);
    await sql`delete from ${sql(table)}`;
    expect((await run(sql, backfill, { wait: true })).body).toMatchObject({ state: 'done' });
    expect(await rowsOf(sql, table)).toEqual(rows);
  });
});
