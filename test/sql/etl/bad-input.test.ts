import { describe, expect } from 'vitest';

import { test } from '../../support/database.ts';
import { ada, companyFacts, companyenrich, profile, rowsOf, run, sqlstate, value } from '../support/calls.ts';

describe('a body that is no object', () => {
  test.for([null, 5, 'text', true, []])('%j is refused, and nothing is landed', async (body, { sql }) => {
    for (const slug of [
      'companyenrich',
      'clay-person-profile',
      'core-company-full-upsert',
      'lookup-job-title',
      'has-raised-vc',
    ]) {
      expect(await run(sql, slug, body), slug).toMatchObject({
        status: 422,
        body: {
          code: 'BADRQ',
          errors: [{ pointer: '', detail: expect.stringContaining('must be an object') }],
        },
        payload_id: null,
      });
    }
    expect(await value(sql`select count(*)::int from raw.payloads`)).toBe(0);
  });

  test('holds up none of its batch', async ({ sql }) => {
    const [row] = await sql<{ outcomes: { status: number }[] }[]>`
      select etl.run_batch('companyenrich', array['null', '{"domain": "acme.example", "raw_payload": {}}', '[]', null]::jsonb[]) as outcomes`;
    expect(row?.outcomes.map(({ status }) => status)).toEqual([422, 200, 422, 422]);
    expect(await rowsOf(sql, 'core.companies')).toHaveLength(1);
  });
});

describe('a key', () => {
  test.for([
    [{}, 'BADRQ'],
    [{ domain: null }, 'BADRQ'],
    [{ domain: '' }, 'BADRQ'],
    [{ domain: '   ' }, 'BADRQ'],
    [{ domain: ['acme.example'] }, 'BADRQ'],
    [{ domain: 'acme' }, 'BADKY'],
    [{ domain: '127.0.0.1' }, 'BADKY'],

    [{ domain: 'jane@acme.example' }, 'BADKY'],
    [{ domain: `${'a'.repeat(64)}.example` }, 'BADKY'],
    [{ domain: 'acme..example' }, 'BADKY'],
    [{ domain: "'; drop table core.companies; --" }, 'BADKY'],
  ] as const)('%j of a company: %s', async ([key, code], { sql }) => {
    const { status, body } = await run(sql, 'companyenrich', { ...key, raw_payload: {} });
    expect([status, body.code]).toEqual(code ? [422, code] : [200, undefined]);
  });

  test.for([
    'https://www.linkedin.com/company/acme-example',
    'https://evil.example/linkedin.com/in/ada',
    'https://www.linkedin.com/in/',
    'https://www.linkedin.com/sales/lead/,NAME_SEARCH',
    'ada-example',
  ])('%s of a person is refused with what is expected', async (linkedin_url, { sql }) => {
    expect(
      await run(sql, 'clay-person-profile', {
        linkedin_url,
        workflow_slug: 'clay-person-profile',
        raw_payload: {},
      }),
    ).toMatchObject({
      status: 422,
      body: {
        code: 'BADKY',
        errors: [{ pointer: '/linkedin_url', detail: expect.stringContaining('/in/ada-example') }],
      },
    });
  });

  test('means the same record in every spelling', async ({ sql }) => {
    for (const domain of [
      'acme.example',
      'ACME.example.',
      ' https://user@www.acme.example:443/about?x#y ',
      'http://WWW.Acme.Example',
    ]) {
      await companyenrich(sql, { name: 'Acme' }, { domain });
    }
    for (const linkedinUrl of [
      ada,
      'linkedin.com/in/Ada-Example/',
      'http://uk.linkedin.com/in/ada-example/de?trk=1#x',
    ]) {
      await profile(sql, { name: 'Ada Example' }, { linkedinUrl });
    }
    expect(await sql`select entity_key from etl.records order by 1`).toEqual([
      { entity_key: 'acme.example' },
      { entity_key: ada },
    ]);
  });
});

test('an unknown workflow is 404 with the nearest name', async ({ sql }) => {
  expect(await run(sql, 'companyenrichh', {})).toEqual({
    status: 404,
    body: {
      code: 'UNKWF',
      detail: 'Unknown workflow "companyenrichh"',
      hint: 'Did you mean "companyenrich"?',
    },
    payload_id: null,
  });
  expect(await sqlstate(sql, (sql) => sql`select etl.ingest('companyenrichh', '{}')`)).toBe('UNKWF');
});

