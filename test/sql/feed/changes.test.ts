import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { type AnySql, ada, companyenrich, profile, sqlstate, value } from '../support/calls.ts';

type Change = {
  cursor: string;
  table: string;
  op: string;
  key: string;
  row_key: object;
  old: Record<string, unknown> | null;
  new: Record<string, unknown> | null;
  payload_id: string | null;
  workflow: string | null;
};

/** What the feed tells from a cursor on, after everything noted has got its place. */
async function changes(sql: AnySql, after: string | null = null, tables: string[] | null = null) {
  await sql`select etl.sequence_changes()`;
  const rows = await sql<{ change: Change }[]>`
    select change from api.changes(${after}::bigint, ${tables}::text[], 100000)`;
  return rows.map(({ change }) => change);
}

const latest = async (sql: AnySql) => {
  await sql`select etl.sequence_changes()`;
  return String(await value(sql`select last_position from etl.feed_state`));
};

test('tells new, changed and deleted rows with the payload and workflow that are the reason', async ({
  sql,
}) => {
  const first = await companyenrich(sql, { name: 'Acme', employees: '1-10' }, { at: '2024-01-01T00:00:00Z' });
  const second = await companyenrich(sql, { employees: '11-50' }, { at: '2024-02-01T00:00:00Z' });
  await sql`select etl.sequence_changes()`;
  await sql`delete from core.company_employee_range`;
  const told = (await changes(sql)).filter(({ table }) => table === 'core.company_employee_range');
  // One transaction: what it did to the row in between is nobody's business, but the feed had been asked in between.
  expect(told).toMatchObject([
    {
      op: 'insert',
      key: 'acme.example',
      row_key: { domain: 'acme.example' },
      old: null,
      new: { employee_range: '11-50' },
      payload_id: second.payload_id,
      workflow: 'companyenrich',
    },
    { op: 'delete', old: { employee_range: '11-50' }, new: null, payload_id: null, workflow: null },
  ]);
  expect(first.payload_id).not.toBe(second.payload_id);
});

test('of a value that a row of the rule fill got, names the payload that brought it', async ({
  ownDatabase,
}) => {
  const sql = ownDatabase.connect(1);
  await companyenrich(sql, { name: 'Acme' }, { at: '2024-03-01T00:00:00Z' });
  const after = await latest(sql);
  const late = await companyenrich(
    sql,
    { socials: { linkedin_url: 'https://www.linkedin.com/company/acme-example' } },
    { at: '2024-02-01T00:00:00Z' },
  );
  const [change] = await changes(sql, after, ['core.companies']);
  expect(change?.payload_id).toBe(late.payload_id);
});

test('says nothing of a rebuild that ends where it began, nor of a dry run or a look into the past', async ({
  ownDatabase,
}) => {
  const sql = ownDatabase.connect(1);
  await companyenrich(sql, { name: 'Acme', keywords: ['a', 'b'], technologies: ['React'] });
  await profile(sql, {
    name: 'Ada',
    experience: [{ title: 'Engineer', company: 'Acme', company_domain: 'acme.example' }],
  });
  const after = await latest(sql);
  await sql`select etl.rebuild()`;
  await sql`select etl.rebuild('acme.example')`;
  await sql`select etl.dry_run('companyenrich', '{"domain": "acme.example", "raw_payload": {"keywords": ["c"]}}')`;
  await sql`select etl.as_of('acme.example', now() - interval '1 day')`;
  await sql`update core.company_keywords set updated_at = now()`;
  expect(await changes(sql, after)).toEqual([]);
});

test('a key changed by hand is one row gone and one come, and a truncated table is all its rows gone', async ({
  ownDatabase,
}) => {
  const sql = ownDatabase.connect(1);
  await companyenrich(sql, { keywords: ['a', 'b'] });
  const after = await latest(sql);
  await sql`update core.company_keywords set keyword = 'z' where keyword = 'a'`;
  const moved = await changes(sql, after);
  expect(moved.map(({ op, row_key }) => [op, row_key]).sort()).toEqual([
    ['delete', { domain: 'acme.example', keyword: 'a' }],
    ['insert', { domain: 'acme.example', keyword: 'z' }],
  ]);
  const moment = await latest(sql);
  await sql`truncate core.company_keywords`;
  expect((await changes(sql, moment)).map(({ op, old }) => [op, old?.keyword]).sort()).toEqual([
    ['delete', 'b'],
    ['delete', 'z'],
  ]);
});

