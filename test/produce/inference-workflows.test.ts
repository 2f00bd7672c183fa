import { describe, expect } from 'vitest';

import type { Producer } from '../../src/produce/producer.ts';
import type { PageContent } from '../../src/produce/store.ts';
import { test } from '../http/support/api.ts';
import { rowsOf } from '../sql/support/calls.ts';
import { testProducer } from '../support/producer.ts';
import { pricingPage, startModels, startWebsite } from './support/servers.ts';

const gemini = (models: { url: string }) => ({
  googleApiKey: 'test-key',
  googleBaseUrl: `${models.url}/gemini`,
});

/** Keeps a page as if it had been read just now: homepages are at https:// addresses that no test server has. */
async function keepPage(producer: Producer, url: string, content: Partial<PageContent>) {
  const fetcher = '00000000-0000-4000-8000-000000000001';
  await producer.store.claimPage(url, fetcher, 60);
  await producer.store.keepPage(url, fetcher, {
    finalUrl: url,
    status: 200,
    content: { title: 'Acme', description: null, text: '', links: [], is_cut: false, ...content },
    etag: null,
    lastModified: null,
  });
}

const caseStudy = `<!doctype html><html><head><title>Globex | Acme</title></head><body>
  <h1>How Globex went up</h1>
  <p>"It flies", says Ada Example, Head of Operations at <a href="https://www.globex.example/">Globex</a>.</p>
  <p>Globex is a company that builds a great many things, and needed to have them delivered in time.</p>
</body></html>`;

