import { expect } from 'vitest';

import { company, companyPath, personPath, test } from './support/api.ts';

test('gives a company by any spelling of its domain', async ({ call }) => {
  await call(companyPath, { json: company('record.example', { keywords: ['data'] }) });
  const { status, body } = await call('/api/companies/record.example');
  expect(status).toBe(200);
  expect(body).toMatchObject({ entity: 'company', key: 'record.example' });
  expect(body.record.company_keywords).toMatchObject([{ keyword: 'data' }]);
  expect((await call('/api/companies/WWW.Record.Example')).body.key).toBe('record.example');
});

test('gives a person by LinkedIn URL, and where its values come from', async ({ call }) => {
  const { body: document } = await call('/openapi.json');
  const example = document.paths[personPath].post.requestBody.content['application/json'].examples.one.value;
  await call(personPath, { json: example });
  const url = encodeURIComponent(example.linkedin_url);
  const { status, body } = await call(`/api/people/record?linkedin_url=${url}`);
  expect(status).toBe(200);
  expect(body.entity).toBe('person');
  const explained = await call(`/api/people/record/explain?linkedin_url=${url}`);
  expect(explained.status).toBe(200);
  expect(explained.text).toContain('clay');
});

test('explains a company', async ({ call }) => {
  await call(companyPath, { json: company('explained.example') });
  const { status, text } = await call('/api/companies/explained.example/explain');
  expect(status).toBe(200);
  expect(text).toContain('companyenrich');
});

test('answers 404 for an unknown record, and 422 for what is no key', async ({ call }) => {
  const unknown = await call('/api/companies/unknown.example');
  expect(unknown.status).toBe(404);
  expect(unknown.body).toMatchObject({ type: '/problems/not-found', code: 'UNKEY' });
  expect((await call('/api/companies/unknown.example/explain')).status).toBe(404);
  expect((await call('/api/companies/no%20domain')).status).toBe(422);
  expect((await call('/api/companies/a%00b.example')).status).toBe(422);
  const missing = await call('/api/people/record');
  expect(missing.status).toBe(422);
  expect(missing.body.errors).toEqual([{ parameter: 'linkedin_url', detail: 'is required' }]);
  await call(companyPath, { json: company('mixed.example') });
  const notAPerson = await call('/api/people/record?linkedin_url=mixed.example');
  expect(notAPerson.status).toBe(422);
  expect(notAPerson.body).toMatchObject({
    code: 'BADKY',
    detail: '"mixed.example" is no LinkedIn URL. A LinkedIn URL looks like https://www.linkedin.com/in/name.',
  });
});

test('answers 304 while the record is the same, and 200 with another tag when it has changed', async ({
  call,
}) => {
  await call(companyPath, { json: company('tagged.example') });
  const first = await call('/api/companies/tagged.example');
  const tag = first.headers.get('etag') ?? '';
  expect(tag).toMatch(/^"[\w-]{27}"$/);
  for (const sent of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const { status, text, headers } = await call('/api/companies/tagged.example', {
      headers: { 'if-none-match': sent },
    });
    expect([status, text, headers.get('etag')]).toEqual([304, '', tag]);
  }
  await call(companyPath, { json: company('tagged.example', { keywords: ['new'] }) });
  const second = await call('/api/companies/tagged.example', { headers: { 'if-none-match': tag } });
  expect(second.status).toBe(200);
  expect(second.headers.get('etag')).not.toBe(tag);
});

test('shows the record as it was known at a time', async ({ call }) => {
  await call(companyPath, { json: company('past.example', { keywords: ['old'] }) });
  const between = new Date().toISOString();
  await call(companyPath, { json: company('past.example', { keywords: ['new'] }) });
  const { body } = await call(`/api/companies/past.example?as_of=${between}`);
  expect(body.record.company_keywords.map((row: { keyword: string }) => row.keyword)).toEqual(['old']);
  const withOffset = between.replace('Z', '+00:00');
  expect((await call(`/api/companies/past.example?as_of=${withOffset}`)).status).toBe(200);
  expect((await call('/api/companies/past.example?as_of=2020-01-31')).status).toBe(404);
});

test.for(['yesterday', '2026-13-45', '2026-01-31T12:00:00', ''])(
  'refuses as_of=%s',
  async (time, { call }) => {
    const { status, body } = await call(`/api/companies/x.example?as_of=${time}`);
    expect(status).toBe(422);
    expect(body.errors[0].parameter).toBe('as_of');
  },
);

test('answers 404 for payloads and jobs that do not exist', async ({ call }) => {
  for (const path of ['/payloads', '/jobs']) {
    expect((await call(`${path}/00000000-0000-7000-8000-000000000000`)).status).toBe(404);
    expect((await call(`${path}/nonsense`)).status).toBe(404);
  }
});

test('starts a backfill as a job that can be followed and cancelled', async ({ call }) => {
  const started = await call('/run/people/db/person-job-titles/backfill', { json: {} });
  expect(started.status).toBe(202);
  const { job_id: id, status_url: url } = started.body;
  expect(started.headers.get('location')).toBe(url);
  expect((await call(url)).body).toMatchObject({ state: expect.stringMatching(/queued|running|done/) });
  const cancelled = await call(`/jobs/${id}/cancel`, { method: 'POST' });
  expect(cancelled.status).toBe(200);
  expect(cancelled.body.state).toBe('cancelled');
});
