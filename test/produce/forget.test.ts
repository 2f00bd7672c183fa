import { expect } from 'vitest';

import { createLog } from '../../src/log.ts';
import { startProductionLoop } from '../../src/worker/production-loop.ts';
import { test } from '../http/support/api.ts';
import type { AnySql } from '../sql/support/calls.ts';
import { traces } from '../sql/support/traces.ts';
import { until } from '../support/hq.ts';
import { testProducer } from '../support/producer.ts';
import { pricingPage, startModels, startServer, startWebsite } from './support/servers.ts';

const path = '/run/companies/gemini/pricing-model-check/infer';
const answer = { json: { pricing_model: 'flat', explanation: 'One price at Secret Inc.' } };
const page = pricingPage.replace('Pricing | Acme', 'Prices of Secret Inc');
const log = createLog({ level: 'silent', pretty: false });

function gemini(models: { url: string }) {
  return { googleApiKey: 'test-key', googleBaseUrl: `${models.url}/gemini` };
}

/** Where anything about the company still stands, but for what keeps it out. */
async function left(sql: AnySql, domain: string) {
  return (await traces(sql, domain, 'Secret Inc')).filter(
    (table) => !['etl.suppressions', 'etl.changes'].includes(table),
  );
}

test('what was landed goes with its pages, calls and production, and a retry brings nothing back', async ({
  serve,
  pool,
}) => {
  await using site = await startWebsite({ '/pricing': page, '/other': pricingPage });
  await using models = await startModels([
    answer,
    { json: { pricing_model: 'flat', explanation: 'One price.' } },
  ]);
  const { call } = await serve({}, testProducer(pool, gemini(models)));
  const ask = (domain: string, where: string) =>
    call(path, {
      json: { domain, pricing_page_url: `${site.url}${where}` },
      headers: { 'Idempotency-Key': domain },
    });
  const { body } = await ask('landed.example', '/pricing');
  await ask('another.example', '/other');
  expect(await traces(pool, 'landed.example')).toContain('etl.productions');
  expect(await traces(pool, 'Secret Inc')).toContain('etl.page_contents');
  await pool`select etl.forget('landed.example')`;
  expect(await left(pool, 'landed.example')).toEqual([]);
  expect(await pool`select url from etl.pages`).toEqual([{ url: `${site.url}/other` }]);
  expect((await call(`/productions/${body.raw_payload_id}`)).status).toBe(404);
  expect(await pool`select etl.retry_productions() as retried`).toEqual([{ retried: 0 }]);
  // What it cost was spent all the same.
  expect(await pool`select sum(calls)::int as calls from etl.inference_costs`).toEqual([{ calls: 2 }]);
});

test('the caller of a question under way gets 410, and its answer is dropped', async ({ serve, pool }) => {
  await using site = await startWebsite({ '/pricing': page });
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await using models = await startServer(async (_request, response) => {
    await held;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(
      JSON.stringify({
        candidates: [
          {
            content: { role: 'model', parts: [{ text: JSON.stringify(answer.json) }] },
            finishReason: 'STOP',
          },
        ],
      }),
    );
  });
  const { call } = await serve({}, testProducer(pool, gemini(models)));
  const asking = call(path, { json: { domain: 'flight.example', pricing_page_url: `${site.url}/pricing` } });
  await until('the model is asked', async () => models.requests.length === 1);
  await pool`select etl.forget('flight.example')`;
  release();
  const { status, body } = await asking;
  expect({ status, body }).toMatchObject({
    status: 410,
    body: { type: '/problems/forgotten', code: 'FORGT' },
  });
  expect(await left(pool, 'flight.example')).toEqual([]);
  expect((await call(body.status_url)).body).toMatchObject({ state: 'failed', error: { code: 'FORGT' } });
});

test('a page that is being read at that moment is not kept', async ({ serve, pool }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await using site = await startServer(async (_request, response) => {
    await held;
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
  });
  await using models = await startModels([answer]);
  const { call } = await serve({}, testProducer(pool, gemini(models)));
  const asking = call(path, { json: { domain: 'reading.example', pricing_page_url: `${site.url}/pricing` } });
  await until('the page is fetched', async () => site.requests.length === 1);
  await pool`select etl.forget('reading.example')`;
  release();
  expect((await asking).status).toBe(410);
  expect(await left(pool, 'reading.example')).toEqual([]);
  expect(await pool`select from etl.pages where url like ${`${site.url}%`}`).toEqual([]);
  expect(models.requests).toHaveLength(0);
});

test('a job goes on without its forgotten records, and ends', async ({ serve, pool }) => {
  await using models = await startModels([{ json: { city: null, state: null, country: null } }]);
  const producer = testProducer(pool, gemini(models));
  const { call } = await serve({}, producer);
  const bodies = ['one', 'two', 'three'].map((name) => ({
    company_name: `Company ${name}`,
    domain: `job-${name}.example`,
  }));
  const { body: job } = await call('/jobs', { json: { workflow_slug: 'infer-company-country', bodies } });
  await pool`select etl.forget('job-two.example')`;
  const loop = startProductionLoop(producer, { concurrency: 2, everyMs: 50 }, log);
  await until('the job is done', async () => (await call(`/jobs/${job.id}`)).body.state === 'done');
  await loop.stop();
  expect((await call(`/jobs/${job.id}`)).body).toMatchObject({ total: 3, done: 3, errors: 1 });
  expect(models.asked).toHaveLength(2);
  expect(await left(pool, 'job-two.example')).toEqual([]);
});

test('what was accepted before and is worked on after asks nobody', async ({ serve, pool }) => {
  await using models = await startModels([answer]);
  const producer = testProducer(pool, gemini(models));
  const { call } = await serve({}, producer);
  const accepted = await call('/run/companies/gemini/country/infer', {
    json: { company_name: 'Late Example', domain: 'late.example' },
    headers: { Prefer: 'respond-async' },
  });
  // As forgetting leaves it where it did not see the production, which was stored in the same moment.
  await pool`insert into etl.suppressions (entity_key) values ('late.example')`;
  const loop = startProductionLoop(producer, { concurrency: 2, everyMs: 50 }, log);
  const state = async () => (await call(accepted.body.status_url)).body;
  await until('it has ended', async () => (await state()).state === 'failed');
  await loop.stop();
  expect(await state()).toMatchObject({ error: { code: 'FORGT' } });
  expect(models.asked).toHaveLength(0);
  expect(await left(pool, 'late.example')).toEqual([]);
});
