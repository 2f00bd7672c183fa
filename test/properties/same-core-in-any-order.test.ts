import fc from 'fast-check';
import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';
import { type Landing, landings } from './support/payloads.ts';
import { type Batch, inOneGo, installHelpers, landOnly, processBatches, state } from './support/store.ts';

/** Every payload at least once, some twice, in any order, in batches of one workflow each, on four connections. */
function schedule(landed: Landing[]): fc.Arbitrary<Batch[]> {
  return fc
    .tuple(
      fc.shuffledSubarray(landed, { minLength: landed.length }),
      fc.subarray(landed),
      fc.array(fc.nat(3), { minLength: landed.length * 2, maxLength: landed.length * 2 }),
      fc.array(fc.integer({ min: 1, max: 4 }), {
        minLength: landed.length * 2,
        maxLength: landed.length * 2,
      }),
    )
    .map(([once, again, connections, sizes]) => {
      const batches: Batch[] = [];
      const waiting = [...once, ...again];
      while (waiting.length > 0) {
        const slug = waiting[0]?.slug ?? '';
        const taken = waiting.filter((each) => each.slug === slug).slice(0, sizes.pop());
        for (const each of taken) waiting.splice(waiting.indexOf(each), 1);
        batches.push({ slug, ids: taken.map(({ id }) => id), connection: connections.pop() ?? 0 });
      }
      return batches;
    });
}

const runs = landings().chain((landed) =>
  fc.tuple(fc.constant(landed), schedule(landed), fc.subarray(landed, { minLength: 1 })),
);

test(
  'any order, batching, repetition and concurrency gives the same core, and so does a rebuild',
  { timeout: propertyTimeout },
  async ({ ownDatabase }) => {
    const connections = [0, 1, 2, 3].map(() => ownDatabase.connect(1));
    const sql = ownDatabase.connect(1);
    await installHelpers(sql);

    await fc.assert(
      fc.asyncProperty(runs, async ([landed, batches, rebuilt]) => {
        await landOnly(sql, landed);
        await processBatches([sql], inOneGo(landed));
        const expected = await state(sql);
        expect(expected.failures).toEqual([]);

        await sql`select test.unprocess()`;
        await processBatches(connections, batches);
        expect(await state(sql), 'processed in another way').toEqual(expected);

        await sql`
        select etl.rebuild_keys(array(
          select entity_key from raw.payloads where id = any (${rebuilt.map(({ id }) => id)}::uuid[])))`;
        expect(await state(sql), 'some records rebuilt').toEqual(expected);

        await sql`select etl.rebuild()`;
        expect(await state(sql), 'all records rebuilt').toEqual(expected);
      }),
      parameters(200),
    );
  },
);

test(
  'workers that claim what is pending give the same core as one batch',
  { timeout: propertyTimeout },
  async ({ ownDatabase }) => {
    const connections = [0, 1, 2, 3].map(() => ownDatabase.connect(1));
    const sql = ownDatabase.connect(1);
    await installHelpers(sql);

    await fc.assert(
      fc.asyncProperty(
        landings({ minLength: 4, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        async (landed, size) => {
          await landOnly(sql, landed);
          await Promise.all(
            connections.map(async (connection) => {
              for (;;) {
                const [row] = await connection<{ answer: { processed: number; remaining: boolean } }[]>`
              select etl.process(max_payloads => ${size}) as answer`;
                if (!row?.answer.remaining && row?.answer.processed === 0) break;
              }
            }),
          );
          const claimed = await state(sql);

          await sql`select test.unprocess()`;
          await processBatches([sql], inOneGo(landed));
          expect(claimed).toEqual(await state(sql));
        },
      ),
      parameters(50),
    );
  },
);
