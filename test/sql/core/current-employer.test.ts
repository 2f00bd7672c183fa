import { describe, expect } from 'vitest';

import { test } from '../../support/database.ts';
import { type AnySql, ada, fingerprint, id, rowsOf, run, value } from '../support/calls.ts';

type Statement = { slug: string; body: Record<string, unknown>; day: string };

const job = (domain: string | null, title: string, start_date: string, more = {}) => ({
  company: domain?.split('.')[0] ?? 'Somewhere',
  company_domain: domain,
  title,
  start_date,
  ...more,
});

/** A profile taken on a day; the first job is the latest. */
const profile = (day: string, ...experience: Record<string, unknown>[]): Statement => ({
  slug: 'clay-person-profile',
  day,
  body: {
    linkedin_url: ada,
    workflow_slug: 'clay-person-profile',
    raw_payload: { name: 'Ada Example', last_refresh: day, latest_experience: experience[0], experience },
  },
});

const jobChange = (day: string, domain: string, more = {}): Statement => ({
  slug: 'clay-signal-job-change',
  day,
  body: {
    person_linkedin_url: ada,
    new_company_domain: domain,
    job_change_event_raw_payload: {
      fullProfile: { url: ada, experience: [job(domain, 'VP of Marketing', day)] },
    },
    ...more,
  },
});

const promotion = (day: string, domain: string): Statement => ({
  slug: 'signal-promotion-v2',
  day,
  body: {
    client_domain: 'client.example',
    raw_promotion_payload: {
      newTitle: 'VP of Marketing',
      previousTitle: 'Account Executive',
      fullProfile: { url: ada, latest_experience: job(domain, 'VP of Marketing', day) },
    },
  },
});

const newHire = (day: string, company_domain: string): Statement => ({
  slug: 'clay-signal-new-hire',
  day,
  body: { company_domain, person_linkedin_url: ada },
});

const found = (day: string, domain: string): Statement => ({
  slug: 'salesnav-person',
  day,
  body: {
    person_linkedin_sales_nav_url: ada,
    domain,
    company_name: 'Found',
    first_name: 'Ada',
    last_name: 'Example',
  },
});

const acme = job('acme.example', 'Software Engineer', '2020-01-01', { is_current: true });
const formerly = { ...acme, is_current: false, end_date: '2025-01-31' };

function permutations<Item>(items: Item[]): Item[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, place) =>
    permutations(items.filter((_, other) => other !== place)).map((rest) => [item, ...rest]),
  );
}

/** What readers see: where the person works, by the golden record's headline and the row that says so. */
async function employer(sql: AnySql) {
  const [row] = await sql<{ domain: string | null; function: string | null; started: string | null }[]>`
    select company.domain, title.matched_job_function as function, tenure.job_start_date::text as started
      from core.people as person
      left join core.companies as company on company.id = person.core_company_id
      left join core.person_job_titles as title on title.linkedin_url = person.linkedin_url
      left join core.person_tenure as tenure on tenure.linkedin_url = person.linkedin_url
     where person.linkedin_url = ${ada}`;
  return row;
}

describe('the current employer is what the newest of these says, in any order of arrival and after a rebuild:', () => {
  test.for<[string, string | null, Statement[]]>([
    [
      'a job change after the profile',
      'globex.example',
      [profile('2026-01-01', acme), jobChange('2026-02-01', 'globex.example')],
    ],
    [
      'a profile after the job change',
      'acme.example',
      [jobChange('2025-12-01', 'globex.example'), profile('2026-01-01', acme)],
    ],
    [
      'a new hire after the profile',
      'initech.example',
      [profile('2026-01-01', acme), newHire('2026-02-01', 'initech.example')],
    ],
    [
      'a promotion after a job change',
      'globex.example',
      [
        profile('2026-01-01', acme),
        jobChange('2026-02-01', 'globex.example'),
        promotion('2026-03-01', 'globex.example'),
      ],
    ],
    [
      'a profile whose jobs have all ended',
      null,
      [jobChange('2025-01-01', 'acme.example'), profile('2026-01-01', formerly)],
    ],
    [
      'a profile without a list of jobs changes nothing',
      'acme.example',
      [profile('2026-01-01', acme), profile('2026-02-01')],
    ],
    [
      'a profile that knows the current job by name only',
      null,
      [
        jobChange('2025-01-01', 'acme.example'),
        profile('2026-01-01', job(null, 'Founder', '2025-06-01', { is_current: true }), formerly),
      ],
    ],
    [
      'a search, as long as nothing better is known',
      'initech.example',
      [found('2025-01-01', 'globex.example'), found('2026-01-01', 'initech.example')],
    ],
    [
      'a search never overrides a profile',
      'acme.example',
      [profile('2025-01-01', acme), found('2026-01-01', 'initech.example')],
    ],
    [
      'the first of two current jobs whose domain is known',
      'acme.example',
      [profile('2026-01-01', job(null, 'Advisor', '2025-01-01', { is_current: true }), acme)],
    ],
  ])('%s: %s', async ([, domain, statements], { sql }) => {
    const numbered = statements.map((statement, place) => ({ ...statement, id: id(place + 1) }));
    const prints = new Set<string>();
    for (const order of permutations(numbered)) {
      for (const { slug, body, day, id } of order) {
        expect(await run(sql, slug, body, { at: `${day}T00:00:00Z`, id })).toMatchObject({ status: 200 });
      }
      expect((await employer(sql))?.domain ?? null).toBe(domain);
      prints.add(await fingerprint(sql));
      await sql`select etl.rebuild()`;
      prints.add(await fingerprint(sql));
      await sql`select etl.erase_keys(array(select entity_key from etl.records))`;
      await sql`delete from raw.payloads`;
    }
    expect([...prints]).toHaveLength(1);
  });
});

