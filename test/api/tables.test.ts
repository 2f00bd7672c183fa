import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { type Call, caller, silent, test as base } from '../http/support/api.ts';
import { createOutbound } from '../../src/clients/outbound.ts';
import { createApp } from '../../src/http/app.ts';
import { problemOf } from '../../src/http/faults.ts';
import { httpSettings } from '../../src/http/settings.ts';
import { testProducer } from '../support/producer.ts';

const table = '/api/tables/staging/things';

/** A table of all kinds of columns, with nulls and ties. */
async function fill(sql: Sql) {
  await sql`
    create table staging.things (
      id integer primary key, domain text, name text, amount numeric, big bigint, is_good boolean, seen_at timestamptz, day date, tags text[], content jsonb, odd point
    )`;
  await sql`
    insert into staging.things
    select n, 'd' || (n % 7) || '.example', case when n % 5 <> 0 then 'Name_' || n || ' 100%' end, n / 3.0, 9007199254740993 + n, n % 2 = 0,
           timestamptz '2026-01-01 00:00:00+00' + make_interval(hours => n / 10), date '2026-01-01' + n % 3, array['a', 'b' || n], jsonb_build_object('n', n), point(n, n)
      from generate_series(1, 250) as n`;
  await sql`comment on table staging.things is 'Things.'`;
  await sql`create view staging.thing_names as select domain, name from staging.things where name is not null`;
  await sql`analyze staging.things`;
}

const test = base.extend<{ filled: Call }>({
  filled: [
    async ({ pool, call }, use) => {
      await fill(pool);
      await use(call);
    },
    { scope: 'file' },
  ],
});

async function pages(call: Call, query: string, limit: number) {
  const rows: Record<string, unknown>[] = [];
  let after = '';
  for (;;) {
    const answer = await call(`${table}?${query}&limit=${limit}${after}`);
    expect(answer.status, answer.text).toBe(200);
    rows.push(...answer.body.data);
    if (answer.body.meta.next_cursor === null) return rows;
    after = `&after=${answer.body.meta.next_cursor}`;
  }
}

test('lists the data tables with their meaning, and nothing of the engine, the keys or the job queue', async ({
  filled: call,
}) => {
  const answer = await call('/api/tables');
  const names = answer.body.tables.map((each: { schema_name: string }) => each.schema_name);
  expect(new Set(names)).toEqual(
    new Set([
      'client',
      'core',
      'derived',
      'extracted',
      'mapped',
      'raw',
      'reference',
      'staging',
      'target_client',
      'testing',
    ]),
  );
  expect(answer.body.tables).toContainEqual({
    schema_name: 'staging',
    table_name: 'things',
    kind: 'table',
    description: 'Things.',
    estimated_rows: 250,
    url: table,
  });
  const hidden = [
    'etl/jobs',
    'api/api_keys',
    'graphile_worker/jobs',
    'pg_catalog/pg_class',
    'raw_partitions/company_payloads',
    'information_schema/tables',
  ];
  for (const name of hidden) expect((await call(`/api/tables/${name}`)).status, name).toBe(404);
});

test('describes the columns of a table', async ({ filled: call }) => {
  const answer = await call(`${table}/columns`);
  expect(answer.body.columns[3]).toEqual({
    name: 'amount',
    type: 'numeric',
    description: null,
    is_nullable: true,
  });
  expect((await call('/api/tables/staging/nothing/columns')).status).toBe(404);
});

test.for([
  ['id=7', [7]],
  ['id.eq=7', [7]],
  ['id=7&id=9', [7, 9]],
  ['id.in=7,9,300', [7, 9]],
  ['id.gt=247&id.lte=249', [248, 249]],
  ['name.contains=name_24', [24, 241, 242, 243, 244, 246, 247, 248, 249]],
  ['name.contains=9 100%25&id.lt=20', [9, 19]],
  ['name.contains=%25%25', []],
  ['name.null=true&id.lt=12', [5, 10]],
  ['name.filled=false&id.lt=12', [5, 10]],
  ['domain=https://www.D3.example/x&id.lt=12', [3, 10]],
  ['is_good=false&id.lt=4', [1, 3]],
  ['tags.contains=b31', [31]],
  ['tags=%7Ba,b31%7D', [31]],
  ['content=%7B%22n%22%3A 12%7D', [12]],
  ['odd=(3,3)', [3]],
  ['seen_at.gte=2026-01-02T01:00:00Z', [250]],
  ['day=2026-01-03&id.lt=6', [2, 5]],
] as const)('filters %s', async ([query, expected], { filled: call }) => {
  const answer = await call(`${table}?${query}&columns=id`);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body.data).toEqual(expected.map((id) => ({ id })));
});

