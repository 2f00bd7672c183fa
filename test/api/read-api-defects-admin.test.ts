import { readFile } from 'node:fs/promises';

import { parse } from 'csv-parse/sync';
import { describe, expect } from 'vitest';

import { type Call, type Json, caller, test as base } from '../http/support/api.ts';
import { loadSample } from './support/sample.ts';

// What the system before this one answered under /api/enrichment, /api/filters, /api/target-views and /api/admin, and the
// defects it had there. Claims that other files of this folder make are not made again.

type Table = {
  table: string;
  equal: string;
  contains: string;
  range: string;
  order: string;
  columns: string;
};

/** The tables with a path of their own below /api/admin, their filters, order and columns, written down from that system. */
const browsed: Table[] = parse(await readFile(new URL('admin-tables.csv', import.meta.url)), {
  columns: true,
});

const test = base.extend<{ sample: Call }>({
  sample: [
    async ({ pool, call }, use) => {
      await loadSample(pool, 6);
      await use(call);
    },
    { scope: 'file' },
  ],
});

const words = (text: string) => text.split(' ').filter((word) => word !== '');

async function get(call: Call, path: string): Promise<Json> {
  const { status, body } = await call(path);
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(200);
  return body;
}

describe('GET /api/enrichment/workflows', () => {
  const path = '/api/enrichment/workflows';

  test.for([
    ['entity_type', 'person', (row: Json) => row.entity_type === 'person'],
    ['entity_type', 'target_client', (row: Json) => row.entity_type === 'target_client'],
    ['coalesces_to_core', 'true', (row: Json) => row.coalesces_to_core === true],
    ['coalesces_to_core', 'false', (row: Json) => row.coalesces_to_core === false],
    ['payload_type', 'signal', (row: Json) => row.payload_type === 'signal'],
    ['payload_type', 'unknown', (row: Json) => row.payload_type === null],
    ['usage_category', 'internal-hq', (row: Json) => row.usage_category === 'internal-hq'],
    ['workflow_type', 'lookup', (row: Json) => row.workflow_type === 'lookup'],
    ['has_api_wrapper', 'true', (row: Json) => row.api_endpoint_url !== null],
  ] as const)(
    '%s=%s gives exactly the workflows of which it is so, and says so',
    async ([name, value, isSo], { sample: call }) => {
      const all = (await get(call, path)).data as Json[];
      const { data, meta } = await get(call, `${path}?${name}=${value}`);
      expect(data.length).toBeGreaterThan(0);
      expect(data).toEqual(all.filter(isSo));
      expect(meta).toMatchObject({
        total: data.length,
        in_core_count: data.filter((row: Json) => row.coalesces_to_core).length,
        not_in_core_count: data.filter((row: Json) => !row.coalesces_to_core).length,
        client_count: 0,
        internal_hq_count: data.length,
        with_api_wrapper_count: data.length,
      });
      const asked = value === 'true' || value === 'false' ? value === 'true' : value;
      expect(meta.filters).toEqual({
        entity_type: null,
        coalesces_to_core: null,
        payload_type: null,
        usage_category: null,
        workflow_type: null,
        is_active: true,
        has_api_wrapper: null,
        [name]: asked,
      });
    },
  );

  test('active workflows are the default; the others can be listed alone and together with them', async ({
    sample: call,
    pool,
  }) => {
    const slugs = async (query: string) =>
      ((await get(call, path + query)).data as Json[]).map((row) => row.workflow_slug as string);
    const all = await slugs('?is_active=all');
    await pool`
      update reference.enrichment_workflow_registry set is_active = false, inactive_reason = 'for a test' where workflow_slug = 'apollo-scrape'`;
    try {
      expect(await slugs('?is_active=false')).toContain('apollo-scrape');
      expect(await slugs('')).not.toContain('apollo-scrape');
      expect(await slugs('?is_active=')).toEqual(await slugs(''));
      expect(await slugs('?is_active=all')).toEqual(all);
      expect(all).toEqual([...all].sort());
    } finally {
      await pool`
        update reference.enrichment_workflow_registry set is_active = true, inactive_reason = null where workflow_slug = 'apollo-scrape'`;
    }
  });

  test('a boolean is taken in every spelling that clients of the old system could send', async ({
    sample: call,
  }) => {
    const count = async (query: string) => (await get(call, `${path}?${query}`)).meta.total as number;
    for (const name of ['coalesces_to_core', 'is_active']) {
      for (const spelt of ['True', 'TRUE', '1', 'yes', 'on', 't', 'Y'])
        expect(await count(`${name}=${spelt}`), spelt).toBe(await count(`${name}=true`));
      for (const spelt of ['False', '0', 'no', 'OFF', 'f', 'n'])
        expect(await count(`${name}=${spelt}`), spelt).toBe(await count(`${name}=false`));
      expect((await call(`${path}?${name}=2`)).status).toBe(422);
    }
  });

  test('the summary counts the same workflows, each once by every division', async ({ sample: call }) => {
    const { meta } = await get(call, path);
    const summary = await get(call, `${path}/summary`);
    expect(summary).toMatchObject({
      total_workflows: meta.total,
      total_in_core: meta.in_core_count,
      total_not_in_core: meta.not_in_core_count,
    });
    const sum = (counts: number[]) => counts.reduce((one, other) => one + other, 0);
    for (const division of ['by_entity_type', 'by_payload_type']) {
      const groups = Object.values(summary[division]) as Json[];
      expect(sum(groups.map(({ total }) => total as number)), division).toBe(meta.total);
      expect(sum(groups.map(({ in_core }) => in_core as number)), division).toBe(meta.in_core_count);
      expect(sum(groups.map(({ not_in_core }) => not_in_core as number)), division).toBe(
        meta.not_in_core_count,
      );
    }
    for (const division of ['by_workflow_type', 'by_usage_category'])
      expect(sum(Object.values(summary[division]) as number[]), division).toBe(meta.total);
    expect(Object.keys(summary.by_usage_category)).toEqual(expect.arrayContaining(['client', 'internal-hq']));
    const unknown = await get(call, `${path}?payload_type=unknown`);
    expect(summary.by_payload_type.unknown.total).toBe(unknown.meta.total);
  });
});

