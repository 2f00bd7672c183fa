import { expect } from 'vitest';

import { sqlstate } from '../sql/support/calls.ts';
import { company, companyPath, test } from './support/api.ts';

/** A lookup declared by SQL alone: it answers with what it was asked, in capitals. */
const declareShout = `
  create or replace function public.shout(request jsonb) returns jsonb language sql as $$
    select jsonb_build_object('success', true, 'answer', upper(request ->> 'text'));
  $$;
  select etl.workflow(
    slug => 'shout', type => 'lookup', entity => 'reference', path => '/run/test/shout/lookup',
    description => 'Says it loudly. For a test.',
    request_schema => '{"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}',
    example => '{"text": "hello"}'
  );
  select etl.answers('shout', 'public.shout');
`;

const shoutPath = '/run/test/shout/lookup';

test('serves a workflow declared by SQL alone while the server runs, and documents it', async ({
  serve,
  pool,
}) => {
  const { call } = await serve();
  expect((await call(shoutPath, { json: { text: 'hello' } })).status).toBe(404);
  await pool.unsafe(declareShout);
  await expect.poll(async () => (await call(shoutPath, { json: { text: 'hello' } })).status).toBe(200);
  expect((await call(shoutPath, { json: { text: 'hello' } })).body).toEqual({
    success: true,
    answer: 'HELLO',
  });
  const { body: document } = await call('/openapi.json');
  expect(document.paths[shoutPath].post.summary).toBe('Says it loudly');

  // Its schema is what refuses, and it changes as the row does.
  expect((await call(shoutPath, { json: {} })).status).toBe(422);
  await pool`
    update reference.enrichment_workflow_registry
       set strict_schema = '{"type": "object", "required": ["text", "tone"], "properties": {"text": {"type": "string"}}}'
     where workflow_slug = 'shout'`;
  await expect
    .poll(async () => (await call(shoutPath, { json: { text: 'x' } })).body.errors)
    .toEqual([{ pointer: '/tone', detail: 'is required' }]);

  await pool`delete from etl.handlers where workflow_slug = 'shout'`;
  await pool`delete from reference.enrichment_workflow_registry where workflow_slug = 'shout'`;
  await expect.poll(async () => (await call(shoutPath, { json: { text: 'x' } })).status).toBe(404);
});

test('refuses an inactive workflow with its reason, and serves it again when it is active', async ({
  call,
  pool,
}) => {
  const setActive = (active: boolean, reason: string | null) => pool`
    update reference.enrichment_workflow_registry
       set is_active = ${active}, inactive_reason = ${reason} where workflow_slug = 'companyenrich'`;
  const send = () => call(companyPath, { json: company('active.example') });
  await setActive(false, 'the provider has closed');
  await expect.poll(async () => (await send()).status).toBe(409);
  expect((await send()).body).toMatchObject({
    type: '/problems/inactive-workflow',
    code: 'INAWF',
    detail: 'The workflow "companyenrich" is not active: the provider has closed.',
  });
  await setActive(true, null);
  await expect.poll(async () => (await send()).status).toBe(200);
});

test('reads the registry again after its listening connection was cut', async ({ serve, pool }) => {
  const { call } = await serve();
  await pool`
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and query like 'listen%'`;
  await pool.unsafe(declareShout.replaceAll('shout', 'whisper'));
  await expect
    .poll(async () => (await call('/run/test/whisper/lookup', { json: { text: 'x' } })).status, {
      timeout: 10_000,
    })
    .toBe(200);
});

test('serves a workflow under its older path too, and documents the recommended one', async ({ call }) => {
  const [recommended, older] = [
    '/run/people/db/salesnav-person-location/lookup',
    '/run/--/db/salesnav-person/lookup',
  ];
  const json = { location_raw: 'Nowhere' };
  const [answer, same] = [await call(recommended, { json }), await call(older, { json })];
  expect([answer.status, same.status]).toEqual([200, 200]);
  expect(same.body).toEqual(answer.body);
  const { body: document } = await call('/openapi.json');
  expect(document.paths).toHaveProperty([recommended]);
  expect(document.paths).not.toHaveProperty([older]);
});

test('refuses a path that another workflow has', async ({ sql }) => {
  const refused = (path: string) =>
    sqlstate(sql, (savepoint) => savepoint`select etl.also_at('companyenrich', ${path})`);
  expect(await refused('/run/--/db/salesnav-person/lookup')).toBe('BADDL');
  expect(await refused('/run/people/db/salesnav-person-location/lookup')).toBe('BADDL');
  expect(await refused('/elsewhere')).toBe('BADDL');
  expect(await refused('/run/companies/companyenrich/older')).toBeUndefined();
});
