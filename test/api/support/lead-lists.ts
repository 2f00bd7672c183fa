import type { Sql } from '../../../src/database/connect.ts';

/** Text of the day so many days ago, as the database counts them. */
export type Day = (daysAgo: number) => string;

export async function days(sql: Sql): Promise<Day> {
  const [row] = await sql<{ today: string }[]>`select current_date::text as today`;
  const today = Date.parse(`${row?.today}T00:00:00Z`);
  return (daysAgo) => new Date(today - daysAgo * 86_400_000).toISOString().slice(0, 10);
}

const places = {
  springfield: {
    location_name: 'Springfield, Illinois, United States',
    city: 'Springfield',
    state: 'Illinois',
    country: 'United States',
  },
  lyon: { location_name: 'Lyon, France', city: 'Lyon', state: 'Rhône', country: 'France' },
};

const titles = [
  {
    latest_title: 'VP Sales',
    cleaned_job_title: 'VP of Sales',
    seniority_level: 'VP',
    job_function: 'Sales',
  },
  {
    latest_title: 'Engineer',
    cleaned_job_title: 'Engineer',
    seniority_level: 'Senior',
    job_function: 'Engineering',
  },
  {
    latest_title: 'Strategist',
    cleaned_job_title: 'Strategist',
    seniority_level: 'Senior',
    job_function: 'General',
  },
  {
    latest_title: 'Juggler',
    cleaned_job_title: 'Juggler',
    seniority_level: 'Senior',
    job_function: 'Miscellaneous',
  },
  { latest_title: 'No level', cleaned_job_title: 'No level', seniority_level: null, job_function: 'Sales' },
  {
    latest_title: 'No function',
    cleaned_job_title: 'No function',
    seniority_level: 'Senior',
    job_function: null,
  },
];

/** Titles and places that the people below have. */
export async function loadLookups(sql: Sql): Promise<void> {
  await sql`select etl.load_reference('reference.job_title_lookup', ${sql.json(titles)})`;
  await sql`select etl.load_reference('reference.location_lookup', ${sql.json(Object.values(places))})`;
}

export type Company = {
  name?: string | null;
  industry?: string | null;
  country?: string | null;
  /** names between commas */
  investors?: string;
  sellsTo?: { businesses: boolean; consumers: boolean };
};

/** A company as its enrichment and, where it is said, its classification tell it. */
export async function company(sql: Sql, domain: string, facts: Company = {}): Promise<void> {
  const { name = `${domain.split('.')[0]} Works`, industry = 'Retail', country = 'United States' } = facts;
  const raw_payload = {
    name,
    industry,
    employees: '51-100',
    location: { city: { name: 'Shelbyville' }, state: { name: 'Oregon' }, country: { name: country } },
    ...(facts.investors
      ? { financial: { funding: [{ date: '2024-01-01', type: 'Seed', from: facts.investors }] } }
      : {}),
  };
  await sql`select etl.ingest('companyenrich', ${sql.json({ domain, raw_payload })})`;
  if (!facts.sellsTo) return;
  const said = (yes: boolean) => (yes ? 'YES' : 'NO');
  const classification_payload = {
    buyerClassification: {
      businessBuyers: { isB2b: said(facts.sellsTo.businesses) },
      consumerBuyers: { isB2c: said(facts.sellsTo.consumers) },
    },
  };
  await sql`select etl.ingest('company-classification', ${sql.json({ domain, classification_payload })})`;
}

export type Job = { at: string; title?: string; start: string; end?: string; name?: string };

export const urlOf = (slug: string) => `https://www.linkedin.com/in/${slug}`;

/** A person as a profile tells: the first job is the present one, unless it has ended. */
export async function person(
  sql: Sql,
  slug: string,
  jobs: Job[],
  { name = slug, place = 'springfield' }: { name?: string; place?: keyof typeof places | null } = {},
): Promise<void> {
  const experience = jobs.map(({ at, title = 'VP Sales', start, end, name: company }) => ({
    title,
    company: company ?? `${at.split('.')[0]} Works`,
    company_domain: at,
    start_date: start,
    end_date: end ?? null,
    is_current: end === undefined,
  }));
  const body = {
    linkedin_url: urlOf(slug),
    workflow_slug: 'clay-person-profile',
    raw_payload: {
      slug,
      name,
      location_name: place === null ? null : places[place].location_name,
      latest_experience: experience[0] ?? null,
      experience,
    },
  };
  await sql`select etl.ingest('clay-person-profile', ${sql.json(body)})`;
}

/** A company says that it has this customer; without a domain where only the name is known. */
export async function customer(sql: Sql, seller: string, name: string, domain?: string): Promise<void> {
  const body = {
    origin_company_domain: seller,
    company_customer_name: name,
    ...(domain === undefined ? {} : { company_customer_domain: domain }),
    workflow_slug: 'manual-company-customers',
  };
  await sql`select etl.ingest('manual-company-customers', ${sql.json(body)})`;
}
