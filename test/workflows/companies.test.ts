import { describe, expect } from 'vitest';

import { rowsOf, run, value } from '../sql/support/calls.ts';
import type { AnySql, At } from '../sql/support/calls.ts';
import { test } from '../support/database.ts';

const january = { at: '2026-01-01T00:00:00Z' };
const march = { at: '2026-03-01T00:00:00Z' };

/** Runs a body about acme.example that must go through; gives the answer. */
async function ok(sql: AnySql, slug: string, body: Record<string, unknown>, at: At = {}) {
  const outcome = await run(sql, slug, { domain: 'acme.example', ...body }, at);
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ status: 200 });
  return outcome.body;
}

const firmographics = (sql: AnySql, payload: Record<string, unknown>, at: At = {}) =>
  ok(sql, 'clay-company-firmographics', { company_domain: 'acme.example', raw_payload: payload }, at);

const found = (sql: AnySql, payload: Record<string, unknown>, at: At = {}) =>
  ok(sql, 'clay-find-companies', { company_domain: 'acme.example', raw_payload: payload }, at);

const leadmagic = (sql: AnySql, payload: Record<string, unknown>, at: At = {}) =>
  ok(sql, 'leadmagic-company-enrichment', { raw_payload: payload }, at);

describe('the example of', () => {
  const acme = 'https://www.linkedin.com/company/acme-example';
  const sanFrancisco = { city: 'San Francisco', state: 'California', country: 'United States' };
  test.for([
    [
      'clay-company-firmographics',
      {
        'extracted.company_firmographics': [
          {
            domain: 'acme.example',
            company_domain: 'acme.example',
            linkedin_org_id: 12345,
            primary_location: { is_primary: true, city: 'San Francisco', country: 'US' },
            matched_industry: 'Software Development',
          },
        ],
        'core.company_locations': [{ ...sanFrancisco, source: 'clay' }],
        'core.company_employee_ranges': [{ raw_employee_count: 150, matched_employee_range: '101-250' }],
        'core.company_types': [{ matched_type: 'Private Company' }],
        'core.company_descriptions': [{ source: 'company_firmographics' }],
        'core.company_keywords': [{ keyword: 'Assembly Kits' }, { keyword: 'Paper Rockets' }],
      },
    ],
    [
      'clay-find-companies',
      {
        'extracted.company_discovery': [{ clay_company_id: 'clay_abc123', matched_city: 'San Francisco' }],
        'mapped.company_discovery': [
          { matched_city: 'San Francisco', matched_industry: 'Software Development' },
        ],
        'core.company_locations': [sanFrancisco],
        'core.company_employee_range': [{ employee_range: '10001+' }],
        'core.company_revenue': [{ matched_revenue_range: '$100B+' }],
        'core.company_funding': [{ matched_funding_range: '$100M - $250M' }],
        'core.company_industries': [{ matched_industry: 'Software Development' }],
      },
    ],
    [
      'clay-find-companies-location-parsed',
      {
        'extracted.company_discovery_location_parsed': [
          { city: 'Springfield', has_city: true, clay_company_id: 47000000 },
        ],
        'core.company_locations': [{ city: 'Springfield', state: 'IL', country: 'United States' }],
      },
    ],
    [
      'leadmagic-company-enrichment',
      {
        'extracted.leadmagic_company_enrichment': [
          { employee_range: '51-200', founded_year: 2010, state: 'Illinois' },
        ],
        'core.companies': [{ name: 'Acme Example', linkedin_url: acme, source: 'leadmagic' }],
        'core.company_descriptions': [{ tagline: 'Paper rockets for everyone.' }],
        'core.company_locations': [{ raw_location: 'Springfield, Illinois, 62701, US' }],
      },
    ],
    [
      'clay-cleaned-company-name',
      {
        'extracted.cleaned_company_names': [{ cleaned_company_name: 'Acme Example', source: 'clay' }],
        'core.companies': [{ cleaned_name: 'Acme Example' }],
      },
    ],
    [
      'company-address-parsing',
      {
        'extracted.salesnav_scrapes_company_address': [
          { headcount: 1234, city: 'Springfield', has_country: true },
        ],
        'core.company_locations': [
          { raw_location: 'Springfield, Illinois, United States', source: 'salesnav' },
        ],
        'core.company_employee_range': [{ employee_range: '1001-5000' }],
      },
    ],
    [
      'company-classification',
      {
        'extracted.company_classification': [{ is_b2b: true, is_b2c: false, tokens_used: 512 }],
        'core.company_business_model': [{ is_b2b: true, is_b2c: false }],
      },
    ],
    [
      'core-company-upsert',
      { 'core.companies': [{ domain: 'globex.example', name: 'Globex Example', source: 'manual' }] },
    ],
    [
      'core-company-simple',
      { 'core.companies': [{ domain: 'globex.example', name: 'Globex Example', source: 'manual' }] },
    ],
  ] as const)('%s becomes rows, and only once', async ([slug, tables], { sql }) => {
    for (let call = 0; call < 2; call++) {
      const [row] = await sql<{ outcome: { status: number; body: object } }[]>`
        select etl.run(workflow_slug, example_request) as outcome
          from reference.enrichment_workflow_registry
         where workflow_slug = ${slug}`;
      expect(row?.outcome.status).toBe(200);
      expect(row?.outcome.body).not.toHaveProperty('warnings');
      for (const [table, rows] of Object.entries(tables)) {
        expect(await rowsOf(sql, table), table).toEqual(
          rows.map((each: object) => expect.objectContaining(each)),
        );
      }
    }
  });
});

