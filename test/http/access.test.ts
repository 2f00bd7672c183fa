import { expect } from 'vitest';

import { company, companyPath, test } from './support/api.ts';

const anonymous = { authorization: '' };

test('asks for a key where none is sent', async ({ call }) => {
  const { status, headers, body } = await call(companyPath, {
    json: company('a.example'),
    headers: anonymous,
  });
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toBe('Bearer realm="hq"');
  expect(body).toMatchObject({ type: '/problems/unauthorized', success: false });
});

test.for(['Bearer wrong', 'Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b'])(
  'refuses "%s"',
  async (authorization, { call }) => {
    expect((await call('/api/companies/a.example', { headers: { authorization } })).status).toBe(401);
  },
);

test('takes the key as a bearer token, in any case, or as X-API-Key', async ({ call, keys }) => {
  for (const headers of [
    { authorization: `Bearer ${keys.ingest}` },
    { authorization: `bearer   ${keys.ingest}` },
    { 'x-api-key': keys.ingest },
  ]) {
    expect((await call(companyPath, { json: company('a.example'), headers })).status).toBe(200);
  }
});

test('lets each scope do its own and names the scope that is missing', async ({ call, keys }) => {
  const uses = {
    ingest: () => [companyPath, { json: company('b.example') }] as const,
    read: () => ['/api/companies/b.example', {}] as const,
    admin: () => ['/admin/keys', {}] as const,
  };
  const statuses = async (key: string) => {
    const answers = [];
    for (const use of [uses.ingest, uses.read, uses.admin]) {
      const [path, init] = use();
      answers.push((await call(path, { ...init, headers: { 'x-api-key': key } })).status);
    }
    return answers;
  };
  expect(await statuses(keys.ingest)).toEqual([200, 403, 403]);
  expect(await statuses(keys.read)).toEqual([403, 200, 403]);
  expect(await statuses(keys.admin)).toEqual([200, 200, 200]);
  const { body } = await call('/api/companies/b.example', { headers: { 'x-api-key': keys.ingest } });
  expect(body.detail).toBe('The API key "test ingest" needs the scope read; it has ingest.');
});

test('asks for a key on every path of the API', async ({ call }) => {
  const { body: document } = await call('/openapi.json');
  const open = ['/', '/health', '/ready', '/openapi.json', '/docs'];
  let asked = 0;
  for (const [path, operations] of Object.entries<Record<string, unknown>>(document.paths)) {
    if (open.includes(path) || path.startsWith('/docs/') || path.startsWith('/problems')) continue;
    for (const method of Object.keys(operations)) {
      const { status } = await call(path.replaceAll(/[{}]/g, ''), {
        method: method.toUpperCase(),
        headers: anonymous,
      });
      expect(status, `${method} ${path}`).toBe(401);
      asked += 1;
    }
  }
  expect(asked).toBeGreaterThan(200);
});

test('leaves health, readiness and documentation open, and asks for a key for metrics', async ({ call }) => {
  for (const path of ['/health', '/openapi.json', '/docs', '/docs/start.js']) {
    expect((await call(path, { headers: anonymous })).status, path).toBe(200);
  }
  expect((await call('/ready', { headers: anonymous })).status).not.toBe(401);
  expect((await call('/metrics', { headers: anonymous })).status).toBe(401);
});

test('opens metrics to all when the settings say so', async ({ serve }) => {
  const { url } = await serve({ metricsPublic: true });
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
});

test('makes a key, shows it once, lists it without it, and revokes it for every process at once', async ({
  call,
  serve,
}) => {
  const made = await call('/admin/keys', { json: { name: 'clay', scopes: ['ingest', 'read'] } });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: 'clay',
    scopes: ['ingest', 'read'],
    key: expect.stringMatching(/^hq_[0-9a-f]{64}$/),
  });
  const { id, key } = made.body;
  expect(made.body.key_prefix).toBe(key.slice(0, 9));

  const listed = await call('/admin/keys');
  expect(listed.body.find((one: { id: string }) => one.id === id)).toMatchObject({
    name: 'clay',
    revoked_at: null,
  });
  expect(listed.text).not.toContain(key);

  const other = await serve();
  const use = () => other.call(companyPath, { json: company('c.example'), headers: { 'x-api-key': key } });
  expect((await use()).status).toBe(200);
  expect((await call(`/admin/keys/${id}`, { method: 'DELETE' })).status).toBe(204);
  await expect.poll(async () => (await use()).status, { timeout: 2_000 }).toBe(401);
  expect((await call(`/admin/keys/${id}`, { method: 'DELETE' })).status).toBe(204);
  const [gone] = (await call('/admin/keys')).body.filter((one: { id: string }) => one.id === id);
  expect(gone.revoked_at).not.toBeNull();
  expect(gone.last_used_at).not.toBeNull();
});

test('refuses a key without a name, with an unknown scope or with none', async ({ call }) => {
  const refused = async (json: unknown) => {
    const { status, body } = await call('/admin/keys', { json });
    return [status, body.detail];
  };
  expect(await refused({ scopes: ['read'] })).toEqual([422, '/name is required']);
  expect(await refused({ name: 'x', scopes: [] })).toEqual([422, '/scopes must not be empty']);
  expect(await refused({ name: 'x', scopes: ['read', 'write'] })).toEqual([
    422,
    "An API key cannot have these scopes: 'write'. Choose one or more of ingest, read and admin.",
  ]);
  expect(await refused({ name: '  ', scopes: ['read'] })).toEqual([
    422,
    'An API key needs a name. Name the program that will use it, such as "clay".',
  ]);
});

test('answers 404 for a key id that does not exist or is no id', async ({ call }) => {
  for (const id of ['00000000-0000-4000-8000-000000000000', 'x']) {
    expect((await call(`/admin/keys/${id}`, { method: 'DELETE' })).status).toBe(404);
  }
});

test('keeps only a hash of each key', async ({ call: _call, keys, pool }) => {
  const rows = await pool`select to_jsonb(stored)::text as row from api.api_keys as stored`;
  for (const { row } of rows) {
    for (const key of Object.values(keys)) expect(row).not.toContain(key.slice(9));
  }
});