test('a newer job change updates title and start with the employer, and an older one none of them', async ({
  sql,
}) => {
  await run(sql, ...send(profile('2026-01-01', acme)));
  const before = await employer(sql);
  expect(before).toMatchObject({ domain: 'acme.example', function: 'Engineering', started: '2020-01-01' });
  await run(sql, ...send(jobChange('2025-12-01', 'globex.example')));
  expect(await employer(sql)).toEqual(before);
  await run(sql, ...send(jobChange('2026-02-01', 'globex.example')));
  expect(await employer(sql)).toEqual({
    domain: 'globex.example',
    function: 'Marketing',
    started: '2026-02-01',
  });
});

test('the company of a person says where it comes from', async ({ sql }) => {
  await run(sql, ...send(profile('2026-01-01', acme)));
  const { body } = await run(sql, ...send(newHire('2026-02-01', 'globex.example')));
  expect(
    await value(sql`select lineage -> 'core_company_id' from core.people where linkedin_url = ${ada}`),
  ).toEqual({
    source: 'clay_new_hire',
    raw_payload_id: body.raw_id,
    observed_at: '2026-02-01T00:00:00.000000Z',
  });
});

test('who changed jobs has left the former company, although no newer profile says so', async ({ sql }) => {
  await run(sql, ...send(profile('2026-01-01', acme)));
  await run(
    sql,
    ...send(jobChange('2026-02-01', 'globex.example', { previous_company_domain: 'acme.example' })),
  );
  expect([
    ...(await sql`
      select linkedin_url, company_domain, end_date::text from core.former_employees`),
  ]).toEqual([{ linkedin_url: ada, company_domain: 'acme.example', end_date: '2026-02-01' }]);
});

test('a promotion that a signal tells is one of core.person_promotions, once for all clients, beside those of the profile', async ({
  sql,
}) => {
  const { slug, body } = promotion('2026-03-01', 'globex.example');
  for (const client_domain of ['client.example', 'other.example', 'client.example']) {
    await run(sql, slug, { ...body, client_domain });
  }
  await run(
    sql,
    ...send(
      profile(
        '2026-04-01',
        job('acme.example', 'Lead', '2022-01-01', { is_current: true }),
        job('acme.example', 'Engineer', '2019-01-01', { end_date: '2021-12-31' }),
      ),
    ),
  );
  expect(await rowsOf(sql, 'core.person_promotions')).toMatchObject([
    { source: 'person_profile', company_domain: 'acme.example', new_title: 'Lead' },
    {
      source: 'signal_promotion',
      company_domain: 'globex.example',
      previous_title: 'Account Executive',
      new_title: 'VP of Marketing',
      promotion_date: '2026-03-01',
    },
  ]);
  const before = await fingerprint(sql);
  await sql`select etl.rebuild()`;
  expect(await fingerprint(sql)).toBe(before);
});

test('signals add no jobs to the work history, which is a whole set of the profile', async ({ sql }) => {
  await run(sql, ...send(profile('2026-01-01', acme)));
  await run(sql, ...send(jobChange('2026-02-01', 'globex.example')));
  expect(await rowsOf(sql, 'core.person_work_history')).toMatchObject([{ company_domain: 'acme.example' }]);
});

function send({ slug, body, day }: Statement): [string, Record<string, unknown>, { at: string }] {
  return [slug, body, { at: `${day}T00:00:00Z` }];
}