describe('POST /api/enrichment/builtwith', () => {
  const path = '/api/enrichment/builtwith';

  test('stores technologies as the path of the workflow does: a repeated one once, a text of Tag as categories', async ({
    sample: call,
    pool,
  }) => {
    const seen = (first: string, last: string) => ({ FirstDetected: first, LastDetected: last });
    const send = (technologies: unknown) =>
      call(path, { json: { domain: 'https://BW.example/', builtwith_payload: technologies } });
    const first = await send([
      { name: 'tagged' },
      { Name: 'Tagged', Tag: 'cms, blog', ...seen('2024-01-01', '2025-01-01') },
    ]);
    expect([first.status, first.body]).toMatchObject([
      200,
      {
        success: true,
        domain: 'bw.example',
        raw_payload_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        technologies_count: 1,
      },
    ]);
    await send({ matchesFound: [{ Name: 'Tagged', ...seen('2024-06-01', '2026-01-01') }] });
    expect(
      await pool`
        select known.name, known.categories, used.first_detected::text, used.last_detected::text
          from core.company_technologies as used
          join reference.technologies as known on known.id = used.technology_id
         where used.domain = 'bw.example'`,
    ).toEqual([
      {
        name: 'Tagged',
        categories: ['cms', 'blog'],
        first_detected: '2024-01-01',
        last_detected: '2026-01-01',
      },
    ]);
    expect(await pool`select from extracted.company_builtwith where domain = 'bw.example'`).toHaveLength(1);
    expect((await send('no list')).status).toBe(422);
  });

  test('is answered to keys that may write', async ({ serve, keys }) => {
    const http = await serve();
    const json = { domain: 'bw.example', builtwith_payload: [] };
    for (const [key, status] of [
      [keys.read, 403],
      [keys.ingest, 200],
    ] as const) {
      const call = caller(key, (asked, init) => fetch(http.url + asked, init));
      expect((await call(path, { json })).status).toBe(status);
    }
    expect((await http.call(path)).status, 'GET').toBe(405);
  });
});