describe('Clay firmographics', () => {
  test('an older refresh does not overwrite a newer one', async ({ sql }) => {
    await firmographics(sql, { name: 'Acme', description: 'new', last_refresh: '2026-01-10T12:00:00Z' });
    await firmographics(sql, { name: 'Old Acme', description: 'old', last_refresh: '2025-01-10T12:00:00Z' });
    expect(await value(sql`select name from extracted.company_firmographics`)).toBe('Acme');
    expect(await value(sql`select description from core.company_descriptions`)).toBe('new');
  });

  test('an unusable refresh time is reported and does not lose the rest', async ({ sql }) => {
    const { warnings } = await firmographics(sql, { name: 'Acme', last_refresh: 'yesterday' });
    expect(warnings).toMatchObject([{ field: '/raw_payload/last_refresh' }]);
    expect(await value(sql`select name from core.companies`)).toBe('Acme');
  });

  test('the number of employees decides where the size is not known', async ({ sql }) => {
    await firmographics(sql, { size: 'quite a few', employee_count: 42 });
    expect(await value(sql`select employee_range from core.company_employee_range`)).toBe('11-50');
  });

  test('a raw industry does not stand in for a cleaned one', async ({ sql }) => {
    await ok(sql, 'core-company-full-upsert', { company_name: 'Acme', industry: 'Toys' }, january);
    await firmographics(sql, { industry: 'Unheard Of' });
    expect(await value(sql`select matched_industry from core.company_industries`)).toBe('Toys');
  });
});

describe('Clay company search', () => {
  test('says when the LinkedIn page contradicts the known one, and names both', async ({ sql }) => {
    await found(sql, { linkedin_url: 'https://www.linkedin.com/company/acme-example' }, january);
    const other = await found(sql, { linkedin_url: 'https://www.linkedin.com/company/other' }, march);
    expect(other).toMatchObject({ status: 'updated', linkedin_url_conflict: true });
    expect(other['message']).toMatch(/acme-example.*other/);
    expect(await value(sql`select linkedin_url from core.companies`)).toMatch(/acme-example$/);
  });

  test('the same page in another spelling is no conflict', async ({ sql }) => {
    await found(sql, { linkedin_url: 'https://www.linkedin.com/company/acme-example' });
    const again = await found(sql, { linkedin_url: 'http://linkedin.com/company/ACME-example/about?x=1' });
    expect(again).toMatchObject({ linkedin_url_conflict: false, message: null });
  });

  test('a payload without LinkedIn page does not erase the known one', async ({ sql }) => {
    await found(sql, { linkedin_url: 'https://www.linkedin.com/company/acme-example' }, january);
    await found(sql, { name: 'Acme' }, march);
    expect(await value(sql`select linkedin_url from core.companies`)).toMatch(/acme-example$/);
    expect(await value(sql`select linkedin_url from core.company_social_urls`)).toMatch(/acme-example$/);
  });

  test('lookups ignore case and blanks, and records follow when a row is added', async ({ sql }) => {
    expect(await found(sql, { location: 'SAN  Francisco, california, united states' })).toMatchObject({
      matched_city: 'San Francisco',
      matched_country: 'United States',
    });
    await found(sql, { location: 'Rocket Valley', country: 'United States' });
    await sql`insert into reference.location_lookup (location_name, city, state) values ('rocket valley', 'Springfield', 'Illinois')`;
    await sql`select etl.recoalesce()`;
    expect(await rowsOf(sql, 'core.company_locations')).toMatchObject([
      { city: 'Springfield', state: 'Illinois', country: 'United States', raw_location: 'Rocket Valley' },
    ]);
    expect(await value(sql`select matched_city from extracted.company_discovery`)).toBe('Springfield');
  });

  test('answers the cleaned name that is known for the domain', async ({ sql }) => {
    await ok(sql, 'clay-cleaned-company-name', { cleaned_company_name: 'Acme' });
    expect(await found(sql, { name: 'ACME Inc.' })).toMatchObject({ matched_company_name: 'Acme' });
  });

  test('an unknown workflow_slug is named, and nothing is stored', async ({ sql }) => {
    const body = { company_domain: 'acme.example', workflow_slug: 'no-such-thing', raw_payload: {} };
    expect(await run(sql, 'clay-find-companies', body)).toMatchObject({
      status: 404,
      body: { code: 'UNKWF' },
    });
    expect(await value(sql`select count(*)::int from raw.company_discovery`)).toBe(0);
  });

  test('a parsed location is read under both names of the field, and flags that are null follow the values', async ({
    sql,
  }) => {
    for (const field of ['raw_company_location_payload', 'raw_company_parsed_location_payload']) {
      await ok(sql, 'clay-find-companies-location-parsed', {
        company_domain: `${field.replaceAll('_', '-')}.example`,
        raw_company_payload: {},
        [field]: { city: 'Springfield', state: null, hasCity: null, hasState: null },
      });
    }
    expect(
      await sql`select city, has_city, has_state from extracted.company_discovery_location_parsed`,
    ).toEqual([1, 2].map(() => ({ city: 'Springfield', has_city: true, has_state: false })));
  });
});

