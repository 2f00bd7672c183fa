import fc from 'fast-check';

/** One call as the tests land it: an id and a time of their own, so that a run can be repeated exactly. */
export type Landing = {
  slug: string;
  id: string;
  /** ISO 8601; null: the provider's own time in the payload decides */
  observed_at: string | null;
  body: Record<string, unknown>;
};

const domains = ['acme.example', 'globex.example', 'initech.example'];
const people = ['ada-example', 'grace-example', 'linus-example'];

/** What providers send where something else was promised. */
export const junk = fc.constantFrom<unknown>(
  null,
  '',
  ' ',
  'null',
  0,
  -1.5,
  1e30,
  true,
  [],
  [[]],
  {},
  { name: 'x' },
  'Ünïcode ☃',
);

/** A field that may be good, wrong or absent (undefined: left out of the JSON). */
function field(good: fc.Arbitrary<unknown>) {
  return fc.oneof(
    { weight: 6, arbitrary: good },
    { weight: 1, arbitrary: junk },
    { weight: 2, arbitrary: fc.constant(undefined) },
  );
}

function object(fields: Record<string, fc.Arbitrary<unknown>>) {
  return fc.record(Object.fromEntries(Object.entries(fields).map(([name, good]) => [name, field(good)])));
}

function list(element: fc.Arbitrary<unknown>, maxLength = 4) {
  return fc.array(fc.oneof({ weight: 5, arbitrary: element }, { weight: 1, arbitrary: junk }), { maxLength });
}

const spellings = [
  (domain: string) => domain,
  (domain: string) => `https://www.${domain}/about?x=1`,
  (domain: string) => ` ${domain.toUpperCase()} `,
];
const domain = fc
  .tuple(fc.constantFrom(...domains), fc.constantFrom(...spellings))
  .map(([name, spell]) => spell(name));

const linkedinUrl = fc
  .tuple(
    fc.constantFrom(...people),
    fc.constantFrom('https://www.linkedin.com/in/', 'linkedin.com/in/', 'HTTPS://uk.linkedin.com/in/'),
  )
  .map(([slug, prefix]) => prefix + slug);

export const oddDate = fc.constantFrom(
  '2019-06-01',
  '2019-06',
  '2019',
  '2021-02-29',
  '2020-02-29T23:59:59Z',
  '2021-13-45',
  'Present',
  '2022-02-28',
  '2022-03-01',
);

const oddTime = fc.constantFrom(
  '2024-03-20T00:00:00Z',
  '2024-03-20',
  '2024-03-20T02:00:00+02:00',
  '2024-03-20 00:00',
  'soon',
  '2022-05-10T00:00:00.037Z',
  '0001-01-01T00:00:00+14:00',
);

/** Few points in time, so that equal ones are frequent. */
export const observedAt = fc.constantFrom(
  '2024-01-01T00:00:00Z',
  '2024-01-01T00:00:00.000001Z',
  '2024-02-01T00:00:00Z',
  '2025-06-01T00:00:00Z',
);

const companyenrich = object({
  id: fc.constantFrom('c-1', 'c-2'),
  name: fc.constantFrom('Acme', 'ACME Inc', 'Globex'),
  type: fc.constantFrom('private', 'PUBLIC', 'coop'),
  website: fc.constant('https://acme.example'),
  revenue: fc.constantFrom('10m-50m', '10M-50M ', 'weird'),
  employees: fc.constantFrom('1K-5K', '1-10', 'a crowd'),
  industry: fc.constantFrom('Software', ' software ', 'Paper'),
  description: fc.constantFrom('Makes rockets.', 'Makes paper.'),
  seo_description: fc.constantFrom('Rockets!', 'Paper!'),
  founded_year: fc.constantFrom(2011, '2012', 99999999999),
  page_rank: fc.constantFrom(5.2, '4.1'),
  updated_at: oddTime,
  industries: list(fc.constantFrom('Software', 'Paper')),
  categories: list(fc.constantFrom('b2b', 'saas', 'B2B')),
  keywords: list(fc.constantFrom('rockets', 'paper', ' paper ', 'kits')),
  technologies: list(fc.constantFrom('React', 'react ', 'PostgreSQL')),
  naics_codes: list(fc.constantFrom('541512', '322299')),
  location: object({
    address: fc.constantFrom('1 Example Street', '2 Example Street'),
    city: object({
      id: fc.constantFrom(1, 2),
      name: fc.constantFrom('Springfield', 'Shelbyville'),
      latitude: fc.constant(39.8),
    }),
    state: object({ name: fc.constantFrom('Illinois', 'Oregon'), code: fc.constant('IL') }),
    country: object({ name: fc.constantFrom('United States', 'Canada'), code: fc.constant('US') }),
  }),
  socials: object({
    linkedin_url: fc.constantFrom(
      'https://www.linkedin.com/company/acme',
      'https://www.linkedin.com/company/globex',
    ),
    twitter_url: fc.constantFrom('https://x.com/acme', 'https://x.com/globex'),
    g2_url: fc.constant('https://g2.com/acme'),
  }),
  financial: object({
    total_funding: fc.constantFrom(125000000, '5', 1e30),
    funding_date: oddTime,
    funding: list(
      object({
        date: oddTime,
        type: fc.constantFrom('Series A', 'Series B'),
        amount: fc.constantFrom('1 USD', '2 USD'),
        from: fc.constantFrom(
          'Example Capital, Globex Ventures',
          'Example Capital',
          ' , ,',
          'globex ventures',
        ),
      }),
    ),
  }),
  subsidiaries: list(
    fc.oneof(
      fc.constantFrom('Acme Kites', 'Acme Kids'),
      object({
        name: fc.constantFrom('Acme Kites', 'Acme Balloons'),
        domain: fc.constant('www.kites.example'),
      }),
    ),
  ),
  surprise: fc.constant(1),
});

