import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { company, companyPath, test } from '../http/support/api.ts';

/** What the worker does until nothing remains. */
async function refresh(sql: Sql, olderThan = '0 seconds') {
  let counted = 0;
  for (let i = 0; i < 300; i += 1) {
    const [row] = await sql<{ result: { counted: number; remaining: boolean } }[]>`
      select etl.refresh_coverage(${olderThan}::interval) as result`;
    counted += row?.result.counted ?? 0;
    if (!row?.result.remaining) break;
  }
  return counted;
}

/** Statistics of other sessions reach the server's counters within a second of their last statement. */
async function flush(sql: Sql) {
  await sql`select pg_stat_force_next_flush()`;
}

test('says nothing before it was counted, and then what is known, from whom, and what is missing', async ({
  call,
  pool,
}) => {
  const empty = await call('/api/enrichment/coverage');
  expect(empty.body).toEqual({ as_of: null, companies: 0, people: 0, tables: [], gaps: [] });
  expect((await call('/api/admin/gaps/recipes/companies-missing-industry/count')).body).toMatchObject({
    count: null,
    as_of: null,
  });

  await call(companyPath, {
    json: company('one.example', {
      keywords: ['a', 'b'],
      employees: '1-10',
      location: { country: { name: 'France' } },
    }),
  });
  await call(companyPath, { json: company('two.example', { keywords: ['c'] }) });
  await flush(pool);
  expect(await refresh(pool, '1 hour')).toBeGreaterThan(40);

  const { body } = await call('/api/enrichment/coverage?entity=company');
  expect(body).toMatchObject({ companies: 2, people: 0 });
  expect(Date.parse(body.as_of)).toBeGreaterThan(Date.now() - 60_000);
  expect(body.tables.find((each: { table: string }) => each.table === 'core.company_keywords')).toMatchObject(
    {
      entity: 'company',
      records: 2,
      rows: 3,
      share: 1,
      newest_observed_at: expect.stringContaining('T'),
      sources: [{ source: 'companyenrich', records: 2, rows: 3 }],
    },
  );
  expect(body.gaps).toContainEqual({
    recipe_id: 'companies-missing-location',
    label: 'Companies without location',
    priority: 'P1',
    count: 1,
    as_of: expect.any(String),
  });
  const one = await call('/api/enrichment/coverage?table=core.companies,core.people');
  expect(one.body.tables.map((each: { table: string }) => each.table)).toEqual([
    'core.companies',
    'core.people',
  ]);
  for (const query of ['entity=x', 'table=core.nope', 'table=%00', 'nope=1']) {
    expect((await call(`/api/enrichment/coverage?${query}`)).status, query).toBe(422);
  }
});

test('counts again only what was written since', async ({ ownDatabase }) => {
  const sql = ownDatabase.connect(1);
  expect(await refresh(sql, '1 hour')).toBeGreaterThan(40);
  expect(await refresh(sql, '1 hour')).toBe(0);
  await sql`insert into core.company_keywords (id, domain, keyword, source) values (gen_random_uuid(), 'a.example', 'k', 'x')`;
  await flush(sql);
  await sql`select 1`;
  await sql`update etl.coverage_refreshes set as_of = now() - interval '2 hours'`;
  expect(await refresh(sql, '1 hour')).toBe(1);
  const [row] =
    await sql`select records from etl.coverage where target = 'core.company_keywords' and source = '*'`;
  expect(row).toEqual({ records: '1' });
});

