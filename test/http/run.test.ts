import { expect } from 'vitest';

import { company, companyPath, lookupPath, personPath, test } from './support/api.ts';

test('answers a payload with the flat fields of its workflow and stores the golden record', async ({
  call,
}) => {
  const { status, headers, body } = await call(companyPath, { json: company('one.example') });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json');
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(body).toMatchObject({ success: true, core_company_inserted: true });
  const { body: record } = await call('/api/companies/one.example');
  expect(record).toMatchObject({ entity: 'company', key: 'one.example' });
});

test('takes a body without a content type, or with one that ends in +json, as JSON', async ({ call }) => {
  for (const type of ['', 'application/json; charset=UTF-8', 'application/vnd.provider+json']) {
    const body = new TextEncoder().encode(JSON.stringify(company('two.example')));
    const { status } = await call(companyPath, {
      body,
      headers: type === '' ? {} : { 'content-type': type },
    });
    expect(status, type).toBe(200);
  }
});

test('keeps numbers that JavaScript would round, in one body and in an array', async ({ call, pool }) => {
  const text =
    '{"domain": "digits.example", "raw_payload": {"exact": 12345678901234567890.5, "large": 1e400}}';
  const headers = { 'content-type': 'application/json' };
  expect(await call(companyPath, { body: text, headers })).toMatchObject({ status: 200 });
  expect(await call(companyPath, { body: `[${text}]`, headers })).toMatchObject({
    status: 200,
    body: [{ status: 200 }],
  });
  const rows = await pool`
    select distinct payload ->> 'exact' as exact, length(payload ->> 'large') as digits
      from raw.payloads where entity_key = 'digits.example'`;
  expect([...rows]).toEqual([{ exact: '12345678901234567890.5', digits: 401 }]);
});

test('takes a trailing slash on the path', async ({ call }) => {
  expect((await call(`${companyPath}/`, { json: company('slash.example') })).status).toBe(200);
});

