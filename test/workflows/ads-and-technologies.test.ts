import { describe, expect } from 'vitest';

import { fingerprint, rowsOf, run, value } from '../sql/support/calls.ts';
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

describe('the example of', () => {
  test.for([
    [
      'google-ads-ingest',
      {
        'extracted.company_google_ads': [
          { creative_id: 'CR0001', variant_width: 300, start_date: '2026-01-02' },
        ],
        'core.company_google_ads': [{ is_running_ads: true, ad_count: 12, advertiser_id: 'AR0001' }],
      },
    ],
    [
      'linkedin-ads-ingest',
      {
        'extracted.company_linkedin_ads': [
          { ad_id: '4300000001', headline_title: 'Paper rockets', image_alt_text: 'A paper rocket' },
        ],
        'core.company_linkedin_ads': [{ is_running_ads: true, ad_count: 7, page_id: '1234567' }],
      },
    ],
    [
      'meta-ads-ingest',
      {
        'extracted.company_meta_ads': [
          { ad_id: '100001', platform: 'facebook,instagram', ad_creative_body: 'Assemble your own rocket.' },
        ],
        'core.company_meta_ads': [
          { is_running_ads: true, ad_count: 3, platforms: ['facebook', 'instagram'] },
        ],
      },
    ],
    [
      'predictleads-techstack',
      {
        'extracted.company_predictleads': [
          { technology_title: 'PostgreSQL', score: 0.87, categories: ['Databases'] },
        ],
        'reference.predictleads_technologies': [{ title: 'PostgreSQL', technology_domain: 'postgresql.org' }],
        'core.company_predictleads_technologies': [{ score: 0.87, behind_firewall: true }],
      },
    ],
    [
      'builtwith-techstack',
      {
        'extracted.company_builtwith': [
          { technology_name: 'Google Analytics' },
          { technology_name: 'React' },
        ],
        'reference.technologies': [
          { name: 'Google Analytics', categories: ['Analytics and Tracking', 'Audience Measurement'] },
          { name: 'React', url: 'https://react.example' },
        ],
        'core.company_tech_on_site': [{ source: 'builtwith' }, { source: 'builtwith' }],
      },
    ],
    [
      'company-public',
      {
        'core.company_public': [{ company_name: 'Acme Example Inc.', ticker: null }],
        'core.company_types': [{ matched_type: 'Public Company', source: 'manual' }],
      },
    ],
    [
      'company-ticker',
      { 'extracted.company_ticker': [{ ticker: 'ACME-A' }], 'core.company_public': [{ ticker: 'ACME-A' }] },
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
        const stored = await rowsOf(sql, table);
        expect(stored, table).toHaveLength(rows.length);
        expect(stored, table).toEqual(
          expect.arrayContaining(rows.map((each: object) => expect.objectContaining(each))),
        );
      }
    }
  });
});

