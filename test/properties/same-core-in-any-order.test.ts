import fc from 'fast-check';
import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';
import { landings } from './support/payloads.ts';
import { schedule } from './support/schedule.ts';
import { inOneGo, installHelpers, landOnly, processBatches, state } from './support/store.ts';

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
