import { describe, expect } from 'vitest';

import { startDeliverer } from '../../src/deliver/deliverer.ts';
import { createLog } from '../../src/log.ts';
import { startProductionLoop } from '../../src/worker/production-loop.ts';
import { fast, startReceiver } from '../deliver/support/receiver.ts';
import { type Call, silent, test } from '../http/support/api.ts';
import { type AnySql, rowsOf, run } from '../sql/support/calls.ts';
import { until } from '../support/hq.ts';
import { testProducer } from '../support/producer.ts';
import { startServer } from './support/servers.ts';

const log = createLog({ level: 'silent', pretty: false });
const contact = 'Acme Data ops@acme.example';

/** The two hosts of the SEC: the list of tickers, filings and facts of one company. */
function startSec() {
  const recent = {
    form: ['8-K', '8-K', '10-Q', '10-K/A', '10-K'],
    filingDate: ['2026-02-01', '2026-01-20', '2025-11-05', '2025-04-01', '2025-03-01'],
    reportDate: ['2026-01-30', '', '2025-09-30', '2024-12-31', '2024-12-31'],
    accessionNumber: [
      '0000004321-26-000005',
      '0000004321-26-000004',
      '0000004321-25-000003',
      '0000004321-25-000002',
      '0000004321-25-000001',
    ],
    primaryDocument: ['a5.htm', 'a4.htm', 'a3.htm', 'a2.htm', ''],
    items: ['5.02,9.01', '15.021', null, '', ''],
  };
  const flow = (start: string, end: string, val: number, fp: string, form: string, accn: string) => ({
    start,
    end,
    val,
    fy: 2025,
    fp,
    form,
    filed: '2025-11-05',
    accn,
  });
  const facts = {
    entityName: 'Acme Example Inc.',
    facts: {
      'us-gaap': {
        Revenues: {
          units: {
            USD: [
              // The quarter, the year to date, and last year's quarter for comparison.
              flow('2025-07-01', '2025-09-30', 300, 'Q3', '10-Q', 'a'),
              flow('2025-01-01', '2025-09-30', 900, 'Q3', '10-Q', 'a'),
              flow('2024-07-01', '2024-09-30', 200, 'Q3', '10-Q', 'a'),
            ],
          },
        },
        RevenueFromContractWithCustomerExcludingAssessedTax: {
          units: { USD: [flow('2024-01-01', '2024-12-31', 1_000, 'FY', '10-K', 'b')] },
        },
        Assets: {
          units: {
            USD: [
              {
                end: '2025-09-30',
                val: 5_000,
                fy: 2025,
                fp: 'Q3',
                form: '10-Q',
                filed: '2025-11-05',
                accn: 'a',
              },
            ],
          },
        },
        EarningsPerShareBasic: {
          units: { 'USD/shares': [flow('2025-07-01', '2025-09-30', 1.5, 'Q3', '10-Q', 'a')] },
        },
      },
    },
  };
  return startServer(({ path }, response) => {
    const answers: Record<string, unknown> = {
      '/files/company_tickers.json': {
        0: { cik_str: 99, ticker: 'OTHER', title: 'Other Inc.' },
        1: { cik_str: 4321, ticker: 'ACMQ', title: 'Acme Example Inc.' },
      },
      '/submissions/CIK0000004321.json': { name: 'ACME EXAMPLE INC', filings: { recent } },
      '/api/xbrl/companyfacts/CIK0000004321.json': facts,
    };
    const found = answers[path];
    response
      .writeHead(found === undefined ? 404 : 200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify(found ?? {}));
  });
}

function secProducer(sql: Parameters<typeof testProducer>[0], sec: { url: string }) {
  return testProducer(sql, {
    secrets: { baseUrls: { sec: sec.url, sec_tickers: sec.url }, values: { HQ_CONTACT: contact } },
  });
}

async function withTicker(sql: AnySql, domain: string, ticker: string) {
  expect((await run(sql, 'company-ticker', { domain, ticker_payload: { ticker } })).status).toBe(200);
}

