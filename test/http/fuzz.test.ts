import { expect } from 'vitest';

import { type Json, test as base } from './support/api.ts';

type Parameter = { name: string; in: string; required?: boolean; example?: unknown };
type Reading = { path: string; parameters: Parameter[] };

/** As they stand in a URL: not all of them are UTF-8. */
const values: Record<string, string> = {
  SQL: encodeURIComponent("x'); drop table core.people; --"),
  'a pattern': encodeURIComponent('%_\\(((&|!:*'),
  'a null character': '%00',
  'a null character within': 'a%00b',
  'broken UTF-8': '%FF%FE',
  'half a surrogate pair': '%ED%A0%80',
  'a broken escape': '%zz',
  'a huge number': '9'.repeat(30),
  'a negative number': '-1',
  'no number': 'NaN',
  'a number out of range': '1e309',
  infinity: 'infinity',
  '-infinity': '-infinity',
  'a day that is none': '2026-02-31',
  'a day before Christ': encodeURIComponent('0044-03-15 BC'),
  'a far day': '294277-01-01T00:00:00Z',
  'a cursor of nobody': Buffer.from('{"sort":["id"],"values":[null]}').toString('base64url'),
  'another cursor of nobody': Buffer.from('["0000000000", ["a", {"b": 1}]]').toString('base64url'),
  'half of an array': encodeURIComponent('[1,'),
  'a deep array': encodeURIComponent('['.repeat(5_000)),
  'a long text': 'x'.repeat(8_000),
  '10,000 elements': Array.from({ length: 10_000 }, (_, n) => n).join(','),
  nothing: '',
};

const known: Record<string, string> = {
  schema: 'core',
  table: 'companies',
  recipe_id: 'companies-missing-industry',
};

const test = base.extend<{ readings: Reading[] }>({
  readings: [
    async ({ call }, use) => {
      const { body } = await call('/openapi.json');
      const paths = Object.entries(body.paths as Record<string, { get?: { parameters?: Parameter[] } }>);
      await use(
        paths.flatMap(([path, { get }]) => (get ? [{ path, parameters: get.parameters ?? [] }] : [])),
      );
    },
    { scope: 'file' },
  ],
});

/** The URL of a route with one parameter as given, and as much else as it needs. */
function urlOf({ path, parameters }: Reading, name: string, value: string): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, asked: string) =>
    asked === name ? value : (known[asked] ?? 'acme.example'),
  );
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && (parameter.required || parameter.name === name))
    .map((parameter) => `${parameter.name}=${parameter.name === name ? value : String(parameter.example)}`);
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled;
}

function expectNoFault(url: string, { status, body }: { status: number; body: Json }) {
  // This one asks a provider, for which the test has no key.
  const isUnconfigured = status === 503 && body.type === '/problems/not-configured';
  if (isUnconfigured && /^\/api\/companies\/[^/]+\/similar/.test(url)) return;
  expect([200, 400, 404, 422], `${url.slice(0, 200)}: ${JSON.stringify(body).slice(0, 300)}`).toContain(
    status,
  );
  if (status >= 400)
    expect(body).toMatchObject({ success: false, type: expect.stringMatching(/^\/problems\//) });
}

test(
  'whatever any parameter of any path that reads is, the answer is rows or a problem, never a fault',
  { timeout: 600_000 },
  async ({ call, readings, pool }) => {
    const urls = readings.flatMap((reading) =>
      reading.parameters
        .filter((parameter) => parameter.in !== 'header')
        .flatMap(({ name }) => [
          ...Object.values(values).map((value) => urlOf(reading, name, value)),
          // given twice
          ...(reading.path.includes(`{${name}}`) ? [] : [urlOf(reading, name, `1&${name}=2`)]),
        ]),
    );
    // Among them all columns as filters, which the document cannot list.
    for (const column of [
      'id',
      'domain',
      'name',
      'lineage',
      'observed_at',
      'created_at',
      'nope',
      "x'",
      '%00',
    ]) {
      for (const operator of ['', '.in', '.contains', '.gte', '.lt', '.null', '.filled', '.nope']) {
        for (const value of Object.values(values))
          urls.push(`/api/tables/core/companies?${column}${operator}=${value}`);
      }
      for (const suffix of ['', '_gte', '_lte'])
        for (const value of Object.values(values))
          urls.push(`/api/admin/core/companies?${column}${suffix}=${value}`);
    }
    expect(urls.length).toBeGreaterThan(5_000);
    const rest = urls.values();
    const asking = Array.from({ length: 4 }, async () => {
      for (const url of rest) expectNoFault(url, await call(url));
    });
    await Promise.all(asking);
    const [row] = await pool`select to_regclass('core.people') is not null as is_there`;
    expect(row?.is_there).toBe(true);
  },
);

test('a parameter that a path does not have is refused, and the answer names those it has', async ({
  call,
  readings,
}) => {
  for (const reading of readings.filter(({ path }) => !/^\/(health|ready)?$/.test(path))) {
    const url = urlOf(reading, '', '');
    const { status, body } = await call(`${url}${url.includes('?') ? '&' : '?'}no_such_parameter=1`);
    expect(status, `${url}: ${JSON.stringify(body).slice(0, 200)}`).toBe(422);
    expect(JSON.stringify(body), url).toContain('no_such_parameter');
  }
});
