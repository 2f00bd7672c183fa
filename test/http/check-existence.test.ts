import { expect } from 'vitest';

import { caller, company, companyPath, test } from './support/api.ts';

const path = '/read/companies/db/check-existence';
const companies = { schema_name: 'core', table_name: 'companies' };

test('says whether a table has a row about a domain', async ({ call }) => {
  await call(companyPath, { json: company('there.example') });
  const there = await call(path, { json: { ...companies, domain: 'https://WWW.There.example/x' } });
  expect([there.status, there.body]).toEqual([
    200,
    {
      success: true,
      exists: true,
      domain: 'there.example',
      column_name: 'domain',
      error: null,
      ...companies,
    },
  ]);
  expect((await call(path, { json: { ...companies, domain: 'not-there.example' } })).body.exists).toBe(false);
  expect(
    (await call(path, { json: { ...companies, domain: 'Name of there.example', column_name: 'name' } })).body
      .exists,
  ).toBe(true);
});

test.for([
  [422, 'BADRQ', '/table_name', { domain: 'a.example', schema_name: 'core' }],
  [422, 'BADRQ', '/domain', { ...companies, domain: 7 }],
  [422, 'BADRQ', '/table_name', { ...companies, domain: 'a.example', table_name: 'companies; drop' }],
  [422, 'BADKY', '/domain', { ...companies, domain: 'no domain' }],
  [404, 'UNKEY', '/table_name', { ...companies, domain: 'a.example', table_name: 'nothing_here' }],
  [404, 'UNKEY', '/column_name', { ...companies, domain: 'a.example', column_name: 'nothing_here' }],
  [403, 'NOTOP', '/schema_name', { ...companies, domain: 'a.example', schema_name: 'pg_catalog' }],
  [403, 'NOTOP', '/schema_name', { ...companies, domain: 'a.example', schema_name: 'client' }],
] as const)('answers %i %s and names %s', async ([status, code, pointer, json], { call }) => {
  const answer = await call(path, { json });
  expect([answer.status, answer.body]).toMatchObject([
    status,
    { code, success: false, errors: [{ pointer }] },
  ]);
  expect(answer.body).not.toHaveProperty('exists');
});

test('needs a key that may read', async ({ serve, keys }) => {
  const { url } = await serve();
  const ask = (key: string) =>
    caller(key, (asked, init) => fetch(url + asked, init))(path, {
      json: { ...companies, domain: 'a.example' },
    });
  expect((await ask(keys.ingest)).status).toBe(403);
  expect((await ask(keys.read)).status).toBe(200);
});
