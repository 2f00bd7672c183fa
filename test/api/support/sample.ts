import type { Sql } from '../../../src/database/connect.ts';

const surnames = ['Ng', 'Okoro', 'Silva', 'Weber', "O'Neil", 'Haas', 'Ito', 'Khan'];
const functions = ['Sales', 'Engineering', 'Security, Risk, & Compliance', 'Marketing'];
const seniorities = ['VP', 'Director', 'Entry'];

/**
 * What the tests of the lists read, made by loading payloads: the example of every workflow (most are about acme.example), and
 * `people` invented people at three companies. The read tables have followed when this resolves.
 */
export async function loadSample(sql: Sql, people = 60): Promise<void> {
  await sql`
    select etl.ingest(workflow_slug, example_request)
      from reference.enrichment_workflow_registry
     where is_active and workflow_type in ('ingest', 'upsert')
     order by workflow_slug`;
  const titles = functions.flatMap((job_function) =>
    seniorities.map((seniority_level) => ({
      latest_title: `${seniority_level} ${job_function}`,
      cleaned_job_title: `${seniority_level} of ${job_function}`,
      seniority_level,
      job_function,
    })),
  );
  await sql`select etl.load_reference('reference.job_title_lookup', ${sql.json(titles)})`;
  const location = {
    location_name: 'Springfield, Illinois, United States',
    city: 'Springfield',
    state: 'Illinois',
    country: 'United States',
  };
  await sql`select etl.load_reference('reference.location_lookup', ${sql.json([location])})`;
  const companies = [
    {
      domain: 'zenith.example',
      name: 'Zenith 100% Widgets',
      industry: 'Technology, Information and Internet',
    },
    { domain: 'zephyr.example', name: 'Zephyr_Gliders', industry: 'Retail' },
    { domain: 'zodiac.example', name: 'Zodiac Charts', industry: 'Retail' },
  ];
  for (const { domain, ...payload } of companies) {
    const raw_payload = { ...payload, employees: '51-100', location: { country: { name: 'United States' } } };
    await sql`select etl.ingest('companyenrich', ${sql.json({ domain, raw_payload })})`;
  }
  for (let n = 0; n < people; n += 1) {
    const [employer, past] = [companies[n % 3], companies[(n + 1) % 3]];
    const title = titles[n % titles.length]?.latest_title;
    if (!employer || !past || !title) throw new Error('the sample has three companies and some titles');
    const current = {
      title,
      company: employer.name,
      company_domain: employer.domain,
      start_date: '2026-09-01',
      is_current: true,
    };
    const former = {
      title: 'Director Sales',
      company: past.name,
      company_domain: past.domain,
      start_date: '2020-01-01',
      end_date: '2026-08-01',
      is_current: false,
    };
    const body = {
      linkedin_url: `https://www.linkedin.com/in/sample-${n}`,
      workflow_slug: 'clay-person-profile',
      raw_payload: {
        slug: `sample-${n}`,
        name: `Sam ${surnames[n % surnames.length]} ${String(n).padStart(2, '0')}`,
        location_name: location.location_name,
        latest_experience: current,
        experience: [current, former],
      },
    };
    await sql`select etl.ingest('clay-person-profile', ${sql.json(body)})`;
  }
  await sql`select api.refresh_all_reads()`;
}
