import { describe, expect } from 'vitest';

import { fingerprint, id, rowsOf, run, value } from '../sql/support/calls.ts';
import type { AnySql, At } from '../sql/support/calls.ts';
import { test } from '../support/database.ts';

const ada = 'https://www.linkedin.com/in/ada-example';
const springfield = 'Greater Springfield Area';

/** Runs a body that must go through. */
async function ok(sql: AnySql, slug: string, body: Record<string, unknown>, at: At = {}) {
  const outcome = await run(sql, slug, body, at);
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ status: 200 });
  return outcome.body;
}

/** The example of a workflow, with changes. */
async function example(sql: AnySql, slug: string, changes: Record<string, unknown> = {}) {
  const [row] = await sql<{ example: Record<string, unknown> }[]>`
    select example_request as example from reference.enrichment_workflow_registry where workflow_slug = ${slug}`;
  return { ...row?.example, ...changes };
}

/** How many rows a workflow's example leaves in each of its core tables. */
async function rowsWritten(sql: AnySql, slug: string) {
  const body = await ok(sql, slug, await example(sql, slug));
  expect(body['warnings'] ?? []).toEqual([]);
  const [row] = await sql<{ tables: string[] }[]>`
    select core_tables as tables from reference.enrichment_workflow_registry where workflow_slug = ${slug}`;
  const counts: Record<string, number> = {};
  for (const table of row?.tables ?? []) counts[table] = (await rowsOf(sql, table)).length;
  return counts;
}

describe('the example leaves rows in core', () => {
  const person = { 'core.people': 1, 'core.companies': 1, 'core.company_names': 1 };
  const found = {
    ...person,
    'core.person_current_employer': 1,
    'core.person_locations': 1,
    'core.person_tenure': 1,
    'core.person_job_titles': 1,
  };
  const cleaned = {
    'core.people': 1,
    'core.person_locations': 1,
    'core.person_job_titles': 1,
    'core.person_current_employer': 1,
  };
  const email = { ...person, 'reference.person_emails': 1 };
  test.for([
    ['clay-find-people', found],
    ['clay-find-people-location-parsed', found],
    ['clay-find-people-title-enrichment', found],
    ['salesnav-person', found],
    ['anymailfinder-email', email],
    ['icypeas-email', email],
    ['leadmagic-email', email],
    ['nostra-ecom-people', { ...email, 'core.person_current_employer': 1 }],
    ['apollo-people-cleaned', cleaned],
    ['apollo-instantdata', cleaned],
    [
      'nostra-ecom-companies',
      {
        'core.companies': 1,
        'core.company_names': 1,
        'core.company_descriptions': 1,
        'core.company_locations': 1,
        'core.company_social_urls': 1,
      },
    ],
    [
      'salesnav-company',
      {
        'core.companies': 1,
        'core.company_names': 1,
        'core.company_locations': 1,
        'core.company_industries': 1,
        'core.company_employee_range': 1,
        'core.company_employee_ranges': 1,
        'core.company_descriptions': 1,
        'core.company_social_urls': 1,
      },
    ],
    [
      'apollo-scrape',
      {
        ...person,
        'core.person_current_employer': 1,
        'core.person_locations': 1,
        'core.person_job_titles': 1,
        'core.company_locations': 1,
        'core.company_industries': 1,
        'core.company_employee_range': 1,
        'core.company_employee_ranges': 1,
        'core.company_revenue': 1,
        'core.company_descriptions': 1,
        'core.company_social_urls': 1,
        'core.company_keywords': 2,
        'core.company_tech_on_site': 2,
        'core.company_funding_rounds': 1,
      },
    ],
  ] as const)('%s', async ([slug, rows], { sql }) => {
    expect(await rowsWritten(sql, slug)).toEqual(rows);
  });
});