describe('the SEC', () => {
  test('a ticker is resolved once, and the latest filings come with their links', async ({ serve, pool }) => {
    await using sec = await startSec();
    await withTicker(pool, 'filings.example', 'acmq');
    const { call } = await serve({}, secProducer(pool, sec));
    const { status, body } = await call('/run/companies/sec/filings/fetch', {
      json: { domain: 'filings.example' },
    });
    const executives = {
      filing_date: '2026-02-01',
      report_date: '2026-01-30',
      accession_number: '0000004321-26-000005',
      document_url: 'https://www.sec.gov/Archives/edgar/data/4321/000000432126000005/a5.htm',
      items: '5.02,9.01',
    };
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        domain: 'filings.example',
        cik: '0000004321',
        ticker: 'ACMQ',
        company_name: 'Acme Example Inc.',
        filings: {
          latest_10q: {
            filing_date: '2025-11-05',
            document_url: 'https://www.sec.gov/Archives/edgar/data/4321/000000432125000003/a3.htm',
          },
          latest_10k: { filing_date: '2025-03-01', document_url: null },
          recent_8k_executive_changes: [executives],
          recent_8k_earnings: [],
          recent_8k_material_contracts: [],
        },
      },
    });
    expect(sec.requests.map(({ path }) => path)).toEqual([
      '/files/company_tickers.json',
      '/submissions/CIK0000004321.json',
    ]);
    expect(sec.requests.every(({ headers }) => headers['user-agent'] === contact)).toBe(true);
    expect(
      await pool`select cik, sec_company_name from reference.sec_company_info where ticker = 'ACMQ'`,
    ).toEqual([{ cik: '0000004321', sec_company_name: 'Acme Example Inc.' }]);
    // Known by now: one call is enough, and of the list only the line of the company was kept.
    await call('/run/companies/sec/filings/fetch', { json: { domain: 'filings.example' } });
    expect(sec.requests).toHaveLength(3);
    const [kept] =
      await pool`select payload #> '{results,tickers,body}' as tickers from raw.payloads where id = ${body.raw_payload_id}`;
    expect(kept?.tickers).toEqual([{ cik_str: 4321, ticker: 'ACMQ', title: 'Acme Example Inc.' }]);
  });

  test('figures are kept per period: the quarter itself, neither the year to date nor comparisons', async ({
    serve,
    pool,
  }) => {
    await using sec = await startSec();
    await withTicker(pool, 'figures.example', 'ACMQ');
    const { call } = await serve({}, secProducer(pool, sec));
    const { status, body } = await call('/run/companies/sec/financials/fetch', {
      json: { domain: 'figures.example' },
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        periods_extracted: 2,
        latest_period: {
          period_end: '2025-09-30',
          fiscal_year: 2025,
          fiscal_period: 'Q3',
          revenue: 300,
          net_income: null,
        },
      },
    });
    const rows = await rowsOf(pool, 'extracted.company_financials');
    expect(
      rows.map(({ period_end, revenue, total_assets, eps_basic }) => ({
        period_end,
        revenue,
        total_assets,
        eps_basic,
      })),
    ).toEqual(
      expect.arrayContaining([
        { period_end: '2025-09-30', revenue: 300, total_assets: 5_000, eps_basic: 1.5 },
        { period_end: '2024-12-31', revenue: 1_000, total_assets: null, eps_basic: null },
      ]),
    );
  });

  test('a company without a ticker is a 404 that says what to do; an unknown one, too', async ({
    serve,
    pool,
  }) => {
    await using sec = await startSec();
    const { call } = await serve({}, secProducer(pool, sec));
    const path = '/run/companies/sec/cik/fetch';
    const without = await call(path, { json: { domain: 'private.example' } });
    expect(without).toMatchObject({ status: 404, body: { code: 'UNKEY', domain: 'private.example' } });
    expect(without.body.detail).toContain('/run/companies/ticker/ingest');
    await withTicker(pool, 'unlisted.example', 'NOPE');
    expect(await call(path, { json: { domain: 'unlisted.example' } })).toMatchObject({
      status: 404,
      body: { code: 'UNKEY' },
    });
  });

  test('without HQ_CONTACT the SEC is not called', async ({ serve, pool }) => {
    await using sec = await startSec();
    await withTicker(pool, 'nocontact.example', 'NEWT');
    const producer = testProducer(pool, {
      secrets: { baseUrls: { sec: sec.url, sec_tickers: sec.url }, values: {} },
    });
    const { call } = await serve({}, producer);
    const { status, body } = await call('/run/companies/sec/cik/fetch', {
      json: { domain: 'nocontact.example' },
    });
    expect({ status, type: body.type }).toEqual({ status: 503, type: '/problems/not-configured' });
    expect(sec.requests).toHaveLength(0);
  });
});