test('an inactive workflow is 409 with the reason', async ({ sql }) => {
  await sql`update reference.enrichment_workflow_registry set is_active = false, inactive_reason = 'on holiday' where workflow_slug = 'companyenrich'`;
  expect(await run(sql, 'companyenrich', {})).toMatchObject({
    status: 409,
    body: { code: 'INAWF', detail: expect.stringContaining('on holiday') },
  });
});

test('a workflow_slug in the body must be registered, under its name or an alias', async ({ sql }) => {
  const body = { domain: 'acme.example', raw_payload: {} };
  expect(await run(sql, 'companyenrich', { ...body, workflow_slug: 'nope' })).toMatchObject({
    status: 404,
    body: { code: 'UNKWF' },
  });
  expect(
    await run(sql, 'companyenrich', { ...body, workflow_slug: 'upsert-core-company-full' }),
  ).toMatchObject({ status: 200 });
});

test('wrong top-level types are refused field by field', async ({ sql }) => {
  expect(await run(sql, 'companyenrich', { domain: 5, raw_payload: [] })).toMatchObject({
    status: 422,
    body: {
      errors: [
        { pointer: '/domain', detail: 'This field must be string, not number.' },
        { pointer: '/raw_payload', detail: 'This field must be object, not array.' },
      ],
    },
  });
});

test('\\u0000 cannot be jsonb, so it is refused before it reaches a workflow', async ({ sql }) => {
  expect(await sqlstate(sql, (sql) => sql`select ${String.raw`{"name": "\u0000"}`}::text::jsonb`)).toBe(
    '22P05',
  );
});

test('wrongly typed values become null and are named; the rest goes through', async ({ sql }) => {
  const { body } = await companyenrich(sql, {
    name: ['Acme'],
    description: 'Makes rockets.',
    founded_year: 99999999999,
    page_rank: 'high',
    updated_at: '2021-13-45',
    keywords: { a: 1 },
    categories: ['b2b', 7, { x: 1 }],
    location: [],
    socials: 'none',
    financial: { total_funding: 1e40, funding: { date: '2024-03-20' } },
  });
  expect(body.warnings?.map(({ field }) => field)).toEqual([
    '/raw_payload/categories/1',
    '/raw_payload/categories/2',
    '/raw_payload/financial/funding',
    '/raw_payload/financial/total_funding',
    '/raw_payload/founded_year',
    '/raw_payload/keywords',
    '/raw_payload/location',
    '/raw_payload/name',
    '/raw_payload/page_rank',
    '/raw_payload/socials',
    '/raw_payload/updated_at',
  ]);
  expect(await rowsOf(sql, 'core.company_descriptions')).toEqual([
    { domain: 'acme.example', description: 'Makes rockets.', tagline: null, source: 'companyenrich' },
  ]);
  expect(await rowsOf(sql, 'core.company_categories')).toEqual([
    { domain: 'acme.example', category: 'b2b', source: 'companyenrich' },
  ]);
});

test('dates: a month or a year is its first day, "Present" and 2021-13-45 are none', async ({ sql }) => {
  const { body } = await profile(sql, {
    experience: [
      { title: 'A', start_date: '2021', end_date: 'Present' },
      { title: 'B', start_date: '2021-05', end_date: '2021-13-45' },
    ],
  });
  expect(body.warnings?.map(({ field, found }) => [field, found])).toEqual([
    ['/raw_payload/experience/0/end_date', '"Present"'],
    ['/raw_payload/experience/1/end_date', '"2021-13-45"'],
  ]);
  expect(
    (await rowsOf(sql, 'core.person_work_history')).map(({ title, start_date, end_date }) => [
      title,
      start_date,
      end_date,
    ]),
  ).toEqual([
    ['A', '2021-01-01', null],
    ['B', '2021-05-01', null],
  ]);
});

test('an element that is repeated in an array is one row', async ({ sql }) => {
  const round = { date: '2024-03-20', type: 'Series A', from: 'Example Capital' };
  const { body } = await companyenrich(sql, {
    keywords: ['kits', 'kits', ' kits '],
    technologies: ['React', 'react', 'REACT '],
    financial: {
      funding: [
        { ...round, amount: '1 USD' },
        { ...round, amount: '2 USD' },
      ],
    },
    subsidiaries: ['Acme Kites', { name: 'Acme Kites', domain: 'kites.example' }],
  });
  expect(body).toMatchObject({
    keywords_count: 1,
    technologies_count: 3,
    core_tech_on_site_count: 1,
    funding_rounds_processed: 1,
    investors_count: 1,
  });
  expect(await rowsOf(sql, 'core.company_keywords')).toHaveLength(1);
  expect(await rowsOf(sql, 'core.company_tech_on_site')).toHaveLength(1);
  // of two rounds with one key the last in the payload counts, as in the old loop
  expect(await rowsOf(sql, 'core.company_funding_rounds')).toMatchObject([{ amount: '2 USD' }]);
  expect(await rowsOf(sql, 'extracted.companyenrich_subsidiaries')).toMatchObject([
    { subsidiary_domain: 'kites.example' },
  ]);
});

