import { expect } from 'vitest';

import { test } from '../http/support/api.ts';

const declareList = `
  select api.list('invented', '/api/invented', 'Invented things', 'core.companies as company',
    api.columns_from('company', 'domain', 'name'), '{company.domain}');
`;

test('serves a list declared by SQL alone while the server runs, documents it, and gives it as a file', async ({
  serve,
  pool,
}) => {
  const { call } = await serve();
  expect((await call('/api/invented')).status).toBe(404);
  const { body: before } = await call('/openapi.json');
  expect(before.paths['/api/invented']).toBeUndefined();

  await pool.unsafe(declareList);
  await pool`select etl.ingest('companyenrich', '{"domain": "acme.example", "raw_payload": {"name": "Acme"}}')`;
  await expect.poll(async () => (await call('/api/invented')).status).toBe(200);
  const { body } = await call('/api/invented');
  expect(body.data).toEqual([{ domain: 'acme.example', name: 'Acme' }]);
  expect((await call('/api/invented?format=csv')).text).toBe('domain,name\nacme.example,Acme\n');
  expect((await call('/api/invented?nonsense=1')).status).toBe(422);
  const { body: document } = await call('/openapi.json');
  expect(document.paths['/api/invented'].get.summary).toBe('Invented things');

  await pool`update api.endpoints set path = '/api/renamed' where name = 'invented'`;
  await expect.poll(async () => (await call('/api/renamed')).status).toBe(200);
  expect((await call('/api/invented')).status).toBe(404);

  await pool`delete from api.endpoints where name = 'invented'`;
  await expect.poll(async () => (await call('/api/renamed')).status).toBe(404);
});

test('an endpoint that is declared wrongly is left out; all others are served, and it is once it is mended', async ({
  serve,
  pool,
}) => {
  const { call } = await serve();
  await pool.unsafe(declareList);
  await expect.poll(async () => (await call('/api/invented')).status).toBe(200);
  const [declared] = await pool`select parameters from api.endpoints where name = 'invented'`;
  await pool`update api.endpoints set parameters = '"no array"' where name = 'invented'`;
  await expect.poll(async () => (await call('/api/invented')).status).toBe(404);
  expect((await call('/api/leads')).status).toBe(200);
  expect((await call('/openapi.json')).status).toBe(200);
  await pool`update api.endpoints set parameters = ${pool.json(declared?.parameters)} where name = 'invented'`;
  await expect.poll(async () => (await call('/api/invented')).status).toBe(200);
  await pool`delete from api.endpoints where name = 'invented'`;
});

test('hears of a list that was declared while its listening connection was cut', async ({ serve, pool }) => {
  const { call } = await serve();
  await pool`
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and query like 'listen%'`;
  await pool.unsafe(declareList);
  await expect.poll(async () => (await call('/api/invented')).status, { timeout: 10_000 }).toBe(200);
  await pool`delete from api.endpoints where name = 'invented'`;
});
