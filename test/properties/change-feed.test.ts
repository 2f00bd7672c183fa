import fc from 'fast-check';
import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';
import { type Landing, landings } from './support/payloads.ts';
import { installHelpers, landOnly, retryTransient } from './support/store.ts';

const writers = 8;

type Change = {
  cursor: string;
  table: string;
  row_key: Record<string, unknown>;
  old: unknown;
  new: unknown;
};

/** A copy of core that is kept by the feed alone. Every change must begin where the one before it ended. */
class Replica {
  cursor = '0';
  readonly rows = new Map<string, unknown>();

  apply(changes: Change[]): void {
    for (const change of changes) {
      expect(Number(change.cursor)).toBeGreaterThan(Number(this.cursor));
      const key = `${change.table} ${JSON.stringify(Object.entries(change.row_key).sort())}`;
      expect(change.old, `what ${key} was before change ${change.cursor}`).toEqual(
        this.rows.get(key) ?? null,
      );
      if (change.new === null) this.rows.delete(key);
      else this.rows.set(key, change.new);
      this.cursor = change.cursor;
    }
  }
}

/** One thing a writer does: processes some payloads, makes some records anew, or gives up at the end of its transaction. */
type Deed = { kind: 'process' | 'rebuild' | 'rollback'; payloads: Landing[] };

function deeds(landed: Landing[]): fc.Arbitrary<Deed[][]> {
  const deed = fc.record({
    kind: fc.constantFrom('process', 'process', 'process', 'rebuild', 'rollback'),
    payloads: fc.subarray(landed, { minLength: 1 }),
  }) as fc.Arbitrary<Deed>;
  return fc.array(fc.array(deed, { maxLength: 3 }), { minLength: writers, maxLength: writers });
}

async function perform(sql: Sql, { kind, payloads }: Deed): Promise<void> {
  const ids = payloads.map(({ id }) => id);
  await sql
    .begin(async (transaction) => {
      if (kind === 'rebuild') {
        await transaction`
          select etl.rebuild_keys(array(select entity_key from raw.payloads where id = any (${ids}::uuid[]) order by 1))`;
      } else {
        for (const slug of new Set(payloads.map((each) => each.slug))) {
          const own = payloads.filter((each) => each.slug === slug).map(({ id }) => id);
          await transaction`select etl.process_safely(${slug}, ${own}::uuid[])`;
        }
      }
      if (kind === 'rollback') throw new Error('rolled back');
    })
    .catch((error: { code?: string; message: string }) => {
      // Rebuilding takes no second try at a deadlock; what is not done is done below.
      if (error.message !== 'rolled back' && !error.code?.startsWith('40')) throw error;
    });
}

/** What the reader and the worker do once. */
type Turn = { limit: number; kept: number; batch: number; isKilled: boolean };

/** Gives positions to a batch, as the worker does, which may be killed before it commits. Tells whether notes remain. */
async function sequence(sql: Sql, batch: number, isKilled: boolean): Promise<boolean> {
  await sql`begin`;
  const [row] = await sql<{ remaining: boolean }[]>`
    select remaining from etl.sequence_changes(max_rows => ${batch})`;
  await (isKilled ? sql`rollback` : sql`commit`);
  return row?.remaining ?? false;
}

test(
  `${writers} concurrent writers and a reader and a worker that are killed and resumed at random: no change missed, none twice, none out of order for its row`,
  { timeout: propertyTimeout },
  async ({ ownDatabase }) => {
    const connections = Array.from({ length: writers }, () => ownDatabase.connect(1));
    const [sequencing, reading, sql] = [1, 1, 1].map((max) => ownDatabase.connect(max)) as [Sql, Sql, Sql];
    await installHelpers(sql);
    const replica = new Replica();

    await fc.assert(
      fc.asyncProperty(
        landings({ minLength: 2, maxLength: 8 }).chain((landed) =>
          fc.tuple(
            fc.constant(landed),
            deeds(landed),
            fc.array(
              fc.record({
                limit: fc.integer({ min: 1, max: 40 }),
                kept: fc.nat(40),
                batch: fc.integer({ min: 1, max: 100 }),
                isKilled: fc.boolean(),
              }),
              { minLength: 1, maxLength: 20 },
            ),
          ),
        ),
        async ([landed, work, reads]) => {
          await landOnly(sql, landed);
          let writing = true;
          const written = Promise.all(
            connections.map(async (connection, writer) => {
              for (const deed of work[writer] ?? []) await perform(connection, deed);
            }),
          ).finally(() => (writing = false));

          const read = async (limit: number) => {
            const [page] = await reading<{ changes: string[] }[]>`
              select changes from api.change_page(${replica.cursor}, max_changes => ${limit})`;
            return (page?.changes ?? []).map((change) => JSON.parse(change) as Change);
          };
          for (let turn = 0; writing; turn += 1) {
            const { limit, kept, batch, isKilled } = reads[turn % reads.length] as Turn;
            await sequence(sequencing, batch, isKilled);
            // Killed when it has kept so many of a page: the rest is read again.
            replica.apply((await read(limit)).slice(0, kept));
          }
          await written;
          await retryTransient(sql);
          for (let remaining = true; remaining;) remaining = await sequence(sequencing, 20, false);
          for (;;) {
            const changes = await read(1_000);
            if (changes.length === 0) break;
            replica.apply(changes);
          }

          const rows = await sql<{ key: string; row: unknown }[]>`
            select stored.target || ' ' || stored.row_key::text as key, stored.golden_row as row
              from etl.golden_rows(array(select entity_key from etl.records)) as stored`;
          expect([...replica.rows.values()].map((row) => JSON.stringify(row)).sort()).toEqual(
            rows.map(({ row }) => JSON.stringify(row)).sort(),
          );
        },
      ),
      parameters(20),
    );
  },
);
