import { expect } from 'vitest';

import { problemKinds } from '../../src/http/problems.ts';
import { type Answer, company, companyPath, personPath, test } from './support/api.ts';

const json = { 'content-type': 'application/json' };

/** Every problem has the same shape, whatever it is about. */
function expectProblem(answer: Answer, kind: keyof typeof problemKinds, rest: Record<string, unknown> = {}) {
  const { status, title } = problemKinds[kind];
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    type: `/problems/${kind}`,
    title,
    status,
    instance: answer.headers.get('x-request-id'),
    success: false,
    error: answer.body.detail,
    ...rest,
  });
  expect(answer.text).not.toMatch(/\.ts:\d|node_modules| at async /);
}

test.for([
  ['{"domain": "x.example", raw}', 24],
  ['{"domain": "x.example"', 22],
  ['{"domain": "x.exam', 18],
  ['nonsense', 1],
  ['{"a": 1}}', 8],
  ["{'a': 1}", 1],
  [' \n', undefined],
] as const)(
  'refuses %j, which is not JSON, with the position of the fault',
  async ([body, position], { call }) => {
    const answer = await call(companyPath, { body, headers: json });
    expectProblem(answer, 'bad-request', position === undefined ? {} : { position });
    if (position !== undefined)
      expect(answer.body.detail).toMatch(/^The body is not JSON: .* at line 1, column \d+/);
  },
);

test('refuses a request without a body', async ({ call }) => {
  expectProblem(await call(companyPath, { method: 'POST' }), 'bad-request', {
    detail: 'The body is empty; a JSON object is expected.',
  });
});