const job = object({
  title: fc.constantFrom(
    'Software Engineer',
    ' software  engineer ',
    'VP of Partnerships',
    'Chief Paper Officer',
  ),
  company: fc.constantFrom('Acme', 'Globex', 'No Domain Ltd', 'no domain ltd'),
  company_domain: domain,
  url: fc.constantFrom('https://www.linkedin.com/company/acme', 'https://www.linkedin.com/company/globex'),
  org_id: fc.constantFrom('12', 13),
  start_date: oddDate,
  end_date: oddDate,
  is_current: fc.boolean(),
});

const profile = object({
  slug: fc.constantFrom('ada-example', 'ada'),
  profile_id: fc.constantFrom('1', 2),
  name: fc.constantFrom('Ada Example', 'Ada B. Example'),
  country: fc.constantFrom('United States', 'Canada'),
  location_name: fc.constantFrom('Springfield, Illinois', 'somewhere'),
  connections: fc.constantFrom(500, '501', 2 ** 40),
  last_refresh: oddTime,
  latest_experience: job,
  experience: list(job),
  education: list(object({ school_name: fc.constant('Springfield University'), start_date: oddDate })),
  languages: fc.constant(['English']),
});

const companyFacts = fc
  .tuple(
    object({
      linkedin_url: fc.constantFrom(
        'https://www.linkedin.com/company/acme',
        'https://www.linkedin.com/company/acme-inc',
      ),
      industry: fc.constantFrom('Software Development', 'Paper Products'),
      city: fc.constantFrom('Springfield', 'Portland'),
      state: fc.constantFrom('Illinois', 'Oregon'),
      country: fc.constantFrom('United States', 'Canada'),
      source: fc.constantFrom('gemini-enrichment', 'someone', 'companyenrich'),
    }),
    // Text that is no employee range is refused before anything lands.
    fc.constantFrom('1001-5000', '1-10', undefined, null, '', 7, ['1-10']),
  )
  .map(([facts, employee_range]) => ({ ...facts, employee_range }));

const call = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      slug: fc.constant('companyenrich' as const),
      observed_at: observedAt,
      body: fc.record({ domain, raw_payload: companyenrich }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      slug: fc.constant('clay-person-profile' as const),
      observed_at: fc.oneof(observedAt, fc.constant(null)),
      body: fc.record({
        linkedin_url: linkedinUrl,
        workflow_slug: fc.constant('clay-person-profile'),
        raw_payload: profile,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      slug: fc.constant('core-company-full-upsert' as const),
      observed_at: observedAt,
      body: fc
        .tuple(domain, fc.constantFrom('Acme (checked)', 'Acme'), companyFacts)
        .map(([domain, company_name, facts]) => ({ ...facts, domain, company_name })),
    }),
  },
);

/** A profile whose own time cannot be read would be as old as its landing, which no test can repeat. */
function withTime(observed_at: string | null, body: Record<string, unknown>): string | null {
  const refreshed = (body.raw_payload as Record<string, unknown> | undefined)?.last_refresh;
  const readable = typeof refreshed === 'string' && /^\d{4}-\d\d-\d\d/.test(refreshed);
  return observed_at ?? (readable ? null : '2024-02-01T00:00:00Z');
}

/** Some calls over few companies and people; ids in random order, so that they do not follow the times. */
export function landings({ minLength = 1, maxLength = 8 } = {}): fc.Arbitrary<Landing[]> {
  return fc
    .uniqueArray(fc.tuple(fc.nat(0xffff), call), { minLength, maxLength, selector: ([number]) => number })
    .map((calls) =>
      calls.map(([number, { slug, observed_at, body }]) => ({
        slug,
        id: `0190a000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
        observed_at: withTime(observed_at, body),
        body,
      })),
    );
}