test('ten thousand elements are ten thousand rows', async ({ sql }) => {
  const { body } = await companyenrich(sql, {
    keywords: Array.from({ length: 10_000 }, (_, number) => `keyword ${number}`),
  });
  expect(body).toMatchObject({ keywords_count: 10_000 });
  expect(await value(sql`select count(*)::int from core.company_keywords`)).toBe(10_000);
});

test('text too long for a key is left out and named', async ({ sql }) => {
  const long = 'x'.repeat(100_000);
  const { body } = await companyenrich(sql, {
    name: long,
    keywords: [long, 'kits'],
    technologies: [long],
    subsidiaries: [{ name: long }],
  });
  expect(body.warnings?.map(({ field }) => field)).toEqual([
    '/raw_payload/keywords/0',
    '/raw_payload/subsidiaries/0/name',
    '/raw_payload/technologies/0',
  ]);
  expect(await rowsOf(sql, 'core.company_keywords')).toMatchObject([{ keyword: 'kits' }]);
  expect(await rowsOf(sql, 'core.company_names')).toMatchObject([{ raw_name: long }]);
});

test('long text goes through everywhere', async ({ sql }) => {
  // does not compress, so that it is as long in an index
  const long = Array.from({ length: 20_000 }, (_, number) =>
    ((number * 2654435761) % 4294967296).toString(36),
  ).join(' ');
  const place = { name: long };
  const round = { type: long, date: long, amount: long, url: long };
  await companyenrich(sql, {
    name: long,
    industry: long,
    type: long,
    revenue: long,
    employees: long,
    description: long,
    website: long,
    location: { address: long, city: place, state: place, country: place },
    financial: {
      funding: [
        { ...round, from: long },
        { ...round, from: long.slice(0, 2000) },
        { type: long.slice(0, 200), from: long.slice(0, 300) },
      ],
    },
  });
  await companyFacts(sql, {
    company_name: long,
    industry: long,
    city: long,
    state: long,
    country: long,
    linkedin_url: long,
    source: long,
  });
  const job = { company: long, company_domain: 'globex.example', start_date: '2021' };
  await profile(sql, {
    name: long,
    slug: long,
    country: long,
    location_name: long,
    latest_experience: { title: long, start_date: long },
    experience: [
      { ...job, title: long },
      { ...job, title: long.slice(0, 500), end_date: '2021' },
      {
        ...job,
        title: 'A',
        start_date: '2020',
        end_date: '2021',
        company: long.slice(0, 500),
        company_domain: null,
      },
      { ...job, company_domain: long },
    ],
    education: [{ school_name: long }],
  });
  expect(await value(sql`select count(*)::int from etl.failures`)).toBe(0);
});

test('deep nesting is stored as it is', async ({ sql }) => {
  const deep = JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown;
  await companyenrich(sql, { location: { city: deep }, keywords: deep, oddity: deep });
  expect(await value(sql`select payload -> 'oddity' = ${sql.json(deep as never)} from raw.payloads`)).toBe(
    true,
  );
});

test('what is unusable everywhere answers at most a hundred warnings', async ({ sql }) => {
  const { body } = await companyenrich(sql, { keywords: Array.from({ length: 500 }, (_, number) => number) });
  expect(body.warnings).toHaveLength(100);
});

test('an empty payload is stored and says nothing', async ({ sql }) => {
  await companyenrich(sql, { name: 'Acme', type: 'private', keywords: ['kits'] });
  const before = await sql`select target, golden_row from etl.golden_rows('{acme.example}') order by 1, 2`;
  expect((await companyenrich(sql, {})).body.warnings).toBeUndefined();
  expect(await sql`select target, golden_row from etl.golden_rows('{acme.example}') order by 1, 2`).toEqual(
    before,
  );
});

test('"null", "" and blanks are no values', async ({ sql }) => {
  await companyenrich(sql, {
    name: 'null',
    type: '',
    industry: '  ',
    description: 'NULL',
    keywords: ['', 'null', ' '],
  });
  expect(await sql`select target from etl.golden_rows('{acme.example}')`).toEqual([
    { target: 'core.companies' },
  ]);
});
