import { describe, expect } from 'vitest';

import { test } from '../http/support/api.ts';
import { rowsOf } from '../sql/support/calls.ts';
import { testProducer } from '../support/producer.ts';
import { pricingPage, startModels, startWebsite } from './support/servers.ts';

const pricingModel = '/run/companies/gemini/pricing-model-check/infer';
const country = '/run/companies/gemini/country/infer';
const comparisons = '/run/companies/gemini/comparison-page-check/infer';

function gemini(models: { url: string }) {
  return { googleApiKey: 'test-key', googleBaseUrl: `${models.url}/gemini` };
}

describe('an inference over HTTP', () => {
  test('may search the web where the workflow says so; the pages that its answer rests on land with it', async ({
    serve,
    pool,
  }) => {
    const pages = [{ web: { uri: 'https://news.example/acme', title: 'Acme on LinkedIn' } }];
    await using models = await startModels([
      {
        json: { linkedin_url: 'https://www.linkedin.com/company/searched-example' },
        grounding: { webSearchQueries: ['searched example linkedin'], groundingChunks: pages },
      },
    ]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    const { status, body } = await call('/run/companies/gemini/linkedin-url/get', {
      json: { company_name: 'Searched Example', domain: 'searched.example' },
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { linkedin_url: 'https://www.linkedin.com/company/searched-example' },
    });
    expect(models.asked[0]?.tools).toMatchObject([{ googleSearch: {} }]);
    const [payload] = await pool`
      select payload -> 'sources' as sources from raw.payloads where id = ${body.raw_payload_id}`;
    expect(payload).toEqual({
      sources: [{ url: 'https://news.example/acme', title: 'Acme on LinkedIn' }],
    });
    const { body: explained } = await call('/api/companies/searched.example/explain');
    expect(explained.payloads).toMatchObject([
      {
        payload_id: body.raw_payload_id,
        workflow_slug: 'infer-company-linkedin-url',
        model: 'google:gemini-3-flash-preview',
        sources: [{ url: 'https://news.example/acme', title: 'Acme on LinkedIn' }],
      },
    ]);
  });

  test('reads the page, asks the model, lands the answer and gives the documented fields', async ({
    serve,
    pool,
  }) => {
    await using site = await startWebsite({ '/pricing': pricingPage });
    await using models = await startModels([
      { json: { pricing_model: 'seat_based', explanation: 'It says "per user per month".' } },
    ]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));

    const { status, body } = await call(pricingModel, {
      json: { domain: 'https://www.Seats.example/', pricing_page_url: `${site.url}/pricing` },
    });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        success: true,
        raw_id: body.raw_payload_id,
        raw_payload_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        domain: 'seats.example',
        pricing_model: 'seat_based',
        explanation: 'It says "per user per month".',
      },
    });

    const [asked] = models.asked;
    expect(asked?.model).toBe('gemini-3-flash-preview');
    for (const words of ['$10 per user per month', 'Book a demo', 'Start free trial', 'Contact sales']) {
      expect(asked?.prompt).toContain(words);
    }
    expect(asked?.prompt).not.toContain('never shown');
    expect(asked?.schema).toMatchObject({
      properties: {
        pricing_model: {
          enum: ['seat_based', 'usage_based', 'flat', 'tiered', 'custom', 'multiple', 'unknown'],
        },
      },
    });

    expect(await rowsOf(pool, 'core.company_pricing_model')).toEqual([
      expect.objectContaining({ domain: 'seats.example', pricing_model: 'seat_based', source: 'gemini' }),
    ]);
    const [payload] = await pool`select payload, request from raw.payloads where id = ${body.raw_payload_id}`;
    expect(payload).toEqual({
      request: { domain: 'https://www.Seats.example/', pricing_page_url: `${site.url}/pricing` },
      payload: {
        answer: { pricing_model: 'seat_based', explanation: 'It says "per user per month".' },
        model: 'google:gemini-3-flash-preview',
        prompt_version: expect.stringMatching(/^[0-9a-f]{12}$/),
        input_tokens: 1000,
        output_tokens: 50,
        cost_usd: 0.00065,
        calls: 1,
        duration_ms: expect.any(Number),
        pages: [
          expect.objectContaining({ url: `${site.url}/pricing`, status: 200, title: 'Pricing | Acme' }),
        ],
      },
    });
    const { body: explained } = await call('/api/companies/seats.example/explain');
    expect(explained.payloads).toMatchObject([
      {
        payload_id: body.raw_payload_id,
        model: 'google:gemini-3-flash-preview',
        pages: [`${site.url}/pricing`],
      },
    ]);
  });

  test('answers from what the model knows, with tokens and cost, and lands that too', async ({
    serve,
    pool,
  }) => {
    await using models = await startModels([
      { json: { city: 'Berlin', state: null, country: 'Germany' }, inputTokens: 200, outputTokens: 20 },
    ]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    const { status, body } = await call(country, {
      json: { company_name: 'Known Example', domain: 'known.example' },
    });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        success: true,
        raw_id: expect.any(String),
        raw_payload_id: expect.any(String),
        company_name: 'Known Example',
        city: 'Berlin',
        state: null,
        country: 'Germany',
        input_tokens: 200,
        output_tokens: 20,
        cost_usd: 0.00016,
      },
    });
    expect(await pool`select domain, city, country from extracted.inferred_company_locations`).toEqual([
      { domain: 'known.example', city: 'Berlin', country: 'Germany' },
    ]);
  });

  test('answers a question without a domain, and lands nothing under no company', async ({ serve, pool }) => {
    await using models = await startModels([{ json: { city: null, state: null, country: null } }]);
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    const { status, body } = await call(country, { json: { company_name: 'Nobody Knows It' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, company_name: 'Nobody Knows It', country: null });
    expect(await pool`select from raw.payloads where id = ${body.raw_payload_id}`).toHaveLength(0);
    expect((await call(`/productions/${body.raw_payload_id}`)).body).toMatchObject({
      state: 'done',
      response: { company_name: 'Nobody Knows It' },
    });
  });

  test('lists comparison pages from the links of the homepage', async ({ serve, pool }) => {
    await using models = await startModels([
      {
        json: {
          comparison_pages: [
            {
              url: 'https://compares.example/vs/other',
              title: 'Compares vs Other',
              competitor: 'Other',
            },
          ],
        },
      },
    ]);
    const producer = testProducer(pool, gemini(models));
    const fetcher = '00000000-0000-4000-8000-000000000001';
    await producer.store.claimPage('https://compares.example', fetcher, 60);
    await producer.store.keepPage('https://compares.example', fetcher, {
      finalUrl: 'https://compares.example/',
      status: 200,
      content: {
        title: 'Compares',
        description: null,
        text: 'We compare.',
        links: [{ text: 'Compares vs Other', href: 'https://compares.example/vs/other' }],
        is_cut: false,
      },
      etag: null,
      lastModified: null,
    });
    const { call } = await serve({}, producer);
    const { status, body } = await call(comparisons, { json: { domain: 'compares.example' } });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        domain: 'compares.example',
        has_comparison_pages: true,
        comparison_count: 1,
        comparison_pages: [
          {
            url: 'https://compares.example/vs/other',
            title: 'Compares vs Other',
            competitor: 'Other',
          },
        ],
        competitors_mentioned: ['Other'],
      },
    });
    expect(models.asked[0]?.prompt).toContain('Compares vs Other | https://compares.example/vs/other');
  });
});
