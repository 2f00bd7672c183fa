import { readFile } from 'node:fs/promises';

import type postgres from 'postgres';
import { expect } from 'vitest';

import type { Sql } from '../../../src/database/connect.ts';
import { createTestDatabase, test as base, withRollback } from '../../support/database.ts';
import { type AnySql, run, sqlstate, value } from '../support/calls.ts';

const provider = new URL('../../properties/support/trial-provider.sql', import.meta.url);

type Fixtures = {
  /** a database in which the trial provider is declared and compiled */
  provided: Sql;
  /** a transaction there, rolled back after the test */
  trial: postgres.TransactionSql;
};

const test = base.extend<Fixtures>({
  provided: [
    async ({}, use) => {
      const database = await createTestDatabase();
      const pool = database.connect();
      await pool.unsafe(await readFile(provider, 'utf8'));
      await use(pool);
      await database.drop();
    },
    { scope: 'file' },
  ],
  trial: async ({ provided }, use) => {
    await withRollback(provided, use);
  },
});

test('compiling twice changes nothing the second time', async ({ sql }) => {
  expect(await value(sql`select etl.compile()`)).toBe(0);
});

test('a provider added by SQL alone: tables with only their facts, declarations, compile, and a payload flows', async ({
  sql,
}) => {
  await sql`select 1`;
  await sql.unsafe(await readFile(provider, 'utf8'));
  expect(await value(sql`select etl.compile()`)).toBe(0);
  expect(
    await run(sql, 'trial', { domain: 'acme.example', source: 'gold', a: 'x', items: ['p', 'q'] }),
  ).toMatchObject({ status: 200 });
  expect(await value(sql`select array_agg(item order by item) from core.trial_set`)).toEqual(['p', 'q']);
  expect(
    await value(sql`select etl.golden_record('acme.example') -> 'record' -> 'trial_latest' ->> 'a'`),
  ).toBe('x');
});

test('a rule is data: changed, compiled and rebuilt, the records follow it', async ({ trial: sql }) => {
  await run(sql, 'trial', { domain: 'acme.example', source: 'gold', a: 'old' });
  await run(sql, 'trial', { domain: 'acme.example', source: 'gold', a: 'new' });
  const kept = () => value(sql`select a from core.trial_first`);
  expect(await kept()).toBe('old');
  await sql`select etl.golden('core.trial_first', entity => 'company', key => '{domain}', survives => 'latest')`;
  await sql`select etl.compile()`;
  await sql`select etl.rebuild('acme.example')`;
  expect(await kept()).toBe('new');
});

test('two extracted tables cannot give sets of one owner: which is the newer one would be decided nowhere', async ({
  trial: sql,
}) => {
  await sql`
    select etl.coalesces('extracted.trial_items', 'core.trial_readings', as_select => 'select domain, item, source.source from source')`;
  expect(await sqlstate(sql, (sql) => sql`select etl.compile()`)).toBe('BADDL');
});

test('what is declared no more is removed by the next compile', async ({ trial: sql }) => {
  await sql`delete from etl.coalescings where origin = 'extracted.trial_narrow'`;
  await sql`select etl.compile()`;
  expect(await value(sql`select to_regprocedure('core.coalesce_trial_narrow()')`)).toBeNull();
  expect(await run(sql, 'trial-narrow', { domain: 'acme.example', source: 'gold', a: 'x' })).toMatchObject({
    status: 200,
  });
});

const workflow = (sql: AnySql, change: Record<string, string>) => {
  const given: Record<string, string> = {
    slug: "'bad-one'",
    type: "'ingest'",
    entity: "'company'",
    path: "'/run/companies/bad-one/ingest'",
    description: "'Bad.'",
    family: "'trial_payloads'",
    key_field: "'domain'",
    request_schema: `'{"type": "object", "required": ["domain"], "properties": {"domain": {"type": "string"}}}'`,
    example: `'{"domain": "acme.example"}'`,
    ...change,
  };
  return sql.unsafe(
    `select etl.workflow(${Object.entries(given)
      .map(([name, expression]) => `${name} => ${expression}`)
      .join(', ')})`,
  );
};