describe('/api/filters', () => {
  test('one answer has the lists that the paths of each give, more than a thousand values included', async ({
    sample: call,
    pool,
  }) => {
    await pool`
      insert into reference.company_industries (id, name, source)
      select gen_random_uuid(), 'Industry ' || n, source from generate_series(1, 1100) as n, unnest(array['one', 'other']) as source`;
    const all = await get(call, '/api/filters');
    for (const name of Object.keys(all)) {
      const list = await get(call, `/api/filters/${name.replaceAll('_', '-')}`);
      expect(list, name).toEqual(all[name]);
      expect(list.length, name).toBeGreaterThan(2);
    }
    const industries = all.industries.map(({ name }: Json) => name as string);
    expect(industries.length).toBeGreaterThan(1100);
    expect(new Set(industries).size, 'each name once').toBe(industries.length);
    expect(industries).toEqual([...industries].sort());
    for (const name of ['seniorities', 'job_functions', 'employee_ranges', 'signals', 'business_models']) {
      const order = all[name].map(({ sort_order }: Json) => sort_order as number);
      expect(order, name).toEqual(order.toSorted((one: number, other: number) => one - other));
    }
    expect(all.employee_ranges).toContainEqual({
      name: '10001+',
      min_employees: 10001,
      max_employees: null,
      sort_order: 9,
    });
  });

  test('every level and function that occurs among the people can be chosen', async ({
    sample: call,
    pool,
  }) => {
    const named = async (name: string) =>
      ((await get(call, `/api/filters/${name}`)) as Json[]).map((value) => value.name as string);
    await pool`delete from reference.seniorities where name = 'Director'`;
    await pool`delete from reference.job_functions where name = 'Sales'`;
    for (const [list, column] of [
      ['seniorities', 'matched_seniority'],
      ['job-functions', 'matched_job_function'],
    ] as const) {
      const rows = await pool<{ value: string }[]>`
        select distinct ${pool(column)} as value from core.person_job_titles where ${pool(column)} is not null`;
      expect(rows.length).toBeGreaterThan(1);
      const offered = (await named(list)).map((name) => name.toLowerCase());
      for (const { value } of rows) expect(offered).toContain(value.toLowerCase());
    }
    expect((await named('seniorities')).at(-1)).toBe('Director');
  });

  test('countries are all there, by name, with their code of two letters', async ({ sample: call }) => {
    const countries = (await get(call, '/api/filters/countries')) as Json[];
    expect(countries).toHaveLength(197);
    expect(countries.every(({ code }) => /^[A-Z]{2}$/.test(code as string))).toBe(true);
    const names = countries.map(({ name }) => name as string);
    expect(names).toEqual([...names].sort());
  });

  test.for([
    ['technologies', 'predictleads_technologies', 'title'],
    ['job-titles', 'job_titles', 'normalized_title'],
  ] as const)(
    'what begins with the text is offered first in %s; % and _ stand for themselves',
    async ([list, table, column], { sample: call, pool }) => {
      const names = ['A zip', 'B zip', 'Zip', 'zipper', '100% zip', 'z_p'];
      for (const name of names) {
        const row = { id: crypto.randomUUID(), title_key: name.toLowerCase(), [column]: name };
        const extra = table === 'job_titles' ? {} : { source: 'x', technology_domain: 'zip.example' };
        await pool`insert into reference.${pool(table)} ${pool({ ...row, ...extra })}`;
      }
      const found = async (query: string) =>
        ((await get(call, `/api/filters/${list}?${query}`)) as Json[]).map(({ name }) => name as string);
      expect(await found('q=ZIP')).toEqual(['Zip', 'zipper', '100% zip', 'A zip', 'B zip']);
      expect(await found('q=zip&limit=2')).toEqual(['Zip', 'zipper']);
      expect(await found('q=zip&limit=2&offset=2')).toEqual(['100% zip', 'A zip']);
      expect(await found('q=z_p')).toEqual(['z_p']);
      expect(await found('q=%25')).toEqual(['100% zip']);
      expect(await found('limit=200')).toEqual(await found('q=&limit=200'));
      for (const query of ['limit=0', 'limit=201'])
        expect((await call(`/api/filters/${list}?${query}`)).status, query).toBe(422);
    },
  );
});

