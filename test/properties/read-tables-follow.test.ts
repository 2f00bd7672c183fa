import fc from 'fast-check';
import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { id } from '../sql/support/calls.ts';
import { test } from '../support/database.ts';
import { parameters, propertyTimeout } from './support/parameters.ts';
import { type Landing, observedAt } from './support/payloads.ts';
import { installHelpers, landOnly, processBatches, retryTransient } from './support/store.ts';

/** Rows of a read table that differ from what core gives now, either way. */
async function differences(sql: Sql) {
  return sql`
    (select 'company' as kind, 'stored' as side, to_jsonb(stored) as row from (table api.company_rows except select ${columns(sql, 'company')} from api.company_facts) as stored)
    union all
    (select 'company', 'computed', to_jsonb(computed) from (select ${columns(sql, 'company')} from api.company_facts except table api.company_rows) as computed)
    union all
    (select 'lead', 'stored', to_jsonb(stored) from (table api.lead_rows except select ${columns(sql, 'lead')} from api.lead_facts) as stored)
    union all
    (select 'lead', 'computed', to_jsonb(computed) from (select ${columns(sql, 'lead')} from api.lead_facts except table api.lead_rows) as computed)
    union all
    (select 'count of leads', 'stored', to_jsonb(stored) from (table api.lead_counts except select * from (${countedLeads(sql)}) as counted) as stored)
    union all
    (select 'count of leads', 'counted', to_jsonb(counted) from (${countedLeads(sql)} except table api.lead_counts) as counted)`;
}

function countedLeads(sql: Sql) {
  return sql`
    select company_domain, count(*) from api.lead_rows where is_visible and company_domain is not null group by company_domain`;
}

const columnLists = { company: '', lead: '' };

function columns(sql: Sql, kind: 'company' | 'lead') {
  return sql.unsafe(columnLists[kind]);
}

async function readColumns(sql: Sql): Promise<void> {
  for (const kind of ['company', 'lead'] as const) {
    const [row] = await sql<{ list: string }[]>`
      select string_agg(quote_ident(name), ', ' order by place) as list from etl.columns_of(${`api.${kind}_rows`})`;
    columnLists[kind] = row?.list ?? '';
  }
}

