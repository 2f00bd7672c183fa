import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, inject } from 'vitest';

import { connect } from '../../src/database/connect.ts';
import { migrationsFolder } from '../../src/database/migrate.ts';
import { test } from '../support/database.ts';

/** Our functions: graphile-worker and graphile-migrate have schemas of their own. */
const ours = `pronamespace in ('etl'::regnamespace, 'core'::regnamespace, 'reference'::regnamespace, 'extracted'::regnamespace, 'api'::regnamespace)`;

test('every function has a comment', async ({ sql }) => {
  expect(
    await sql.unsafe(
      `select oid::regprocedure::text as function from pg_proc where ${ours} and obj_description(oid, 'pg_proc') is null`,
    ),
  ).toEqual([]);
});

test('every table and view has a comment', async ({ sql }) => {
  const rows = await sql`
    select oid::regclass::text as relation
      from pg_class
     where relnamespace in ('etl'::regnamespace, 'core'::regnamespace, 'reference'::regnamespace, 'extracted'::regnamespace, 'api'::regnamespace, 'raw'::regnamespace)
       and relkind in ('r', 'p', 'v')
       and obj_description(oid, 'pg_class') is null`;
  expect(rows).toEqual([]);
});

test('every function is defined by a file of sql/, or compiled from the declarations: a migration dropped the others', async ({
  sql,
}) => {
  const folder = join(migrationsFolder, '..', 'sql');
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.sql'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const defined = [...texts.join('\n').matchAll(/create or replace (?:function|procedure) (\w+\.\w+)/g)].map(
    ([, name]) => name ?? '',
  );
  const rows = await sql.unsafe(
    `with compiled as materialized (
       select found.match[1] as name
         from etl.compiled_objects
        cross join lateral regexp_matches(definition, 'create or replace function (\\w+\\.\\w+)', 'g') as found (match)
        union
       select 'api.' || name from api.endpoints
     )
     select pg_proc.oid::regprocedure::text as function
       from pg_proc
       join pg_namespace on pg_namespace.oid = pronamespace
      where ${ours}
        and nspname || '.' || proname <> all ($1::text[])
        and not exists (select from compiled where compiled.name = nspname || '.' || proname)
      order by 1`,
    [defined],
  );
  expect(rows.map(({ function: name }) => name)).toEqual([]);
});

test('every plpgsql function sets its search_path', async ({ sql }) => {
  const rows = await sql.unsafe(`
    select pg_proc.oid::regprocedure::text as function
      from pg_proc join pg_language as language on language.oid = prolang
     where ${ours} and lanname = 'plpgsql'
       and not coalesce(array_to_string(proconfig, ',') like 'search_path=""%', false)
       and not coalesce(array_to_string(proconfig, ',') like '%,search_path=""%', false)`);
  expect(rows).toEqual([]);
});

test('a function that is called immutable or stable writes nothing', async ({ sql }) => {
  const rows = await sql.unsafe(`
    select oid::regprocedure::text as function
      from pg_proc
     where ${ours} and provolatile <> 'v'
       and prosrc ~* '(^|[^a-z_.$''])(insert\\s+into|update\\s+[a-z_.]+\\s+(as\\s+[a-z_]+\\s+)?set|delete\\s+from|create\\s+(temporary|table|index))\\s'
       -- functions that only give SQL as text
       and proname !~ '_sql$'`);
  expect(rows).toEqual([]);
});

test('an immutable function calls no function that is less than that, and reads no clock', async ({
  sql,
}) => {
  const rows = await sql.unsafe(`
    select caller.oid::regprocedure::text as caller, callee.oid::regprocedure::text as callee
      from pg_proc as caller
      join pg_proc as callee on callee.pronamespace = 'etl'::regnamespace
       and callee.provolatile > caller.provolatile
       and caller.prosrc ~ ('\\metl\\.' || callee.proname || '\\s*\\(')
     where caller.${ours} and caller.provolatile = 'i'
       and caller.proname !~ '_sql$'
    union all
    select oid::regprocedure::text, 'the clock'
      from pg_proc
     where ${ours} and provolatile = 'i' and prosrc ~ '\\m(now|clock_timestamp|gen_random_uuid|random)\\s*\\('
       and proname !~ '_sql$'`);
  expect(rows).toEqual([]);
});