describe('/api/target-views', () => {
  const path = '/api/target-views';

  test('a domain in any spelling has one view; null leaves its name as it was', async ({ sample: call }) => {
    const filters = { customer_domains: ['a.example'], nested: { deep: 1 } };
    const first = await call(path, {
      json: { domain: 'https://WWW.Shared.example/x', name: 'Mine', filters },
    });
    expect([first.status, first.body]).toEqual([
      200,
      {
        data: {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          domain: 'shared.example',
          name: 'Mine',
          slug: 'shared-example',
          filters,
          endpoint: '/api/leads',
          created_at: expect.stringContaining('T'),
          updated_at: expect.stringContaining('T'),
        },
        url: '/v/shared-example',
      },
    ]);
    const second = await call(path, {
      json: { domain: 'shared.example', name: null, endpoint: null, filters },
    });
    expect(second.body.data).toMatchObject({ id: first.body.data.id, name: 'Mine', endpoint: '/api/leads' });
  });

  test('of two companies that come to one slug at once, one gets it and the other is told', async ({
    sample: call,
    pool,
  }) => {
    const save = (sql: Pick<typeof pool, 'unsafe'>, domain: string) =>
      sql.unsafe(`select api.save_target_view('${domain}', '{}')`);
    const first = await pool.reserve();
    await first`begin`;
    await save(first, 'x-y.example');
    let outcome: unknown;
    const second = save(pool, 'x.y.example').then(
      () => (outcome = 'saved'),
      (error: unknown) => (outcome = error),
    );
    // It waits for the first, or has come to an end beside it.
    while (outcome === undefined) {
      const waiting = await pool`select from pg_locks where locktype = 'advisory' and not granted`;
      if (waiting.length > 0) break;
    }
    await first`commit`;
    first.release();
    await second;
    expect(outcome).toMatchObject({ code: 'BADRQ' });
    expect((await get(call, `${path}/x-y-example`)).domain).toBe('x-y.example');
  });
});