describe('clay-find-people', () => {
  const find = (
    sql: AnySql,
    payload: Record<string, unknown>,
    rest: Record<string, unknown> = {},
    at: At = {},
  ) => ok(sql, 'clay-find-people', { linkedin_url: ada, raw_payload: payload, ...rest }, at);

  test('matches the title it stores, whatever its case, and answers all of the match', async ({ sql }) => {
    const body = await find(sql, {
      latest_title: ' software  ENGINEER',
      latest_experience_title: 'Barista',
      location_name: 'san francisco, california, united states',
    });
    expect(body).toMatchObject({
      matched_city: 'San Francisco',
      matched_country: 'United States',
      matched_cleaned_job_title: 'Software Engineer',
    });
    expect(await rowsOf(sql, 'mapped.person_discovery')).toMatchObject([
      { original_job_title: 'software  ENGINEER', matched_seniority: body['matched_seniority'] },
    ]);
  });

  test('keeps a cleaned name that a later call leaves out', async ({ sql }) => {
    await find(sql, {}, { cleaned_full_name: 'Ada Example' }, { at: '2026-01-01T00:00:00Z' });
    await find(sql, { location_name: springfield }, {}, { at: '2026-02-01T00:00:00Z' });
    expect(await rowsOf(sql, 'core.people')).toMatchObject([{ full_name: 'Ada Example' }]);
  });

  test('fills city and matched_city of stored rows when the location becomes known', async ({ sql }) => {
    await find(sql, { location_name: springfield });
    await ok(sql, 'location-lookup-update', {
      location_name: springfield.toUpperCase(),
      city: 'Springfield',
    });
    await sql`select etl.recoalesce()`;
    expect(await rowsOf(sql, 'extracted.person_discovery')).toMatchObject([
      { city: 'Springfield', has_city: true, matched_city: 'Springfield' },
    ]);
    expect(await rowsOf(sql, 'core.person_locations')).toMatchObject([
      { city: 'Springfield', country: null },
    ]);
  });

  test('refuses an unknown workflow_slug and stores nothing', async ({ sql }) => {
    const body = { linkedin_url: ada, raw_payload: {}, workflow_slug: 'no-such' };
    expect(await run(sql, 'clay-find-people', body)).toMatchObject({ status: 404 });
    expect(
      await value(
        sql`select count(*)::int from raw.person_discovery where linkedin_url = ${ada} and created_at = now()`,
      ),
    ).toBe(0);
  });
});

describe('a location parsed upstream', () => {
  test('is used whole, and the lookup only where there is none', async ({ sql }) => {
    const find = (parsed: unknown) =>
      ok(sql, 'clay-find-people-location-parsed', {
        linkedin_url: ada,
        workflow_slug: 'clay-find-people',
        raw_person_payload: { location_name: 'San Francisco, California, United States' },
        raw_person_parsed_location_payload: parsed,
      });
    await find({ country: 'Canada' });
    expect(await rowsOf(sql, 'core.person_locations')).toMatchObject([{ city: null, country: 'Canada' }]);
    await find(null);
    expect(await rowsOf(sql, 'core.person_locations')).toMatchObject([
      { city: 'San Francisco', country: 'United States' },
    ]);
    expect(await rowsOf(sql, 'extracted.person_discovery_location_parsed')).toMatchObject([
      { has_city: false },
    ]);
  });

  test('moves updated_at of the title enrichment to the newest payload', async ({ sql }) => {
    const body = await example(sql, 'clay-find-people-title-enrichment', {
      workflow_slug: 'person-title-enrichment',
    });
    await ok(sql, 'clay-find-people-title-enrichment', body, { at: '2026-01-01T00:00:00Z' });
    await ok(sql, 'clay-find-people-title-enrichment', body, { at: '2026-02-01T00:00:00Z' });
    expect(await value(sql`select updated_at from extracted.person_title_enrichment`)).toEqual(
      new Date('2026-02-01T00:00:00Z'),
    );
    expect(await rowsOf(sql, 'core.person_job_titles')).toMatchObject([
      { matched_cleaned_job_title: 'VP of Marketing', source: 'person_title_enrichment' },
    ]);
  });
});

