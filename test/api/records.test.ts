import { expect } from 'vitest';

import { company, companyPath, personPath, test } from '../http/support/api.ts';

const ada = 'https://www.linkedin.com/in/ada-example';
const profile = {
  linkedin_url: ada,
  workflow_slug: 'clay-person-profile',
  raw_payload: {
    name: 'Ada Example',
    experience: [{ title: 'Engineer', company: 'Acme', company_domain: 'acme.example', is_current: true }],
  },
};

test('shows only the fields asked for, of tables with one row and with many', async ({ call }) => {
  await call(companyPath, { json: company('fields.example', { keywords: ['a', 'b'], employees: '1-10' }) });
  const answer = await call(
    '/api/companies/fields.example?fields=companies.name,companies.domain,company_keywords.keyword,company_employee_range',
  );
  const { company_employee_range: range, ...rest } = answer.body.record;
  expect(answer.body).toMatchObject({ entity: 'company', key: 'fields.example' });
  expect(rest).toEqual({
    companies: { domain: 'fields.example', name: 'Name of fields.example' },
    company_keywords: [{ keyword: 'a' }, { keyword: 'b' }],
  });
  expect(range).toMatchObject({ domain: 'fields.example', employee_range: '1-10', source: 'companyenrich' });
  for (const field of [
    'nope',
    'companies.nope',
    'companies.created_at',
    'core.companies',
    "companies'",
    'companies.',
    '.name',
  ]) {
    const refused = await call(`/api/companies/fields.example?fields=${encodeURIComponent(field)}`);
    expect([refused.status, refused.body.code], field).toEqual([422, 'BADRQ']);
  }
});

test('explains the record in the same answer, and shows fields of the past', async ({ call }) => {
  await call(companyPath, { json: company('story.example', { keywords: ['old'] }) });
  const between = new Date().toISOString();
  await call(companyPath, { json: company('story.example', { keywords: ['new'] }) });
  const explained = await call('/api/companies/story.example?explain=true&fields=company_keywords');
  expect(JSON.stringify(explained.body.explain)).toContain('companyenrich');
  expect(explained.body.record.company_keywords).toHaveLength(2);
  const past = await call(`/api/companies/story.example?as_of=${between}&fields=company_keywords.keyword`);
  expect(past.body.record).toEqual({ company_keywords: [{ keyword: 'old' }] });
  for (const query of ['explain=true&as_of=2026-01-01', 'explain=perhaps', 'nope=1', 'fields=%00']) {
    expect((await call(`/api/companies/story.example?${query}`)).status, query).toBe(422);
  }
});

test('has an ETag of what is shown: other fields are another answer', async ({ call }) => {
  await call(companyPath, { json: company('etag.example') });
  const whole = await call('/api/companies/etag.example');
  const part = await call('/api/companies/etag.example?fields=companies.name');
  expect(part.headers.get('etag')).not.toBe(whole.headers.get('etag'));
  const again = await call('/api/companies/etag.example?fields=companies.name', {
    headers: { 'if-none-match': part.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
});

test('gives many records in the order asked, misses and bad keys marked', async ({ call }) => {
  await call(companyPath, { json: company('one.example') });
  await call(companyPath, { json: company('two.example') });
  const keys = [
    'https://www.TWO.example/x',
    'missing.example',
    'one.example',
    'no domain',
    7,
    null,
    'two.example',
    { a: 1 },
  ];
  const answer = await call('/api/companies/batch', { json: { keys } });
  expect(answer.body.data.map(({ status, key }: { status: number; key?: string }) => [status, key])).toEqual([
    [200, 'two.example'],
    [404, 'missing.example'],
    [200, 'one.example'],
    [422, undefined],
    [422, undefined],
    [422, undefined],
    [200, 'two.example'],
    [422, undefined],
  ]);
  expect(answer.body.data.map(({ asked }: { asked: unknown }) => asked)).toEqual(keys);
  expect(answer.body.meta).toEqual({ asked: 8, found: 3, unknown: 1, refused: 4 });
  const { status, asked, ...record } = answer.body.data[2];
  expect([status, asked]).toEqual([200, 'one.example']);
  expect(record).toEqual((await call('/api/companies/one.example')).body);
});

test('gives people likewise, with fields, and as lines', async ({ call }) => {
  await call(personPath, { json: profile });
  const answer = await call('/api/people/batch?format=ndjson', {
    json: {
      keys: ['linkedin.com/in/Ada-Example/', 'acme.example', 'https://www.linkedin.com/in/nobody'],
      fields: ['people.full_name', 'person_work_history.title'],
    },
  });
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  expect(answer.body).toMatchObject([
    {
      status: 200,
      key: ada,
      record: { people: { full_name: 'Ada Example' }, person_work_history: [{ title: 'Engineer' }] },
    },
    { status: 422, code: 'BADKY' },
    { status: 404, code: 'UNKEY' },
  ]);
});

test('a thousand keys are one call; more, none or other things are refused', async ({ call }) => {
  const keys = Array.from({ length: 1000 }, (_, n) => `c${n}.example`);
  expect((await call('/api/companies/batch', { json: { keys } })).body.meta).toMatchObject({
    asked: 1000,
    unknown: 1000,
  });
  for (const json of [
    {},
    { keys: [] },
    { keys: [...keys, 'x.example'] },
    { keys: 'x.example' },
    [],
    { keys: ['a\u0000b'] },
    { keys: ['x.example'], fields: ['nope'] },
    { keys: ['x.example'], fields: ["a'b"] },
    { keys: ['x.example'], fields: [] },
  ]) {
    const refused = await call('/api/companies/batch', { json });
    expect([refused.status, refused.headers.get('content-type')], JSON.stringify(json).slice(0, 60)).toEqual([
      422,
      'application/problem+json',
    ]);
  }
  expect(
    (
      await call('/api/companies/batch', {
        body: '{',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
    ).status,
  ).toBe(400);
  expect((await call('/api/companies/batch?format=csv', { json: { keys: ['x.example'] } })).status).toBe(422);
  expect((await call('/api/companies/batch?nope=1', { json: { keys: ['x.example'] } })).status).toBe(422);
  const huge = await call('/api/companies/batch', { json: { keys: ['x'.repeat(5_000_000)] } });
  expect(huge.status).toBe(413);
});