/** CompanyEnrich: two companies for most domains, none for "none", trouble for "bad". */
function startCompanyEnrich() {
  return startServer(({ body }, response) => {
    const { domains } = JSON.parse(body) as { domains: [string] };
    const domain = domains[0];
    const items = domain.startsWith('none')
      ? []
      : ['a', 'b'].map((name) => ({
          id: `${domain}-${name}`,
          name: `${name} like ${domain}`,
          domain: `${name}.${domain}`,
          keywords: [name],
        }));
    const scores = { [`${domain}-a`]: 0.4, [`${domain}-b`]: 0.9 };
    response
      .writeHead(domain.startsWith('bad') ? 402 : 200, { 'Content-Type': 'application/json' })
      .end(
        JSON.stringify(domain.startsWith('bad') ? { error: 'no credits' } : { items, metadata: { scores } }),
      );
  });
}

function producerFor(sql: Parameters<typeof testProducer>[0], provider: { url: string }) {
  return testProducer(sql, {
    secrets: { baseUrls: { companyenrich: provider.url }, values: { COMPANYENRICH_API_KEY: 'ce-key' } },
  });
}

async function work(call: Call, producer: ReturnType<typeof testProducer>, job: string) {
  const loop = startProductionLoop(producer, { concurrency: 4, everyMs: 50 }, log);
  await until('the job is done', async () => (await call(`/jobs/${job}`)).body.state === 'done');
  await loop.stop();
}

