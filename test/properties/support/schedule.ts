import fc from 'fast-check';

import type { Landing } from './payloads.ts';
import type { Batch } from './store.ts';

/** Every payload at least once, some twice, in any order, in batches of one workflow each, on four connections. */
export function schedule(landed: Landing[]): fc.Arbitrary<Batch[]> {
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