test.for([
  '',
  'sort=-id',
  'sort=domain,-amount',
  'sort=-name',
  'sort=name,day',
  'sort=-seen_at&name.null=false',
  'sort=is_good,-domain',
])(
  'pages by cursor (%s) give every row once, in the order of one big page',
  async (query, { filled: call }) => {
    const whole = await call(`${table}?${query}&limit=1000`);
    expect(whole.body.data.length).toBeGreaterThan(190);
    expect(await pages(call, query, 17)).toEqual(whole.body.data);
  },
);

test('pages of a view without a key do not overlap', async ({ filled: call }) => {
  const whole = await call('/api/tables/staging/thing_names?limit=1000');
  const first = await call('/api/tables/staging/thing_names?limit=150');
  const second = await call(`/api/tables/staging/thing_names?limit=150&after=${first.body.meta.next_cursor}`);
  expect([...first.body.data, ...second.body.data]).toEqual(whole.body.data);
});

test('counts exactly, by estimate, or not at all', async ({ filled: call }) => {
  expect((await call(`${table}?count=exact&is_good=true`)).body.meta).toMatchObject({
    total: 125,
    total_is: 'exact',
  });
  const { meta } = (await call(`${table}?limit=1`)).body;
  expect(meta).toMatchObject({ total: 250, total_is: 'estimated', limit: 1 });
  expect((await call(`${table}?count=none`)).body.meta).toEqual({
    limit: 100,
    next_cursor: expect.any(String),
  });
});

test('gives all rows as NDJSON and CSV, exact to the digit', async ({ filled: call }) => {
  const lines = await call(`${table}?format=ndjson&sort=-id`);
  expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
  expect(lines.body).toHaveLength(250);
  expect(lines.body[0]).toMatchObject({ id: 250, content: { n: 250 }, tags: ['a', 'b250'] });
  expect(lines.text).toContain('"big":9007199254741243');
  const csv = await call(`${table}?columns=id,name,amount,big,tags,content`, {
    headers: { accept: 'text/csv' },
  });
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="staging.things.csv"');
  const rows: string[][] = parse(csv.text);
  expect(rows).toHaveLength(251);
  expect(rows[0]).toEqual(['id', 'name', 'amount', 'big', 'tags', 'content']);
  expect(rows[5]).toEqual(['5', '', '1.6666666666666667', '9007199254740998', '["a","b5"]', '{"n": 5}']);
  expect((await call(`${table}?format=csv&limit=3`)).text.trim().split('\n')).toHaveLength(4);
  expect((await call(`${table}?format=csv&id=0`)).text).toContain('id,domain,name');
});

test('CSV cells that a spreadsheet would run are text, numbers stay numbers', async ({
  filled: call,
  pool,
}) => {
  await pool`create table staging.formulas (id integer primary key, cell text, amount numeric)`;
  const cells = ['=1+1', '+1', '-1', '@x', '\tx', '\rx', 'plain', '"=1"', "'="];
  for (const [id, cell] of cells.entries())
    await pool`insert into staging.formulas values (${id}, ${cell}, ${-id})`;
  const rows: string[][] = parse((await call('/api/tables/staging/formulas?format=csv')).text);
  expect(rows.slice(1).map(([, cell]) => cell)).toEqual([
    "'=1+1",
    "'+1",
    "'-1",
    "'@x",
    "'\tx",
    "'\rx",
    'plain',
    '"=1"',
    "'=",
  ]);
  expect(rows[3]?.[2]).toBe('-2');
});

