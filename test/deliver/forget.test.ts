import { expect } from 'vitest';

import { startDeliverer } from '../../src/deliver/deliverer.ts';
import { silent, test } from '../http/support/api.ts';
import type { AnySql } from '../sql/support/calls.ts';
import { traces } from '../sql/support/traces.ts';
import { until } from '../support/hq.ts';
import { fast, startReceiver } from './support/receiver.ts';

const person = 'https://www.linkedin.com/in/gone-example';
const about = { Name: 'Gone Secret', Profile: 'https://de.linkedin.com/in/Gone-Example/?x=1' };
const other = { Name: 'Stays Example', Profile: 'https://www.linkedin.com/in/stays-example' };

async function deliver(
  sql: AnySql,
  rows: object[],
  url = 'https://hooks.acme.example/in/1',
): Promise<string> {
  const request = JSON.stringify({ webhook_url: url, rows });
  const [made] = await sql<{ id: string }[]>`
    select etl.make_delivery('salesnav-export-to-clay', ${request}::text::jsonb) ->> 'delivery_id' as id`;
  return made?.id as string;
}

function rowsOfDelivery(sql: AnySql, id: string) {
  return sql`select body, state, problem from etl.delivery_rows where delivery_id = ${id} order by position`;
}

/** Where a text still stands, but for what keeps the record out. */
async function left(sql: AnySql) {
  return (await traces(sql, 'Gone Secret', 'gone-example', 'Gone-Example')).filter(
    (table) => !['etl.suppressions', 'etl.changes'].includes(table),
  );
}

async function untilSomebodyWaits(sql: AnySql) {
  await until('somebody waits', async () => {
    const waiting = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return waiting.length > 0;
  });
}

test('a row that is being sent while its record is forgotten is emptied; the late answer changes nothing, and the delivery ends', async ({
  ownDatabase,
}) => {
  const sql = ownDatabase.connect(2);
  let answer = () => {};
  const receiver = await startReceiver((arrival, _nth, response) => {
    if (arrival.body.Name === about.Name) answer = () => void response.end('Gone Secret has come');
    else response.end();
  });
  const id = await deliver(sql, [other, about, other], receiver.url);
  const deliverer = startDeliverer(ownDatabase.url, fast, silent);
  await until('the row is in flight', async () => receiver.arrivals.length === 2);
  expect(await rowsOfDelivery(sql, id)).toMatchObject([
    { state: 'sent' },
    { state: 'sending' },
    { state: 'pending' },
  ]);

  await sql`select etl.forget(${person})`;
  answer();
  await until('it is done', async () => {
    return (await sql`select from etl.deliveries where id = ${id} and state = 'done'`).length === 1;
  });
  await deliverer.stop();
  receiver.close();
  expect(await rowsOfDelivery(sql, id)).toEqual([
    { body: other, state: 'sent', problem: null },
    { body: {}, state: 'skipped', problem: 'erased on request, while it was being sent' },
    { body: other, state: 'sent', problem: null },
  ]);
  expect(await sql`select sent::int, skipped::int, failed::int, total::int from etl.deliveries`).toEqual([
    { sent: 2, skipped: 1, failed: 0, total: 3 },
  ]);
  expect(receiver.arrivals).toHaveLength(3);
  expect(await left(sql)).toEqual([]);
});

test('rows that were sent, failed or wait are emptied, wherever in them the key stands, and neither sent nor retried', async ({
  sql,
}) => {
  const id = await deliver(sql, [
    about,
    { deep: { list: [{ profile: 'linkedin.com/in/gone-example' }] }, Name: 'Gone Secret' },
    about,
    about,
    other,
    { Note: 'writes about linkedin.com/in/gone-example-2' },
  ]);
  await sql`update etl.delivery_rows set state = 'sent', status = 200, answer = 'Gone Secret' where delivery_id = ${id} and position = 0`;
  await sql`update etl.delivery_rows set state = 'failed', problem = 'Gone Secret was refused' where delivery_id = ${id} and position = 2`;
  await sql`update etl.deliveries set sent = 1, failed = 1 where id = ${id}`;
  await sql`select etl.forget(${person})`;
  expect(await rowsOfDelivery(sql, id)).toMatchObject([
    { body: {}, state: 'sent' },
    { body: {}, state: 'skipped' },
    { body: {}, state: 'skipped' },
    { body: {}, state: 'skipped' },
    { body: other, state: 'pending' },
    { state: 'pending' },
  ]);
  const [delivery] = await sql`select etl.change_delivery(${id}, 'retry') as document`;
  expect(delivery?.document).toMatchObject({ state: 'sending', sent: 1, skipped: 3, failed: 0, waiting: 2 });
  await sql`delete from etl.delivery_rows where position = 5`;
  expect(await left(sql)).toEqual([]);
});