describe('a page of ads', () => {
  const google = (sql: AnySql, payload: Record<string, unknown>, at: At = {}) =>
    ok(sql, 'google-ads-ingest', { google_ads_payload: payload }, at);
  const summary = (sql: AnySql) => rowsOf(sql, 'core.company_google_ads');

  test('without a total shrinks no count, and erases no advertiser', async ({ sql }) => {
    await google(sql, { ads: [{ creative_id: 'a', advertiser_id: 'AR1' }], total_ad_count: 40 }, january);
    expect(await google(sql, { ads: [{ creative_id: 'b' }], total_ad_count: 0 }, march)).toMatchObject({
      total_ads: 1,
    });
    expect(await summary(sql)).toMatchObject([{ is_running_ads: true, ad_count: 40, advertiser_id: 'AR1' }]);
    expect(await rowsOf(sql, 'extracted.company_google_ads')).toHaveLength(2);
  });

  test('counts itself as long as no total is known, without elements that are no ads', async ({ sql }) => {
    expect(await google(sql, { ads: [{ creative_id: 'a' }, 'text', null] })).toMatchObject({
      ads_extracted: 1,
      total_ads: 1,
    });
    expect(await summary(sql)).toMatchObject([{ is_running_ads: true, ad_count: 1 }]);
  });

  test.for([[{}], [{ ads: null, total_ad_count: null }], [{ ads: [] }]] as const)(
    '%j means that none run',
    async ([payload], { sql }) => {
      expect(await google(sql, payload)).toMatchObject({
        ads_extracted: 0,
        total_ads: 0,
        is_running_ads: false,
      });
      expect(await summary(sql)).toMatchObject([{ is_running_ads: false, ad_count: 0 }]);
    },
  );

  test('an older page that arrives late changes nothing that is newer', async ({ sql }) => {
    await google(sql, { ads: [{ creative_id: 'a', format: 'image' }], total_ad_count: 5 }, march);
    await google(sql, { ads: [{ creative_id: 'a', format: 'text' }], total_ad_count: 50 }, january);
    expect(await value(sql`select format from extracted.company_google_ads`)).toBe('image');
    expect(await summary(sql)).toMatchObject([{ ad_count: 5 }]);
  });

  test('a total in text counts; variants and dates of any kind fail nothing', async ({ sql }) => {
    await google(sql, { ads: [{ creative_id: 7, variants: ['x'] }, { variants: {} }], total_ad_count: '12' });
    expect(await summary(sql)).toMatchObject([{ ad_count: 12 }]);
    expect((await rowsOf(sql, 'extracted.company_google_ads')).map((ad) => ad['creative_id']).sort()).toEqual(
      ['7', null],
    );
  });

  test('parts of a LinkedIn ad that are text fail nothing, and a missing page_id erases none', async ({
    sql,
  }) => {
    const linkedin = (payload: Record<string, unknown>, at: At) =>
      ok(sql, 'linkedin-ads-ingest', { linkedin_ads_payload: payload }, at);
    await linkedin({ ads: [{ ad_id: '1' }], page_id: 99, total_ads: 9 }, january);
    const { warnings } = await linkedin(
      { ads: [{ ad_id: '1', headline: 'text', advertiser: 'Acme', image: null }] },
      march,
    );
    expect(warnings).toHaveLength(2);
    expect(await rowsOf(sql, 'core.company_linkedin_ads')).toMatchObject([{ ad_count: 9, page_id: '99' }]);
  });

  test('Meta: other names of fields, a creative that is text, platforms as text', async ({ sql }) => {
    const meta = (payload: Record<string, unknown>) =>
      ok(sql, 'meta-ads-ingest', { meta_ads_payload: payload });
    const ad = {
      ad_id: '1',
      ad_delivery_start_time: '2026-01-01',
      ad_status: 'ACTIVE',
      link_url: 'https://acme.example',
      id: '',
    };
    expect(
      await meta({
        results: [{ ...ad, ad_creative: 'Fly!', platform: 'facebook' }],
        platform: 'facebook, instagram',
      }),
    ).toMatchObject({
      platforms: ['facebook', 'instagram'],
    });
    expect(await rowsOf(sql, 'extracted.company_meta_ads')).toMatchObject([
      {
        ad_id: '1',
        ad_creative_body: 'Fly!',
        start_date: '2026-01-01',
        status: 'ACTIVE',
        landing_page_url: 'https://acme.example',
        platform: 'facebook',
      },
    ]);
    expect(await meta({ results: [] })).toMatchObject({ platforms: [], is_running_ads: false });
    expect(await rowsOf(sql, 'core.company_meta_ads')).toMatchObject([
      { platforms: ['facebook', 'instagram'] },
    ]);
  });

  test.for(['google', 'linkedin', 'meta'])(
    '%s: a payload that is no object, and an empty domain, are refused',
    async (network, { sql }) => {
      const payload = `${network}_ads_payload`;
      expect(
        await run(sql, `${network}-ads-ingest`, { domain: 'acme.example', [payload]: [] }),
      ).toMatchObject({ status: 422 });
      expect(await run(sql, `${network}-ads-ingest`, { domain: ' ', [payload]: {} })).toMatchObject({
        status: 422,
      });
    },
  );
});