describe('similar companies', () => {
  test('the provider is asked with its key; a second answer replaces the first set', async ({
    serve,
    pool,
  }) => {
    await using provider = await startCompanyEnrich();
    const { call } = await serve({}, producerFor(pool, provider));
    const ask = () =>
      call('/run/companies/companyenrich/similar/fetch', {
        json: { domain: 'sim.example', similarity_weight: 0.5, country_code: 'us' },
      });
    expect(await ask()).toMatchObject({
      status: 200,
      body: { domain: 'sim.example', status_code: 200, similar_companies_count: 2 },
    });
    await ask();
    expect(provider.requests[0]).toMatchObject({ method: 'POST', path: '/companies/similar/preview' });
    expect(provider.requests[0]?.headers.authorization).toBe('Bearer ce-key');
    expect(JSON.parse(provider.requests[0]?.body ?? '')).toEqual({
      domains: ['sim.example'],
      similarityWeight: 0.5,
      countries: ['US'],
    });
    expect(
      await pool`select company_domain, similarity_score::float from extracted.company_enrich_similar where input_domain = 'sim.example' order by 1`,
    ).toEqual([
      { company_domain: 'a.sim.example', similarity_score: 0.4 },
      { company_domain: 'b.sim.example', similarity_score: 0.9 },
    ]);
  });

  test('reading asks the provider once, also where it knows none', async ({ serve, pool }) => {
    await using provider = await startCompanyEnrich();
    const { call } = await serve({}, producerFor(pool, provider));
    const first = await call('/api/companies/read.example/similar?limit=1');
    expect(first).toMatchObject({
      status: 200,
      body: { success: true, source: 'api', count: 1, similar_companies: [{ similarity_score: 0.9 }] },
    });
    expect((await call('/api/companies/read.example/similar')).body).toMatchObject({
      source: 'cache',
      count: 2,
    });
    await call('/api/companies/none.example/similar');
    expect((await call('/api/companies/none.example/similar')).body).toMatchObject({
      source: 'cache',
      count: 0,
    });
    expect(provider.requests).toHaveLength(2);
    expect((await call('/api/companies/bad.example/similar')).status).toBe(502);
  });

  test('each company is given once, the most alike first, those without a score last', async ({
    serve,
    pool,
  }) => {
    await using provider = await startServer((_, response) => {
      const item = (id: string, domain: string) => ({ id, name: `Name of ${id}`, domain });
      const items = [item('1', 'unscored.example'), item('2', 'again.example'), item('3', 'again.example')];
      const answer = {
        items: [...items, item('4', 'best.example')],
        metadata: { scores: { 2: 0.1, 3: 0.5, 4: 0.9 } },
      };
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    });
    const { call } = await serve({}, producerFor(pool, provider));
    const { body, headers } = await call('/api/companies/HTTPS%3A%2F%2Fwww.Order.example%2F/similar');
    expect(body).toMatchObject({ domain: 'order.example', count: 3 });
    const asked = Date.parse(headers.get('last-modified') ?? '');
    expect(Date.now() - asked, 'says when the provider answered').toBeLessThan(60_000);
    expect(
      body.similar_companies.map((found: Record<string, unknown>) => [
        found.company_domain,
        found.similarity_score,
      ]),
    ).toEqual([
      ['best.example', 0.9],
      ['again.example', 0.5],
      ['unscored.example', null],
    ]);
  });

  test('a key that only reads is shown what is stored, and has nobody asked', async ({
    serve,
    pool,
    keys,
  }) => {
    await using provider = await startCompanyEnrich();
    const { call } = await serve({}, producerFor(pool, provider));
    const headers = { authorization: `Bearer ${keys.read}` };
    const refused = await call('/api/companies/thrift.example/similar', { headers });
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('scope ingest')]);
    expect(provider.requests).toHaveLength(0);
    const asked = await call('/api/companies/thrift.example/similar?refresh=&limit=');
    expect(asked.body).toMatchObject({ source: 'api', count: 2 });
    const read = await call('/api/companies/thrift.example/similar', { headers });
    expect(read.body).toEqual({ ...asked.body, source: 'cache' });
    expect((await call('/api/companies/thrift.example/similar?refresh=True', { headers })).status).toBe(403);
    expect(provider.requests).toHaveLength(1);
  });

  test.for([
    ['/api/companies/ask.example/similar?refresh=true', 2],
    ['/api/companies/ask.example/similar?refresh=True', 2],
    ['/api/companies/ask.example/similar?refresh=false', 1],
    ['/api/companies/ask.example/similar?refresh=', 1],
  ] as const)('%s makes it %i questions', async ([path, questions], { serve, pool }) => {
    await using provider = await startCompanyEnrich();
    const { call } = await serve({}, producerFor(pool, provider));
    await pool`delete from extracted.company_enrich_similar_checks where domain = 'ask.example'`;
    await call('/api/companies/ask.example/similar');
    expect((await call(path)).body).toMatchObject({ source: questions === 2 ? 'api' : 'cache', count: 2 });
    expect(provider.requests).toHaveLength(questions);
  });

  test.for(['limit=0', 'limit=101', 'refresh=perhaps', 'refesh=true', 'domain=other.example'])(
    'refuses ?%s before anybody is asked',
    async (query, { serve, pool }) => {
      await using provider = await startCompanyEnrich();
      const { call } = await serve({}, producerFor(pool, provider));
      expect((await call(`/api/companies/wrong.example/similar?${query}`)).status).toBe(422);
      expect(provider.requests).toHaveLength(0);
    },
  );

  test('a batch tells its progress, and what failed', async ({ serve, pool }) => {
    await using provider = await startCompanyEnrich();
    const producer = producerFor(pool, provider);
    const { call } = await serve({}, producer);
    const { status, body } = await call('/run/companies/companyenrich/similar-batch/fetch', {
      json: {
        domains: ['one.example', 'https://one.example/', 'two.example', 'bad.example', 'not a domain'],
        batch_name: 'competitors',
      },
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { success: true, total_domains: 4, status: 'processing' },
    });
    await work(call, producer, body.batch_id);
    expect(
      (await call(`/api/enrichment/similar-companies/batch/${body.batch_id}/status`)).body,
    ).toMatchObject({
      batch_name: 'competitors',
      status: 'completed_with_errors',
      total_domains: 4,
      processed_domains: 4,
      progress_percent: 100,
      similar_companies_found: 4,
      results_summary: { domains_with_results: 2 },
    });
    expect(
      (await call('/api/enrichment/similar-companies/batch/0190a000-0000-7000-8000-0000000000aa/status'))
        .status,
    ).toBe(404);
  });

  test('two calls at once share the queue: every domain is taken by one of them', async ({ serve, pool }) => {
    await using provider = await startCompanyEnrich();
    const producer = producerFor(pool, provider);
    const { call } = await serve({}, producer);
    await pool`insert into raw.company_enrich_similar_queue (domain) select 'q' || i || '.example' from generate_series(1, 20) as i`;
    const taken = await Promise.all(
      [1, 2, 3].map(() => call('/run/IGNORE/IGNORE/IGNORE/process', { json: { batch_size: 8 } })),
    );
    expect(taken.map(({ body }) => body.domains_to_process as number).sort()).toEqual([4, 8, 8]);
    for (const { body } of taken) await work(call, producer, body.batch_id);
    expect((await call('/api/enrichment/similar-companies/queue/status')).body).toEqual({
      success: true,
      total: 20,
      pending: 0,
      processing: 0,
      done: 20,
      error: 0,
    });
    const [asked] =
      await pool`select count(*)::int as productions, count(distinct entity_key)::int as domains from etl.productions where entity_key like 'q%.example'`;
    expect(asked).toEqual({ productions: 20, domains: 20 });
    expect((await call('/run/IGNORE/IGNORE/IGNORE/process', { json: {} })).body).toMatchObject({
      batch_id: null,
      domains_to_process: 0,
    });
    expect(
      (await call('/api/enrichment/similar-companies/queue/clear', { method: 'DELETE' })).body,
    ).toMatchObject({ success: true, deleted: 20 });
  });
});