describe('Sales Navigator', () => {
  const lead = 'https://www.linkedin.com/sales/lead/ACwAAExample,NAME_SEARCH,x1';

  test('keeps hashed URLs apart and stores a person once', async ({ sql }) => {
    const body = await example(sql, 'salesnav-person');
    await ok(sql, 'salesnav-person', body);
    await ok(sql, 'salesnav-person', { ...body, job_started_on: '2023-05' });
    expect(await rowsOf(sql, 'core.people')).toMatchObject([
      { linkedin_url: 'https://www.linkedin.com/sales/lead/ACwAAExample', linkedin_url_type: 'salesnav' },
    ]);
    expect(await rowsOf(sql, 'extracted.salesnav_scrapes_person')).toHaveLength(1);
    expect(await rowsOf(sql, 'core.person_tenure')).toMatchObject([{ job_start_date: '2023-05-01' }]);
  });

  test.for([
    ['03-2022', '2022-03-01'],
    ['2022-03', '2022-03-01'],
    ['13-2022', null],
    ['03-0000', null],
    ['Present', null],
  ])('reads the month %s as %s', async ([text, month], { sql }) => {
    expect(await value(sql`select core.salesnav_month(${text ?? ''})::text`)).toBe(month);
  });

  test('an unusable UUID or time does not stop the rest', async ({ sql }) => {
    const body = await ok(sql, 'salesnav-person', {
      person_linkedin_sales_nav_url: lead,
      source_id: 'row 7',
      sent_to_clay_at: 'yesterday',
      last_name: 'Example',
    });
    expect(body['warnings']).toMatchObject([{ field: '/sent_to_clay_at' }]);
    expect(await value(sql`select source_id from extracted.salesnav_scrapes_person`)).toBeNull();
    expect(await rowsOf(sql, 'extracted.salesnav_scrapes_person')).toMatchObject([
      { sent_to_clay_at: null, last_name: 'Example' },
    ]);
  });

  test('a match with a state alone is a match', async ({ sql }) => {
    await ok(sql, 'location-lookup-update', { location_name: 'Illinois', state: 'Illinois' });
    expect(
      await ok(sql, 'salesnav-person', { person_linkedin_sales_nav_url: lead, location: 'illinois' }),
    ).toMatchObject({ location_matched: true });
  });

  test.for([
    ['salesnav-person', { last_name: 'Example' }],
    ['salesnav-company', { company_name: 'Acme' }],
  ] as const)('%s without a key is refused', async ([slug, body], { sql }) => {
    expect(await run(sql, slug, body)).toMatchObject({ status: 422, body: { code: 'BADRQ' } });
  });

  test.for([
    ['1,234', 1234, '1001-5000'],
    [42, 42, '11-50'],
    ['51-200', null, undefined],
  ] as const)('a headcount of %s is %s people', async ([headcount, people, range], { sql }) => {
    await ok(sql, 'salesnav-company', { domain: 'acme.example', headcount });
    expect(await rowsOf(sql, 'extracted.salesnav_scrapes_companies')).toMatchObject([{ headcount: people }]);
    const [size] = await rowsOf(sql, 'core.company_employee_range');
    expect(size?.['employee_range']).toBe(range);
  });
});

