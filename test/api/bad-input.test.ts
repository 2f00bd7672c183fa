import { expect } from 'vitest';

import { type Call, type Json, test as base } from '../http/support/api.ts';
import { loadSample } from './support/sample.ts';

type Declared = { name: string; in: string; type: string; required?: boolean; example?: unknown };

const test = base.extend<{
  sample: Call;
  endpoints: { path: string; method: string; parameters: Declared[]; is_list: boolean }[];
}>({
  sample: [
    async ({ pool, call }, use) => {
      await loadSample(pool, 6);
      await use(call);
    },
    { scope: 'file' },
  ],
  endpoints: [
    async ({ pool }, use) =>
      use(
        await pool<{ path: string; method: string; parameters: Declared[]; is_list: boolean }[]>`
          select path, method, parameters, rows_from is not null as is_list from api.endpoints order by name`,
      ),
    { scope: 'file' },
  ],
});

const injections = [
  "'; drop table core.people; --",
  "' or '1'='1",
  '$$; select pg_sleep(5); $$',
  "x') union select key_hash::text from api.api_keys --",
  ':after :fetch :value :domain',
  '%s %L %1$s',
  '\\',
  '(((&&&|||!!!:*',
  '{"a":1}',
  '[1,2',
  '\u202e\u0301😀',
  '"',
  'NaN',
  '\u0000',
];

function pathOf(path: string, values: Record<string, string>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? 'acme.example'));
}

function queryOf(parameters: Declared[], values: Record<string, string>): string {
  const query = new URLSearchParams();
  for (const { name, in: place, required, example } of parameters) {
    if (place !== 'query') continue;
    if (name in values) query.set(name, values[name] ?? '');
    else if (required) query.set(name, String(example));
  }
  return query.size > 0 ? `?${query}` : '';
}

