import { expect } from 'vitest';

import type { Sql } from '../../src/database/connect.ts';
import { test as base } from '../support/database.ts';

type Plan = { 'Node Type': string; 'Relation Name'?: string; Plans?: Plan[] };

/** Tables that grow with companies and people. */
const big = [
  ...['lead_rows', 'company_rows', 'people', 'companies', 'person_work_history', 'person_past_employer'],
  ...['company_technologies', 'company_google_ads', 'company_customers', 'company_vc_investors', 'leads'],
];

/**
 * A table of a test is so small that scanning it may be cheapest, so the planner is told that it is not: what it scans even then has
 * no index for the query, and would be scanned however large it is.
 * 5,000 people, 1,000 companies and what belongs to them, written straight into the tables, as only the plans are of interest: the
 * property test shows that the tables hold what core says.
 */
async function fill(sql: Sql): Promise<void> {
  await sql.unsafe(`
    select setseed(0.5);
    insert into core.companies (id, domain, name, source)
    select etl.record_id('core.companies', domain), domain, 'Company ' || n, 'test'
      from generate_series(1, 1000) as n cross join lateral (select 'company-' || n || '.example' as domain) as made;
    insert into core.company_locations (id, domain, city, country, source)
    select gen_random_uuid(), domain, 'City ' || n % 50, (array['United States', 'Germany', 'France'])[1 + n % 3], 'test'
      from generate_series(1, 1000) as n cross join lateral (select 'company-' || n || '.example' as domain) as made;
    insert into core.company_industries (id, domain, matched_industry, source)
    select gen_random_uuid(), 'company-' || n || '.example', 'Industry ' || n % 20, 'test' from generate_series(1, 1000) as n;
    insert into core.company_employee_range (id, domain, employee_range, source)
    select gen_random_uuid(), 'company-' || n || '.example', (array['1-10', '11-50', '51-100'])[1 + n % 3], 'test' from generate_series(1, 1000) as n;
    insert into core.company_vc_investors (id, company_domain, vc_name, source)
    select gen_random_uuid(), 'company-' || n || '.example', 'Investor ' || n % 30, 'test' from generate_series(1, 1000) as n;
    insert into core.company_google_ads (id, domain, is_running_ads, ad_count, source)
    select gen_random_uuid(), 'company-' || n || '.example', n % 2 = 0, n % 100, 'test' from generate_series(1, 5000) as n;
    insert into core.people (id, linkedin_url, full_name, core_company_id, source)
    select etl.record_id('core.people', url), url, (array['Ada', 'Bo', 'Cy', 'Di'])[1 + n % 4] || ' Surname' || n % 500, etl.record_id('core.companies', 'company-' || 1 + n % 1000 || '.example'), 'test'
      from generate_series(1, 5000) as n cross join lateral (select 'https://www.linkedin.com/in/person-' || n as url) as made;
    insert into core.person_locations (id, linkedin_url, city, state, country, source)
    select gen_random_uuid(), 'https://www.linkedin.com/in/person-' || n, 'City ' || n % 200, 'State ' || n % 40, (array['United States', 'Germany', 'France'])[1 + n % 3], 'test' from generate_series(1, 5000) as n;
    insert into core.person_job_titles (id, linkedin_url, matched_cleaned_job_title, matched_job_function, matched_seniority, source)
    select gen_random_uuid(), 'https://www.linkedin.com/in/person-' || n, 'Title ' || n % 300, 'Function ' || n % 20, 'Level ' || n % 7, 'test' from generate_series(1, 5000) as n;
    insert into core.person_tenure (id, linkedin_url, job_start_date, source)
    select gen_random_uuid(), 'https://www.linkedin.com/in/person-' || n, current_date - n % 3000, 'test' from generate_series(1, 5000) as n;
    insert into core.person_work_history (id, linkedin_url, company_domain, company_name, is_current, experience_order, source_id, source)
    select gen_random_uuid(), 'https://www.linkedin.com/in/person-' || n, 'company-' || 1 + (n * 7 + place) % 1000 || '.example', 'Company ' || 1 + (n * 7 + place) % 1000, false, place, gen_random_uuid(), 'test'
      from generate_series(1, 5000) as n cross join generate_series(1, 2) as place;
    insert into core.company_customers (id, origin_company_domain, customer_key, customer_name, customer_domain, source)
    select gen_random_uuid(), 'company-1.example', 'company ' || n, 'Company ' || n, 'company-' || n || '.example', 'test' from generate_series(2, 20) as n;
    insert into client.leads (id, client_domain, raw_payload_id)
    select gen_random_uuid(), 'client-' || n % 100 || '.example', gen_random_uuid() from generate_series(1, 5000) as n;
    select api.refresh_all_reads();
  `);
  await sql`analyze`;
}