describe('locations', () => {
  test('every update is found by every lookup and under every older name', async ({ sql }) => {
    for (const [slug, location_name] of [
      ['location-lookup-update', 'Here'],
      ['clay-company-location-lookup', 'There'],
      ['clay-person-location-lookup', 'Nowhere'],
    ] as const) {
      await ok(sql, slug, { location_name, city: 'Springfield', country: 'United States' });
      for (const [lookup, field] of [
        ['lookup-person-location', 'location_name'],
        ['salesnav-person-location-lookup', 'location_raw'],
        ['salesnav-company-location-lookup', 'registered_address_raw'],
      ] as const) {
        const asked = `  ${location_name.toUpperCase()} `;
        expect(await ok(sql, lookup, { [field]: asked })).toMatchObject({
          match_status: true,
          [field]: asked,
          city: 'Springfield',
          has_city: true,
          has_state: false,
          has_country: true,
        });
      }
    }
    for (const name of [
      'clay_find_people_location_lookup',
      'clay_find_companies_location_lookup',
      'company_location_lookup',
      'clay_enriched_company_location_lookup',
      'salesnav_location_lookup',
      'salesnav_company_location_lookup',
      'location_parsed',
    ])
      expect(
        await value(sql`select count(*)::int from ${sql(`reference.${name}`)} where city = 'Springfield'`),
        name,
      ).toBe(3);
  });

  test('an unknown text is no match, with nulls', async ({ sql }) => {
    expect(await ok(sql, 'lookup-person-location', { location_name: springfield })).toEqual({
      match_status: false,
      location_name: springfield,
      city: null,
      state: null,
      country: null,
      has_city: null,
      has_state: null,
      has_country: null,
    });
  });

  test('a flag never contradicts its value, and a parse is replaced whole', async ({ sql }) => {
    await ok(sql, 'reference-location-update', {
      location_name: 'Here',
      city: 'Springfield',
      country: 'United States',
    });
    expect(
      await ok(sql, 'reference-location-update', {
        location_name: ' here',
        country: 'Canada',
        has_city: true,
        has_country: false,
      }),
    ).toMatchObject({
      location_name: 'Here',
      city: null,
      country: 'Canada',
      has_city: false,
      has_country: false,
    });
  });

  test.for([' ', 'x'.repeat(501)])('the text "%s" is refused', async (location_name, { sql }) => {
    expect(await run(sql, 'location-lookup-update', { location_name })).toMatchObject({ status: 422 });
  });
});

describe('e-mail finders', () => {
  const icypeas = (
    sql: AnySql,
    payload: Record<string, unknown>,
    rest: Record<string, unknown> = {},
    at: At = {},
  ) => ok(sql, 'icypeas-email', { person_linkedin_url: ada, icypeas_raw_payload: payload, ...rest }, at);
  const owners = async (sql: AnySql) =>
    (await sql`select email, person_linkedin_url from reference.email_to_person order by email`).map(
      (row) => ({ ...row }),
    );

  test.for([
    [
      'anymailfinder-email',
      { anymailfinder_raw_payload: { results: { email: 'a@acme.example', validation: 'unknown' } } },
    ],
    ['icypeas-email', { icypeas_raw_payload: { email: 'a@acme.example', status: 'NOT_FOUND' } }],
    ['leadmagic-email', { leadmagic_raw_payload: { email: 'a@acme.example', status: 'invalid' } }],
  ] as const)('%s learns nothing from an e-mail that does not work', async ([slug, body], { sql }) => {
    expect(await ok(sql, slug, { person_linkedin_url: ada, ...body })).toMatchObject({
      email: 'a@acme.example',
      person_mapping_updated: false,
    });
    expect(await owners(sql)).toEqual([]);
  });

  test.for([
    ['anymailfinder-email', { anymailfinder_raw_payload: { results: null, input: null } }],
    ['icypeas-email', { icypeas_raw_payload: { emails: null } }],
    ['leadmagic-email', { leadmagic_raw_payload: { credits_consumed: 0.25 } }],
  ] as const)('%s takes an answer without results, twice, as one row', async ([slug, body], { sql }) => {
    for (const wanted of [{ email: null, person_mapping_updated: false }, { email: null }])
      expect(await ok(sql, slug, { person_linkedin_url: ada, ...body })).toMatchObject(wanted);
    expect(await rowsOf(sql, `extracted.${slug.replace(/(.*)-email/, 'email_$1')}`)).toHaveLength(1);
  });

  test('the first person of an e-mail keeps it, in any order of arrival and whatever its case', async ({
    sql,
  }) => {
    const bob = 'https://www.linkedin.com/in/bob-example';
    const found = { status: 'FOUND', emails: [{ email: 'Ada@Acme.example' }] };
    const later = await icypeas(
      sql,
      found,
      { person_linkedin_url: bob },
      { at: '2026-02-01T00:00:00Z', id: id(1) },
    );
    const first = await icypeas(sql, found, {}, { at: '2026-01-01T00:00:00Z', id: id(2) });
    const again = await icypeas(sql, found, {}, { at: '2026-03-01T00:00:00Z', id: id(3) });
    expect([later, first, again].map((body) => body['person_mapping_updated'])).toEqual([true, true, false]);
    expect(await owners(sql)).toEqual([{ email: 'ada@acme.example', person_linkedin_url: ada }]);
    const before = await fingerprint(sql);
    await sql`select etl.rebuild()`;
    expect(await fingerprint(sql)).toBe(before);

    await sql`select etl.forget(${ada})`;
    expect(await owners(sql)).toEqual([{ email: 'ada@acme.example', person_linkedin_url: bob }]);
  });
});