function expectProblem(body: Json, status: number) {
  expect(body).toMatchObject({ status, success: false, type: expect.stringMatching(/^\/problems\//) });
}

test(
  'SQL, patterns and garbage in every parameter of every path are values or refused, never a fault',
  { timeout: 300_000 },
  async ({ sample, endpoints, pool }) => {
    let calls = 0;
    for (const { path, method, parameters } of endpoints) {
      for (const { name, in: place } of parameters) {
        for (const text of injections) {
          const values = { [name]: text };
          const inBody = parameters.filter((parameter) => parameter.in === 'body');
          const body = Object.fromEntries(
            inBody.filter(({ required }) => required).map((parameter) => [parameter.name, parameter.example]),
          );
          if (place === 'body') body[name] = text;
          const { status, body: said } = await sample(pathOf(path, values) + queryOf(parameters, values), {
            method: method.toUpperCase(),
            ...(inBody.length > 0 ? { json: body } : {}),
          });
          calls += 1;
          expect([200, 404, 422], `${method} ${path} ${name}=${text}: ${JSON.stringify(said)}`).toContain(
            status,
          );
          if (status !== 200) expectProblem(said, status);
        }
      }
    }
    expect(calls).toBeGreaterThan(1000);
    const [row] = await pool`select count(*)::int as people from core.people`;
    expect(row?.people, 'nothing was dropped or deleted').toBeGreaterThan(0);
  },
);

test('a parameter that does not exist is refused on every path, with the nearest name', async ({
  sample,
  endpoints,
}) => {
  for (const { path, parameters, is_list } of endpoints.filter(({ method }) => method === 'get')) {
    const query = queryOf(parameters, {});
    const { status, body } = await sample(`${pathOf(path, {})}${query}${query ? '&' : '?'}limti=3`);
    expect(status, path).toBe(422);
    expect(body.errors[0].parameter).toBe('limti');
    if (is_list) expect(body.errors[0].detail).toContain('"limit"');
  }
});

test.for([
  '/api/leads?limit=0',
  '/api/leads?limit=101',
  '/api/leads?limit=x',
  '/api/leads?limit=1&limit=2',
  '/api/leads?limit=99999999999999999999',
  '/api/leads?offset=-1',
  '/api/leads?offset=10001',
  '/api/leads/quick?limit=2001',
  '/api/leads/quick?offset=10001',
  '/api/leads?job_start_date_gte=2026-02-30',
  '/api/leads?job_start_date_lte=yesterday',
  '/api/leads?business_model=B2X',
  '/api/leads?count=perhaps',
  '/api/leads?format=xml',
  '/api/leads?include_incomplete=maybe',
  '/api/leads?company_domain=no domain',
  '/api/leads?q=x',
  '/api/leads/recently-promoted?promoted_within_days=0',
  '/api/leads/new-in-role?started_within_days=999999999999',
  '/api/leads/by-past-employer',
  '/api/leads/by-past-employer?domains=,',
  '/api/leads/past-employer-count',
  '/api/people?linkedin_url=https://example.com/in/x',
  '/api/companies/search?q=a',
  '/api/companies/not a domain/ads',
  '/api/companies/acme.example/customers?domain=other.example',
  '/api/enrichment/workflows?coalesces_to_core=perhaps',
  '/api/leads?format=csv&limit=0',
])('refuses %s with 422', async (path, { sample }) => {
  const { status, body } = await sample(path);
  expect(status, JSON.stringify(body)).toBe(422);
  expectProblem(body, 422);
});

test('a cursor that is broken, of another list or of other filters is refused', async ({ sample }) => {
  const { body } = await sample('/api/leads?limit=2');
  const cursor = body.meta.next_cursor as string;
  const forged = Buffer.from('["0000000000", ["a", "b"]]').toString('base64url');
  const [hash] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string];
  const wrongValues = Buffer.from(JSON.stringify([hash, ['a', 'no uuid']])).toString('base64url');
  const tooFew = Buffer.from(JSON.stringify([hash, ['a']])).toString('base64url');
  for (const path of [
    `/api/leads?limit=2&cursor=${cursor.slice(0, -3)}`,
    `/api/leads?limit=2&cursor=${cursor}x`,
    `/api/leads?limit=2&cursor=%F0%9F%98%80`,
    `/api/leads?limit=2&cursor=${forged}`,
    `/api/leads?limit=2&cursor=${wrongValues}`,
    `/api/leads?limit=2&cursor=${tooFew}`,
    `/api/leads?limit=2&seniority=VP&cursor=${cursor}`,
    `/api/people?limit=2&cursor=${cursor}`,
    `/api/leads?format=csv&cursor=${cursor}x`,
  ]) {
    const answer = await sample(path);
    expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBe(422);
    expectProblem(answer.body, 422);
  }
  expect((await sample(`/api/leads?limit=3&cursor=${cursor}`)).status, 'the size of a page may change').toBe(
    200,
  );
});

test('a list of 10,000 values is refused, one of 1,000 is not', async ({ sample }) => {
  const values = (count: number) => Array.from({ length: count }, (_, n) => `v${n}`);
  for (const [name, make] of [
    ['commas', (list: string[]) => `job_function=${list.join(',')}`],
    ['repeated', (list: string[]) => list.map((value) => `job_function=${value}`).join('&')],
    ['JSON', (list: string[]) => `job_function=${encodeURIComponent(JSON.stringify(list))}`],
  ] as const) {
    const { status, body } = await sample(`/api/leads?${make(values(10_000))}`);
    expect(status, name).toBe(422);
    expect(body.errors[0]).toMatchObject({ parameter: 'job_function', detail: 'has more than 1000 values' });
    expect((await sample(`/api/leads?${make(values(1_000))}`)).status, name).toBe(200);
  }
});

test.for([
  ['/api/companies/check-has-customers', {}],
  ['/api/companies/check-has-customers', { domain: null }],
  ['/api/companies/check-has-customers', { domain: 5 }],
  ['/api/companies/check-has-customers', { domain: '' }],
  ['/api/companies/check-has-customers', { domain: 'no domain' }],
  ['/api/companies/public-company-info', { domain: ['a.example'] }],
  ['/api/people/work-history', { linkedin_url: {} }],
  ['/api/people/work-history', { linkedin_url: 'https://example.com' }],
  ['/api/companies/enrichment-status', { domain: 'a.example' }],
  ['/api/target-views', { domain: 'a.example', filters: 'all' }],
  ['/api/target-views', { domain: 'a.example' }],
  ['/api/leads/priority-companies', { company_name: '  ' }],
  ['/api/people/work-history', []],
] as const)('refuses the body of POST %s: %j', async ([path, json], { sample }) => {
  const { status, body } = await sample(path, { json });
  expect(status, JSON.stringify(body)).toBe(422);
  expectProblem(body, 422);
});