describe('technologies', () => {
  const builtwith = (sql: AnySql, payload: unknown, at: At = {}) =>
    ok(sql, 'builtwith-techstack', { builtwith_payload: payload }, at);
  const predictleads = (sql: AnySql, payload: unknown, at: At = {}) =>
    ok(sql, 'predictleads-techstack', { predictleads_payload: payload }, at);

  test('are the same whatever the case and blanks; a bare list will do; empty categories are dropped', async ({
    sql,
  }) => {
    expect(
      await builtwith(sql, [
        { Name: 'Google Analytics', Categories: 'a,,b' },
        { name: ' google  analytics ' },
        { Name: '' },
        'x',
      ]),
    ).toMatchObject({ technologies_count: 1 });
    expect(await rowsOf(sql, 'core.company_technologies')).toHaveLength(1);
    await builtwith(sql, [{ Name: 'React', Categories: 'a,,b' }]);
    expect(
      await value(sql`select categories from extracted.company_builtwith where technology_key = 'react'`),
    ).toEqual(['a', 'b']);
  });

  test.for(['builtwith', 'predictleads'])(
    '%s: a payload without the list is refused',
    async (provider, { sql }) => {
      for (const payload of [null, 'x', {}, { technologies: null, matchesFound: null }]) {
        expect(
          await run(sql, `${provider}-techstack`, {
            domain: 'acme.example',
            [`${provider}_payload`]: payload,
          }),
        ).toMatchObject({ status: 422, body: { errors: [{ pointer: `/${provider}_payload` }] } });
      }
      expect(await value(sql`select count(*)::int from raw.payloads`)).toBe(0);
    },
  );

  test('the dates of a detection only widen, whatever arrives in which order', async ({ sql }) => {
    await builtwith(sql, [{ Name: 'React', FirstDetected: '2022-01-01', LastDetected: '2026-01-10' }], march);
    await builtwith(
      sql,
      [{ Name: 'React', FirstDetected: '2021-01-01', LastDetected: '2023-01-10' }],
      january,
    );
    await builtwith(sql, [{ Name: 'React' }]);
    expect(await rowsOf(sql, 'core.company_technologies')).toMatchObject([
      { first_detected: '2021-01-01', last_detected: '2026-01-10' },
    ]);

    const seen = (first: string, last: string, score?: number) => [
      { title: 'React', first_seen_at: `${first}T00:00:00Z`, last_seen_at: `${last}T00:00:00Z`, score },
    ];
    await predictleads(sql, seen('2022-01-01', '2026-01-10', 0.9), march);
    await predictleads(sql, seen('2021-01-01', '2023-01-10', 0.1), january);
    expect(await rowsOf(sql, 'core.company_predictleads_technologies')).toMatchObject([
      {
        first_seen_at: expect.stringMatching(/^2021-01-01/),
        last_seen_at: expect.stringMatching(/^2026-01-10/),
        score: 0.9,
      },
    ]);
    const before = await fingerprint(sql);
    await sql`select etl.rebuild()`;
    expect(await fingerprint(sql)).toBe(before);
  });

  test('what a later payload leaves out of the PredictLeads catalogue stays', async ({ sql }) => {
    await predictleads(sql, [{ title: 'React', url: 'https://react.example', categories: 'ui' }], january);
    await predictleads(sql, [{ title: 'REACT', domain: 'react.example' }], march);
    expect(await rowsOf(sql, 'reference.predictleads_technologies')).toMatchObject([
      { url: 'https://react.example', technology_domain: 'react.example', categories: ['ui'] },
    ]);
  });
});

describe('a public company', () => {
  test('keeps what a later call leaves out, and its ticker', async ({ sql }) => {
    await ok(sql, 'company-public', {
      company_name: 'Acme',
      linkedin_url: 'https://www.linkedin.com/company/acme',
    });
    await ok(sql, 'company-ticker', { ticker_payload: 'acme' });
    expect(await ok(sql, 'company-public', { domain: 'https://www.acme.example/investors' })).toMatchObject({
      domain: 'acme.example',
    });
    expect(await rowsOf(sql, 'core.company_public')).toMatchObject([
      { company_name: 'Acme', linkedin_url: 'https://www.linkedin.com/company/acme', ticker: 'ACME' },
    ]);
  });

  test.for([
    ['acme', 'ACME'],
    [' $brk.b ', 'BRK-B'],
    [{ ticker: 'NYSE: BRK.B', note: 1 }, 'BRK-B'],
  ] as const)('the ticker %j is %s at the SEC', async ([ticker_payload, ticker], { sql }) => {
    await sql`insert into reference.sec_company_info (ticker, cik, sec_company_name) values (${ticker}, '0000012345', 'Example Inc.')`;
    expect(await ok(sql, 'company-ticker', { ticker_payload })).toMatchObject({
      ticker,
      cik: '0000012345',
      sec_company_name: 'Example Inc.',
    });
    expect(await value(sql`select payload -> 'sec_cik' from raw.company_ticker_payloads`)).toBe('0000012345');
    expect(await value(sql`select payload from raw.payloads`)).toEqual(ticker_payload);
  });

  test.for([[null], [''], [' $ '], [5], [{}], [{ ticker: null }], [{ ticker: 5 }]])(
    'no ticker (%j) is refused',
    async ([ticker_payload], { sql }) => {
      expect(await run(sql, 'company-ticker', { domain: 'acme.example', ticker_payload })).toMatchObject({
        status: 422,
        body: { code: 'BADRQ' },
      });
    },
  );

  test('a ticker that the SEC does not know yet stays unresolved, visibly', async ({ sql }) => {
    expect(await ok(sql, 'company-ticker', { ticker_payload: 'ACME' })).toMatchObject({
      ticker: 'ACME',
      cik: null,
    });
  });
});