describe('inference workflows over HTTP', () => {
  test('several attributes of one pricing page cost one fetch', async ({ serve, pool }) => {
    await using site = await startWebsite({ '/pricing': pricingPage });
    await using models = await startModels(({ prompt }) => ({
      json: prompt.includes('free_trial is one of')
        ? { free_trial: 'yes', explanation: '"Start free trial".' }
        : { sales_motion: 'hybrid', contact_sales_cta: 'yes', explanation: '"Contact sales".' },
    }));
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    const json = { domain: 'one-fetch.example', pricing_page_url: `${site.url}/pricing` };
    expect((await call('/run/companies/gemini/free-trial-check/infer', { json })).body).toMatchObject({
      success: true,
      domain: 'one-fetch.example',
      free_trial: 'yes',
      explanation: '"Start free trial".',
    });
    expect((await call('/run/companies/gemini/sales-motion-check/infer', { json })).body).toMatchObject({
      sales_motion: 'hybrid',
      contact_sales_cta: 'yes',
    });
    expect(site.requests.filter(({ path }) => path === '/pricing')).toHaveLength(1);
    expect(models.asked.map(({ prompt }) => prompt.includes('Book a demo'))).toEqual([true, true]);
  });

  test('a value that is not allowed is asked for once more, and then is a failure that changes nothing', async ({
    serve,
    pool,
  }) => {
    await using site = await startWebsite({ '/pricing': pricingPage });
    await using models = await startModels([{ json: { free_trial: 'maybe', explanation: 'Hm.' } }]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    const { status, body } = await call('/run/companies/gemini/free-trial-check/infer', {
      json: { domain: 'maybe.example', pricing_page_url: `${site.url}/pricing` },
    });
    expect(status).toBe(502);
    expect(body).toMatchObject({ success: false, raw_payload_id: expect.any(String) });
    expect(models.asked).toHaveLength(2);
    expect(await pool`select from core.company_free_trial where domain = 'maybe.example'`).toHaveLength(0);
  });

  test('webinars are read from the page that the homepage links to', async ({ serve, pool }) => {
    await using models = await startModels([{ json: { webinars: [{ title: 'Wings', topic: 'rockets' }] } }]);
    const producer = testProducer(pool, gemini(models));
    const listing = 'https://webinars.example/webinars';
    await keepPage(producer, 'https://webinars.example', { links: [{ text: 'Learn', href: listing }] });
    await keepPage(producer, listing, { text: 'On demand: Wings. '.repeat(10) });
    const { call } = await serve({}, producer);
    const path = '/run/companies/gemini/webinars-status-data/infer';
    expect((await call(path, { json: { domain: 'webinars.example' } })).body).toMatchObject({
      has_webinars: true,
      webinar_count: 1,
      webinars: [{ title: 'Wings', topic: 'rockets' }],
      webinar_topics: ['rockets'],
    });
    expect(models.asked[0]?.prompt).toContain('On demand: Wings.');
    expect(await rowsOf(pool, 'extracted.company_webinars')).toMatchObject([
      { webinar_url: listing, webinar_title: 'Wings' },
    ]);

    await keepPage(producer, 'https://none.example', {
      links: [{ text: 'Pricing', href: 'https://none.example/p' }],
    });
    expect((await call(path, { json: { domain: 'none.example' } })).body).toMatchObject({
      has_webinars: false,
      webinars: [],
    });
    expect(models.asked).toHaveLength(1);
  });

  test('a domain that is the answer is the key; none is answered, and lands nowhere', async ({
    serve,
    pool,
  }) => {
    await using models = await startModels([
      { json: { domain: 'www.inferred.example', confidence: 'high', reasoning: 'Seen.' } },
      { json: { domain: null, confidence: 'low', reasoning: 'Two companies have this name.' } },
    ]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    const path = '/run/companies/gemini/crunchbase-url/get';
    const found = await call(path, {
      json: { company_name: 'Inferred', crunchbase_url: 'https://www.crunchbase.com/organization/inferred' },
    });
    expect(found).toMatchObject({
      status: 200,
      body: { inferred_domain: 'inferred.example', confidence: 'high', extracted_id: expect.any(String) },
    });
    expect(await pool`select entity_key from raw.payloads where id = ${found.body.raw_payload_id}`).toEqual([
      { entity_key: 'inferred.example' },
    ]);
    const unknown = await call(path, {
      json: { company_name: 'Twin', crunchbase_url: 'https://www.crunchbase.com/organization/twin' },
    });
    expect(unknown).toMatchObject({
      status: 200,
      body: { success: true, inferred_domain: null, extracted_id: null, confidence: 'low' },
    });
    expect(await pool`select from raw.payloads where id = ${unknown.body.raw_payload_id}`).toHaveLength(0);
    expect((await call(`/productions/${unknown.body.raw_payload_id}`)).body).toMatchObject({ state: 'done' });
  });

  test('an investor that cannot be confirmed is not found', async ({ serve, pool }) => {
    await using models = await startModels([{ json: { domain: null, evidence: 'No site says so.' } }]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    expect(
      await call('/run/companies/gemini/vc-domain/get', { json: { vc_name: 'Nobody Capital' } }),
    ).toMatchObject({
      status: 200,
      body: { success: true, vc_name: 'Nobody Capital', domain: null, found: false },
    });
  });

  test('a case study is fetched, and its people reach core', async ({ serve, pool }) => {
    await using site = await startWebsite({ '/customers/globex': caseStudy });
    await using models = await startModels([
      {
        json: {
          article_title: 'How Globex went up',
          customer_company_domain: 'globex.example',
          champions: [{ full_name: 'Ada Example', job_title: 'Head of Operations', company_name: 'Globex' }],
          confidence: 'high',
          reasoning: 'It is quoted.',
        },
      },
    ]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    const json = {
      origin_company_name: 'Acme Example',
      origin_company_domain: 'studies.example',
      case_study_url: `${site.url}/customers/globex`,
      company_customer_name: 'Globex',
      has_case_study_url: true,
      workflow_slug: 'gemini-extract-case-study-details',
    };
    const path = '/run/companies/gemini/case-study-extraction/ingest';
    expect(await call(path, { json })).toMatchObject({
      status: 200,
      body: { champion_count: 1, customer_domain_found: true, article_title: 'How Globex went up' },
    });
    expect(models.asked[0]?.prompt).toContain('"It flies", says Ada Example');
    expect(models.asked[0]?.prompt).toContain('Globex | https://www.globex.example/');
    expect(
      await pool`select full_name, company_domain from core.case_study_champions where origin_company_domain = 'studies.example'`,
    ).toEqual([{ full_name: 'Ada Example', company_domain: 'globex.example' }]);
    expect(await call(path, { json: { ...json, case_study_url: `${site.url}/gone` } })).toMatchObject({
      status: 502,
      body: { success: false },
    });
  });

  test('a filing is read as text, without markup and hidden facts', async ({ serve, pool }) => {
    await using site = await startWebsite({
      '/10k.htm': `<html><body><div style="display:none"><ix:header><ix:hidden>0001234567 hidden-fact</ix:hidden></ix:header></div>
        <p>Item 1. Business. ${'<span>We make <b>rockets</b> out of paper.</span> '.repeat(10)}</p></body></html>`,
    });
    await using models = await startModels([
      { json: { is_such_a_document: true, analysis: '## Business overview\nRockets.' } },
    ]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    expect(
      await call('/run/companies/gemini/sec-10k-analysis/infer', {
        json: { document_url: `${site.url}/10k.htm`, company_name: 'Acme' },
      }),
    ).toMatchObject({
      status: 200,
      body: { filing_type: '10-K', company_name: 'Acme', analysis: '## Business overview\nRockets.' },
    });
    expect(models.asked[0]?.prompt).toContain('We make rockets out of paper.');
    expect(models.asked[0]?.prompt).not.toContain('hidden-fact');
  });

  test('an address that nobody knows is split by the model, and one that comes in parts is not', async ({
    serve,
    pool,
  }) => {
    await using models = await startModels([
      {
        json: {
          city: 'Toronto',
          state: 'ON',
          country: null,
          hasCity: true,
          hasState: true,
          hasCountry: false,
        },
      },
    ]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    const path = '/run/companies/claygent/company-address-parsing/ingest';
    const json = { domain: 'address.example', company_registered_address: 'Toronto, ON' };
    expect(await call(path, { json })).toMatchObject({
      status: 200,
      body: {
        domain: 'address.example',
        parsed_address: { city: 'Toronto', state: 'ON', country: null, has_country: false },
      },
    });
    expect(await call(path, { json: { ...json, parsed_address: { city: 'York' } } })).toMatchObject({
      status: 200,
      body: { parsed_address: { city: 'York' } },
    });
    expect(models.asked).toHaveLength(1);
  });

  test('industry, size, LinkedIn page and criteria are answered flat, with what they cost', async ({
    serve,
    pool,
  }) => {
    const criteria = {
      company_criteria: {
        industries: ['Software Development'],
        employee_count_min: 11,
        employee_count_max: null,
        size: ['11-50 employees'],
        countries: [],
        founded_min: null,
        founded_max: null,
      },
      person_criteria: { title_contains_any: ['VP'], title_contains_all: ['Sales'] },
    };
    await using models = await startModels(({ prompt }) => ({
      json: prompt.includes('Which industries does')
        ? { industries: ['Software Development'] }
        : prompt.includes('employee_range')
          ? { employee_range: '11-50' }
          : prompt.includes('page on LinkedIn')
            ? { linkedin_url: 'http://linkedin.com/company/Facts/' }
            : criteria,
    }));
    const producer = testProducer(pool, gemini(models));
    await keepPage(producer, 'https://facts.example', { text: 'We sell facts to sales teams. '.repeat(5) });
    const { call } = await serve({}, producer);
    const json = { company_name: 'Facts', domain: 'facts.example' };
    const accounting = { input_tokens: 1000, output_tokens: 50, cost_usd: expect.any(Number) };
    for (const [path, expected] of [
      ['industry/infer', { best_match: 'Software Development', ...accounting }],
      ['employee-range/infer', { employee_range: '11-50', ...accounting }],
      ['linkedin-url/get', { linkedin_url: 'https://www.linkedin.com/company/facts', ...accounting }],
      ['icp-criteria/infer', criteria],
    ] as const) {
      expect(await call(`/run/companies/gemini/${path}`, { json }), path).toMatchObject({
        status: 200,
        body: { success: true, ...expected },
      });
    }
    expect(
      await call('/run/companies/gemini/target-client-icp/infer', {
        json: { ...json, target_client_id: '018f0000-0000-7000-8000-000000000002' },
      }),
    ).toMatchObject({ status: 200, body: { icp: criteria, ...criteria } });
  });
});
