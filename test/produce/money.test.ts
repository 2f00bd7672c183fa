import { describe, expect } from 'vitest';

import { createLog } from '../../src/log.ts';
import { startProductionLoop } from '../../src/worker/production-loop.ts';
import { type Call, test } from '../http/support/api.ts';
import { until } from '../support/hq.ts';
import { testProducer } from '../support/producer.ts';
import { type Reply, startModels, startServer } from './support/servers.ts';

const path = '/run/companies/gemini/country/infer';
const log = createLog({ level: 'silent', pretty: false });
/** By the prices of gemini-3-flash-preview: 1000 tokens in and 50 out cost 0.00065 US dollars. */
const answer: Reply = { json: { city: 'Berlin', state: null, country: 'Germany' } };

function gemini(models: { url: string }) {
  return { googleApiKey: 'test-key', googleBaseUrl: `${models.url}/gemini` };
}

function ask(call: Call, domain: string, headers: Record<string, string> = {}) {
  return call(path, { json: { company_name: 'Acme Example', domain }, headers });
}

describe('money', () => {
  test('calls of models stop once the month has cost what it may, and go on with a larger budget; what costs nothing never stops', async ({
    serve,
    pool,
  }) => {
    await using models = await startModels([answer]);
    await using provider = await startServer((_request, response) => {
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end('{"items": [], "metadata": {"scores": {}}}');
    });
    const settings = {
      ...gemini(models),
      secrets: { baseUrls: { companyenrich: provider.url }, values: { COMPANYENRICH_API_KEY: 'ce-key' } },
    };
    // What was spent before this month is not this month's.
    await pool`
      insert into etl.provider_calls (production_id, workflow_slug, provider, model, outcome, cost_usd, duration_ms, called_at)
      values ('01a2027a-fdc8-70dd-92f0-063ed7b723a1', 'infer-company-country', 'google', 'google:m', 'ok', 99, 1,
              date_trunc('month', now() at time zone 'utc') at time zone 'utc' - interval '1 second')`;
    const { call } = await serve({}, testProducer(pool, { ...settings, monthlyBudgetUsd: 0.001 }));
    expect((await ask(call, 'first.example')).status).toBe(200);
    expect((await ask(call, 'second.example')).status).toBe(200);
    const refused = await ask(call, 'third.example');
    expect(refused).toMatchObject({
      status: 503,
      body: { type: '/problems/budget-exhausted', code: 'BUDGT', success: false },
    });
    expect(refused.body.detail).toMatch(
      /^The budget of 0\.001 US dollars a month is used up: 0\.0013 were spent since \d{4}-\d\d-01\. Raise HQ_MONTHLY_BUDGET_USD/,
    );
    expect(models.requests).toHaveLength(2);
    expect(
      (await call('/run/companies/companyenrich/similar/fetch', { json: { domain: 'free.example' } })).status,
    ).toBe(200);

    const richer = testProducer(pool, { ...settings, monthlyBudgetUsd: 1 });
    await pool`select etl.retry_productions(array[${refused.body.production_id}]::uuid[])`;
    const loop = startProductionLoop(richer, { concurrency: 1, everyMs: 50 }, log);
    await until('it is done', async () => (await call(refused.body.status_url)).body.state === 'done');
    await loop.stop();
    expect(models.requests).toHaveLength(3);
  });

  test('is told per workflow and day in a view, and for this month in the metrics, failed and repaired calls included', async ({
    serve,
    pool,
  }) => {
    await using models = await startModels([{ text: 'Berlin!' }, answer]);
    await pool`delete from etl.provider_calls`;
    await pool`delete from etl.past_call_costs`;
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    await ask(call, 'repaired.example');
    await pool`update etl.provider_calls set called_at = called_at - interval '1 month' where outcome = 'invalid'`;
    expect(
      await pool`
        select workflow_slug, provider, model, calls::int, calls_without_answer::int, input_tokens::int, output_tokens::int, cost_usd::float,
               day = (now() at time zone 'utc')::date as is_today
          from etl.inference_costs order by day`,
    ).toMatchObject([
      { calls: 1, calls_without_answer: 1, cost_usd: 0.00065, is_today: false },
      {
        workflow_slug: 'infer-company-country',
        provider: 'google',
        model: 'google:gemini-3-flash-preview',
        calls: 1,
        calls_without_answer: 0,
        input_tokens: 1000,
        output_tokens: 50,
        cost_usd: 0.00065,
        is_today: true,
      },
    ]);
    const { text } = await call('/metrics');
    const labels = 'workflow="infer-company-country",provider="google"';
    for (const line of [
      `hq_outside_calls_this_month{${labels}} 1`,
      `hq_outside_tokens_this_month{${labels},direction="input"} 1000`,
      `hq_outside_tokens_this_month{${labels},direction="output"} 50`,
      `hq_outside_cost_usd_this_month{${labels}} 0.00065`,
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });
});

describe('patience that a service asks for (Retry-After)', () => {
  const soon = () => new Date(Date.now() + 3_000).toUTCString();

  test('as a date is waited for by models', async ({ serve, pool }) => {
    let isFirst = true;
    await using models = await startModels(() => {
      if (!isFirst) return answer;
      isFirst = false;
      return { status: 429, headers: { 'Retry-After': soon() } };
    });
    const { call } = await serve({}, testProducer(pool, gemini(models)));
    expect((await ask(call, 'dated.example')).status).toBe(200);
    const [first, second] = models.requests;
    // A date has whole seconds.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1_900);
  });

  test('is waited for by providers and for pages', async ({ serve, pool }) => {
    const busyOnce = (body: string, type: string) => {
      let isFirst = true;
      return startServer((_request, response) => {
        if (isFirst) response.writeHead(503, { 'Retry-After': '2' }).end();
        else response.writeHead(200, { 'Content-Type': type }).end(body);
        isFirst = false;
      });
    };
    await using provider = await busyOnce('{"items": [], "metadata": {"scores": {}}}', 'application/json');
    await using site = await busyOnce(`<p>${'It costs ten dollars. '.repeat(10)}</p>`, 'text/html');
    await using models = await startModels([{ json: { pricing_model: 'flat', explanation: 'One price.' } }]);
    const { call } = await serve(
      {},
      testProducer(pool, {
        ...gemini(models),
        secrets: { baseUrls: { companyenrich: provider.url }, values: { COMPANYENRICH_API_KEY: 'ce-key' } },
      }),
    );
    const [similar, pricing] = await Promise.all([
      call('/run/companies/companyenrich/similar/fetch', { json: { domain: 'busy.example' } }),
      call('/run/companies/gemini/pricing-model-check/infer', {
        json: { domain: 'busy.example', pricing_page_url: `${site.url}/pricing` },
      }),
    ]);
    expect([similar.status, pricing.status]).toEqual([200, 200]);
    for (const { requests } of [provider, site]) {
      const [first, second] = requests;
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1_900);
    }
  });

  test('for longer than a call may wait goes back in line for that long, and nobody else asks meanwhile', async ({
    serve,
    pool,
  }) => {
    await using models = await startModels([{ status: 429, headers: { 'Retry-After': '600' } }]);
    const producer = testProducer(pool, gemini(models));
    const { call } = await serve({}, producer);
    const { body: accepted } = await ask(call, 'later.example', { Prefer: 'respond-async' });
    const loop = startProductionLoop(producer, { concurrency: 1, everyMs: 50 }, log);
    const state = async () => (await call(accepted.status_url)).body;
    await until('it was tried', async () => (await state()).attempts === 1 && (await state()).error);
    await loop.stop();
    const waiting = await state();
    expect(waiting).toMatchObject({ state: 'pending', error: { code: 'OUTFL' } });
    expect(Date.parse(waiting.next_attempt_at) - Date.now()).toBeGreaterThan(590_000);

    const other = await ask(call, 'other.example');
    expect(other).toMatchObject({ status: 502, body: { code: 'OUTFL' } });
    expect(other.body.detail).toBe('google asked to be left alone for a while.');
    expect(models.requests).toHaveLength(1);
  });
});