describe('LeadMagic', () => {
  test('keeps one row for each company', async ({ sql }) => {
    await leadmagic(sql, { companyName: 'Acme' });
    await leadmagic(sql, { companyName: 'Acme Example' });
    expect(await rowsOf(sql, 'extracted.leadmagic_company_enrichment')).toHaveLength(1);
  });

  test('parts that are no objects are reported and do not fail the payload', async ({ sql }) => {
    const { warnings } = await leadmagic(sql, {
      companyName: 'Acme',
      headquarter: 'Springfield',
      foundedOn: 2010,
      employeeCountRange: '51-200',
    });
    expect((warnings ?? []).map(({ field }) => field).sort()).toEqual(
      ['employeeCountRange', 'foundedOn', 'headquarter'].map((name) => `/raw_payload/${name}`),
    );
    expect(await value(sql`select name from core.companies`)).toBe('Acme');
  });

  test('an open range and the profile left out', async ({ sql }) => {
    await leadmagic(sql, { employeeCountRange: { start: 10001, end: null } });
    expect(await value(sql`select employee_range from core.company_employee_range`)).toBe('10001+');
    await ok(sql, 'leadmagic-company-enrichment', { company_name: 'Acme' });
    expect(await value(sql`select name from core.companies`)).toBe('Acme');
  });

  test('an empty body is refused', async ({ sql }) => {
    expect(await run(sql, 'leadmagic-company-enrichment', {})).toMatchObject({ status: 422 });
  });
});

describe('a cleaned name', () => {
  test('that is missing does not erase the known one', async ({ sql }) => {
    await ok(sql, 'clay-cleaned-company-name', { cleaned_company_name: 'Acme' });
    const answer = await ok(sql, 'clay-cleaned-company-name', { original_company_name: 'ACME Inc.' });
    expect(answer).toMatchObject({ cleaned_company_name: 'Acme', extracted_id: expect.any(String) });
    expect(await value(sql`select cleaned_name from core.companies`)).toBe('Acme');
  });
});

describe('a registered address', () => {
  const parse = (sql: AnySql, body: Record<string, unknown>) => ok(sql, 'company-address-parsing', body);

  test('flag and value of a part always agree', async ({ sql }) => {
    const { parsed_address } = await parse(sql, {
      parsed_address: {
        city: 'Springfield',
        hasCity: false,
        state: 'Illinois',
        country: null,
        hasCountry: true,
      },
    });
    expect(parsed_address).toEqual({
      city: null,
      state: 'Illinois',
      country: null,
      has_city: false,
      has_state: true,
      has_country: false,
    });
  });

  test('is looked up where no parts are sent', async ({ sql }) => {
    const { parsed_address } = await parse(sql, {
      company_registered_address: 'san francisco, California, United States',
    });
    expect(parsed_address).toMatchObject({ city: 'San Francisco', has_country: true });
  });

  test('a headcount that is a range, and an answer that is a list, give nothing', async ({ sql }) => {
    await parse(sql, { company_headcount: '51-200', parsed_address: ['Springfield'] });
    expect(await rowsOf(sql, 'extracted.salesnav_scrapes_company_address')).toMatchObject([
      { headcount: null, city: null },
    ]);
    expect(await rowsOf(sql, 'core.company_locations')).toEqual([]);
  });

  test('a link into Sales Navigator does not become the page of the company', async ({ sql }) => {
    await parse(sql, { linkedin_url: 'https://www.linkedin.com/sales/company/12345' });
    expect(await value(sql`select linkedin_url from core.companies`)).toBeNull();
  });
});

