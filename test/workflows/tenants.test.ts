import { randomUUID } from 'node:crypto';

import type postgres from 'postgres';
import { expect, inject } from 'vitest';

import { type Sql, connect } from '../../src/database/connect.ts';
import { test as base } from '../support/database.ts';
import { sqlstate, value } from '../sql/support/calls.ts';

const tables = ['leads', 'leads_people', 'leads_companies'].flatMap((name) => [
  { table: `client.${name}`, tenant: 'client_domain' },
  { table: `target_client.${name}`, tenant: 'target_client_domain' },
]);
tables.push({ table: 'raw.client_lead_payloads', tenant: 'tenant_domain' });

type Fixtures = {
  /** runs as a role that may do anything with the tables of leads and is not their owner, for one tenant */
  asTenant: (tenant: string, claim: (sql: postgres.TransactionSql) => Promise<void>) => Promise<void>;
};

const test = base.extend<Fixtures>({
  asTenant: async ({ ownDatabase }, use) => {
    const url = new URL(inject('adminUrl'));
    url.pathname = `/${ownDatabase.name}`;
    const admin = connect(url.href, { max: 1, applicationName: 'hq test tenants' });
    const role = `hq_tenant_${randomUUID().slice(0, 8)}`;
    await admin.unsafe(`
      create role ${role} nologin;
      grant ${role} to current_user;
      grant usage on schema client, target_client, raw to ${role};
      grant select, insert, update, delete on ${tables.map(({ table }) => table).join(', ')} to ${role}`);
    await leadsOfTwo(ownDatabase.connect(1));
    await use(async (tenant, claim) => {
      await admin.begin(async (sql) => {
        await sql.unsafe(`set local role ${role}`);
        await sql`select set_config('hq.client_domain', ${tenant}, true)`;
        await claim(sql);
      });
    });
    await admin.unsafe(`drop owned by ${role}; drop role ${role}`);
    await admin.end();
  },
});

async function leadsOfTwo(sql: Sql): Promise<void> {
  for (const [slug, field] of [
    ['client-lead-ingest', 'client_domain'],
    ['target-client-lead-ingest', 'target_client_domain'],
  ] as const) {
    for (const tenant of ['client.example', 'other.example']) {
      await sql`
        select etl.ingest(${slug}, example_request || jsonb_build_object(${field}::text, ${tenant}::text))
          from reference.enrichment_workflow_registry
         where workflow_slug = ${slug}`;
    }
  }
}

test('a plain role sees the rows of its tenant, however the query is written', async ({ asTenant }) => {
  await asTenant('client.example', async (sql) => {
    for (const { table, tenant } of tables) {
      const wrong = [
        `select ${tenant} as tenant from ${table}`,
        `select ${tenant} as tenant from ${table} where ${tenant} = 'client.example' or true`,
        `select ${tenant} as tenant from ${table} where ${tenant} <> 'nobody.example'`,
        `select max(${tenant}) as tenant from ${table}`,
      ];
      for (const query of wrong) {
        const seen = new Set((await sql.unsafe<{ tenant: string }[]>(query)).map((row) => row.tenant));
        expect([...seen], query).toEqual(['client.example']);
      }
      expect(await sql.unsafe(`select from ${table} where ${tenant} = 'other.example'`), table).toHaveLength(
        0,
      );
    }
  });
});

test('a plain role changes and deletes nothing of another tenant, also without a condition', async ({
  asTenant,
  ownDatabase,
}) => {
  await asTenant('client.example', async (sql) => {
    await sql`update client.leads set source = 'changed'`;
    await sql`delete from target_client.leads`;
    const insert = (schema: string, tenant: string) => (savepoint: postgres.TransactionSql) =>
      savepoint.unsafe(
        `insert into ${schema}.leads (id, ${tenant}, raw_payload_id) values (gen_random_uuid(), 'other.example', gen_random_uuid())`,
      );
    expect(await sqlstate(sql, insert('client', 'client_domain'))).toBe('42501');
    expect(await sqlstate(sql, insert('target_client', 'target_client_domain'))).toBe('42501');
    const moved = await sqlstate(
      sql,
      (savepoint) => savepoint`update client.leads set client_domain = 'other.example'`,
    );
    expect(moved).toBe('42501');
  });
  const owner = ownDatabase.connect(1);
  expect(await owner`select client_domain, source from client.leads order by client_domain`).toEqual([
    { client_domain: 'client.example', source: 'changed' },
    { client_domain: 'other.example', source: 'contact_form' },
  ]);
  expect(await owner`select target_client_domain from target_client.leads`).toEqual([
    { target_client_domain: 'other.example' },
  ]);
});

test('a plain role without a tenant sees nothing', async ({ asTenant }) => {
  await asTenant('', async (sql) => {
    for (const { table } of tables)
      expect(await value(sql.unsafe(`select count(*)::int from ${table}`)), table).toBe(0);
  });
});

test('a plain role may not call what works for every tenant', async ({ asTenant }) => {
  await asTenant('client.example', async (sql) => {
    const called = await sqlstate(
      sql,
      (savepoint) =>
        savepoint`select target_client.list_leads('{"target_client_domain": "other.example"}'::jsonb)`,
    );
    // Its functions run as the caller, so the policies bind them too; what they read of core is not granted.
    expect(called).toBe('42501');
  });
});
