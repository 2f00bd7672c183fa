import { describe, expect } from 'vitest';

import {
  type AnySql,
  type Outcome,
  ada,
  companyenrich,
  profile,
  rowsOf,
  run,
  sqlstate,
  value,
} from '../sql/support/calls.ts';
import { test } from '../support/database.ts';

const client = 'client.example';

async function example(sql: AnySql, slug: string): Promise<Record<string, unknown>> {
  return (await value(sql`
    select example_request from reference.enrichment_workflow_registry where workflow_slug = ${slug}`)) as Record<
    string,
    unknown
  >;
}

/** Runs the example of a workflow with changes. */
async function runExample(
  sql: AnySql,
  slug: string,
  changes: Record<string, unknown> = {},
): Promise<Outcome> {
  return run(sql, slug, { ...(await example(sql, slug)), ...changes });
}

/** Ada of acme.example in core, with her e-mail. */
async function knowAda(sql: AnySql): Promise<void> {
  await companyenrich(sql, { name: 'Acme Example', employees: '11-50' });
  await profile(sql, { name: 'Ada Example', first_name: 'Ada', last_name: 'Example' });
  const found = await runExample(sql, 'leadmagic-email');
  expect(found).toMatchObject({ status: 200, body: { email: 'ada@acme.example' } });
}

const leads = (sql: AnySql, more: Record<string, unknown> = {}) =>
  run(sql, 'target-client-leads-list', { target_client_domain: client, ...more });

const ingests = [
  ['client-lead-ingest', 'client', 'client_domain', 'client_form_id'],
  ['target-client-lead-ingest', 'target_client', 'target_client_domain', 'form_id'],
] as const;

describe.for(ingests)('%s', ([slug, schema, tenant, formId]) => {
  test('stores lead, person and company, keys normalised', async ({ sql }) => {
    const { status, body } = await runExample(sql, slug, {
      [tenant]: 'https://www.Client.example/',
      person_linkedin_url: 'linkedin.com/in/Ada-Example/',
    });
    expect([status, body['warnings']]).toEqual([200, undefined]);
    const keys = { [tenant]: client, company_domain: 'acme.example' };
    const person = { ...keys, person_linkedin_url: ada, work_email: 'ada@acme.example' };
    expect(await rowsOf(sql, `${schema}.leads`)).toMatchObject([{ ...person, [formId]: 'form_1' }]);
    expect(await rowsOf(sql, `${schema}.leads_people`)).toMatchObject([
      { ...person, lead_id: body['lead_id'] },
    ]);
    expect(await rowsOf(sql, `${schema}.leads_companies`)).toMatchObject([
      { ...keys, company_name: 'Acme Example', lead_id: body['lead_id'] },
    ]);
    expect(await rowsOf(sql, 'core.people')).toEqual([]);
  });

  test('a repeated submission is the same lead and erases nothing; another form or source is another', async ({
    sql,
  }) => {
    const first = await runExample(sql, slug);
    const again = await runExample(sql, slug, {
      first_name: null,
      full_name: 'Ada E. Example',
      company_name: '',
    });
    expect(again.body).toEqual(first.body);
    expect(await rowsOf(sql, `${schema}.leads`)).toMatchObject([
      { first_name: 'Ada', full_name: 'Ada E. Example', company_name: 'Acme Example' },
    ]);
    expect(await rowsOf(sql, `${schema}.leads_people`)).toMatchObject([{ full_name: 'Ada E. Example' }]);
    expect(await rowsOf(sql, 'raw.client_lead_payloads')).toHaveLength(2);
    await runExample(sql, slug, { [formId]: 'form_2' });
    await runExample(sql, slug, { source: 'csv_upload' });
    await runExample(sql, slug, { [tenant]: 'other.example' });
    expect(await rowsOf(sql, `${schema}.leads`)).toHaveLength(4);
  });

  test('a lead without a company has no row among the companies; keys that are none become null', async ({
    sql,
  }) => {
    const { body } = await run(sql, slug, {
      [tenant]: client,
      full_name: 'Ada Example',
      work_email: 'ada at acme',
      company_domain: 'n/a',
    });
    expect(body).toMatchObject({
      company_id: null,
      warnings: [
        { field: '/company_domain', found: 'n/a' },
        { field: '/work_email', found: 'ada at acme' },
      ],
    });
    expect(await rowsOf(sql, `${schema}.leads`)).toMatchObject([{ work_email: null, company_domain: null }]);
    expect(await rowsOf(sql, `${schema}.leads_companies`)).toEqual([]);
  });

  test('an empty lead, and one of nobody, is refused with nothing stored', async ({ sql }) => {
    expect(await run(sql, slug, { [tenant]: client, source: 'demo' })).toMatchObject({
      status: 422,
      body: { code: 'BADRQ' },
    });
    for (const domain of ['', 'no domain', undefined]) {
      expect(await runExample(sql, slug, { [tenant]: domain })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: `/${tenant}` }] },
      });
    }
    expect(await rowsOf(sql, 'raw.client_lead_payloads')).toEqual([]);
  });

  test('forgetting a person takes the leads along and keeps later ones out', async ({ sql }) => {
    await knowAda(sql);
    await runExample(sql, slug);
    await runExample(sql, slug, { person_linkedin_url: null });
    await runExample(sql, slug, {
      person_linkedin_url: 'linkedin.com/in/bob',
      work_email: 'bob@acme.example',
    });
    await sql`select etl.forget(${ada})`;
    expect(await rowsOf(sql, `${schema}.leads`)).toMatchObject([{ work_email: 'bob@acme.example' }]);
    expect(await rowsOf(sql, `${schema}.leads_people`)).toHaveLength(1);
    expect(await rowsOf(sql, 'raw.client_lead_payloads')).toHaveLength(1);
    expect(await runExample(sql, slug)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/person_linkedin_url' }] },
    });
  });
});