describe('a classification', () => {
  const classify = (sql: AnySql, isB2b: unknown, isB2c: unknown, at: At = {}) =>
    ok(
      sql,
      'company-classification',
      {
        classification_payload: {
          buyerClassification: { businessBuyers: { isB2b }, consumerBuyers: { isB2c } },
        },
      },
      at,
    );

  test.for([
    [{}],
    [{ buyerClassification: null }],
    [{ buyerClassification: { businessBuyers: null, consumerBuyers: { isB2c: null } } }],
  ])('without a verdict (%j) is stored and leaves a good one alone', async ([payload], { sql }) => {
    await classify(sql, 'YES', 'no', january);
    expect(await ok(sql, 'company-classification', { classification_payload: payload }, march)).toMatchObject(
      {
        success: false,
        is_b2b: null,
        error: expect.stringContaining('no verdict'),
      },
    );
    expect(await rowsOf(sql, 'core.company_business_model')).toMatchObject([{ is_b2b: true, is_b2c: false }]);
    expect(await value(sql`select count(*)::int from raw.company_classification_payloads`)).toBe(2);
  });

  test('about one side keeps the other', async ({ sql }) => {
    await classify(sql, 'YES', 'YES', january);
    await classify(sql, 'NO', 'unclear', march);
    expect(await rowsOf(sql, 'core.company_business_model')).toMatchObject([{ is_b2b: false, is_b2c: true }]);
  });
});

describe('a company entered by hand', () => {
  test.for(['core-company-upsert', 'core-company-simple'])(
    '%s keeps what is left out',
    async (slug, { sql }) => {
      await ok(sql, slug, { name: 'Acme', linkedin_url: 'https://www.linkedin.com/company/acme' });
      await ok(sql, slug, { name: 'Acme Example' });
      await ok(sql, slug, {});
      expect(await rowsOf(sql, 'core.companies')).toMatchObject([
        { name: 'Acme Example', linkedin_url: 'https://www.linkedin.com/company/acme' },
      ]);
    },
  );

  test('the answer says whether it is new', async ({ sql }) => {
    expect(await ok(sql, 'core-company-simple', { domain: 'https://www.Acme.example/about' })).toMatchObject({
      domain: 'acme.example',
      action: 'inserted',
    });
    expect(await ok(sql, 'core-company-simple', { name: 'Acme' })).toMatchObject({ action: 'updated' });
  });
});

describe('a company that waits in staging', () => {
  const update = (sql: AnySql, body: Record<string, unknown>) =>
    run(sql, 'staging-company-linkedin-update', { domain: 'https://acme.example', ...body });

  test('is changed where a field is given, in every row of the domain', async ({ sql }) => {
    await sql`insert into staging.companies_to_enrich (domain, short_description) values ('acme.example', 'old'), ('www.Acme.example', null)`;
    expect((await update(sql, { company_linkedin_url: 'x' })).body).toMatchObject({ updated_count: 2 });
    expect((await update(sql, { short_description: '' })).body).toMatchObject({ updated_count: 2 });
    expect(
      await sql`select distinct company_linkedin_url, short_description from staging.companies_to_enrich`,
    ).toEqual([{ company_linkedin_url: 'x', short_description: null }]);
  });

  test('neither field, or no domain, is refused', async ({ sql }) => {
    expect(await update(sql, {})).toMatchObject({ status: 422, body: { code: 'BADRQ' } });
    expect(await update(sql, { domain: 'acme', short_description: 'x' })).toMatchObject({
      status: 422,
      body: { code: 'BADKY' },
    });
  });
});

describe('the name of a company', () => {
  const lookup = async (sql: AnySql, domain: string) =>
    (await run(sql, 'lookup-company-name', { domain })).body;

  test('the cleaned one wins, and the domain is normalised', async ({ sql }) => {
    await ok(sql, 'core-company-upsert', { name: 'ACME Inc.' });
    expect(await lookup(sql, 'WWW.acme.example')).toMatchObject({ found: true, company_name: 'ACME Inc.' });
    await ok(sql, 'clay-cleaned-company-name', { cleaned_company_name: 'Acme' });
    expect(await lookup(sql, 'acme.example')).toMatchObject({
      success: true,
      company_name: 'Acme',
      error: null,
    });
  });

  test('an unknown company is answered as such', async ({ sql }) => {
    expect(await lookup(sql, 'nobody.example')).toEqual({
      success: false,
      found: false,
      domain: 'nobody.example',
      company_name: null,
      error: 'Company not found',
    });
  });
});