test('gap recipes are listed, counted by distinct keys, and sampled', async ({ call, pool }) => {
  const recipes = await call('/api/admin/gaps/recipes');
  expect(recipes.body.recipes).toHaveLength(11);
  expect(recipes.body.recipes[0]).toMatchObject({
    id: 'extracted-companies-not-in-core',
    comparison: 'not_in_target',
    join_column: 'domain',
    country_join: null,
  });

  await pool`
    insert into core.company_vc_investors (id, company_domain, vc_name, source)
    values (gen_random_uuid(), 'us.example', 'A', 'x'), (gen_random_uuid(), 'us.example', 'B', 'x'), (gen_random_uuid(), 'fr.example', 'A', 'x'), (gen_random_uuid(), 'nowhere.example', 'A', 'x'),
           (gen_random_uuid(), 'sold.example', 'A', 'x')`;
  await pool`insert into core.company_locations (id, domain, country, source) values (gen_random_uuid(), 'us.example', 'United States', 'x'), (gen_random_uuid(), 'fr.example', 'France', 'x')`;
  await pool`insert into core.company_customers (id, origin_company_domain, customer_key, source) values (gen_random_uuid(), 'sold.example', 'k', 'x')`;
  await pool`delete from etl.coverage_refreshes`;
  await refresh(pool, '1 hour');

  const path = '/api/admin/gaps/recipes/vc-backed-without-customers';
  const counted = await call(`${path}/count`);
  expect(counted.body).toMatchObject({
    recipe_id: 'vc-backed-without-customers',
    count: 3,
    source_table: 'core.company_vc_backed',
    target_table: 'core.company_customers',
  });
  expect((await call(`${path}/count?country=United States`)).body.count).toBe(1);
  expect((await call(`${path}/count?country=not United States`)).body.count).toBe(1);
  const sample = await call(`${path}/sample?limit=2`);
  expect(sample.body).toMatchObject({
    count: 3,
    limit: 2,
    sample: [{ domain: 'fr.example', vc_count: 1 }, { domain: 'nowhere.example' }],
  });
  for (const [query, status] of [
    ['count?country=Mars', 422],
    ['sample?limit=0', 422],
    ['sample?limit=101', 422],
    ['count?nope=1', 422],
    ['count?country=%00', 422],
  ] as const) {
    expect((await call(`${path}/${query}`)).status, query).toBe(status);
  }
  expect(
    (await call('/api/admin/gaps/recipes/companies-missing-industry/count?country=United States')).status,
  ).toBe(422);
  for (const id of ['nope', "'", '%00'])
    expect((await call(`/api/admin/gaps/recipes/${id}/count`)).status, id).toBe(id === '%00' ? 422 : 404);
});

test('companies of top VC firms without known customers, investors without a domain found by name', async ({
  call,
  pool,
}) => {
  await pool`delete from core.company_vc_investors`;
  await pool`delete from reference.top_vcs`;
  await pool`insert into reference.top_vcs (name, domain) values ('Top One', 'topone.example'), ('Top Two', 'toptwo.example')`;
  await pool`insert into reference.vc_firms (id, name, domain) values (gen_random_uuid(), 'Top Two', 'toptwo.example')`;
  await pool`insert into core.companies (id, domain, name, source) values (gen_random_uuid(), 'b.example', 'Bee', 'x')`;
  await pool`
    insert into core.company_vc_investors (id, company_domain, company_name, vc_name, vc_domain, source)
    values (gen_random_uuid(), 'b.example', 'Bee Inc', 'Top One', 'topone.example', 'x'), (gen_random_uuid(), 'b.example', null, 'top two', null, 'x'),
           (gen_random_uuid(), 'c.example', null, 'Top Two', null, 'x'), (gen_random_uuid(), 'sold.example', null, 'Top Two', null, 'x'), (gen_random_uuid(), 'd.example', null, 'Other', 'other.example', 'x')`;
  const list = await call('/api/admin/top-vc-portfolio/list');
  expect(list.body).toEqual({
    count: 2,
    vcs: [
      { name: 'Top One', domain: 'topone.example' },
      { name: 'Top Two', domain: 'toptwo.example' },
    ],
  });

  const path = '/api/admin/top-vc-portfolio/missing-customers';
  const missing = await call(path);
  expect(missing.body).toMatchObject({
    total: 2,
    limit: 50,
    offset: 0,
    data: [
      {
        domain: 'b.example',
        name: 'Bee',
        top_vc_investors: ['Top One', 'top two'],
        top_vc_domains: ['topone.example', 'toptwo.example'],
      },
      { domain: 'c.example', name: null, top_vc_investors: ['Top Two'] },
    ],
  });
  expect((await call(`${path}/count`)).body).toMatchObject({ count: 2 });
  expect((await call(`${path}?vc_domain=www.TopOne.example`)).body).toMatchObject({
    total: 1,
    data: [{ domain: 'b.example', top_vc_domains: ['topone.example', 'toptwo.example'] }],
  });
  expect((await call(`${path}?limit=1&offset=1`)).body.data).toMatchObject([{ domain: 'c.example' }]);
  for (const query of ['limit=0', 'limit=501', 'offset=-1', 'offset=x', 'nope=1', 'vc_domain=%00']) {
    expect((await call(`${path}?${query}`)).status, query).toBe(422);
  }
});