test('a stream uses constant memory, and can be left in the middle', async ({
  filled: call,
  pool,
  serve,
}) => {
  await pool`create table staging.many as select n as id, repeat('x', 1000) as filler from generate_series(1, 60000) as n`;
  const server = await serve();
  const before = process.memoryUsage().rss;
  const lines = await server.call('/api/tables/staging/many?format=ndjson&columns=id&sort=id');
  expect(lines.body).toHaveLength(60_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  const { admin } = await keysOf(pool);
  const left = await fetch(`${server.url}/api/tables/staging/many?format=csv`, {
    headers: { 'x-api-key': admin },
  });
  const reader = left.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  // The connection is free again: as many streams as there are connections can be left.
  for (let i = 0; i < 3; i += 1) expect((await call(`${table}?limit=1`)).status).toBe(200);
});

async function keysOf(pool: Sql): Promise<{ admin: string; read: string; tenant: string }> {
  const made = await pool<{ name: string; key: string }[]>`
    select name, api.create_key(name, array[scope]) ->> 'key' as key
      from (values ('admin', 'admin'), ('read', 'read'), ('tenant', 'read')) as wanted (name, scope)`;
  return Object.fromEntries(made.map(({ name, key }) => [name, key])) as {
    admin: string;
    read: string;
    tenant: string;
  };
}

test('rows of tenants are shown to an admin; to a reader only of its own tenant, whatever it asks', async ({
  filled,
  pool,
}) => {
  for (const domain of ['one.example', 'two.example']) {
    await pool`insert into client.leads (id, client_domain, raw_payload_id) values (gen_random_uuid(), ${domain}, gen_random_uuid())`;
  }
  const leads = '/api/tables/client/leads?columns=client_domain&count=exact';
  expect((await filled(leads)).body.meta.total).toBe(2);
  const { read, admin } = await keysOf(pool);
  const settings = httpSettings({ host: '127.0.0.1', port: 0 });
  const outbound = createOutbound({ allow: [] });
  const app = await createApp({ settings, sql: pool, log: silent, producer: testProducer(pool), outbound });
  const reader = caller(read, (path, init) => app.hono.request(path, init));
  for (const query of ['', '&client_domain=one.example', '&client_domain.in=one.example,two.example']) {
    expect((await reader(leads + query)).body).toMatchObject({ data: [], meta: { total: 0 } });
  }
  expect((await reader('/api/tables/client/leads?format=csv')).text.trim().split('\n')).toHaveLength(1);
  expect((await reader('/api/admin/client/leads/count')).body.count).toBe(0);
  const made = await pool<
    { key: string }[]
  >`select api.create_key('of one', '{read}', 'one.example') ->> 'key' as key`;
  const tenant = caller(made[0]?.key ?? '', (path, init) => app.hono.request(path, init));
  for (const query of ['', '&client_domain.in=one.example,two.example']) {
    expect((await tenant(leads + query)).body).toMatchObject({
      data: [{ client_domain: 'one.example' }],
      meta: { total: 1 },
    });
  }
  expect((await tenant('/api/tables/client/leads?format=csv&columns=client_domain')).text).toBe(
    'client_domain\none.example\n',
  );
  expect((await tenant('/api/admin/client/leads/count')).body.count).toBe(1);
  const all = caller(admin, (path, init) => app.hono.request(path, init));
  expect((await all('/api/tables/client/leads?format=ndjson')).body).toHaveLength(2);
  await app.close(1);
  await outbound.close();
});

test.for([
  'nope=1',
  'id.nope=1',
  'id.eq.eq=1',
  'sort=nope',
  'sort=odd',
  'odd.gte=(1,1)',
  'columns=nope',
  'columns=id,nope',
  'limit=0',
  'limit=1001',
  'limit=-1',
  'limit=x',
  'limit=1e3',
  'limit=99999999999999999999',
  'count=perhaps',
  'format=xml',
  'id=x',
  'id=1.5',
  'id=99999999999999999999',
  'id.gte=',
  'day=2026-13-45',
  'seen_at.lt=soon',
  'is_good=perhaps',
  'name.null=perhaps',
  'name=%00',
  'content=%7Bx',
  'tags=x',
  'after=x',
  'after=e30',
  'after=%00',
  `after=${Buffer.from('{"sort":["id"],"values":["x"]}').toString('base64url')}`,
  `after=${Buffer.from('{"sort":["name"],"values":["x"]}').toString('base64url')}`,
  `after=${Buffer.from('{"sort":["id"],"values":["1","2"]}').toString('base64url')}`,
  `id.in=${Array.from({ length: 10_000 }, (_, n) => n).join(',')}`,
  'id.in=',
  'id=1;drop table staging.things',
  "id=1' or '1'='1",
  'sort=id;drop table staging.things',
  'columns=id,(select 1)',
  "id'=1",
  'sort=id desc',
  `${Array.from({ length: 60 }, () => 'name.contains=x').join('&')}`,
])('refuses bad input %#', async (query, { filled: call }) => {
  const answer = await call(`${table}?${query}`);
  expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('/problems/unprocessable')]);
});

test('SQL in a value is a value: it matches nothing, and nothing happens', async ({ filled: call }) => {
  for (const value of ["'; drop table staging.things; --", '\\', "E'\\''", '%', '_', '$1', '%I']) {
    for (const filter of ['name', 'name.contains', 'domain', 'domain.in']) {
      const answer = await call(`${table}?${filter}=${encodeURIComponent(value)}&count=exact`);
      const expected = filter !== 'name.contains' ? 0 : value === '%' || value === '_' ? 200 : 0;
      expect([answer.status, answer.body.meta.total], `${filter}=${value}`).toEqual([200, expected]);
    }
  }
});

