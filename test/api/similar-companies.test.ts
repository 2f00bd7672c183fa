import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { type Call, type Json, test } from '../http/support/api.ts';

// What the system before this one answered under /api/enrichment/similar-companies, and the defects it had there.

const path = '/api/enrichment/similar-companies';

async function get(call: Call, path: string): Promise<Json> {
  const { status, body } = await call(path);
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(200);
  return body;
}

async function customers(pool: Sql, ...domains: string[]) {
  for (const domain of domains) {
    await pool`
      insert into core.company_customers (id, origin_company_domain, customer_key, customer_domain, source)
      values (gen_random_uuid(), ${`of-${domain}`}, 'k', ${domain}, 'x')`;
  }
}
async function clear(pool: Sql) {
  await pool`truncate core.company_customers, raw.company_enrich_similar_queue, extracted.company_enrich_similar_checks`;
}

test('pending domains: none, and then all, each once, beyond any cap', async ({ call, pool }) => {
  expect(await get(call, `${path}/pending`)).toEqual({
    success: true,
    pending_domains: [],
    total: 0,
    limit: 500,
    offset: 0,
    has_more: false,
  });
  await pool`
    insert into core.company_customers (id, origin_company_domain, customer_key, customer_domain, source)
    select gen_random_uuid(), 'seller' || seller || '.example', 'c' || n, 'c' || lpad(n::text, 4, '0') || '.example', 'x'
      from generate_series(1, 1200) as n, generate_series(1, 2) as seller`;
  await customers(pool, 'WWW.C0001.example', 'asked.example', 'waiting.example', '');
  await pool`
    insert into extracted.company_enrich_similar_checks (id, domain, similar_count, raw_payload_id, observed_at)
    values (gen_random_uuid(), 'asked.example', 0, gen_random_uuid(), now())`;
  await pool`insert into raw.company_enrich_similar_queue (domain) values ('waiting.example')`;
  const whole = await get(call, `${path}/pending?limit=2000`);
  expect(whole).toMatchObject({ total: 1200, has_more: false });
  expect(whole.pending_domains).toEqual(
    Array.from({ length: 1200 }, (_, n) => `c${String(n + 1).padStart(4, '0')}.example`),
  );
  const page = await get(call, `${path}/pending?limit=100&offset=1050`);
  expect(page).toMatchObject({ total: 1200, limit: 100, offset: 1050, has_more: true });
  expect(page.pending_domains).toEqual(whole.pending_domains.slice(1050, 1150));
  for (const query of ['limit=0', 'limit=2001', 'offset=-1', 'limit=x'])
    expect((await call(`${path}/pending?${query}`)).status, query).toBe(422);
  await clear(pool);
});

test.for([
  { batch_size: 0 },
  { batch_size: 2001 },
  { batch_size: 1.5 },
  { batch_size: '5' },
  { similarity_weight: 1.1 },
  { similarity_weight: 'high' },
  { country_code: 'USA' },
  { country_code: 7 },
])('a batch refuses %j', async (json, { call }) => {
  const { status, body } = await call(`${path}/batch`, { json });
  expect(status).toBe(422);
  expect(body.errors[0].pointer).toBe(`/${Object.keys(json)[0]}`);
});

test('a batch takes null for what is left out, and says when there is nothing to do', async ({ call }) => {
  for (const json of [{}, { batch_size: null, similarity_weight: null, country_code: null }]) {
    const { status, body } = await call(`${path}/batch`, { json });
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        queued_domains: 0,
        remaining_pending: 0,
        batch_id: null,
        domains_processing: 0,
        estimated_time_seconds: 0,
        message: 'There is nothing left to do.',
      },
    ]);
  }
});

test('calls at once queue every domain for one of them, in order of the domains', async ({ call, pool }) => {
  await customers(pool, 'd.example', 'b.example', 'a.example', 'c.example');
  const json = { batch_size: 2, similarity_weight: 0.5, country_code: 'de' };
  const answers = await Promise.all([1, 2, 3].map(() => call(`${path}/batch`, { json })));
  const processing = answers.map(({ body }) => body.domains_processing as number);
  expect(processing.reduce((one, other) => one + other, 0)).toBeLessThanOrEqual(4);
  while ((await call(`${path}/batch`, { json })).body.batch_id !== null);
  const made = await pool<{ entity_key: string; body: Json }[]>`
    select entity_key, body from etl.productions where entity_key like '_.example' order by entity_key`;
  expect(made).toEqual(
    ['a', 'b', 'c', 'd'].map((name) => ({
      entity_key: `${name}.example`,
      body: { domain: `${name}.example`, similarity_weight: 0.5, country_code: 'de' },
    })),
  );
  expect(await get(call, `${path}/queue/status`)).toMatchObject({ total: 4, processing: 4, pending: 0 });
  await clear(pool);
});