test('gives the request id of the caller back, and makes one where it is unusable', async ({ call }) => {
  const json = company('id.example');
  const given = await call(companyPath, { json, headers: { 'x-request-id': 'clay-7' } });
  expect(given.headers.get('x-request-id')).toBe('clay-7');
  const unusable = await call(companyPath, { json, headers: { 'x-request-id': 'two words' } });
  expect(unusable.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('stores and answers 202 with a status address when the caller prefers respond-async', async ({
  call,
  pool,
}) => {
  const { status, headers, body } = await call(companyPath, {
    json: company('later.example'),
    headers: { prefer: 'wait=5, respond-async' },
  });
  expect(status).toBe(202);
  expect(headers.get('preference-applied')).toBe('respond-async');
  expect(headers.get('location')).toBe(`/payloads/${body.payload_id}`);
  expect(body).toMatchObject({ success: true, status_url: `/payloads/${body.payload_id}` });
  expect((await call('/api/companies/later.example')).status).toBe(404);
  expect((await call(body.status_url)).body).toMatchObject({ payload_id: body.payload_id, state: 'pending' });
  await pool`select etl.process()`;
  expect((await call(body.status_url)).body).toMatchObject({ state: 'processed' });
  expect((await call('/api/companies/later.example')).status).toBe(200);
});

test('changes nothing on a dry run and shows what would change', async ({ call }) => {
  const { status, text } = await call(`${companyPath}?dry_run=true`, { json: company('dry.example') });
  expect(status).toBe(200);
  expect(text).toContain('dry.example');
  expect((await call('/api/companies/dry.example')).status).toBe(404);
});

test('refuses a dry_run that is neither true nor false', async ({ call }) => {
  const { status, body } = await call(`${companyPath}?dry_run=perhaps`, { json: company('dry.example') });
  expect(status).toBe(422);
  expect(body.errors).toEqual([{ parameter: 'dry_run', detail: 'must be true or false, not "perhaps"' }]);
});

test('runs lookups on the same kind of path', async ({ call }) => {
  const { body: document } = await call('/openapi.json');
  const example = document.paths[lookupPath].post.requestBody.content['application/json'].examples.one.value;
  expect((await call(lookupPath, { json: example })).status).toBe(200);
});

test('answers an array item by item, in order, and a refused item does not spoil its neighbours', async ({
  call,
}) => {
  const items = [
    company('first.example'),
    { raw_payload: {} },
    7,
    company('not a domain'),
    company('last.example'),
  ];
  const { status, headers, body } = await call(companyPath, { json: items });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json');
  expect(body.map((item: { status: number }) => item.status)).toEqual([200, 422, 422, 422, 200]);
  expect(body[0]).toMatchObject({ success: true });
  expect(body[1]).toMatchObject({ success: false, errors: [{ pointer: '/domain', detail: 'is required' }] });
  expect(body[2]).toMatchObject({ error: 'The body must be a JSON object, not a number.' });
  expect(body[3]).toMatchObject({ code: 'BADKY', type: '/problems/unprocessable' });
  for (const domain of ['first', 'last']) {
    expect((await call(`/api/companies/${domain}.example`)).status).toBe(200);
  }
});

test('answers an empty array with an empty array', async ({ call }) => {
  expect(await call(companyPath, { json: [] })).toMatchObject({ status: 200, body: [] });
});

test('answers lines with lines in the same order, each with its own status', async ({ call }) => {
  const lines = [
    JSON.stringify(company('line-1.example')),
    '',
    '{"domain": oops}',
    JSON.stringify({ domain: 'line-2.example' }),
    `  ${JSON.stringify(company('line-3.example'))}\r`,
  ];
  const { status, headers, body } = await call(companyPath, {
    body: lines.join('\n'),
    headers: { 'content-type': 'application/x-ndjson' },
  });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/x-ndjson');
  expect(body.map((item: { status: number }) => item.status)).toEqual([200, 400, 422, 200]);
  expect(body[1]).toMatchObject({ position: 11, type: '/problems/bad-request' });
  expect(body[2].errors).toEqual([{ pointer: '/raw_payload', detail: 'is required' }]);
});

test('answers each line that is not UTF-8 or too long in its place', async ({ call, pool }) => {
  await pool`update reference.enrichment_workflow_registry set max_body_bytes = 2000 where workflow_slug = 'companyenrich'`;
  const bad = Buffer.concat([Buffer.from('{"domain":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  const body = Buffer.concat([
    Buffer.from(`${JSON.stringify(company('before.example'))}\n`),
    bad,
    Buffer.from('\n'),
    Buffer.from(`${JSON.stringify(company('long.example', { description: 'x'.repeat(3000) }))}\n`),
    Buffer.from(JSON.stringify(company('after.example'))),
  ]);
  try {
    await expect
      .poll(async () => {
        const answer = await call(companyPath, { body, headers: { 'content-type': 'application/x-ndjson' } });
        return answer.body.map((item: { status: number }) => item.status);
      })
      .toEqual([200, 400, 413, 200]);
  } finally {
    await pool`update reference.enrichment_workflow_registry set max_body_bytes = 10485760 where workflow_slug = 'companyenrich'`;
  }
});

test('accepts many bodies at once for later', async ({ call }) => {
  const items = [company('many-1.example'), company('many-2.example')];
  const { status, headers, body } = await call(companyPath, {
    json: items,
    headers: { prefer: 'respond-async' },
  });
  expect(status).toBe(202);
  expect(headers.get('preference-applied')).toBe('respond-async');
  expect(body).toMatchObject([{ status: 202 }, { status: 202 }]);
});

test('answers 10,000 bodies of one request in order', async ({ call }) => {
  const json = Array.from({ length: 10_000 }, (_, i) => ({ job_title: `No such title ${i}` }));
  const { body: document } = await call('/openapi.json');
  const required = document.components.schemas['lookup-job-title.request'].required as string[];
  const bodies = json.map((item) => Object.fromEntries(required.map((name) => [name, item.job_title])));
  const { status, body } = await call(lookupPath, { json: bodies });
  expect(status).toBe(200);
  expect(body).toHaveLength(10_000);
  expect(new Set(body.map((item: { status: number }) => item.status))).toEqual(new Set([200]));
});

test('keeps a payload whose processing raises, and says where it is', async ({ call, pool }) => {
  await pool.unsafe(`
    create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'broken on purpose'; end $$;
    create trigger refuse before insert on extracted.person_profile for each row execute function public.refuse()`);
  const { body: document } = await call('/openapi.json');
  const example = document.paths[personPath].post.requestBody.content['application/json'].examples.one.value;
  const { status, body } = await call(personPath, { json: example });
  expect(status).toBe(500);
  expect(body).toMatchObject({ type: '/problems/processing-failed', success: false });
  expect((await call(`/payloads/${body.payload_id}`)).body).toMatchObject({ state: 'failed' });
  await pool.unsafe('drop function public.refuse cascade');
  await pool`select etl.retry()`;
  await pool`select etl.process('clay-person-profile')`;
  expect((await call(`/payloads/${body.payload_id}`)).body).toMatchObject({ state: 'processed' });
});

test('in an item of many, the status of the item and the one of the workflow stand side by side', async ({
  call,
  pool,
}) => {
  const [row] = await pool<{ path: string; example: object }[]>`
    select api_endpoint_url as path, example_request as example
      from reference.enrichment_workflow_registry where workflow_slug = 'clay-find-companies'`;
  const { path = '', example } = row ?? {};
  const one = await call(path, { json: example });
  expect(one.body).toMatchObject({ success: true, status: 'inserted' });
  const many = await call(path, { json: [example, {}] });
  expect(many.body).toMatchObject([
    { status: 200, workflow_status: 'updated', success: true },
    { status: 422, success: false },
  ]);
  expect(many.text.match(/"status":/g)).toHaveLength(2);
});
