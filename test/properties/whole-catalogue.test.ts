import fc from 'fast-check';
import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';
import { type Landing, observedAt } from './support/payloads.ts';
import { id } from '../sql/support/calls.ts';
import { inOneGo, installHelpers, landOnly, processBatches, retryTransient, state } from './support/store.ts';

type Example = { slug: string; body: Record<string, unknown>; payload_field: string | null };

/** An example as it is, or with members of its payload missing, null or of another type. */
function variation({ slug, body, payload_field }: Example) {
  const payload = payload_field === null ? undefined : body[payload_field];
  if (payload_field === null || typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return fc.constant({ slug, body });
  }
  const members = Object.entries(payload);
  return fc
    .array(fc.constantFrom('kept', 'kept', 'kept', 'dropped', 'null', 'wrong'), {
      minLength: members.length,
      maxLength: members.length,
    })
    .map((fates) => {
      const changed = members.flatMap(([name, value]): [string, unknown][] => {
        const fate = fates.shift();
        if (fate === 'dropped') return [];
        return [[name, fate === 'null' ? null : fate === 'wrong' ? [{ wrong: 1 }] : value]];
      });
      return { slug, body: { ...body, [payload_field]: Object.fromEntries(changed) } };
    });
}

test(
  'payloads of all workflows together give the same core in any order and batching, and after a rebuild',
  { timeout: 2 * propertyTimeout },
  async ({ ownDatabase }) => {
    const connections = [0, 1, 2, 3].map(() => ownDatabase.connect(1));
    const sql = ownDatabase.connect(1);
    await installHelpers(sql);
    const examples = await sql<Example[]>`
      select workflow_slug as slug, etl.landing_example(workflow_slug) as body,
             case when ingestion.refuses is null and ingestion.key is null then ingestion.payload_field end as payload_field
        from etl.ingestions as ingestion
        join reference.enrichment_workflow_registry using (workflow_slug)
       where is_active
       order by workflow_slug`;

    const landings = fc
      .array(
        fc.record({
          payload: fc.oneof(...examples.map(variation)),
          observed_at: observedAt,
        }),
        { minLength: 8, maxLength: 25 },
      )
      .map((calls) =>
        calls.map(
          ({ payload, observed_at }, number) => ({ ...payload, observed_at, id: id(number) }) as Landing,
        ),
      );

    await fc.assert(
      fc.asyncProperty(
        landings.chain((landed) =>
          fc.tuple(
            fc.constant(landed),
            fc.shuffledSubarray(landed, { minLength: landed.length }),
            fc.array(fc.nat(3), { minLength: landed.length, maxLength: landed.length }),
          ),
        ),
        async ([landed, order, on]) => {
          await landOnly(sql, landed);
          await processBatches([sql], inOneGo(landed));
          const expected = await state(sql);
          expect(expected.failures).toEqual([]);

          await sql`select test.unprocess()`;
          await processBatches(
            connections,
            order.map(({ slug, id }, place) => ({ slug, ids: [id], connection: on[place] ?? 0 })),
          );
          await retryTransient(sql);
          expect(await state(sql), 'one by one in another order').toEqual(expected);

          await sql`select etl.rebuild()`;
          expect(await state(sql), 'rebuilt').toEqual(expected);
        },
      ),
      parameters(10),
    );
  },
);
