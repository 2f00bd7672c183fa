import { expect } from 'vitest';

import { startDeliverer } from '../../src/deliver/deliverer.ts';
import { silent, test } from '../http/support/api.ts';
import { until } from '../support/hq.ts';
import { fast, startReceiver } from './support/receiver.ts';

const waterfall = '/run/people/clay/email-waterfall/to-clay';
const jobStatus = '/run/people/db/email-job/status';

test('the e-mail waterfall sends its records unchanged to clay_webhook_url, and its job id tells how far it is', async ({
  serve,
  database,
}) => {
  const receiver = await startReceiver();
  const { call } = await serve({}, undefined, fast.outboundAllow);
  const records = [{ full_name: 'Ada Example', tags: ['a'] }, { domain: 'acme.example' }];
  const made = await call(waterfall, { json: { records, clay_webhook_url: receiver.url } });
  expect(made).toMatchObject({ status: 200, body: { success: true, total_records: 2 } });
  const { job_id } = made.body;
  const status = async () => (await call(jobStatus, { json: { job_id } })).body;
  expect(await status()).toMatchObject({ status: 'pending', total_records: 2, sent_count: 0 });

  const deliverer = startDeliverer(database.url, fast, silent);
  await until('it is done', async () => (await status()).status === 'completed');
  await deliverer.stop();
  receiver.close();
  expect(receiver.arrivals.map(({ body }) => body)).toEqual(records);
  expect(await status()).toMatchObject({ sent_count: 2, failed_count: 0 });
  expect((await call(jobStatus, { json: { job_id: 'none' } })).status).toBe(404);
  expect(
    await call(waterfall, { json: { records, clay_webhook_url: 'http://169.254.169.254/' } }),
  ).toMatchObject({ status: 422, body: { errors: [{ pointer: '/clay_webhook_url' }] } });
});

test('a batch of similar companies that has ended is told to the webhook that asked for it', async ({
  sql,
}) => {
  await sql`insert into raw.company_enrich_similar_queue (domain) values ('told.example')`;
  const [taken] = await sql`
    select core.process_similar_queue('{"webhook_url": "https://hooks.acme.example/in/5"}') as answer`;
  const id = taken?.answer.batch_id as string;
  await sql`select etl.count_ended(${id}::uuid, 1, 0)`;
  expect(
    await sql`
      select delivery.host, row.body
        from etl.deliveries as delivery
        join etl.delivery_rows as row on row.delivery_id = delivery.id
       where delivery.workflow_slug = 'similar-companies-batch-completed'`,
  ).toEqual([
    {
      host: 'hooks.acme.example',
      body: {
        event: 'batch_completed',
        batch_id: id,
        status: 'completed',
        total: 1,
        processed: 1,
        errors: 0,
        error_details: [],
      },
    },
  ]);
});

test('forgetting a record empties the delivery rows that name it, and skips those that were not sent', async ({
  sql,
}) => {
  const request = {
    clay_webhook_url: 'https://hooks.acme.example/in/4',
    records: [{ site: 'https://www.Gone.example/' }, { site: 'stays.example' }],
  };
  const [made] = await sql`
    select etl.make_delivery('email-waterfall', ${JSON.stringify(request)}::text::jsonb) ->> 'job_id' as id`;
  await sql`select etl.forget('gone.example')`;
  expect(
    await sql`select body, state from etl.delivery_rows where delivery_id = ${made?.id} order by position`,
  ).toEqual([
    { body: {}, state: 'skipped' },
    { body: { site: 'stays.example' }, state: 'pending' },
  ]);
  expect(await sql`select skipped::int, state from etl.deliveries where id = ${made?.id}`).toEqual([
    { skipped: 1, state: 'sending' },
  ]);
});

test('productions end after a while, and what their calls cost stays summed', async ({ sql }) => {
  await sql`
    insert into etl.productions (id, workflow_slug, body, state, finished_at)
    values ('01a2027a-fdc8-70dd-92f0-063ed7b723a1', 'infer-company-country', '{}', 'done', now() - interval '100 days'),
           ('01a2027a-fdc8-70dd-92f0-063ed7b723a2', 'infer-company-country', '{}', 'pending', null)`;
  await sql`
    insert into etl.provider_calls (production_id, workflow_slug, provider, model, outcome, output_tokens, cost_usd, duration_ms, called_at)
    select '01a2027a-fdc8-70dd-92f0-063ed7b723a1', 'infer-company-country', 'google', 'google:m', 'ok', 5, 0.5, 1, now() - interval '100 days' from generate_series(1, 2)`;
  const costs = () =>
    sql`select workflow_slug, day::text, model, calls::int, cost_usd from etl.inference_costs`;
  const before = await costs();
  const [purged] = await sql`select etl.purge_productions(interval '90 days') as result`;
  expect(purged?.result).toMatchObject({ productions: 1, calls: 2, remaining: false });
  expect(await costs()).toEqual(before);
  expect(await sql`select state from etl.productions`).toEqual([{ state: 'pending' }]);
  expect(
    await sql`select etl.payload_status('01a2027a-fdc8-70dd-92f0-063ed7b723a2') ->> 'state' as state`,
  ).toEqual([{ state: 'pending' }]);
});
