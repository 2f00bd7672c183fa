import { expect } from 'vitest';

import { test } from '../../support/database.ts';
import { type AnySql, id } from '../support/calls.ts';

type Slot = { granted?: boolean; wait_ms?: number; rests?: boolean };

async function take(sql: AnySql, holder: number): Promise<Slot> {
  const [row] = await sql<{ slot: Slot }[]>`
    select etl.take_slot('rocket', ${id(holder)}::uuid, '1 minute') as slot`;
  return row?.slot ?? {};
}

test('no more calls to a provider are under way than it takes, over all connections', async ({
  ownDatabase,
}) => {
  const sql = ownDatabase.connect(8);
  await sql`select etl.provider('rocket', max_in_flight => 3, calls_per_minute => 60000)`;
  const slots = await Promise.all(Array.from({ length: 12 }, (_, i) => take(sql, i)));
  expect(slots.filter(({ granted }) => granted)).toHaveLength(3);
  // A holder that died gives its place back when its time is over.
  await sql`update etl.provider_slots set held_until = now() - interval '1 second'`;
  expect(await take(sql, 20)).toMatchObject({ granted: true });
});

test('calls are spread over the minute, and each is told how long to wait', async ({ sql }) => {
  await sql`select etl.provider('rocket', max_in_flight => 100, calls_per_minute => 120)`;
  const waits: number[] = [];
  for (let i = 0; i < 3; i += 1) waits.push((await take(sql, i)).wait_ms ?? -1);
  expect(waits[0]).toBeLessThan(50);
  expect(waits[1]).toBeGreaterThan(350);
  expect(waits[2]).toBeGreaterThan(850);
});

test('a provider that asks for patience is left alone by everybody', async ({ sql }) => {
  await sql`select etl.provider('rocket')`;
  await sql`select etl.record_call(${id(1)}::uuid, 'rocket', 'failed', 10, holder => ${id(1)}::uuid, rests_for => '30 seconds')`;
  expect(await take(sql, 2)).toMatchObject({ rests: true });
  expect((await take(sql, 2)).wait_ms).toBeGreaterThan(28_000);
});