describe('target client leads', () => {
  const link = (sql: AnySql, more: Record<string, unknown>) =>
    run(sql, 'target-client-lead-link', { target_client_domain: client, ...more });

  test('an ingested lead points at core, by e-mail where there is no profile', async ({ sql }) => {
    await knowAda(sql);
    const person = await value(sql`select id from core.people where linkedin_url = ${ada}`);
    const company = await value(sql`select id from core.companies where domain = 'acme.example'`);
    const known = { core_person_id: person, core_company_id: company };
    expect((await runExample(sql, 'target-client-lead-ingest')).body).toMatchObject(known);
    const byEmail = { person_linkedin_url: null, work_email: 'ADA@acme.example ' };
    expect((await runExample(sql, 'target-client-lead-ingest', byEmail)).body).toMatchObject(known);
    const unknown = { person_linkedin_url: null, work_email: 'x@y.example', company_domain: 'y.example' };
    expect((await runExample(sql, 'target-client-lead-ingest', unknown)).body).toMatchObject({
      core_person_id: null,
      core_company_id: null,
    });
  });

  test('the list shows what core knows now, newest first, in pages', async ({ sql }) => {
    await runExample(sql, 'target-client-lead-ingest');
    expect((await leads(sql)).body).toMatchObject({
      count: 1,
      leads: [{ core_person_id: null, enriched_company: null, enriched_person: null }],
    });
    await knowAda(sql);
    await sql`update target_client.leads set created_at = created_at - interval '1 day'`;
    await runExample(sql, 'target-client-lead-ingest', { source: 'demo', company_domain: 'globex.example' });
    await runExample(sql, 'target-client-lead-ingest', { target_client_domain: 'other.example' });
    expect((await leads(sql)).body).toMatchObject({
      count: 2,
      total: 2,
      leads: [
        { source: 'demo', company_domain: 'globex.example', enriched_company: null },
        {
          source: 'contact_form',
          enriched_company: { domain: 'acme.example', name: 'Acme Example', employee_range: '11-50' },
          enriched_person: { linkedin_url: ada, full_name: 'Ada Example' },
        },
      ],
    });
    expect((await leads(sql, { source: 'demo' })).body).toMatchObject({ count: 1, total: 1 });
    expect((await leads(sql, { limit: 1, offset: 1 })).body).toMatchObject({
      count: 1,
      total: 2,
      leads: [{ source: 'contact_form' }],
    });
    expect((await leads(sql, { limit: 0 })).status).toBe(422);
    expect((await leads(sql, { target_client_domain: 'nobody.example' })).body).toEqual({
      success: true,
      count: 0,
      total: 0,
      leads: [],
    });
  });

  test('linking takes names and keys from core, and a repeated call is the same lead', async ({ sql }) => {
    await knowAda(sql);
    const { body } = await link(sql, {
      person_email: 'Ada@acme.example',
      company_domain: 'www.acme.example',
    });
    expect(body).toMatchObject({ success: true, company_found: true, person_found: true, error: null });
    expect(await link(sql, { person_linkedin_url: ada, company_domain: 'acme.example' })).toMatchObject({
      body,
    });
    expect(await rowsOf(sql, 'target_client.leads')).toMatchObject([
      {
        first_name: 'Ada',
        last_name: 'Example',
        full_name: 'Ada Example',
        person_linkedin_url: ada,
        work_email: 'ada@acme.example',
        company_domain: 'acme.example',
        company_name: 'Acme Example',
        source: 'demo',
      },
    ]);
    expect(await rowsOf(sql, 'target_client.leads_people')).toEqual([]);
  });

  test('a company alone can be linked, and keeps the e-mail; nothing found writes nothing', async ({
    sql,
  }) => {
    const nobody = { person_email: 'bob@acme.example', company_domain: 'acme.example' };
    expect((await link(sql, nobody)).body).toMatchObject({
      success: false,
      lead_id: null,
      company_found: false,
      person_found: false,
      error: 'Neither the company nor the person is in core.',
    });
    expect(await rowsOf(sql, 'target_client.leads')).toEqual([]);
    await knowAda(sql);
    expect((await link(sql, nobody)).body).toMatchObject({
      success: true,
      company_found: true,
      person_found: false,
    });
    expect(await rowsOf(sql, 'target_client.leads')).toMatchObject([
      { work_email: 'bob@acme.example', full_name: null, core_person_id: null },
    ]);
  });

  test('a batch links whom core knows, each once, and reports the others in order', async ({ sql }) => {
    await knowAda(sql);
    const batch = {
      target_client_domain: client,
      leads: [
        { company_domain: 'acme.example', person_linkedin_url: 'linkedin.com/in/nobody' },
        { person_linkedin_url: 'https://de.linkedin.com/in/ADA-example/?x=1', full_name: 'Countess Ada' },
        'text',
        { person_email: 'ada@acme.example' },
      ],
    };
    const { body } = await run(sql, 'target-client-leads-link-batch', batch);
    expect(body).toMatchObject({ success: true, total: 4, linked: 2, failed: 2 });
    const results = body['results'] as Record<string, unknown>[];
    expect(results.map(({ index, success, error }) => [index, success, error])).toEqual([
      [0, false, 'The person is not in core.'],
      [1, true, null],
      [2, false, 'Expected an object.'],
      [3, true, null],
    ]);
    expect(results[3]?.['lead_id']).toBe(results[1]?.['lead_id']);
    expect((await run(sql, 'target-client-leads-link-batch', batch)).body).toMatchObject({ linked: 2 });
    const stored = await rowsOf(sql, 'target_client.leads');
    expect(stored).toMatchObject([
      { source: 'csv_import', person_linkedin_url: ada, work_email: 'ada@acme.example' },
    ]);
    const empty = await run(sql, 'target-client-leads-link-batch', {
      target_client_domain: client,
      leads: [],
    });
    expect(empty).toMatchObject({ status: 422, body: { errors: [{ pointer: '/leads' }] } });
  });
});