/** Refreshes as a worker does, in small steps, until it is told to stop. */
async function refreshUntil(sql: Sql, stopped: () => boolean): Promise<void> {
  while (!stopped()) {
    await sql`select api.refresh_reads(3)`;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const employers = ['acme.example', 'globex.example', 'initech.example'];
const company = fc.record({
  slug: fc.constant('companyenrich'),
  body: fc.record({
    domain: fc.constantFrom(...employers),
    raw_payload: fc.record({
      name: fc.constantFrom('Acme', 'Globex Inc', 'Initech', null),
      industry: fc.constantFrom('Software', 'Retail', null),
      employees: fc.constantFrom('1-10', '1K-5K', null),
      location: fc.constantFrom(
        { city: { name: 'Springfield' }, country: { name: 'United States' } },
        { country: { name: 'Germany' } },
        null,
      ),
      financial: fc.constantFrom(
        { funding: [{ date: '2024-01-01', type: 'Seed', from: 'Example Ventures, Other Capital' }] },
        null,
      ),
    }),
  }),
});
const job = fc.record({
  title: fc.constantFrom('Software Engineer', 'Head of Sales', 'Baker'),
  company: fc.constantFrom('Acme', 'Globex Inc'),
  company_domain: fc.constantFrom(...employers, null),
  start_date: fc.constantFrom('2020-01-01', '2022-05-01', null),
  end_date: fc.constantFrom('2022-04-01', null),
  is_current: fc.boolean(),
});
const person = fc.record({
  slug: fc.constant('clay-person-profile'),
  body: fc
    .record({
      who: fc.constantFrom('ada', 'bob', 'cy', 'di'),
      name: fc.constantFrom('Ada Example', 'Bob Example', null),
      location_name: fc.constantFrom('Springfield, Illinois', null),
      experience: fc.array(job, { maxLength: 3 }),
    })
    .map(({ who, ...payload }) => ({
      linkedin_url: `https://www.linkedin.com/in/${who}-example`,
      workflow_slug: 'clay-person-profile',
      raw_payload: { ...payload, country: 'United States', latest_experience: payload.experience[0] ?? null },
    })),
});
const move = fc.record({
  slug: fc.constant('clay-signal-job-change'),
  body: fc
    .record({
      who: fc.constantFrom('ada', 'bob', 'cy', 'di'),
      previous_company_domain: fc.constantFrom(...employers),
      new_company_domain: fc.constantFrom(...employers),
      start_date_at_new_job: fc.constantFrom('2020-01-01', '2022-05-01'),
    })
    .map(({ who, ...change }) => ({
      ...change,
      person_linkedin_url: `https://www.linkedin.com/in/${who}-example`,
      job_change_event_raw_payload: {},
    })),
});

test(
  'the read tables become what core says, whatever payloads, rebuilds and erasures happen on four connections while they are refreshed',
  { timeout: 2 * propertyTimeout },
  async ({ ownDatabase }) => {
    const connections = [0, 1, 2, 3].map(() => ownDatabase.connect(1));
    const refresher = ownDatabase.connect(1);
    const rebuilder = ownDatabase.connect(1);
    const sql = ownDatabase.connect(1);
    await installHelpers(sql);
    await readColumns(sql);

    const landings = fc
      .array(fc.record({ payload: fc.oneof(company, person, move), observed_at: observedAt }), {
        minLength: 6,
        maxLength: 20,
      })
      .map((calls) =>
        calls.map(
          ({ payload, observed_at }, number) => ({ ...payload, observed_at, id: id(number) }) as Landing,
        ),
      );

    await fc.assert(
      fc.asyncProperty(landings, fc.infiniteStream(fc.nat(3)), async (landed, on) => {
        await sql`delete from api.changed_keys`;
        await sql`delete from api.due_keys`;
        await landOnly(sql, landed);
        let isOver = false;
        const refreshing = refreshUntil(refresher, () => isOver);
        await processBatches(
          connections,
          landed.map(({ slug, id }) => ({ slug, ids: [id], connection: on.next().value ?? 0 })),
        );
        await Promise.all([retryTransient(sql), rebuilder`select etl.rebuild_keys(array['acme.example'])`]);
        isOver = true;
        await refreshing;
        await sql`select api.refresh_all_reads()`;
        expect(await differences(sql), 'after the payloads').toEqual([]);

        await sql`select etl.forget('https://www.linkedin.com/in/ada-example')`;
        const [kept] = await sql`
          select count(*)::int as rows from api.lead_rows where linkedin_url = 'https://www.linkedin.com/in/ada-example'`;
        expect(kept, 'an erased person is gone at once').toEqual({ rows: 0 });
        await sql`select api.refresh_all_reads()`;
        expect(await differences(sql), 'after an erasure').toEqual([]);

        await sql`delete from api.lead_rows where full_name is not null`;
        await sql`update api.company_rows set name = 'spoilt'`;
        await sql`select api.rebuild_reads()`;
        await sql`select api.refresh_all_reads()`;
        expect(await differences(sql), 'rebuilt').toEqual([]);
      }),
      parameters(10),
    );
  },
);

/** A company with so many people, all of it shown by the read tables. */
async function followedCompany(sql: Sql, people: number): Promise<void> {
  await sql`select etl.ingest('companyenrich', '{"domain": "acme.example", "raw_payload": {"name": "Acme"}}')`;
  await sql`
    insert into core.people (id, linkedin_url, full_name, core_company_id, source)
    select etl.record_id('core.people', url), url, 'Person ' || n, etl.record_id('core.companies', 'acme.example'), 'test'
      from generate_series(1, ${people}::integer) as n
     cross join lateral (select 'https://www.linkedin.com/in/person-' || n as url) as made`;
  await sql`select api.refresh_all_reads()`;
}

test('a company with very many people is followed in parts, to the last of them', async ({ ownDatabase }) => {
  const sql = ownDatabase.connect(1);
  await followedCompany(sql, 2500);
  await sql`update core.companies set name = 'Acme Renamed' where domain = 'acme.example'`;
  const steps: number[] = [];
  for (let remaining = true; remaining;) {
    const [row] = await sql<
      { step: { done: number; remaining: boolean } }[]
    >`select api.refresh_reads() as step`;
    steps.push(row?.step.done ?? 0);
    remaining = row?.step.remaining ?? false;
  }
  expect(Math.max(...steps), 'no step takes more than the company, a part and a walk').toBeLessThanOrEqual(
    1002,
  );
  expect(steps.length).toBeGreaterThanOrEqual(3);
  const [row] =
    await sql`select count(*)::int as people from api.lead_rows where company_name = 'Acme Renamed'`;
  expect(row).toEqual({ people: 2500 });
});

test('a key is computed once, however often it was noted', async ({ ownDatabase }) => {
  const sql = ownDatabase.connect(1);
  await followedCompany(sql, 3);
  for (const name of ['A', 'B', 'C'])
    await sql`update core.people set full_name = ${name} where linkedin_url like '%person-1'`;
  await sql`insert into api.changed_keys (kind, key) select 'company', 'acme.example' from generate_series(1, 50)`;
  const [noted] = await sql`select count(*)::int as notes from api.changed_keys`;
  expect(noted).toEqual({ notes: 53 });
  const [row] = await sql`select api.refresh_reads() as step`;
  expect(row?.step).toEqual({ done: 2, changed: 1, remaining: false });
});

test('a refresh that is killed loses no key: the next one computes them all', async ({ ownDatabase }) => {
  const sql = ownDatabase.connect(1);
  const killed = ownDatabase.connect(1);
  await sql`select etl.ingest('companyenrich', '{"domain": "acme.example", "raw_payload": {"name": "Acme"}}')`;
  await readColumns(sql);
  await expect(
    killed.unsafe('begin; select api.refresh_reads(); select pg_terminate_backend(pg_backend_pid())'),
  ).rejects.toThrow();
  const [row] =
    await sql`select count(*)::int as rows, api.reads_are_behind() as behind from api.company_rows`;
  expect(row).toEqual({ rows: 0, behind: true });
  await sql`select api.refresh_all_reads()`;
  expect(await differences(sql)).toEqual([]);
  const [after] =
    await sql`select count(*)::int as rows, api.reads_are_behind() as behind from api.company_rows`;
  expect(after).toEqual({ rows: 1, behind: false });
});