const test = base.extend<{ filled: Sql }>({
  filled: [
    async ({ pool }, use) => {
      await fill(pool);
      await use(pool);
    },
    { scope: 'file' },
  ],
});

function scanned(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' && plan['Relation Name'] ? [plan['Relation Name']] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scanned)];
}

/** What an answer to EXPLAIN scans from end to end. */
function planScans(answer: { 'QUERY PLAN': [{ Plan: Plan }] } | undefined): string[] {
  if (!answer) throw new Error('EXPLAIN gave no plan');
  return scanned(answer['QUERY PLAN'][0].Plan);
}

const lists: [name: string, parameters: Record<string, unknown>][] = [
  ['leads', {}],
  ['leads', { job_function: ['Function 3'] }],
  ['leads', { job_function: ['Function 3', 'Function 4'], seniority: ['Level 2'], person_country: 'germ' }],
  ['leads', { person_city: 'city 17', employee_range: ['1-10'], company_country: 'Germany' }],
  ['leads', { industry: ['Industry 7'], job_start_date_gte: '2026-01-01' }],
  ['leads', { company_domain: ['company-77.example'] }],
  ['leads', { company_name: 'company 777' }],
  ['leads', { full_name: 'surname77' }],
  ['leads', { full_name: 'bo surname7' }],
  ['leads', { job_title: 'title 77' }],
  ['leads', { q: 'ada surname77' }],
  ['leads', { q: 'adda surnam77' }],
  ['leads', { business_model: 'B2B', seniority: ['Level 1'] }],
  ['leads_quick', { seniority: ['Level 1'] }],
  ['leads_new_in_role', { started_within_days: 90 }],
  ['leads_recently_promoted', { promoted_within_days: 180 }],
  ['leads_at_vc_portfolio', {}],
  ['leads_at_vc_portfolio', { vc_name: ['Investor 7'] }],
  ['leads_by_past_employer', { domains: ['company-77.example'] }],
  ['people', { linkedin_url: ['https://www.linkedin.com/in/person-7'] }],
  ['people', { person_state: 'state 7' }],
  ['companies', { industry: ['Industry 7'], country: 'France' }],
  ['companies', { name: 'company 77' }],
  ['companies_by_google_ads', {}],
  ['company_customers', { domain: 'company-1.example' }],
  ['client_leads', { client_domain: 'client-7.example' }],
];

test.for(lists)('a page of %s with %j scans no big table', async ([name, given], { filled: sql }) => {
  const parameters = sql.json({ limit: 50, offset: 0, ...given } as never);
  const pageSql = async (after: string | null) => {
    const [row] = await sql<{ query: string }[]>`
      select api.page_sql(list, ${parameters}::jsonb, conditions, ${after}::text::jsonb, api.expected_rows(list, ${parameters}::jsonb, conditions)) as query
        from api.endpoint(${name}) as list
       cross join api.conditions_sql(list, ${parameters}::jsonb) as conditions`;
    return row?.query ?? '';
  };
  const first = await pageSql(null);
  const [last] = await sql.unsafe<{ key: unknown }[]>(
    `select page."~key"::text as key from (${first}) as page offset 2 limit 1`,
  );
  for (const query of last === undefined ? [first] : [first, await pageSql(String(last.key))]) {
    const scans = await sql.begin(async (transaction) => {
      await transaction`set local enable_seqscan = off`;
      const [row] = await transaction.unsafe<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
        `explain (format json) ${query}`,
      );
      return planScans(row);
    });
    expect(
      scans.filter((relation) => big.includes(relation)),
      query,
    ).toEqual([]);
  }
});

test('an export reads its list in order, through an index or a sort, and scans it once at most', async ({
  filled: sql,
}) => {
  const [row] = await sql<{ query: string }[]>`select api.export_sql('people', '{}') as query`;
  const [explained] = await sql.unsafe<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
    `explain (format json) ${row?.query}`,
  );
  expect(planScans(explained).length).toBeLessThanOrEqual(1);
});