test('a failed domain is queued again, and so is one that ended without an answer', async ({
  call,
  pool,
}) => {
  await customers(pool, 'failed.example', 'ended.example');
  await pool`
    insert into raw.company_enrich_similar_queue (domain, status) values ('failed.example', 'error'), ('ended.example', 'done')`;
  const { body } = await call(`${path}/batch`, { json: {} });
  expect(body).toMatchObject({ queued_domains: 2, domains_processing: 2, estimated_time_seconds: 1 });
  await clear(pool);
});

test('what a cancelled batch leaves in the queue, the next call begins', async ({ call, pool }) => {
  await customers(pool, 'again.example', 'also.example');
  const first = await call(`${path}/batch`, { json: {} });
  await call(`/jobs/${first.body.batch_id}/cancel`, { method: 'POST' });
  expect((await get(call, `${path}/batch/${first.body.batch_id}/status`)).status).toBe('cancelled');
  expect(await get(call, `${path}/queue/status`)).toMatchObject({ pending: 2 });
  const { body } = await call(`${path}/batch`, { json: {} });
  expect(body).toMatchObject({ queued_domains: 0, domains_processing: 2, batch_id: expect.any(String) });
  expect(body).not.toHaveProperty('message');
  await clear(pool);
});

test('a batch that cannot begin is a problem, and queues nothing', async ({ call, pool }) => {
  await customers(pool, 'unserved.example');
  const slug = 'company-enrich-similar-single';
  await pool`
    update reference.enrichment_workflow_registry set is_active = false, inactive_reason = 'for a test' where workflow_slug = ${slug}`;
  const { status, body } = await call(`${path}/batch`, { json: {} });
  await pool`
    update reference.enrichment_workflow_registry set is_active = true, inactive_reason = null where workflow_slug = ${slug}`;
  expect([status, body.code]).toEqual([409, 'INAWF']);
  expect((await get(call, `${path}/pending`)).pending_domains).toEqual(['unserved.example']);
  expect(await get(call, `${path}/queue/status`)).toMatchObject({ total: 0 });
  await clear(pool);
});

test('a batch in work has its progress with one decimal, and no result yet', async ({ call, pool }) => {
  await customers(pool, 'p1.example', 'p2.example', 'p3.example');
  const { batch_id } = (await call(`${path}/batch`, { json: {} })).body;
  await pool`update etl.jobs set done = 1 where id = ${batch_id}`;
  const status = await get(call, `${path}/batch/${batch_id}/status`);
  expect(status).toEqual({
    success: true,
    batch_id,
    batch_name: 'queue-batch-3',
    status: 'processing',
    total_domains: 3,
    processed_domains: 1,
    progress_percent: 33.3,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    completed_at: null,
    error_message: null,
  });
  expect((await call(`${path}/batch/no-uuid/status`)).status).toBe(422);
  await clear(pool);
});

test('the queue is counted whole, and cleared but for what is in work, unless that is asked for', async ({
  call,
  pool,
}) => {
  await pool`
    insert into raw.company_enrich_similar_queue (domain, status)
    select 'n' || n || '.example', (array['pending', 'processing', 'done', 'error'])[n % 4 + 1] from generate_series(1, 1500) as n`;
  expect(await get(call, `${path}/queue/status`)).toEqual({
    success: true,
    total: 1500,
    pending: 375,
    processing: 375,
    done: 375,
    error: 375,
  });
  const remove = (query = '') => call(`${path}/queue/clear${query}`, { method: 'DELETE' });
  expect((await remove('?include_procesing=true')).status, 'a misspelt parameter').toBe(422);
  expect((await remove('?include_processing=False')).body).toMatchObject({
    success: true,
    deleted: 1125,
  });
  expect(await get(call, `${path}/queue/status`)).toMatchObject({ total: 375, processing: 375 });
  expect((await remove('?include_processing=True')).body).toMatchObject({ deleted: 375 });
});
