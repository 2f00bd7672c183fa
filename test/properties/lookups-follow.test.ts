import fc from 'fast-check';
import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';
import { landings } from './support/payloads.ts';
import { inOneGo, installHelpers, landOnly, processBatches, state } from './support/store.ts';

/** A row that is added or corrected (with values), or removed (values null). */
type LookupChange = { table: string; column: string; key: string; values: Record<string, string> | null };

function changesOf(table: string, column: string, keys: string[], values: Record<string, string>[]) {
  return fc.record<LookupChange>({
    table: fc.constant(table),
    column: fc.constant(column),
    key: fc.constantFrom(...keys),
    values: fc.constantFrom(null, ...values),
  });
}

const lookupChange = fc.oneof(
  changesOf(
    'job_title_lookup',
    'latest_title',
    ['Software Engineer', 'VP of Partnerships'],
    [
      { cleaned_job_title: 'Engineer', job_function: 'Engineering' },
      { cleaned_job_title: 'Boss', seniority_level: 'VP' },
    ],
  ),
  changesOf(
    'employee_range_lookup',
    'size_raw',
    ['1k-5k', 'a crowd'],
    [{ size_cleaned: '1-10' }, { size_cleaned: '1001-5000' }],
  ),
  changesOf(
    'company_type_lookup',
    'raw_value',
    ['private', 'public'],
    [{ matched_type: 'Private Company' }, { matched_type: 'Public Company' }],
  ),
  changesOf(
    'revenue_range_lookup',
    'raw_value',
    ['10m-50m', 'weird'],
    [{ matched_revenue_range: '$25M - $50M' }],
  ),
  changesOf(
    'industry_lookup',
    'industry_raw',
    ['software', 'Paper'],
    [{ industry_cleaned: 'A' }, { industry_cleaned: 'B' }],
  ),
  changesOf(
    'location_lookup',
    'location_name',
    ['Springfield, Illinois', 'Somewhere'],
    [{ city: 'Springfield', country: 'United States' }, { state: 'Nowhere' }],
  ),
);

async function apply(sql: Sql, { table, column, key, values }: LookupChange): Promise<void> {
  const target = sql(`reference.${table}`);
  if (!values) {
    await sql`delete from ${target} where match_key = etl.fold(${key})`;
    return;
  }
  const columns = Object.keys(values);
  await sql`
    insert into ${target} ${sql({ [column]: key, ...values })}
    on conflict (match_key) do update
       set ${sql.unsafe(columns.map((name) => `${name} = excluded.${name}`).join(', '))}`;
}

async function recoalesceAll(sql: Sql): Promise<void> {
  for (;;) {
    const [row] = await sql<
      { remaining: boolean }[]
    >`select (etl.recoalesce(2) ->> 'remaining')::boolean as remaining`;
    if (!row?.remaining) return;
  }
}

test(
  'core follows lookups that change while payloads are processed',
  { timeout: propertyTimeout },
  async ({ ownDatabase }) => {
    const connections = [0, 1].map(() => ownDatabase.connect(1));
    const [changing, following, sql] = [
      ownDatabase.connect(1),
      ownDatabase.connect(1),
      ownDatabase.connect(1),
    ];
    await installHelpers(sql);

    await fc.assert(
      fc.asyncProperty(
        landings({ minLength: 2, maxLength: 6 }),
        fc.array(lookupChange, { minLength: 1, maxLength: 6 }),
        async (landed, changes) => {
          await landOnly(sql, landed);
          const batches = landed.map(({ slug, id }, position) => ({
            slug,
            ids: [id],
            connection: position % 2,
          }));
          await Promise.all([
            processBatches(connections, batches),
            (async () => {
              for (const change of changes) await apply(changing, change);
            })(),
            recoalesceAll(following),
          ]);
          await recoalesceAll(sql);
          const followed = await state(sql);
          expect(followed.failures).toEqual([]);

          await sql`select test.unprocess()`;
          await processBatches([sql], inOneGo(landed));
          expect(followed).toEqual(await state(sql));
        },
      ),
      parameters(60),
    );
  },
);
