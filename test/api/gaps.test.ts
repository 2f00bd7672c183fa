import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { type Call, type Json, test as base } from '../http/support/api.ts';

// What the system before this one answered under /api/admin/gaps, and the defects it had there; coverage.test.ts has more.

async function get(call: Call, path: string): Promise<Json> {
  const { status, body } = await call(path);
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(200);
  return body;
}

const count = async (pool: Sql) => {
  await pool`delete from etl.coverage_refreshes`;
  for (;;) {
    const [row] = await pool<
      { remaining: boolean }[]
    >`select etl.refresh_coverage() -> 'remaining' as remaining`;
    if (row?.remaining !== true) return;
  }
};
const test = base.extend<{ counted: Call }>({
  counted: [
    async ({ pool, call }, use) => {
      await pool`
        insert into core.companies (id, domain, source) select gen_random_uuid(), name || '.example', 'x' from unnest(array['us', 'fr', 'de', 'null', 'none']) as name`;
      await pool`
        insert into core.company_locations (id, domain, city, country, source)
        values (gen_random_uuid(), 'us.example', 'Austin', 'United States', 'x'), (gen_random_uuid(), 'fr.example', 'Lyon', 'France', 'x'), (gen_random_uuid(), 'de.example', 'Ulm', 'Germany', 'x'),
               (gen_random_uuid(), 'null.example', 'Atlantis', null, 'x')`;
      await pool`
        insert into core.company_vc_investors (id, company_domain, vc_name, source)
        select gen_random_uuid(), name || '.example', 'A', 'x' from unnest(array['us', 'fr', 'de', 'null', 'none']) as name`;
      await pool`
        insert into core.company_customers (id, origin_company_domain, customer_key, customer_domain, source)
        select gen_random_uuid(), 's' || n || '.example', customer, customer || '.example', 'x' from generate_series(1, 3) as n, unnest(array['asked', 'unasked']) as customer`;
      await pool`
        insert into extracted.company_enrich_similar_checks (id, domain, similar_count, raw_payload_id, observed_at)
        values (gen_random_uuid(), 'asked.example', 0, gen_random_uuid(), now())`;
      await count(pool);
      await use(call);
    },
    { scope: 'file' },
  ],
});
const recipes = '/api/admin/gaps/recipes';

test('every recipe has the fields of the old list', async ({ counted: call }) => {
  const listed = (await get(call, recipes)).recipes as Json[];
  for (const recipe of listed) {
    expect(recipe).toEqual({
      id: expect.stringMatching(/^[a-z-]+$/),
      label: expect.any(String),
      description: expect.any(String),
      source_table: expect.stringContaining('.'),
      target_table: expect.stringContaining('.'),
      join_column: expect.any(String),
      comparison: 'not_in_target',
      priority: expect.stringMatching(/^P[0-3]$/),
      country_join:
        recipe.id === 'vc-backed-without-customers' ? 'core.company_locations:domain:country' : null,
    });
  }
  const priorities = listed.map(({ priority }) => priority as string);
  expect(priorities).toEqual([...priorities].sort());
});

test('a row without the value is a gap', async ({ counted: call }) => {
  const { sample, count: found } = await get(call, `${recipes}/companies-missing-location/sample`);
  expect(found).toBe(2);
  expect(sample.map(({ domain }: Json) => domain)).toEqual(['none.example', 'null.example']);
  expect(sample[0].lineage, 'JSON, not text').toBeTypeOf('object');
});

test('a domain is one gap, however many companies sell to it, and none once it was asked about', async ({
  counted: call,
}) => {
  const found = await get(call, `${recipes}/customers-without-find-similar/sample?limit=100`);
  expect(found.count).toBe(1);
  expect(found.sample.map((row: Json) => row.customer_domain)).toEqual(['unasked.example']);
});

test('with the companies whose country is unknown, the countries make up the whole', async ({
  counted: call,
}) => {
  const path = `${recipes}/vc-backed-without-customers/count`;
  const counts = await Promise.all(
    ['United States', 'not United States', 'unknown'].map(
      async (country) => (await get(call, `${path}?country=${country}`)).count as number,
    ),
  );
  expect(counts).toEqual([1, 2, 2]);
  expect((await get(call, path)).count).toBe(5);
  expect((await get(call, `${path}?country=`)).count, 'an empty country is none').toBe(5);
});
