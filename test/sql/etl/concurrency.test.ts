import { expect } from 'vitest';

import type { Sql } from '../../../src/database/connect.ts';
import { test } from '../../support/database.ts';
import { ada, companyenrich, fingerprint, profile, rowsOf, run, value } from '../support/calls.ts';

const domains = Array.from({ length: 12 }, (_, number) => `c${String(number).padStart(2, '0')}.example`);

test('batches that meet in opposite order, companies and people who name them, all go through', async ({
  ownDatabase,
}) => {
  const pools = [0, 1, 2, 3].map(() => ownDatabase.connect(1));
  const [sql] = pools;
  const companies = domains.map((domain) => ({
    domain,
    raw_payload: { name: domain, technologies: ['React', 'Vue'], industry: 'Software' },
  }));
  const profiles = domains.map((_, number) => ({
    linkedin_url: `https://www.linkedin.com/in/p${number}`,
    workflow_slug: 'clay-person-profile',
    raw_payload: {
      experience: domains.map((company_domain) => ({ company_domain, company: `By p${number}`, title: 'A' })),
    },
  }));
  const batch = (pool: number, slug: string, bodies: object[]) => {
    const connection = pools[pool];
    if (!connection) throw new Error('no connection');
    return connection<{ outcomes: { status: number }[] }[]>`
      select etl.run_batch(${slug}, array(select jsonb_array_elements(${connection.json(bodies as never)}))) as outcomes`;
  };
  const statuses = new Set<number>();
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all([
      batch(0, 'companyenrich', companies),
      batch(1, 'companyenrich', companies.toReversed()),
      batch(2, 'clay-person-profile', profiles),
      batch(3, 'clay-person-profile', profiles.toReversed()),
    ]);
    for (const [row] of answers) for (const { status } of row?.outcomes ?? []) statuses.add(status);
  }
  expect([...statuses]).toEqual([200]);
  if (!sql) return;
  expect(await sql`select message from etl.failures`).toEqual([]);
  const before = await fingerprint(sql);
  await sql`select etl.rebuild()`;
  expect(await fingerprint(sql)).toBe(before);
});

test('the same payload twice at the same instant on two connections is one payload', async ({
  ownDatabase,
}) => {
  const [one, other] = [ownDatabase.connect(1), ownDatabase.connect(1)];
  const at = { id: '0190a000-0000-7000-8000-000000000001', at: '2024-01-01T00:00:00Z' };
  const outcomes = await Promise.all(
    [one, other].map((sql) => companyenrich(sql, { name: 'Acme', keywords: ['a'] }, at)),
  );
  expect(outcomes.map(({ status }) => status)).toEqual([200, 200]);
  expect(await value(one`select count(*)::int from raw.payloads`)).toBe(1);
  expect(await rowsOf(one, 'core.company_keywords')).toHaveLength(1);
});

test('a record can be rebuilt while payloads about it arrive', async ({ ownDatabase }) => {
  const pools = [0, 1, 2].map(() => ownDatabase.connect(1));
  const [arriving, mentioning, rebuilding] = pools as [
    (typeof pools)[0],
    (typeof pools)[0],
    (typeof pools)[0],
  ];
  const many = async (work: (round: number) => Promise<unknown>) => {
    for (let round = 0; round < 15; round++) await work(round);
  };
  await Promise.all([
    many((round) =>
      companyenrich(arriving, {
        name: `Acme ${round}`,
        keywords: [`k${round}`],
        financial: { funding: [{ from: `I${round}` }] },
      }),
    ),
    many((round) =>
      profile(
        mentioning,
        { experience: [{ title: `T${round}`, company: `P${round}`, company_domain: 'acme.example' }] },
        { linkedinUrl: `${ada}-${round % 3}` },
      ),
    ),
    many(() => rebuilding`select etl.rebuild('acme.example')`),
  ]);
  const before = await fingerprint(rebuilding);
  await rebuilding`select etl.rebuild()`;
  expect(await fingerprint(rebuilding)).toBe(before);
  expect(await rowsOf(rebuilding, 'core.company_keywords')).toHaveLength(15);
});

test('a payload that meets another in opposite order gives way, and goes through after it', async ({
  ownDatabase,
}) => {
  const [setup, one, two] = [1, 2, 3].map(() => ownDatabase.connect(1)) as [Sql, Sql, Sql];
  const body = { company_domain: 'acme.example', person_linkedin_url: ada };
  await run(setup, 'clay-signal-new-hire', body);
  const answer = await one.begin(async (sql) => {
    // As a payload about the person would: the person is locked, and the company is wanted next.
    await sql`update core.people set full_name = full_name where linkedin_url = ${ada}`;
    const waiting = run(two, 'clay-signal-new-hire', { ...body, company_name: 'Acme Example' });
    await waitsForLock(setup);
    await sql`select from etl.records where entity_key = 'acme.example' for update`;
    return { waiting };
  });
  expect(await answer.waiting).toMatchObject({ status: 200, body: { success: true } });
  expect(await setup`select from etl.failures`).toEqual([]);
});

/** Until some statement waits for a lock. */
async function waitsForLock(sql: Sql): Promise<void> {
  for (;;) {
    const [row] = await sql<{ waits: boolean }[]>`
      select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waits`;
    if (row?.waits) return;
  }
}