describe('/api/admin/{schema}/{table}', () => {
  /** A value of another type of the same column, where the sample has no row. */
  const anything = (column: string) =>
    /date$/.test(column)
      ? '2026-01-31'
      : /count$/.test(column)
        ? '1'
        : /^(has|is)_/.test(column)
          ? 'true'
          : 'x';

  test.for(browsed)(
    '$table has its columns, filters and order',
    async ({ table, equal, contains, range, order, columns }, { sample: call }) => {
      const path = `/api/admin/${table.replace('.', '/')}`;
      const { data, meta, ...named } = await get(call, `${path}?limit=500`);
      expect(named).toEqual({ schema_name: table.split('.')[0], table_name: table.split('.')[1] });
      expect(meta).toMatchObject({ total: data.length, limit: 500, offset: 0 });
      const [column = '', direction] = words(order);
      const values = data.map((row: Json) => row[column]).filter((value: unknown) => value !== null);
      expect(values).toEqual(direction === 'desc' ? values.toSorted().reverse() : values.toSorted());

      const row = data[0] as Json;
      if (row !== undefined)
        expect(Object.keys(row as object)).toEqual(expect.arrayContaining(words(columns)));
      const filters = [
        ...words(equal).map((name) => {
          // Not a column of the table, but whether one is filled.
          const filled = name === 'has_description' ? Boolean(row?.description) : row?.[name];
          return [name, row === undefined ? anything(name) : filled] as const;
        }),
        ...words(contains).map((name) => [name, row?.[name]?.slice(1).toUpperCase() ?? 'X'] as const),
        ...words(range).flatMap((name) =>
          ['gte', 'lte'].map((bound) => [`${name}_${bound}`, row?.[name] ?? anything(name)] as const),
        ),
      ];
      for (const [name, value] of filters) {
        if (value === null) continue;
        const asked = `${path}?limit=500&${name}=${encodeURIComponent(String(value))}`;
        const found = await get(call, asked);
        if (row === undefined || row[name.replace(/_[gl]te$/, '')] === null) continue;
        expect(found.data, asked).toContainEqual(row);
        expect(found.meta.total, asked).toBe(found.data.length);
      }
    },
  );

  test('the sample has rows of most of these tables, so that they are tried', async ({ sample: call }) => {
    const counts = await Promise.all(
      browsed.map(
        async ({ table }) => (await get(call, `/api/admin/${table.replace('.', '/')}/count`)).count,
      ),
    );
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(20);
  });

  test('dates and booleans are compared as such, and refused where they are none', async ({
    sample: call,
  }) => {
    const tenure = '/api/admin/core/person_tenure';
    const { data } = await get(call, `${tenure}?job_start_date_gte=2026-09-01&job_start_date_lte=2026-09-01`);
    expect(data.length).toBeGreaterThan(0);
    expect(new Set(data.map((row: Json) => row.job_start_date))).toEqual(new Set(['2026-09-01']));
    expect((await get(call, `${tenure}?job_start_date_gte=2999-01-01`)).data).toEqual([]);
    expect((await call(`${tenure}?job_start_date_gte=soon`)).status).toBe(422);
    const history = '/api/admin/core/person_work_history';
    const current = (await get(call, `${history}?is_current=True&limit=500`)).data as Json[];
    const former = (await get(call, `${history}?is_current=0&limit=500`)).data as Json[];
    expect(current.length).toBeGreaterThan(0);
    expect(former.length).toBeGreaterThan(0);
    expect(current.every((row) => row.is_current === true)).toBe(true);
    expect(former.every((row) => row.is_current === false)).toBe(true);
    expect((await call(`${history}?is_current=perhaps`)).status).toBe(422);
    expect((await call('/api/admin/core/company_descriptions?has_description=perhaps')).status).toBe(422);
  });

  test('domains and LinkedIn URLs are found in any spelling', async ({ sample: call }) => {
    const locations = await get(call, '/api/admin/core/company_locations?domain=HTTPS://www.Zodiac.example/');
    expect(locations.data).toMatchObject([{ domain: 'zodiac.example' }]);
    const url = encodeURIComponent('http://linkedin.com/in/Sample-1/');
    const titles = await get(call, `/api/admin/core/person_job_titles?linkedin_url=${url}`);
    expect(titles.data).toMatchObject([{ linkedin_url: 'https://www.linkedin.com/in/sample-1' }]);
  });

  test('rows of equal time do not overlap between pages, and those without one come last', async ({
    sample: call,
    pool,
  }) => {
    await pool`create table staging.loaded (id integer primary key, created_at timestamptz)`;
    await pool`
      insert into staging.loaded select n, case when n % 3 > 0 then timestamptz '2026-01-01' end from generate_series(1, 90) as n`;
    const rows: Json[] = [];
    for (let offset = 0; offset < 90; offset += 20)
      rows.push(...(await get(call, `/api/admin/staging/loaded?limit=20&offset=${offset}`)).data);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(90);
    expect(rows.findIndex(({ created_at }) => created_at === null)).toBe(60);
  });

  test('the total of a big table is an estimate that says so, unless it is to be exact', async ({
    sample: call,
    pool,
  }) => {
    await pool`create table staging.big as select n as id, n % 2 = 0 as is_even from generate_series(1, 120000) as n`;
    await pool`analyze staging.big`;
    const path = '/api/admin/staging/big';
    const count = await get(call, `${path}/count`);
    expect(count).toMatchObject({ schema_name: 'staging', table_name: 'big', count_is: 'estimated' });
    expect(Math.abs(count.count - 120_000)).toBeLessThan(6_000);
    expect(await get(call, `${path}/count?count=exact`)).toMatchObject({ count: 120_000, count_is: 'exact' });
    expect((await get(call, `${path}?limit=1`)).meta).toMatchObject({ total_is: 'estimated' });
    expect((await get(call, `${path}?limit=1&is_even=true`)).meta).toMatchObject({
      total: 60_000,
      total_is: 'exact',
    });
    expect((await call(`${path}/count?count=perhaps`)).status).toBe(422);
  });

  test('every table that the old list allowed and that is here is counted', async ({ sample: call }) => {
    const tables: { table: string; missing: string }[] = parse(
      await readFile(new URL('../workflows/tables.csv', import.meta.url)),
      { columns: true },
    );
    const here = tables
      .filter(
        ({ table, missing }) =>
          missing !== '*' && /^(core|extracted|reference|derived|mapped|staging|raw)\./.test(table),
      )
      .map(({ table }) => table);
    const uncounted: string[] = [];
    for (const table of here) {
      const { status } = await call(`/api/admin/tables/${table.replace('.', '/')}/count`);
      if (status !== 200) uncounted.push(table);
    }
    expect(uncounted).toEqual([]);
  });
});

describe('/api/admin/top-vc-portfolio', () => {
  test('an investor without a domain is found by its name in the list itself; what is no domain is refused', async ({
    sample: call,
    pool,
  }) => {
    await pool`insert into reference.top_vcs (name, domain) values ('Listed Only', 'listedonly.example')`;
    await pool`
      insert into core.company_vc_investors (id, company_domain, vc_name, source)
      values (gen_random_uuid(), 'backed.example', 'listed  only', 'x')`;
    const path = '/api/admin/top-vc-portfolio/missing-customers';
    const { meta, ...found } = await get(call, `${path}?vc_domain=listedonly.example`);
    expect(found).toEqual({
      total: 1,
      limit: 50,
      offset: 0,
      data: [
        {
          domain: 'backed.example',
          name: null,
          top_vc_investors: ['listed  only'],
          top_vc_domains: ['listedonly.example'],
        },
      ],
    });
    expect(meta).toEqual({ total: 1, limit: 50, offset: 0 });
    expect((await get(call, `${path}?vc_domain=`)).total).toBe((await get(call, path)).total);
    expect((await call(`${path}?vc_domain=no domain`)).status).toBe(422);
  });
});