describe('Apollo and Nostra', () => {
  test('instant data needs the search, and stores a person and company once per search', async ({ sql }) => {
    const body = await example(sql, 'apollo-instantdata');
    for (const scrape_settings_id of ['null', '', 'search 1', null])
      expect(await run(sql, 'apollo-instantdata', { ...body, scrape_settings_id })).toMatchObject({
        status: 422,
      });
    await ok(sql, 'apollo-instantdata', body);
    await ok(sql, 'apollo-instantdata', body);
    expect(
      await ok(sql, 'apollo-instantdata', {
        ...body,
        apollo_company_url: 'null',
        linkedin_url: 'linkedin.com/in/bob',
      }),
    ).toMatchObject({
      company_id: null,
    });
    expect(await rowsOf(sql, 'extracted.apollo_people_deduped')).toHaveLength(2);
    expect(await rowsOf(sql, 'extracted.apollo_companies_deduped')).toHaveLength(1);
  });

  test('a scrape takes the domain from the website and numbers as numbers', async ({ sql }) => {
    await ok(sql, 'apollo-scrape', {
      person_linkedin_link: 'http://www.linkedin.com/in/Ada-Example',
      company_website_full: 'http://www.acme.example',
      company_annual_revenue: 35000000,
      employee_count: '450',
    });
    expect(await rowsOf(sql, 'core.company_revenue')).toMatchObject([
      { domain: 'acme.example', raw_revenue_amount: 35000000, matched_revenue_range: '$25M - $50M' },
    ]);
    expect(await rowsOf(sql, 'core.company_employee_range')).toMatchObject([{ employee_range: '251-500' }]);
  });

  test('the cleaned title is taken with hyphens or underscores', async ({ sql }) => {
    await ok(sql, 'apollo-people-cleaned', { linkedin_url: ada, cleaned_job_title: 'Engineer' });
    expect(await rowsOf(sql, 'extracted.apollo_people_cleaned')).toMatchObject([
      { cleaned_job_title: 'Engineer' },
    ]);
  });

  test('a country code of Nostra becomes a country', async ({ sql }) => {
    await ok(sql, 'nostra-ecom-companies', { domain: 'acme.example', country: 'GBc' });
    expect(await rowsOf(sql, 'core.company_locations')).toMatchObject([
      { country: 'United Kingdom', raw_country: 'GBc' },
    ]);
  });
});

test.for([
  ['backfill-person-location', 'core.person_locations', 'salesnav-person'],
  ['backfill-person-matched-location', 'core.person_locations', 'clay-find-people'],
  ['backfill-cleaned-company-name', 'core.companies', 'core-company-full-upsert'],
  ['backfill-company-descriptions', 'core.company_descriptions', 'salesnav-company'],
  ['backfill-company-revenue', 'core.company_revenue', 'companyenrich'],
] as const)('%s makes %s anew, and ends', async ([slug, table, provider], { sql }) => {
  await ok(sql, provider, await example(sql, provider));
  const before = await rowsOf(sql, table);
  expect(before).toHaveLength(1);
  await sql`delete from ${sql(table)}`;
  expect(await ok(sql, slug, { wait: true })).toMatchObject({ state: 'done' });
  expect(await rowsOf(sql, table)).toEqual(before);
});