test('a transaction that commits late is not passed over, and what follows its rows comes after it', async ({
  ownDatabase,
}) => {
  const [early, late, sql] = [ownDatabase.connect(1), ownDatabase.connect(1), ownDatabase.connect(1)];
  await sql`insert into core.companies (id, domain, name, source) values (gen_random_uuid(), 'acme.example', 'Acme', 'manual')`;
  const after = await latest(sql);
  // `early` has the lower transaction id and the lower note, and commits last; it then waits for the row that `late` has.
  await early`begin`;
  await early`select pg_current_xact_id()`;
  await early`insert into core.companies (id, domain, name, source) values (gen_random_uuid(), 'globex.example', 'Globex', 'manual')`;
  await late`begin`;
  await late`update core.companies set name = 'Acme 2' where domain = 'acme.example'`;
  const waiting = early`update core.companies set name = 'Acme 3' where domain = 'acme.example'`.execute();
  await late`commit`;
  await waiting;
  const committed = await changes(sql, after);
  expect(committed.map(({ key, new: row }) => [key, row?.name])).toEqual([['acme.example', 'Acme 2']]);
  await early`commit`;
  const rest = await changes(sql, committed.at(-1)?.cursor);
  expect(rest.map(({ key, old, new: row }) => [key, old?.name, row?.name])).toEqual([
    ['globex.example', undefined, 'Globex'],
    ['acme.example', 'Acme 2', 'Acme 3'],
  ]);
});

test('a backlog gets its positions in batches of whole transactions, which tell what one batch alone would tell', async ({
  ownDatabase,
}) => {
  const sql = ownDatabase.connect(1);
  const after = await latest(sql);
  const insert = (name: string) =>
    sql`insert into core.companies (id, domain, name, source) values (gen_random_uuid(), ${`${name.slice(0, 1)}.example`}, ${name}, 'manual')`;
  await sql`begin`;
  for (const name of ['a', 'b', 'c']) await insert(name);
  await sql`commit`;
  await sql`update core.companies set name = 'a 2' where domain = 'a.example'`;
  await sql`delete from core.companies where domain = 'b.example'`;
  await insert('b 2');
  await sql`update core.companies set name = name || ' 3'`;

  const batches: unknown[] = [];
  const told: Change[] = [];
  for (let remaining = true; remaining;) {
    const [batch] = await sql<{ done: string; remaining: boolean }[]>`
      select done, remaining from etl.sequence_changes(max_rows => 2)`;
    remaining = batch?.remaining ?? false;
    batches.push(Number(batch?.done));
    const page = await sql<{ change: Change }[]>`
      select change from api.changes(${told.at(-1)?.cursor ?? after}::bigint, '{core.companies}')`;
    told.push(...page.map(({ change }) => change));
  }
  expect(batches, 'a transaction of three rows is not torn apart').toEqual([3, 2, 4]);
  const said = told.map(({ op, key, old, new: row }) => [op, key, old?.name, row?.name]);
  // One statement writes its rows in any order.
  expect([...said.slice(0, 6), ...said.slice(6).sort()]).toEqual([
    ['insert', 'a.example', undefined, 'a'],
    ['insert', 'b.example', undefined, 'b'],
    ['insert', 'c.example', undefined, 'c'],
    ['update', 'a.example', 'a', 'a 2'],
    ['delete', 'b.example', 'b', undefined],
    ['insert', 'b.example', undefined, 'b 2'],
    ['update', 'a.example', 'a 2', 'a 2 3'],
    ['update', 'b.example', 'b 2', 'b 2 3'],
    ['update', 'c.example', 'c', 'c 3'],
  ]);
});

