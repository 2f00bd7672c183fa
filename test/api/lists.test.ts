import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';

import { type Call, type Json, caller, test as base } from '../http/support/api.ts';
import { loadSample } from './support/sample.ts';

const test = base.extend<{ sample: Call }>({
  sample: [
    async ({ pool, call }, use) => {
      await loadSample(pool);
      await use(call);
    },
    { scope: 'file' },
  ],
});

/** Leads of the sample: its 60 people, and the profile and the person of Sales Navigator of the examples. */
const leads = 62;

async function rows(call: Call, path: string): Promise<Json[]> {
  const { status, body } = await call(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data as Json[];
}

async function count(call: Call, path: string): Promise<number> {
  const { status, body } = await call(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.meta.total as number;
}

const compliance = encodeURIComponent('Security, Risk, & Compliance');

test('a value with commas is one value of a comma-separated list (C2)', async ({ sample }) => {
  const functions = async (query: string) =>
    [
      ...new Set(
        (await rows(sample, `/api/leads?limit=100&${query}`)).map((lead) => lead.matched_job_function),
      ),
    ].sort();
  expect(await functions(`job_function=${compliance}`)).toEqual(['Security, Risk, & Compliance']);
  expect(await functions(`job_function=Sales,${compliance}, Marketing`)).toEqual([
    'Marketing',
    'Sales',
    'Security, Risk, & Compliance',
  ]);
  expect(await functions('job_function= sales ,')).toEqual(['Sales']);
});

test('lists are repeated, JSON, or comma-separated, and mean the same', async ({ sample }) => {
  const found = await count(sample, '/api/leads?job_function=Sales,Marketing');
  expect(found).toBe(31);
  expect(await count(sample, '/api/leads?job_function=Sales&job_function=Marketing')).toBe(found);
  const json = encodeURIComponent(JSON.stringify(['Sales', 'Marketing']));
  expect(await count(sample, `/api/leads?job_function=${json}`)).toBe(found);
  expect(await count(sample, `/api/leads?job_function=${encodeURIComponent('["Sales,Marketing"]')}`)).toBe(0);
  expect(await count(sample, '/api/leads?job_function=')).toBe(leads);
});

test('percent, underscore and backslash stand for themselves (C3)', async ({ sample }) => {
  expect(await count(sample, '/api/companies?name=100%25')).toBe(1);
  expect(await count(sample, '/api/companies?name=r_g')).toBe(1);
  expect(await count(sample, '/api/companies?name=zodiac_')).toBe(0);
  expect(await count(sample, '/api/companies?name=%25')).toBe(1);
  expect(await count(sample, '/api/leads?company_name=zephyr_')).toBe(20);
  expect(await count(sample, `/api/leads?full_name=${encodeURIComponent('\\')}`)).toBe(0);
});

test('contains finds any part of a value in any case, punctuation and several words included', async ({
  sample,
}) => {
  expect(await count(sample, "/api/leads?full_name=o'ne")).toBe(7);
  expect(await count(sample, '/api/leads?full_name=kor')).toBe(8);
  expect(await count(sample, '/api/leads?full_name=am%20OKOR')).toBe(8);
  expect(await count(sample, '/api/leads?full_name=a')).toBe(leads);
  expect(await count(sample, '/api/leads?job_title=p%20of%20sa')).toBe(5);
  expect(await count(sample, '/api/leads?person_country=nited%20st')).toBe(leads);
  expect(await count(sample, '/api/leads?person_city=paris')).toBe(0);
});

test('domains and LinkedIn URLs are found in any spelling (C7, C8)', async ({ sample }) => {
  const found = await count(sample, '/api/leads?company_domain=zodiac.example');
  expect(found).toBe(20);
  const spelt = encodeURIComponent('HTTPS://www.Zodiac.example/jobs?x=1');
  expect(await count(sample, `/api/leads?company_domain=${spelt}`)).toBe(found);
  const url = encodeURIComponent('http://LinkedIn.com/in/Sample-3/');
  expect((await rows(sample, `/api/people?linkedin_url=${url}`)).map((person) => person.full_name)).toEqual([
    'Sam Weber 03',
  ]);
  expect((await sample('/api/companies/WWW.zodiac.example')).body.lead_count).toBe(found);
  expect(await count(sample, '/api/leads?company_domain=zodiac.example')).toBe(found);
});

test('filters combine', async ({ sample }) => {
  const found = await rows(
    sample,
    '/api/leads?job_function=Sales,Engineering&seniority=Director&industry=Retail&person_state=illi&job_start_date_gte=2026-08-01&limit=100',
  );
  expect(found.length).toBeGreaterThan(0);
  for (const lead of found) {
    expect(lead).toMatchObject({
      matched_seniority: 'Director',
      matched_industry: 'Retail',
      person_state: 'Illinois',
    });
    expect(['Sales', 'Engineering']).toContain(lead.matched_job_function);
  }
  expect(await count(sample, '/api/leads?job_start_date_gte=2026-09-02')).toBe(0);
});

test('only people who are complete are leads, unless the others are asked for', async ({ sample }) => {
  const complete = await count(sample, '/api/leads?count=exact');
  const all = await count(sample, '/api/leads?count=exact&include_incomplete=true');
  expect(complete).toBe(leads);
  expect(all).toBeGreaterThan(complete);
});

test('search takes words in any order, beginnings of words, and misspelt ones', async ({ sample, pool }) => {
  expect(await count(sample, '/api/leads?q=zodiac okoro')).toBe(
    await count(sample, '/api/leads?full_name=okoro&company_domain=zodiac.example'),
  );
  expect(await count(sample, '/api/leads?q=okor')).toBe(8);
  const [row] = await pool<{ schema: string | null }[]>`select api.trigram_schema() as schema`;
  const typo = await count(sample, '/api/leads?q=zodaic okroo');
  expect(typo).toBe(row?.schema == null ? 0 : await count(sample, '/api/leads?q=zodiac okoro'));
  expect(await count(sample, '/api/leads?q=xyzzyplugh')).toBe(0);
  const { body } = await sample('/api/companies/search?q=zephir');
  expect(body.data.map((company: Json) => company.domain)).toEqual(
    row?.schema == null ? [] : ['zephyr.example'],
  );
});

test('pages by cursor give every row once, in the order of pages by offset (C4)', async ({ sample }) => {
  const byOffset: string[] = [];
  for (let offset = 0; offset < leads; offset += 7) {
    byOffset.push(
      ...(await rows(sample, `/api/leads?limit=7&offset=${offset}`)).map((lead) => lead.person_id),
    );
  }
  const byCursor: string[] = [];
  let next = '';
  do {
    const { body } = await sample(`/api/leads?limit=7${next && `&cursor=${next}`}`);
    byCursor.push(...body.data.map((lead: Json) => lead.person_id));
    expect(body.meta.total).toBe(leads);
    next = body.meta.next_cursor ?? '';
  } while (next !== '');
  expect(byCursor).toHaveLength(leads);
  expect(new Set(byCursor).size).toBe(leads);
  expect(byCursor).toEqual(byOffset);
});

test.for([
  '/api/leads/new-in-role?started_within_days=3650',
  '/api/leads/by-past-employer?domains=zodiac.example',
  '/api/people?',
  '/api/companies?',
  '/api/companies/by-technology?name=re',
  '/api/companies/by-google-ads?',
  '/api/filters/countries?',
])('%s goes on where its cursor stands', async (path, { sample }) => {
  const all = await sample(
    `${path}&limit=10000`.replace(/limit=10000/, path.includes('filters') ? 'limit=10000' : 'limit=100'),
  );
  const data = (all.body.data ?? all.body) as Json[];
  expect(data.length).toBeGreaterThan(0);
  if (path.includes('filters')) return; // a bare array has no place for a cursor
  const walked: Json[] = [];
  let next = '';
  do {
    const { body } = await sample(`${path}&limit=3${next && `&cursor=${next}`}`);
    walked.push(...body.data);
    next = body.meta.next_cursor ?? '';
  } while (next !== '' && walked.length < 200);
  expect(walked).toEqual(data.slice(0, 100));
});

test('a total is counted when it is small or asked to be, and else says that it is an estimate', async ({
  sample,
}) => {
  const exact = (await sample('/api/leads?limit=5&count=exact')).body.meta;
  expect(exact).toMatchObject({ total: leads, total_is_estimated: false });
  expect((await sample('/api/leads?limit=5')).body.meta).toMatchObject({
    total: leads,
    total_is_estimated: false,
  });
  expect((await sample('/api/leads/quick')).body.meta).not.toHaveProperty('total');
});

for (const path of [
  '/api/enrichment/workflows?entity_type=person',
  '/api/companies/search?q=ze',
  '/api/leads/priority-companies',
  '/api/admin/top-vc-portfolio/missing-customers',
]) {
  test(`${path} comes as a file too: what data has, in its order`, async ({ sample, pool }) => {
    await sample('/api/leads/priority-companies', { json: { company_name: 'Zodiac Charts' } });
    await pool`
      insert into core.company_vc_investors (id, company_domain, vc_name, vc_domain, source)
      select gen_random_uuid(), 'zodiac.example', top.name, top.domain, 'test' from reference.top_vcs as top order by top.name limit 2
      on conflict do nothing`;
    const data = await rows(sample, path);
    expect(data.length).toBeGreaterThan(0);
    expect((await sample(path, { headers: { accept: 'application/x-ndjson' } })).body).toEqual(data);
    const { text } = await sample(path, { headers: { accept: 'text/csv' } });
    const cells: Record<string, string>[] = parse(text, { columns: true });
    const asCells = (row: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      );
    const compact = (row: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(row).map(([name, text]) => [
          name,
          text.startsWith('[') ? JSON.stringify(JSON.parse(text)) : text,
        ]),
      );
    expect(cells.map(compact)).toEqual(data.map((row) => asCells(row as Record<string, unknown>)));
  });
}

test('a part of a name that hundreds of companies have finds them all, page by page', async ({
  sample,
  pool,
}) => {
  await pool`
    insert into core.companies (id, domain, name, source)
    select etl.record_id('core.companies', domain), domain, 'Sprocket ' || n, 'test'
      from generate_series(1, 150) as n cross join lateral (select 'sprocket-' || n || '.example' as domain) as made`;
  await pool`select api.refresh_all_reads()`;
  const path = '/api/companies?name=PROCKET%201&count=exact';
  const expected = Array.from({ length: 150 }, (_, n) => n + 1).filter((n) => String(n).startsWith('1'));
  expect(await count(sample, path)).toBe(expected.length);
  expect(await count(sample, '/api/companies?name=procket&count=exact')).toBe(150);
  const seen: string[] = [];
  for (let cursor = ''; ;) {
    const { body } = await sample(`/api/companies?name=procket&limit=40${cursor}`);
    seen.push(...body.data.map(({ domain }: { domain: string }) => domain));
    if (body.meta.next_cursor === null) break;
    cursor = `&cursor=${body.meta.next_cursor}`;
  }
  expect(new Set(seen).size).toBe(150);
  expect(seen).toHaveLength(150);
});

test('the investors to filter by are those that occur, and nothing else', async ({ sample, pool }) => {
  const occur = await pool<{ name: string }[]>`
    select distinct investor.name from api.company_rows cross join lateral unnest(vc_names) as investor (name) order by 1`;
  expect(occur.length).toBeGreaterThan(0);
  expect((await sample('/api/filters/vc-firms?limit=1000')).body).toEqual([...occur]);
  const [first] = occur;
  const found = (await sample(`/api/filters/vc-firms?q=${encodeURIComponent(first?.name ?? '')}`)).body;
  expect(found).toContainEqual(first);
});

test('former employees are counted, listed and broken down alike', async ({ sample }) => {
  const counted = (await sample('/api/leads/past-employer-count?company_name=ZODIAC%20charts')).body;
  expect(counted).toEqual({ company_name: 'ZODIAC charts', domain: 'zodiac.example', count: 20 });
  const broken = (await sample('/api/leads/past-employer-breakdown?company_name=Zodiac%20Charts')).body;
  expect(broken).toMatchObject({ total: 20, by_job_function: { Sales: 20 } });
  expect(await count(sample, '/api/leads/by-past-employer?domains=zodiac.example')).toBe(20);
  const preview = await rows(
    sample,
    '/api/leads/past-employer-preview?company_name=Zodiac%20Charts&limit=50',
  );
  expect(preview).toHaveLength(20);
  expect(preview.every((lead) => lead.company_domain !== 'zodiac.example')).toBe(true);
});

test('a priority company is on the list once, keeps its domain, and a pattern deletes nothing', async ({
  sample,
}) => {
  const add = (company_name: string) => sample('/api/leads/priority-companies', { json: { company_name } });
  const first = (await add('Zodiac Charts')).body;
  expect(first).toMatchObject({ domain: 'zodiac.example', total: 20 });
  expect((await add('ZODIAC  charts')).body).toEqual(first);
  const remove = (name: string) =>
    sample(`/api/leads/priority-companies/${encodeURIComponent(name)}`, { method: 'DELETE' });
  expect((await remove('%')).status).toBe(404);
  expect((await remove('zodiac charts')).body).toEqual({ status: 'deleted', company_name: 'zodiac charts' });
  expect((await remove('zodiac charts')).status).toBe(404);
});

test('a view that is left out of a call keeps its name, and is gone when it is deleted, after a rebuild too', async ({
  sample,
  pool,
}) => {
  const save = (json: unknown) => sample('/api/target-views', { json });
  const first = (
    await save({
      domain: 'a-b.example',
      name: 'Mine',
      filters: { seniority: 'VP' },
      endpoint: '/api/leads/quick',
    })
  ).body;
  expect(first).toMatchObject({ data: { slug: 'a-b-example', name: 'Mine' }, url: '/v/a-b-example' });
  const second = (await save({ domain: 'a-b.example', filters: {} })).body;
  expect(second.data).toMatchObject({
    id: first.data.id,
    name: 'Mine',
    endpoint: '/api/leads/quick',
    filters: {},
  });
  const taken = await save({ domain: 'a.b.example', filters: {} });
  expect(taken.status).toBe(422);
  expect(taken.body.detail).toContain('slug of another view');
  expect((await sample('/api/target-views/a-b-example')).body).toEqual(second.data);
  expect((await sample('/api/target-views/a-b-example', { method: 'DELETE' })).status).toBe(200);
  await pool`select etl.rebuild('a-b.example')`;
  expect((await sample('/api/target-views/a-b-example')).status).toBe(404);
  expect((await sample('/api/target-views/a-b-example', { method: 'DELETE' })).status).toBe(404);
});

test('whether a workflow has run for a record is told by its payloads', async ({ sample }) => {
  const status = async (workflow_slug: string, domain: string) =>
    (await sample('/api/companies/enrichment-status', { json: { workflow_slug, domain } })).body;
  expect(await status('companyenrich', 'Zodiac.example')).toMatchObject({
    enriched: true,
    core_table: 'core.companies',
    count: 1,
    domain: 'zodiac.example',
  });
  expect(await status('builtwith-techstack', 'zodiac.example')).toMatchObject({
    enriched: false,
    last_enriched_at: null,
  });
  const unknown = await sample('/api/companies/enrichment-status', {
    json: { workflow_slug: 'companyenritch', domain: 'x.example' },
  });
  expect(unknown.status).toBe(404);
  expect(unknown.body.detail).toContain('companyenrich');
});

test('exports all rows as CSV and as NDJSON, in the order of the pages', async ({ sample }) => {
  const pages = [...(await rows(sample, '/api/leads?limit=100'))];
  const ndjson = await sample('/api/leads?format=ndjson');
  expect(ndjson.headers.get('content-type')).toBe('application/x-ndjson');
  expect(ndjson.body).toEqual(pages);
  const csv = await sample('/api/leads', { headers: { accept: 'text/csv' } });
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = csv.text.trimEnd().split('\n');
  expect(lines).toHaveLength(leads + 1);
  expect(lines[0]?.split(',').slice(0, 4)).toEqual([
    'person_id',
    'linkedin_url',
    'linkedin_slug',
    'full_name',
  ]);
  expect(lines[1]).toContain(pages[0].full_name);
  expect((await sample('/api/leads?format=csv&limit=5')).text.trimEnd().split('\n')).toHaveLength(6);
});

test('neutralises what a spreadsheet would take for a formula', async ({ sample, pool }) => {
  const raw_payload = {
    name: '=HYPERLINK("http://evil.example")',
    industry: '@SUM(1)',
    location: { country: { name: '+1' } },
  };
  await pool`select etl.ingest('companyenrich', ${pool.json({ domain: 'formula.example', raw_payload })})`;
  await pool`select api.refresh_all_reads()`;
  const { text } = await sample('/api/companies?domain=formula.example&format=csv');
  expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  expect(text).toContain(`'@SUM(1)`);
  expect(text).toContain(`'+1`);
});

test('the same lists are functions for psql', async ({ sample, pool }) => {
  const found =
    await pool`select full_name from api.leads(job_function => '{Sales}', seniority => '{VP}', page_limit => null)`;
  expect(found.map((lead) => lead.full_name)).toEqual(
    (await rows(sample, '/api/leads?job_function=Sales&seniority=VP')).map((lead) => lead.full_name),
  );
  const view = await pool`select count(*)::int as visible from core.leads where is_visible`;
  expect(view).toEqual([{ visible: leads }]);
  const alumni = await pool`select person_id from core.get_leads_by_past_employer('{zodiac.example}', 100)`;
  expect(alumni).toHaveLength(20);
});

test('a key with a tenant sees that tenant only, a key that only reads none, an admin all, in every format', async ({
  sample,
  pool,
  serve,
}) => {
  for (const client of ['one.example', 'two.example']) {
    await pool`
      insert into client.leads (id, client_domain, full_name, raw_payload_id)
      values (gen_random_uuid(), ${client}, ${`Lead of ${client}`}, gen_random_uuid())`;
    await sample('/api/target-views', { json: { domain: client, filters: {} } });
  }
  const made = await sample('/admin/keys', {
    json: { name: 'one', scopes: ['read'], tenant: 'https://One.example/' },
  });
  expect(made.body).toMatchObject({ tenant: 'one.example' });
  const http = await serve();
  const tenant = caller(made.body.key, (path, init) => fetch(http.url + path, init));
  const clients = async (call: Call, query = '') =>
    (await rows(call, `/api/client-leads?limit=100${query}`))
      .map((lead) => lead.client_domain)
      .filter((client) => /^(one|two)\.example$/.test(client));
  expect(await clients(sample)).toEqual(['one.example', 'two.example']);
  expect(await clients(tenant)).toEqual(['one.example']);
  expect(await clients(tenant, '&client_domain=two.example')).toEqual([]);
  expect((await tenant('/api/client-leads?format=ndjson')).body).toHaveLength(1);
  expect((await tenant('/api/target-views/one-example')).status).toBe(200);
  expect((await tenant('/api/target-views/two-example')).status).toBe(404);
  expect((await tenant('/api/companies/two.example')).text).not.toContain('target_client_view_settings');
  expect((await tenant('/api/target-views', { json: { domain: 'one.example', filters: {} } })).status).toBe(
    403,
  );
  const plain = await sample('/admin/keys', { json: { name: 'plain', scopes: ['read'] } });
  const reader = caller(plain.body.key, (path, init) => fetch(http.url + path, init));
  expect(await clients(reader)).toEqual([]);
  expect((await reader('/api/client-leads?format=csv')).text.trimEnd().split('\n')).toHaveLength(1);
  expect((await reader('/api/target-views/one-example')).status).toBe(404);
  expect((await reader('/api/leads?limit=1')).body.data).toHaveLength(1);
  // The connection goes back to an admin without the tenant, in lists and in exports.
  const exported = await http.call('/api/client-leads?format=ndjson');
  expect(exported.body.length).toBeGreaterThan(1);
  expect(await clients(http.call)).toEqual(['one.example', 'two.example']);
});

test('a query without any condition gives a tenant its own rows only', async ({ sample, sql }) => {
  await sample('/api/filters');
  await sql`
    insert into client.leads (id, client_domain, raw_payload_id)
    select gen_random_uuid(), client, gen_random_uuid() from unnest(array['three.example', 'four.example']) as client`;
  await sql`select set_config('hq.client_domain', 'three.example', true)`;
  expect(await sql`select client_domain from client.leads`).toEqual([{ client_domain: 'three.example' }]);
  await expect(
    sql.savepoint(
      (point) =>
        point`insert into client.leads (id, client_domain, raw_payload_id) values (gen_random_uuid(), 'four.example', gen_random_uuid())`,
    ),
  ).rejects.toMatchObject({ code: '42501' });
});

test('only a key that reads may have a tenant, and a tenant is a domain', async ({ sample }) => {
  const make = (json: unknown) => sample('/admin/keys', { json });
  expect((await make({ name: 'x', scopes: ['read', 'ingest'], tenant: 'one.example' })).status).toBe(422);
  expect((await make({ name: 'x', scopes: ['read'], tenant: 'no domain' })).status).toBe(422);
});