describe('tenants', () => {
  const tables = [
    'raw.client_lead_payloads',
    ...ingests.flatMap(([, schema]) =>
      ['leads', 'leads_people', 'leads_companies'].map((name) => `${schema}.${name}`),
    ),
  ];

  test('see their own rows once their domain is set, whoever asks; the owner sees all before', async ({
    sql,
  }) => {
    for (const [slug, , tenant] of ingests) {
      await runExample(sql, slug);
      await runExample(sql, slug, { [tenant]: 'other.example' });
    }
    const seen = async () => Promise.all(tables.map(async (table) => (await rowsOf(sql, table)).length));
    expect(await seen()).toEqual([4, 2, 2, 2, 2, 2, 2]);
    // The domain of nobody.
    await sql`set local hq.client_domain = ' '`;
    expect(await seen()).toEqual([0, 0, 0, 0, 0, 0, 0]);
    await sql`set local hq.client_domain = 'client.example'`;
    expect(await seen()).toEqual([2, 1, 1, 1, 1, 1, 1]);
    expect((await leads(sql, { target_client_domain: 'other.example' })).body).toMatchObject({ count: 0 });
    await sql`set local hq.client_domain = ''`;
    expect(await seen()).toEqual([4, 2, 2, 2, 2, 2, 2]);
  });

  test('cannot write rows of others', async ({ sql }) => {
    await sql`set local hq.client_domain = 'client.example'`;
    const insert = (domain: string) =>
      sqlstate(
        sql,
        (savepoint) =>
          savepoint`insert into client.leads (id, client_domain, raw_payload_id) values (gen_random_uuid(), ${domain}, gen_random_uuid())`,
      );
    expect(await insert('other.example')).toBe('42501');
    expect(await insert(client)).toBeUndefined();
  });
});