test('names of tables are names of tables', async ({ filled: call }) => {
  for (const name of [
    'staging/nothing',
    'nothing/things',
    `staging/${encodeURIComponent('things; drop table x')}`,
    'staging/things%00',
    `staging/${encodeURIComponent('"')}`,
  ]) {
    const answer = await call(`/api/tables/${name}`);
    expect([answer.status, answer.body.code], name).toEqual([404, 'UNKEY']);
  }
});

test('the old paths page by offset with an exact total, with their filters', async ({
  filled: call,
  pool,
}) => {
  await pool`insert into core.company_descriptions (id, domain, description, source) values (gen_random_uuid(), 'a.example', 'Makes rockets', 'x'), (gen_random_uuid(), 'b.example', null, 'x')`;
  await pool`insert into core.company_customers (id, origin_company_domain, customer_key, customer_name, source) values (gen_random_uuid(), 'a.example', 'k', 'Globex Corp', 'x')`;
  const described = await call('/api/admin/core/company_descriptions?has_description=true&limit=10');
  expect(described.body).toMatchObject({
    schema_name: 'core',
    table_name: 'company_descriptions',
    data: [{ domain: 'a.example' }],
    meta: { total: 1, limit: 10, offset: 0 },
  });
  expect((await call('/api/admin/core/company_descriptions?has_description=false')).body.data).toMatchObject([
    { domain: 'b.example' },
  ]);
  expect((await call('/api/admin/core/company_customers?customer_name=globex')).body.meta.total).toBe(1);
  expect((await call('/api/admin/core/company_customers?customer_name=globex&source=')).body.meta.total).toBe(
    1,
  );
  const page = await call('/api/admin/staging/things?limit=10&offset=240&name=');
  expect(page.body.meta).toEqual({ total: 250, total_is: 'exact', limit: 10, offset: 240 });
  expect(page.body.data.map(({ id }: { id: number }) => id)).toEqual([
    241, 242, 243, 244, 245, 246, 247, 248, 249, 250,
  ]);
  for (const prefix of ['/api/admin', '/api/admin/tables']) {
    const counted = await call(`${prefix}/staging/things/count`);
    expect(counted.body).toEqual({
      ...{ schema_name: 'staging', table_name: 'things' },
      count: 250,
      count_is: 'exact',
    });
    expect((await call(`${prefix}/etl/jobs/count`)).status).toBe(404);
  }
  for (const query of [
    'offset=10001',
    'offset=-1',
    'limit=501',
    'nope=1',
    'name=%00',
    'has_nope=true',
    'nope_gte=1',
  ]) {
    expect((await call(`/api/admin/staging/things?${query}`)).status, query).toBe(422);
  }
});

test('a read that takes too long ends with a problem', async ({ pool }) => {
  await pool`create view staging.slow as select pg_sleep(0.2)::text as slept, n as id from generate_series(1, 1000) as n`;
  const rows = pool.begin(async (sql) => {
    await sql`set local statement_timeout = 300`;
    const [query] = await sql<
      { page_query: string }[]
    >`select page_query from api.table_query('staging', 'slow', '{"filters": [], "limit": 100}')`;
    await sql.unsafe(query?.page_query ?? '');
  });
  const error: unknown = await rows.catch((raised: unknown) => raised);
  expect(error).toMatchObject({ code: '57014' });
  // What the server answers with when this is raised below a handler.
  expect(problemOf(error)).toMatchObject({ kind: 'timeout', status: 504 });
});

test('a column that is not there is refused with the names of those that are', async ({ filled: call }) => {
  const names = (await call(`${table}/columns`)).body.columns.map(({ name }: { name: string }) => name);
  for (const query of ['nope=1', 'nope.gte=1', 'columns=nope', 'sort=nope']) {
    const { status, body } = await call(`${table}?${query}`);
    expect(status).toBe(422);
    expect(body.detail).toContain(`no column "nope". Its columns are ${names.join(', ')}`);
  }
});

test('the same from psql', async ({ filled, pool }) => {
  expect((await filled(table)).status).toBe(200);
  const rows =
    await pool`select api.table_page('staging', 'things', '{"filters": [{"column": "id", "operator": "lte", "value": "2"}], "columns": ["id"]}') as row`;
  expect(rows.map(({ row }) => row)).toEqual([{ id: 1 }, { id: 2 }]);
});
