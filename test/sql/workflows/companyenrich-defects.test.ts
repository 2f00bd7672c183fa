import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { companyFacts, companyenrich, fingerprint, id, rowsOf, run, value } from '../support/calls.ts';

// One test per defect that reference/workflows/companies.yaml lists for companyenrich in the old system.

test('the response has every documented field', async ({ sql }) => {
  const { body } = await companyenrich(sql, {
    name: 'Acme',
    keywords: ['a', 'b', 'a', null],
    technologies: ['React', 'react', 'Vue'],
    financial: {
      funding: [
        { from: 'Example Capital, Globex Ventures' },
        { type: 'B', from: 'Example Capital' },
        'x',
        {},
      ],
    },
  });
  expect(body).toEqual({
    success: true,
    raw_id: body.raw_payload_id,
    raw_payload_id: expect.any(String),
    extracted_id: await value(sql`select id from extracted.companyenrich_company`),
    core_company_inserted: true,
    funding_rounds_processed: 2,
    keywords_count: 2,
    technologies_count: 3,
    core_tech_on_site_count: 2,
    investors_count: 2,
    warnings: [{ field: '/raw_payload/financial/funding/2', problem: expect.any(String), found: '"x"' }],
  });
});

test('a failure is no success: status 500, and nothing but the raw row is written', async ({ sql }) => {
  await sql`alter table core.company_keywords add constraint no_poison check (keyword <> 'poison')`;
  const outcome = await run(sql, 'companyenrich', {
    domain: 'acme.example',
    raw_payload: { name: 'Acme', keywords: ['poison'] },
  });
  expect(outcome).toMatchObject({ status: 500, body: { success: false, code: '23514' } });
  expect(await value(sql`select id from raw.payloads`)).toBe(outcome.payload_id);
  expect(await sql`select target from etl.golden_rows('{acme.example}')`).toEqual([]);
  expect(await value(sql`select count(*)::int from extracted.companyenrich_company`)).toBe(0);
});

test('wrongly typed parts count as absent and abort nothing', async ({ sql }) => {
  await companyenrich(sql, {
    name: 'Acme',
    type: 7,
    location: { city: 'Springfield', state: [], country: 7 },
    financial: { funding: ['Series A', { from: ['Example Capital'], type: 'A' }] },
    subsidiaries: [1, null, { domain: 'kites.example' }],
  });
  expect(
    (await sql`select target from etl.golden_rows('{acme.example}') order by 1`).map(({ target }) => target),
  ).toEqual(['core.companies', 'core.company_funding_rounds', 'core.company_names']);
});

test('undated and untyped rounds are the same round when they come again', async ({ sql }) => {
  const funding = [
    { amount: '1 USD', from: 'Example Capital' },
    { date: '2024-03-20', amount: '2 USD' },
    { type: 'A', amount: '3 USD' },
  ];
  for (let time = 0; time < 3; time++) await companyenrich(sql, { financial: { funding } });
  for (const table of ['core.company_funding_rounds', 'extracted.companyenrich_funding_rounds']) {
    expect(await rowsOf(sql, table), table).toHaveLength(3);
  }
  expect(await rowsOf(sql, 'extracted.companyenrich_vc_investments')).toHaveLength(1);
});

test('an older payload never replaces a newer one', async ({ sql }) => {
  await companyenrich(
    sql,
    { name: 'New', type: 'public', description: 'New.' },
    { at: '2025-01-01T00:00:00Z' },
  );
  await companyenrich(
    sql,
    { name: 'Old', type: 'private', description: 'Old.', seo_description: 'Old!' },
    { at: '2024-01-01T00:00:00Z' },
  );
  expect(await rowsOf(sql, 'extracted.companyenrich_company')).toMatchObject([
    { name: 'New', type: 'public' },
  ]);
  expect(await rowsOf(sql, 'core.company_types')).toMatchObject([{ raw_type: 'public' }]);
  // what only the older one knew is filled in
  expect(await rowsOf(sql, 'core.company_descriptions')).toMatchObject([
    { description: 'New.', tagline: 'Old!' },
  ]);
  // the first word counts for names
  expect(await rowsOf(sql, 'core.company_names')).toMatchObject([{ raw_name: 'Old' }]);
});

test('every row of extracted and core names its raw payload', async ({ sql }) => {
  const { payload_id } = await companyenrich(sql, {
    name: 'Acme',
    type: 'private',
    keywords: ['a'],
    technologies: ['React'],
    industry: 'Software',
    location: { city: { name: 'Springfield' } },
    financial: { funding: [{ from: 'Example Capital' }] },
    socials: { twitter_url: 'x' },
    subsidiaries: ['Kites'],
  });
  const rows =
    await sql`select distinct golden_row ->> 'raw_payload_id' as payload from etl.golden_rows('{acme.example}')`;
  expect(rows).toEqual([{ payload: payload_id }]);
  expect(await value(sql`select raw_payload_id from extracted.companyenrich_subsidiaries`)).toBe(payload_id);
});