describe('the end of a batch of similar companies', () => {
  const process = '/run/IGNORE/IGNORE/IGNORE/process';

  test('is told to the webhook that asked for it, once, with what failed', async ({
    serve,
    pool,
    database,
  }) => {
    await using provider = await startCompanyEnrich();
    const receiver = await startReceiver();
    const producer = producerFor(pool, provider);
    const { call } = await serve({}, producer, fast.outboundAllow);
    await pool`insert into raw.company_enrich_similar_queue (domain) values ('told1.example'), ('bad-told.example')`;
    const { body } = await call(process, { json: { webhook_url: receiver.url } });
    expect(body).toMatchObject({ success: true, domains_to_process: 2, webhook_url: receiver.url });
    await work(call, producer, body.batch_id);

    const deliverer = startDeliverer(database.url, fast, silent);
    await until('the webhook was told', async () => receiver.arrivals.length > 0);
    await until('it is done', async () => (await call('/deliveries')).body[0]?.state === 'done');
    await deliverer.stop();
    receiver.close();
    expect(receiver.arrivals.map((arrival) => arrival.body)).toEqual([
      {
        event: 'batch_completed',
        batch_id: body.batch_id,
        status: 'completed_with_errors',
        total: 2,
        processed: 2,
        errors: 1,
        error_details: [{ domain: 'bad-told.example', error: 'companyenrich answers with status 402.' }],
      },
    ]);
    expect(await pool`select from raw.company_enrich_similar_webhooks`).toEqual([]);
  });

  test('holds up no answer where the workflow that tells of it is switched off, and is told once it is on again', async ({
    serve,
    pool,
    database,
  }) => {
    await using provider = await startCompanyEnrich();
    const receiver = await startReceiver();
    const producer = producerFor(pool, provider);
    const { call } = await serve({}, producer, fast.outboundAllow);
    await pool`insert into raw.company_enrich_similar_queue (domain) values ('quiet.example')`;
    const { body } = await call(process, { json: { webhook_url: receiver.url } });
    const slug = 'similar-companies-batch-completed';
    await pool`
      update reference.enrichment_workflow_registry set is_active = false, inactive_reason = 'for a test' where workflow_slug = ${slug}`;
    await work(call, producer, body.batch_id);
    expect(await pool`select state from etl.productions where entity_key = 'quiet.example'`).toEqual([
      { state: 'done' },
    ]);
    expect(
      await pool`select similar_count from extracted.company_enrich_similar_checks where domain = 'quiet.example'`,
    ).toEqual([{ similar_count: 2 }]);
    expect(await pool`select problem from raw.company_enrich_similar_webhooks`).toEqual([
      { problem: `Workflow "${slug}" is not active: for a test` },
    ]);

    await pool`
      update reference.enrichment_workflow_registry set is_active = true, inactive_reason = null where workflow_slug = ${slug}`;
    const deliverer = startDeliverer(database.url, fast, silent);
    await until('the webhook was told', async () => receiver.arrivals.length > 0);
    await deliverer.stop();
    receiver.close();
    expect(receiver.arrivals.map((arrival) => arrival.body)).toMatchObject([
      { batch_id: body.batch_id, status: 'completed', errors: 0 },
    ]);
    expect(await pool`select from raw.company_enrich_similar_webhooks`).toEqual([]);
  });

  test('is not asked for at an address that may not be called', async ({ serve, pool }) => {
    const { call } = await serve({}, testProducer(pool), fast.outboundAllow);
    await pool`insert into raw.company_enrich_similar_queue (domain) values ('private.example')`;
    for (const webhook_url of [
      'http://169.254.169.254/',
      'http://10.0.0.1/',
      'ftp://acme.example/',
      'hooks',
    ]) {
      expect(await call(process, { json: { webhook_url } }), webhook_url).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/webhook_url' }] },
      });
    }
    expect(
      await pool`select status from raw.company_enrich_similar_queue where domain = 'private.example'`,
    ).toEqual([{ status: 'pending' }]);
  });
});