test('a forgotten record stays out of later deliveries', async ({ sql }) => {
  await sql`select etl.forget(${person})`;
  const id = await deliver(sql, [about, other]);
  expect(await rowsOfDelivery(sql, id)).toEqual([
    { body: {}, state: 'skipped', problem: 'about a record that was erased and is kept out' },
    { body: other, state: 'pending', problem: null },
  ]);
  expect(await sql`select total::int, skipped::int, state from etl.deliveries where id = ${id}`).toEqual([
    { total: 2, skipped: 1, state: 'sending' },
  ]);
  const alone = await deliver(sql, [about]);
  expect(await sql`select skipped::int, state from etl.deliveries where id = ${alone}`).toEqual([
    { skipped: 1, state: 'done' },
  ]);
  expect(await left(sql)).toEqual([]);
});

test('what a delivery was asked about goes, too', async ({ sql }) => {
  const request = { webhook_url: 'https://hooks.acme.example/in/1', domain: 'gone-example.example' };
  await sql`
    select etl.make_delivery('unresolved-customers-to-clay', ${JSON.stringify(request)}::text::jsonb)`;
  await sql`select etl.forget('gone-example.example')`;
  expect(await left(sql)).toEqual([]);
});

test.for(['made first', 'forgotten first'])(
  'a delivery that is made at the same time leaves nothing (%s)',
  async (first, { ownDatabase }) => {
    const [making, forgetting, sql] = [
      ownDatabase.connect(1),
      ownDatabase.connect(1),
      ownDatabase.connect(1),
    ];
    const make = () => deliver(making, [about, other]);
    const forget = () => forgetting`select etl.forget(${person})`.execute();
    const [one, connection, two] =
      first === 'made first' ? ([make, making, forget] as const) : ([forget, forgetting, make] as const);
    await connection`begin`;
    await one();
    const second = two();
    await untilSomebodyWaits(sql);
    await connection`commit`;
    await second;
    expect(await sql`select state, body from etl.delivery_rows order by position`).toEqual([
      { state: 'skipped', body: {} },
      { state: 'pending', body: other },
    ]);
    expect(await left(sql)).toEqual([]);
  },
);

test('forgetting reads the rows that name the record, and no others', async ({ ownDatabase }) => {
  const sql = ownDatabase.connect(1);
  const rows = Array.from({ length: 5_000 }, (_, i) => ({
    Name: `Name ${i}`,
    Profile: `https://www.linkedin.com/in/name-${i}-example`,
  }));
  const id = await deliver(sql, [...rows, about]);
  await sql`analyze etl.delivery_rows, etl.delivery_mentions`;
  const read = async () => {
    const [counted] = await sql<{ rows: number }[]>`
      select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows
        from pg_stat_xact_user_tables
       where schemaname = 'etl' and relname in ('delivery_rows', 'delivery_mentions')`;
    return counted?.rows ?? 0;
  };
  await sql`begin`;
  const before = await read();
  await sql`select etl.forget(${person})`;
  expect((await read()) - before).toBeLessThan(50);
  await sql`commit`;
  expect(
    await sql`select count(*)::int as erased from etl.delivery_rows where delivery_id = ${id} and state = 'skipped'`,
  ).toEqual([{ erased: 1 }]);

  await sql`delete from etl.deliveries`;
  expect(await sql`select from etl.delivery_mentions`).toEqual([]);
});