test('has_city and has_state say what the row has, and empty text is none', async ({ sql }) => {
  await companyenrich(sql, {
    location: { city: { name: '' }, state: { name: ' ' }, country: { name: 'Canada' } },
  });
  expect(await rowsOf(sql, 'core.company_locations')).toEqual([
    {
      domain: 'acme.example',
      city: null,
      state: null,
      country: 'Canada',
      raw_location: null,
      raw_country: 'Canada',
      has_city: false,
      has_state: false,
      source: 'companyenrich',
    },
  ]);
});

test('a poorer location never replaces a richer one; an equally rich newer one does, whole', async ({
  sql,
}) => {
  const place = (city?: string, country?: string, address?: string) => ({
    address,
    city: { name: city },
    country: { name: country },
  });
  await companyenrich(
    sql,
    { location: place('Springfield', 'United States', '1 Example Street') },
    { at: '2024-01-01T00:00:00Z' },
  );
  await companyenrich(sql, { location: place(undefined, 'Canada') }, { at: '2024-02-01T00:00:00Z' });
  expect(await rowsOf(sql, 'core.company_locations')).toMatchObject([
    { city: 'Springfield', country: 'United States' },
  ]);
  await companyenrich(sql, { location: place('Toronto', 'Canada') }, { at: '2024-03-01T00:00:00Z' });
  expect(await rowsOf(sql, 'core.company_locations')).toMatchObject([
    { city: 'Toronto', country: 'Canada', raw_location: null },
  ]);
});

test('a winner from another source leaves nothing of the loser beside it', async ({ sql }) => {
  const location = { address: '1 Example Street', city: { name: 'Springfield' } };
  await companyenrich(sql, { industry: 'Software', location }, { at: '2024-01-01T00:00:00Z' });
  await companyFacts(
    sql,
    { industry: 'Paper Products', city: 'Shelbyville' },
    { at: '2024-02-01T00:00:00Z' },
  );
  expect(await rowsOf(sql, 'core.company_industries')).toEqual([
    {
      domain: 'acme.example',
      raw_industry: null,
      matched_industry: 'Paper Products',
      source: 'gemini-enrichment',
    },
  ]);
  expect(await rowsOf(sql, 'core.company_locations')).toMatchObject([
    { city: 'Shelbyville', raw_location: null, source: 'gemini-enrichment' },
  ]);
});

test('the count of investors is of all that were ever seen, not of the last payload', async ({ sql }) => {
  await companyenrich(sql, { financial: { funding: [{ from: 'A, B, C' }] } });
  await companyenrich(sql, { financial: { funding: [{ from: 'B' }] } });
  expect(await rowsOf(sql, 'core.company_vc_backed')).toEqual([
    { domain: 'acme.example', vc_count: 3, source: 'derived' },
  ]);
});

test('a null socials URL does not erase a known one', async ({ sql }) => {
  const known = { twitter_url: 'https://x.com/acme', github_url: 'https://github.com/acme' };
  await companyenrich(sql, { socials: known }, { at: '2024-01-01T00:00:00Z' });
  await companyenrich(
    sql,
    { socials: { twitter_url: null, g2_url: 'https://g2.com/acme' } },
    { at: '2024-02-01T00:00:00Z' },
  );
  expect(await rowsOf(sql, 'core.company_social_urls')).toMatchObject([
    { ...known, g2_url: 'https://g2.com/acme' },
  ]);
});

test('the same payload id again changes nothing, not even a row version', async ({ sql }) => {
  const payload = { name: 'Acme', keywords: ['a'], financial: { funding: [{ from: 'A' }] } };
  const state = async () => [
    await fingerprint(sql),
    await sql`select ctid::text from core.companies union all select ctid::text from core.company_keywords`,
  ];
  await companyenrich(sql, payload, { id: id(1), at: '2024-01-01T00:00:00Z' });
  const before = await state();
  await companyenrich(sql, payload, { id: id(1), at: '2024-01-01T00:00:00Z' });
  expect(await state()).toEqual(before);
});

test('the first call about a company, and only that, says it was inserted', async ({ pool }) => {
  const inserted = [];
  for (const name of ['Acme', 'Acme Inc']) {
    inserted.push(
      (await companyenrich(pool, { name }, { domain: 'inserted.example' })).body.core_company_inserted,
    );
  }
  expect(inserted).toEqual([true, false]);
});

test('an investor under two spellings is one, by its canonical name, also when the alias comes later', async ({
  sql,
}) => {
  await companyenrich(sql, {
    financial: { funding: [{ from: 'New Enterprise Associates, Springfield Seed Fund' }, { from: 'NEA' }] },
  });
  const names = async () =>
    (await rowsOf(sql, 'core.company_vc_investors')).map(({ vc_name }) => vc_name).sort();
  expect(await names()).toEqual(['NEA', 'Springfield Seed Fund']);
  expect(await rowsOf(sql, 'core.company_vc_backed')).toMatchObject([{ vc_count: 2 }]);
  await sql`insert into reference.vc_name_aliases (raw_name, canonical_name) values ('Springfield Seed Fund', 'Springfield')`;
  await sql`select etl.recoalesce()`;
  expect(await names()).toEqual(['NEA', 'Springfield']);
});