test.for([
  ['a slug that is not kebab-case', { slug: "'Bad_One'" }],
  ['an unknown type', { type: "'guess'" }],
  ['an ingest without a family', { family: 'null' }],
  ['an ingest without a key field', { key_field: 'null' }],
  ['an ingest about something else', { entity: "'planet'" }],
  ['a schema that does not require the key', { request_schema: `'{"type": "object"}'` }],
  ['an example without the key', { example: `'{}'` }],
] as const)('a workflow with %s is BADDL', async ([, change], { sql }) => {
  await sql`select etl.raw_family('trial_payloads', '{}')`;
  expect(await sqlstate(sql, (sql) => workflow(sql, change))).toBe('BADDL');
});

test.for([
  [
    'extraction of an unknown workflow',
    `select etl.extracts('nope', 'extracted.trial', '{domain}', 'select domain from source')`,
  ],
  [
    'extraction into no table',
    `select etl.extracts('trial', 'extracted.nope', '{domain}', 'select domain from source')`,
  ],
  [
    'extraction whose key leaves the record out',
    `select etl.extracts('trial', 'extracted.trial', '{source}', 'select source from source')`,
  ],
  [
    'coalescing into what is no golden table',
    `select etl.coalesces('extracted.trial', 'core.nope', 'select domain from source')`,
  ],
  [
    'coalescing of what nothing extracts',
    `select etl.coalesces('reference.employee_ranges', 'core.trial_first', 'select domain from source')`,
  ],
  ['golden rule for no table', `select etl.golden('core.nope', '{domain}', 'first')`],
  ['response of an unknown workflow', `select etl.responds('nope', 'select 1')`],
  ['handler that does not exist', `select etl.answers('trial', 'core.nope')`],
  ['backfill of no golden table', `select etl.backfills('trial', '{core.nope}')`],
  ['lookup in no table', `select etl.lookup('reference.nope', 'x')`],
  [
    'derivation from no table',
    `select etl.derives('core.trial_first', 'core.nope', 'company', 'domain', 'select 1')`,
  ],
  ['family with an unusable name', `select etl.raw_family('Bad-Name', '{}')`],
] as const)('%s is BADDL', async ([, statement], { trial: sql }) => {
  expect(await sqlstate(sql, (sql) => sql.unsafe(statement))).toBe('BADDL');
});

test.for([
  [
    'a select that is not valid',
    `select etl.coalesces('extracted.trial', 'core.trial_first', 'select domain, nope, source.source from source')`,
  ],
  [
    'a column that the table lacks',
    `select etl.coalesces('extracted.trial', 'core.trial_first', 'select domain, a as nope, source.source from source')`,
  ],
  [
    'a key that the select does not give',
    `select etl.coalesces('extracted.trial', 'core.trial_first', 'select a, source.source from source')`,
  ],
  [
    'no source',
    `select etl.coalesces('extracted.trial', 'core.trial_first', 'select domain, a from source')`,
  ],
  ['a response that is not valid', `select etl.responds('trial', 'select nope from source')`],
  [
    'an extraction of an unknown column',
    `select etl.extracts('trial', 'extracted.trial', '{domain,source}', 'select domain, source, 1 as nope from source')`,
  ],
  [
    'a statement that is no select',
    `select etl.coalesces('extracted.trial', 'core.trial_first', 'delete from core.companies')`,
  ],
] as const)('compiling %s is BADDL, and names the declaration', async ([, statement], { trial: sql }) => {
  await sql.unsafe(statement);
  expect(await sqlstate(sql, (sql) => sql`select etl.compile()`)).toBe('BADDL');
});

test('a declaration that was good is looked at again when a table that it reads changes', async ({ sql }) => {
  await sql`alter table reference.industry_lookup rename column industry_cleaned to industry_tidied`;
  expect(await sqlstate(sql, (sql) => sql`select etl.compile()`)).toBe('BADDL');
});

test('only what depends on a changed table is compiled again', async ({ trial: sql }) => {
  await sql`alter table extracted.trial add column later text`;
  await sql`select etl.compile()`;
  const compiled = await sql<
    { name: string }[]
  >`select name from etl.compiled_objects where compiled_at = now()`;
  expect(compiled.length).toBeGreaterThan(0);
  expect(compiled.filter(({ name }) => !name.includes('trial'))).toEqual([]);
});

test('the registry tells running servers which workflow changed', async ({ ownDatabase }) => {
  const [listening, changing] = [ownDatabase.connect(1), ownDatabase.connect(1)];
  const told = new Promise(
    (resolve) =>
      void listening.listen('hq_registry', resolve, () => {
        void changing`update reference.enrichment_workflow_registry set timeout = 61 where workflow_slug = 'companyenrich'`.execute();
      }),
  );
  expect(await told).toBe('companyenrich');
});