describe('public-ticker-backfill', () => {
  test('has one home with company-ticker, and the newest wins whichever workflow says it', async ({
    sql,
  }) => {
    const at = (day: number) => ({ at: `2024-01-0${String(day)}T00:00:00Z` });
    const tickers = () => rowsOf(sql, 'core.company_public');
    await run(sql, 'company-ticker', { domain: 'acme.example', ticker_payload: { ticker: 'OLD' } }, at(1));
    const set = { domain: 'https://www.acme.example/', ticker: ' nyse: new.a ' };
    expect(await run(sql, 'public-ticker-backfill', set, at(3))).toMatchObject({
      status: 200,
      body: { success: true, domain: 'acme.example', ticker: 'NEW-A' },
    });
    await run(sql, 'company-ticker', { domain: 'acme.example', ticker_payload: 'MID' }, at(2));
    expect(await tickers()).toMatchObject([{ domain: 'acme.example', ticker: 'NEW-A' }]);
    for (const ticker of ['', '$', 5]) {
      const refused = await run(sql, 'public-ticker-backfill', { domain: 'acme.example', ticker });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/ticker' }] } });
    }
  });
});

describe('testing-company-add', () => {
  test('keeps one row per domain, apart from core', async ({ sql }) => {
    const first = await runExample(sql, 'testing-company-add');
    const again = await run(sql, 'testing-company-add', { name: 'Acme', domain: 'WWW.acme.example' });
    expect(again.body).toEqual(first.body);
    expect(await rowsOf(sql, 'testing.companies')).toEqual([
      { name: 'Acme', domain: 'acme.example', linkedin_url: 'https://www.linkedin.com/company/acme-example' },
    ]);
    expect((await run(sql, 'testing-company-add', { name: 'Acme', domain: 'none' })).status).toBe(422);
    expect(await rowsOf(sql, 'core.companies')).toEqual([]);
  });
});

describe('api.check_existence', () => {
  const ask = (sql: AnySql, request: Record<string, unknown>) =>
    value(sql`select api.check_existence(${sql.json(request as never)})`);
  const companies = { schema_name: 'Core', table_name: 'companies' };

  test('finds a normalised domain, another column as it is, and names with care', async ({ sql }) => {
    await companyenrich(sql, { name: 'Acme Example' });
    expect(await ask(sql, { ...companies, domain: 'https://WWW.acme.example/x' })).toEqual({
      success: true,
      exists: true,
      domain: 'acme.example',
      schema_name: 'core',
      table_name: 'companies',
      column_name: 'domain',
      error: null,
    });
    expect(await ask(sql, { ...companies, domain: 'b.example' })).toMatchObject({ exists: false });
    expect(await ask(sql, { ...companies, domain: 'Acme Example', column_name: 'name' })).toMatchObject({
      exists: true,
    });
    expect(await ask(sql, { ...companies, domain: `x' or true --`, column_name: 'name' })).toMatchObject({
      exists: false,
    });
  });

  test('refuses what is missing, not there or not to be asked', async ({ sql }) => {
    const code = (request: Record<string, unknown>) => sqlstate(sql, (savepoint) => ask(savepoint, request));
    expect(await code({ ...companies })).toBe('BADRQ');
    expect(await code({ ...companies, domain: 'no domain' })).toBe('BADKY');
    for (const schema_name of ['api', 'etl', 'client', 'target_client', 'pg_catalog', 'nowhere']) {
      expect(await code({ ...companies, schema_name, domain: 'a.example' })).toBe('NOTOP');
    }
    for (const table_name of ['companies; drop table x', 'cömpanies', 'core.companies']) {
      expect(await code({ ...companies, table_name, domain: 'a.example' })).toBe('BADRQ');
    }
    expect(await code({ ...companies, table_name: 'nothing_here', domain: 'a.example' })).toBe('UNKEY');
    expect(await code({ ...companies, column_name: 'id', domain: 'a.example' })).toBe('UNKEY');
    const payloads = { schema_name: 'raw', table_name: 'client_lead_payloads', column_name: 'tenant_domain' };
    expect(await code({ ...payloads, domain: 'a.example' })).toBe('UNKEY');
  });
});
