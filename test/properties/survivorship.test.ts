import { readFile } from 'node:fs/promises';

import fc from 'fast-check';
import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';
import { observedAt } from './support/payloads.ts';

type Facts = { a: string | null; b: string | null; c: string | null };
type Fact = keyof Facts;
type Observation = Facts & {
  slug: 'trial' | 'trial-narrow';
  id: string;
  domain: string;
  source: string;
  observed_at: string;
  items: string[];
};

const facts: Fact[] = ['a', 'b', 'c'];
const value = fc.constantFrom('x', 'y', 'z', null);
const observation = fc
  .record({
    slug: fc.constantFrom('trial' as const, 'trial' as const, 'trial-narrow' as const),
    domain: fc.constantFrom('acme.example', 'globex.example'),
    source: fc.constantFrom('gold', 'silver', 'brass', 'tin'),
    observed_at: observedAt,
    a: value,
    b: value,
    c: value,
    items: fc.uniqueArray(fc.constantFrom('p', 'q', 'r'), { maxLength: 3 }),
  })
  .map((each) => (each.slug === 'trial' ? each : { ...each, b: null, c: null, items: [] }));

const observations = fc
  .uniqueArray(fc.tuple(fc.nat(0xffff), observation), {
    minLength: 1,
    maxLength: 10,
    selector: ([number]) => number,
  })
  .map((each): Observation[] =>
    each.map(([number, seen]) => ({
      ...seen,
      id: `0190a000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
    })),
  );

// The oracle: design.md's table of survivorship rules, in plain TypeScript --------------------------------------------

/** Positive when the first comes after the second. */
type Order = (one: Observation, other: Observation) => number;

const compare = (one: string | number, other: string | number) => (one < other ? -1 : one > other ? 1 : 0);
// All times are UTC with the seconds written out; the shorter one of two equal beginnings is the earlier.
const byTime: Order = (one, other) =>
  compare(one.observed_at.replace('Z', ''), other.observed_at.replace('Z', '')) || compare(one.id, other.id);
const filled = (seen: Observation) => facts.filter((fact) => seen[fact] !== null).length;
const rank = (seen: Observation) => ['gold', 'silver'].concat(seen.source).indexOf(seen.source);

/** Each rule as "the first one is better": the best is what sorts last. */
const better: Record<'first' | 'latest' | 'richest' | 'priority', Order> = {
  first: (one, other) => byTime(other, one),
  latest: byTime,
  richest: (one, other) => compare(filled(one), filled(other)) || byTime(one, other),
  // gold by its newest, silver by its earliest, all others by their newest
  priority: (one, other) =>
    compare(rank(other), rank(one)) || (one.source === 'silver' ? byTime(other, one) : byTime(one, other)),
};

function best(candidates: Observation[], order: Order): Observation | undefined {
  return candidates.toSorted(order).at(-1);
}

const origin = ({ source, id }: Observation) => ({ source, raw_payload_id: id });

function wholeRow(candidates: Observation[], order: Order) {
  const winner = best(candidates, order);
  return winner ? [{ a: winner.a, b: winner.b, c: winner.c, ...origin(winner) }] : [];
}

function filledRow(candidates: Observation[], order: Order) {
  const newest = best(candidates, order);
  if (!newest) return [];
  const winners = facts.map((fact) =>
    best(
      candidates.filter((each) => each[fact] !== null),
      order,
    ),
  );
  return [
    {
      ...Object.fromEntries(facts.map((fact, position) => [fact, winners[position]?.[fact] ?? null])),
      ...origin(newest),
      lineage: Object.fromEntries(
        facts.flatMap((fact, position) => (winners[position] ? [[fact, origin(winners[position])]] : [])),
      ),
    },
  ];
}

function everyValue(candidates: Observation[]) {
  const items = [...new Set(candidates.flatMap((each) => each.items))].sort();
  return items.map((item) => {
    const earliest = best(
      candidates.filter((each) => each.items.includes(item)),
      better.first,
    );
    return { item, ...(earliest ? origin(earliest) : {}) };
  });
}

/** `emptyToo`: the newest set counts also where it is empty, and then nothing is left. */
function newestSet(candidates: Observation[], { emptyToo = false } = {}) {
  const newest = best(
    candidates.filter((each) => emptyToo || each.items.length > 0),
    better.latest,
  );
  return newest ? newest.items.toSorted().map((item) => ({ item, ...origin(newest) })) : [];
}

function expectedCore(seen: Observation[]) {
  return {
    trial_first: wholeRow(seen, better.first),
    trial_latest: wholeRow(seen, better.latest),
    trial_richest: wholeRow(seen, better.richest),
    trial_priority: wholeRow(seen, better.priority),
    trial_fill_first: filledRow(seen, better.first),
    trial_fill_latest: filledRow(seen, better.latest),
    trial_fill_priority: filledRow(seen, better.priority),
    trial_set: everyValue(seen),
    trial_replace: newestSet(seen),
    trial_readings: newestSet(seen, { emptyToo: true }),
  };
}

// What the database made of it -----------------------------------------------------------------------------------------

async function actualCore(sql: Sql, domain: string) {
  const core: Record<string, object[]> = {};
  for (const table of Object.keys(expectedCore([]))) {
    const rows = await sql<{ row: Record<string, unknown> }[]>`
      select to_jsonb(stored) - '{id,domain,observed_at,created_at,updated_at}'::text[] as row
        from core.${sql(table)} as stored where domain = ${domain} order by to_jsonb(stored) ->> 'item' collate "C"`;
    core[table] = rows.map(({ row }) => {
      if (!row.lineage) return row;
      const lineage = Object.entries(row.lineage as Record<string, Record<string, string>>).map(
        ([fact, { source, raw_payload_id }]) => [fact, { source, raw_payload_id }],
      );
      return { ...row, lineage: Object.fromEntries(lineage) };
    });
  }
  return core;
}

test(
  'every survivorship rule keeps what design.md says',
  { timeout: propertyTimeout },
  async ({ ownDatabase }) => {
    const sql = ownDatabase.connect(1);
    await sql.unsafe(await readFile(new URL('support/trial-provider.sql', import.meta.url), 'utf8'));

    await fc.assert(
      fc.asyncProperty(observations, async (seen) => {
        await sql`delete from raw.payloads`;
        await sql`select etl.rebuild()`;
        for (const { slug, id, observed_at, ...body } of seen) {
          const [row] = await sql`
          select etl.run(${slug}, ${sql.json(body)}, ${sql.json({ observed_at, payload_ids: [id] })}) as outcome`;
          expect(row?.outcome).toMatchObject({ status: 200 });
        }
        for (const domain of ['acme.example', 'globex.example']) {
          expect(await actualCore(sql, domain)).toEqual(
            expectedCore(seen.filter((each) => each.domain === domain)),
          );
        }
      }),
      parameters(60),
    );
  },
);
