import fc from 'fast-check';
import { expect } from 'vitest';

import { test } from '../support/database.ts';
import { installHelpers, landOnly, processBatches, state } from './support/store.ts';
import { landings } from './support/payloads.ts';

/** The compiled rule "latest" of core.company_types: a candidate wins when it is newer. */
const keepsTheNewest =
  /(on conflict \(domain, source\) do update\s+set raw_type = [^;]*?)\s+where \(excluded\.observed_at[^;]*;/;

test(
  'a rule that lets whoever comes last win makes the order property fail',
  { timeout: 120_000 },
  async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(1);
    await installHelpers(sql);
    for (const name of ['core.coalesce_companyenrich_company', 'extracted.merge_older_companyenrich']) {
      const [row] = await sql<
        { definition: string }[]
      >`select pg_get_functiondef(${name}::regproc) as definition`;
      expect(row?.definition).toMatch(keepsTheNewest);
      await sql.unsafe(row?.definition.replace(keepsTheNewest, '$1;') ?? '');
    }

    const found = await fc.check(
      fc.asyncProperty(landings({ minLength: 2, maxLength: 8 }), async (landed) => {
        const singly = landed.map(({ slug, id }) => ({ slug, ids: [id], connection: 0 }));
        await landOnly(sql, landed);
        await processBatches([sql], singly);
        const forwards = await state(sql);
        await sql`select test.unprocess()`;
        await processBatches([sql], singly.toReversed());
        expect(await state(sql)).toEqual(forwards);
      }),
      { numRuns: 200, endOnFailure: true },
    );

    expect(found.failed).toBe(true);
    expect(String(found.errorInstance)).toContain('deeply equal');
  },
);
