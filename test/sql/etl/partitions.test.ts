import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { companyenrich, id, value } from '../support/calls.ts';

test('every family has a partition for this month and as many more as asked for, and asking again makes none', async ({
  sql,
}) => {
  await sql`select etl.ensure_partitions(12)`;
  expect(await value(sql`select etl.ensure_partitions(12)`)).toBe(0);
  const partitions = await sql<{ parent: string; months: number }[]>`
    select parent.relname as parent, count(*) filter (where child.relname ~ '_\\d{4}_\\d\\d$')::int as months
      from pg_inherits
      join pg_class as parent on parent.oid = inhparent
      join pg_class as child on child.oid = inhrelid
     where parent.relnamespace = 'raw_partitions'::regnamespace
       and parent.relkind = 'p'
     group by 1 order by 1`;
  expect(partitions.map(({ months }) => months)).toEqual(partitions.map(() => 13));
  expect(await value(sql`select etl.ensure_partitions(13)`)).toBe(partitions.length);
});

test('a payload goes to the month of its id; an id of another time still has a place', async ({ sql }) => {
  const place = (payload: string | null) =>
    value(sql`select tableoid::regclass::text from raw.payloads where id = ${payload}`);
  const month = await value(sql`select to_char(now() at time zone 'UTC', 'YYYY_MM')`);
  expect(await place((await companyenrich(sql, {})).payload_id)).toBe(
    `raw_partitions.companyenrich_payloads_${String(month)}`,
  );
  expect(await place((await companyenrich(sql, {}, { id: id(1) })).payload_id)).toBe(
    'raw_partitions.companyenrich_payloads_other',
  );
  expect(await value(sql`select count(*)::int from raw.companyenrich_payloads`)).toBe(2);
});

test('a payload that waits while its month is detached is let go, and the others go through', async ({
  sql,
}) => {
  const old = await companyenrich(sql, {}, { id: id(1) });
  const { payload_id } = await companyenrich(sql, {});
  await sql`
    insert into etl.pending_payloads (payload_id, workflow_slug)
    select unnest(array[${old.payload_id}, ${payload_id}]::uuid[]), 'companyenrich'`;
  await sql`alter table raw_partitions.companyenrich_payloads detach partition raw_partitions.companyenrich_payloads_other`;

  expect(await value(sql`select etl.process()`)).toEqual({ processed: 1, failed: 0, remaining: false });
  expect(await sql`select payload_id from etl.pending_payloads`).toEqual([]);
});

test('of two processes that make partitions at once, one makes them all', async ({ ownDatabase }) => {
  const made = await Promise.all(
    [0, 1].map(() => value(ownDatabase.connect(1)`select etl.ensure_partitions(12)`)),
  );
  expect(Math.min(...made.map(Number))).toBe(0);
});

test('ids sort by time', async ({ sql }) => {
  expect(
    await value(sql`
    select array_agg(number order by etl.uuidv7('2026-01-01'::timestamptz + number * interval '1 microsecond') ) = array_agg(number order by number)
      from generate_series(1, 3000, 7) as number`),
  ).toBe(true);
});