test('no stored code selects *', async ({ sql }) => {
  const rows = await sql.unsafe(`
    select oid::regprocedure::text as code from pg_proc where ${ours} and prosrc ~* 'select\\s+\\*'
    union all
    select viewname from pg_views where schemaname in ('etl', 'core', 'reference', 'extracted', 'api', 'raw') and definition ~* 'select\\s+\\*'`);
  expect(rows).toEqual([]);
});

test('every foreign key has an index and says what a deletion does', async ({ sql }) => {
  const rows = await sql`
    select conrelid::regclass::text as table, conname as constraint, confdeltype = 'a' as has_no_on_delete
      from pg_constraint as foreign_key
     where contype = 'f'
       and connamespace in ('etl'::regnamespace, 'core'::regnamespace, 'reference'::regnamespace, 'extracted'::regnamespace, 'api'::regnamespace)
       and (confdeltype = 'a' or not exists (
         select from pg_index where indrelid = conrelid and (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey
       ))`;
  expect(rows).toEqual([]);
});

test('every table has a primary key or a unique key in which nulls are equal, or holds sightings or notes that are only appended', async ({
  sql,
}) => {
  const rows = await sql`
    select oid::regclass::text as table
      from pg_class
     where relnamespace in ('etl'::regnamespace, 'core'::regnamespace, 'reference'::regnamespace, 'extracted'::regnamespace, 'api'::regnamespace, 'raw'::regnamespace)
       and relkind in ('r', 'p')
       and not exists (
         select
           from pg_index
          where indrelid = pg_class.oid
            and indisunique
            and indpred is null
            and indexprs is null
            and (indisprimary or indnullsnotdistinct)
       )
     order by 1`;
  expect(rows).toEqual([
    { table: 'etl.change_log' },
    { table: 'etl.payload_warnings' },
    { table: 'etl.unknown_fields' },
  ]);
});

test('every code that our SQL raises is in docs/errors.md', async ({ sql }) => {
  const errors = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = await sql.unsafe<{ code: string }[]>(`
    select distinct code[1] as code
      from pg_proc, regexp_matches(prosrc, '(?:errcode\\s*=\\s*|etl\\.refusal\\(\\s*|then )''([A-Z0-9]{5})''', 'g') as code
     where ${ours}
     order by 1`);
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.map(({ code }) => code).filter((code) => !errors.includes(`\`${code}\``))).toEqual([]);
});

test('what the registry names is there: tables, and fields that are required', async ({ sql }) => {
  const rows = await sql`
    select workflow_slug
      from reference.enrichment_workflow_registry
     where etl.lands_payloads(workflow_type) and to_regclass(raw_table) is null
        or exists (select from unnest(core_tables) as name where to_regclass(name) is null)
        or exists (
          select from jsonb_array_elements_text(coalesce(request_schema -> 'required', '[]')) as name
           where (request_schema -> 'properties' -> name) is null
        )`;
  expect(rows).toEqual([]);
});

test('plpgsql_check finds nothing', async ({ ownDatabase, skip }) => {
  const url = new URL(inject('adminUrl'));
  url.pathname = `/${ownDatabase.name}`;
  const admin = connect(url.href, { max: 1 });
  try {
    const [available] = await admin`select from pg_available_extensions where name = 'plpgsql_check'`;
    skip(!available, 'this Postgres does not have the extension plpgsql_check');
    await admin`create extension plpgsql_check`;
    const rows = await admin.unsafe(`
      select pg_proc.oid::regprocedure::text as function, problem.lineno, problem.message
        from pg_proc
        join pg_language as language on language.oid = prolang
        left join (
          -- One function may serve several triggers of a table, and ask which (tg_op): it is checked with the names of all.
          select tgfoid, tgrelid, max(tgoldtable::text)::name as tgoldtable, max(tgnewtable::text)::name as tgnewtable
            from pg_trigger
           where not tgisinternal
           group by tgfoid, tgrelid
        ) as fired on fired.tgfoid = pg_proc.oid
       cross join lateral plpgsql_check_function_tb(
         pg_proc.oid, coalesce(fired.tgrelid, 0), oldtable => fired.tgoldtable, newtable => fired.tgnewtable, other_warnings => false, extra_warnings => false
       ) as problem
       where ${ours} and lanname = 'plpgsql'
         and (prorettype <> 'trigger'::regtype or fired.tgfoid is not null)`);
    expect(rows).toEqual([]);
  } finally {
    await admin.end();
  }
});