describe('a job of many bodies', () => {
  test('runs a workflow for a list of domains; refused ones are its errors, and it can be cancelled', async ({
    serve,
    pool,
  }) => {
    const { call } = await serve({}, testProducer(pool));
    const { status, body } = await call('/jobs', {
      json: {
        workflow_slug: 'company-enrich-similar-single',
        domains: ['job1.example', 'job2.example', 'no domain'],
        with: { country_code: 'DE' },
        name: 'a list',
      },
    });
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { name: 'a list', state: 'running', total: 3, done: 1, errors: 1 },
    });
    expect(await pool`select body from etl.productions where job_id = ${body.id} order by id`).toEqual([
      { body: { domain: 'job1.example', country_code: 'DE' } },
      { body: { domain: 'job2.example', country_code: 'DE' } },
    ]);
    expect((await call(`/jobs/${body.id}/cancel`, { method: 'POST' })).body).toMatchObject({
      state: 'cancelled',
    });
    expect(await pool`select distinct state from etl.productions where job_id = ${body.id}`).toEqual([
      { state: 'cancelled' },
    ]);
  });

  test('refuses what cannot be a job', async ({ serve, pool }) => {
    const { call } = await serve({}, testProducer(pool));
    for (const [json, code] of [
      [{ workflow_slug: 'companyenrich', domains: ['a.example'] }, 422],
      [{ workflow_slug: 'infer-nothing', domains: ['a.example'] }, 404],
      [{ workflow_slug: 'fetch-meta-description', domains: [] }, 422],
      [{ workflow_slug: 'fetch-meta-description', domains: ['no domain'] }, 422],
      [{ domains: ['a.example'] }, 422],
    ] as const) {
      expect((await call('/jobs', { json })).status).toBe(code);
    }
  });
});