test('refuses a body that is not UTF-8 and says which byte is wrong', async ({ call }) => {
  const body = Buffer.concat([Buffer.from('{"é":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  expectProblem(await call(companyPath, { body, headers: json }), 'bad-request', {
    detail: 'The body is not UTF-8 (first wrong byte at 7).',
  });
});

test.for([
  ['"text"', 'a string'],
  ['7', 'a number'],
  ['true', 'a boolean'],
  ['null', 'null'],
])('refuses a top level of %s', async ([body, kind], { call }) => {
  const detail = `The body must be a JSON object, not ${kind}.`;
  expectProblem(await call(companyPath, { body, headers: json }), 'unprocessable', {
    code: 'BADRQ',
    errors: [{ pointer: '', detail }],
  });
});

test.for([
  [{ raw_payload: {} }, { pointer: '/domain', detail: 'is required' }],
  [{ domain: 'x.example' }, { pointer: '/raw_payload', detail: 'is required' }],
  [
    { domain: '', raw_payload: {} },
    { pointer: '/domain', detail: 'must not be empty' },
  ],
  [
    { domain: null, raw_payload: {} },
    { pointer: '/domain', detail: 'must be a string, not null' },
  ],
  [
    { domain: 7, raw_payload: {} },
    { pointer: '/domain', detail: 'must be a string, not a number' },
  ],
  [
    { domain: ['x.example'], raw_payload: {} },
    { pointer: '/domain', detail: 'must be a string, not an array' },
  ],
  [
    { domain: 'x.example', raw_payload: [] },
    { pointer: '/raw_payload', detail: 'must be an object, not an array' },
  ],
  [
    { domain: 'x.example', raw_payload: 'x' },
    { pointer: '/raw_payload', detail: 'must be an object, not a string' },
  ],
] as const)('refuses %j and names the field', async ([body, error], { call }) => {
  const answer = await call(companyPath, { json: body });
  expectProblem(answer, 'unprocessable', { code: 'BADRQ', errors: [error] });
  expect(answer.body.detail).toBe(`${error.pointer} ${error.detail}`);
});

test('names every missing field at once', async ({ call }) => {
  const { body } = await call(companyPath, { json: {} });
  expect(body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual([
    '/domain',
    '/raw_payload',
  ]);
});

test('refuses a key that is no domain and one that is no LinkedIn URL', async ({ call }) => {
  expectProblem(await call(companyPath, { json: company('no domain') }), 'unprocessable', { code: 'BADKY' });
  const { body: document } = await call('/openapi.json');
  const example = document.paths[personPath].post.requestBody.content['application/json'].examples.one.value;
  const json = { ...example, linkedin_url: 'https://example.com/in/x' };
  expectProblem(await call(personPath, { json }), 'unprocessable', { code: 'BADKY' });
});

test.for([
  ['{"domain":"x.example","raw_payload":{"a":["b","\\u0000"]}}', '/raw_payload/a/1', /u0000/],
  ['{"domain":"x.example","raw_payload":{"a/b~c":"\\u0000"}}', '/raw_payload/a~1b~0c', /u0000/],
  ['{"domain":"x.example","raw_payload":{"n":"\\ud800"}}', '/raw_payload/n', /surrogate/],
  ['{"domain":"x.example","raw_payload":{"n":"\\uDE00\\uD83D"}}', '/raw_payload/n', /surrogate/],
  ['{"domain":"x.example","raw_payload":{"\\u0000":1}}', '/raw_payload/\\u0000', /name that holds/],
  ['{"domain":"x.example","raw_payload":{"n":-1e999999}}', '/raw_payload/n', /too large/],
] as const)(
  'refuses %s, which Postgres cannot hold, and points at it',
  async ([body, pointer, detail], { call }) => {
    const answer = await call(companyPath, { body, headers: json });
    expectProblem(answer, 'unprocessable', {
      errors: [{ pointer, detail: expect.stringMatching(detail) as string }],
    });
  },
);

test('takes a whole surrogate pair and an escaped text that only looks like a null character', async ({
  call,
}) => {
  const body = '{"domain":"pair.example","raw_payload":{"name":"\\ud83d\\ude00 \\\\u0000"}}';
  expect((await call(companyPath, { body, headers: json })).status).toBe(200);
});

test('refuses a number too small for Postgres without harm to the bodies gathered with it', async ({
  call,
}) => {
  const small = '{"domain":"small.example","raw_payload":{"n":1e-20000}}';
  const [good, bad] = await Promise.all([
    call(companyPath, { json: company('beside.example') }),
    call(companyPath, { body: small, headers: json }),
  ]);
  expect(good.status).toBe(200);
  expectProblem(bad, 'unprocessable', { code: '22003' });
});

test('refuses nesting deeper than 64 levels, and survives 100,000', async ({ call }) => {
  const nested = (levels: number) =>
    `{"domain":"deep.example","raw_payload":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
  expect((await call(companyPath, { body: nested(60), headers: json })).status).toBe(200);
  for (const levels of [65, 100_000]) {
    const answer = await call(companyPath, { body: nested(levels), headers: json });
    expectProblem(answer, 'unprocessable');
    expect(answer.body.errors[0].detail).toBe('is nested deeper than 64 levels');
  }
});

test.for(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'refuses the content type %s and says which it takes',
  async (type, { call }) => {
    const answer = await call(companyPath, { body: '{}', headers: { 'content-type': type } });
    expectProblem(answer, 'unsupported-media-type');
    expect(answer.body.detail).toContain('application/json');
  },
);

test('refuses another charset and a compressed body', async ({ call }) => {
  const latin = await call(companyPath, {
    body: '{}',
    headers: { 'content-type': 'application/json; charset=latin1' },
  });
  expectProblem(latin, 'unsupported-media-type', { detail: 'Charset "latin1" is not taken: send UTF-8.' });
  const packed = await call(companyPath, { body: '{}', headers: { ...json, 'content-encoding': 'gzip' } });
  expectProblem(packed, 'unsupported-media-type');
});

test('refuses a body over the limit of its workflow and names the limit', async ({ call, pool }) => {
  const setLimit = (bytes: number) => pool`
    update reference.enrichment_workflow_registry set max_body_bytes = ${bytes} where workflow_slug = 'companyenrich'`;
  await setLimit(5_000);
  const body = JSON.stringify(company('large.example', { description: 'x'.repeat(6_000) }));
  try {
    await expect.poll(async () => (await call(companyPath, { body, headers: json })).status).toBe(413);
    const answer = await call(companyPath, { body, headers: json });
    expectProblem(answer, 'too-large', { limit_bytes: 5_000 });
  } finally {
    await setLimit(10_485_760);
  }
});

test('refuses a request over the limit of the server before reading it whole', async ({ serve }) => {
  const { call } = await serve({ maxRequestBytes: 4_000 });
  const chunks = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(1024 * 1024).fill(0x20));
    },
  });
  const answer = await call(companyPath, { body: chunks, headers: json, duplex: 'half' } as RequestInit);
  expectProblem(answer, 'too-large');
});

test('suggests the nearest path for an unknown workflow', async ({ call }) => {
  const answer = await call('/run/companies/companyenrich/injest', { json: {} });
  expectProblem(answer, 'unknown-workflow', { code: 'UNKWF' });
  expect(answer.body.detail).toBe(
    `No workflow has the path "/run/companies/companyenrich/injest". Did you mean "${companyPath}"?`,
  );
  const far = await call('/run/x', { json: {} });
  expect(far.body.detail).toBe('No workflow has the path "/run/x". /openapi.json lists all paths.');
});

test('refuses other methods than POST on a workflow and names POST', async ({ call }) => {
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const answer = await call(companyPath, { method });
    expectProblem(answer, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe('POST');
  }
});

test('refuses wrong methods on fixed routes and names the right ones', async ({ call }) => {
  const keys = await call('/admin/keys', { method: 'PUT' });
  expectProblem(keys, 'method-not-allowed');
  expect(keys.headers.get('allow')).toBe('GET, HEAD, POST');
  const record = await call('/api/companies/x.example', { method: 'DELETE' });
  expect(record.headers.get('allow')).toBe('GET, HEAD');
});

test('answers an unknown route with a problem', async ({ call }) => {
  expectProblem(await call('/nowhere'), 'not-found');
});

test('explains every problem type at its address', async ({ call }) => {
  for (const [kind, { title }] of Object.entries(problemKinds)) {
    expect((await call(`/problems/${kind}`)).text).toContain(title);
  }
  expectProblem(await call('/problems/constructor'), 'not-found');
});

test('answers what is no HTTP, and a bad Host header, with a problem', async ({ serve }) => {
  const { url } = await serve();
  const { hostname, port } = new URL(url);
  for (const request of ['nonsense\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n']) {
    const answer = await raw(hostname, Number(port), request);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"type":"/problems/bad-request"');
  }
});

test('headers without end are refused as what they are', async ({ serve }) => {
  const { hostname, port } = new URL((await serve()).url);
  const request = `GET /health HTTP/1.1\r\nHost: here\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`;
  const answer = await raw(hostname, Number(port), request);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toContain('"status":431');
});

async function raw(host: string, port: number, request: string): Promise<string> {
  const { connect } = await import('node:net');
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write(request));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes('}')) socket.end();
    });
    socket.on('close', () => resolve(answer));
  });
}