test('replayed into empty tables, gives exactly core, from the examples of all workflows', async ({
  ownDatabase,
}) => {
  const sql = ownDatabase.connect(1);
  await sql`create schema replica`;
  const tables = await sql<{ target: string; copy: string }[]>`
    select target, 'replica.' || split_part(target, '.', 2) as copy from etl.fed_tables() order by 1`;
  expect(tables.length).toBeGreaterThan(40);
  for (const { target, copy } of tables) {
    await sql.unsafe(`create table ${copy} (like ${target} including defaults including constraints)`);
  }
  const examples = await sql<{ workflow_slug: string; example: object }[]>`
    select workflow_slug, example_request as example from reference.enrichment_workflow_registry
     where workflow_type in ('ingest', 'upsert') and is_active order by 1`;
  for (const { workflow_slug, example } of examples) {
    await sql`select etl.run(${workflow_slug}, ${sql.json(example as never)})`;
  }
  await profile(sql, {
    name: 'Ada',
    experience: [{ title: 'Engineer', company: 'Acme', company_domain: 'acme.example' }],
  });
  await sql`select etl.sequence_changes()`;
  await sql`select etl.forget(${ada})`;

  for (const change of await changes(sql)) {
    const copy = `replica.${change.table.split('.')[1]}`;
    await sql.unsafe(`delete from ${copy} as stored where to_jsonb(stored) @> $1::text::jsonb`, [
      JSON.stringify(change.row_key),
    ]);
    if (change.new === null) continue;
    await sql.unsafe(
      `insert into ${copy} select (jsonb_populate_record(null::${copy}, $1::text::jsonb || '{"created_at": "now", "updated_at": "now"}')).*`,
      [JSON.stringify(change.new)],
    );
  }
  let compared = 0;
  for (const { target, copy } of tables) {
    const content = (table: string) =>
      sql.unsafe<{ row: string }[]>(
        `select (to_jsonb(stored) - '{created_at,updated_at}'::text[])::text as row from ${table} as stored order by 1`,
      );
    const rows = await content(target);
    expect([...(await content(copy))], target).toEqual([...rows]);
    compared += rows.length;
  }
  expect(compared).toBeGreaterThan(100);
});

test('is fed by tables added in SQL too, and can be off per table', async ({ ownDatabase }) => {
  const sql = ownDatabase.connect(1);
  await sql`create table core.company_ratings (domain text not null, score numeric)`;
  await sql`select etl.golden('core.company_ratings', entity => 'company', key => '{domain,source}', survives => 'latest')`;
  await sql`select etl.compile()`;
  const rate = (score: number) =>
    sql`insert into core.company_ratings (id, domain, score, source) values (gen_random_uuid(), 'acme.example', ${score}, 'x' || ${score}::text)`;
  await rate(1);
  await sql`select etl.keep_changes('core.company_ratings', false)`;
  await rate(2);
  await sql`select etl.keep_changes('core.company_ratings', true)`;
  await rate(3);
  expect((await changes(sql, null, ['core.company_ratings'])).map(({ new: row }) => row?.score)).toEqual([
    1, 3,
  ]);
  await expect(sql`select etl.keep_changes('core.nothing', false)`).rejects.toMatchObject({ code: 'UNKEY' });
});

test('keeps changes as long as it is told, and refuses a cursor from before', async ({ sql }) => {
  for (const name of ['a', 'b', 'c']) {
    await sql`insert into core.companies (id, domain, name, source) values (gen_random_uuid(), ${`${name}.example`}, ${name}, 'manual')`;
    await sql`select etl.sequence_changes()`;
  }
  await sql`update etl.changes set changed_at = now() - interval '8 days' where position <= (select min(position) + 1 from etl.changes)`;
  expect(await value(sql`select etl.prune_changes(max_changes => 1)`)).toEqual({
    pruned: 1,
    remaining: true,
  });
  expect(await value(sql`select etl.prune_changes(max_changes => 2)`)).toEqual({
    pruned: 1,
    remaining: false,
  });
  expect(await value(sql`select etl.prune_changes()`)).toEqual({ pruned: 0, remaining: false });
  const told = await changes(sql);
  expect(told.map(({ key }) => key)).toEqual(['c.example']);
  const oldest = Number(told[0]?.cursor) - 1;
  expect(await changes(sql, String(oldest))).toHaveLength(1);
  expect(await sqlstate(sql, (sql) => sql`select api.changes(${oldest - 1}::bigint)`)).toBe('OLDCR');
  expect(await sqlstate(sql, (sql) => sql`select api.changes(${oldest + 2}::bigint)`)).toBe('BADRQ');
  expect(await sqlstate(sql, (sql) => sql`select api.changes(tables => '{core.nothing}')`)).toBe('BADRQ');
});
