/** Invented bodies for other workflows than CompanyEnrich, the same in every run: number n is always the same record. */

type Body = Record<string, unknown>;

const titles = [
  'Software Engineer',
  'Head of Partnerships',
  'VP of Marketing',
  'Account Executive',
  'Data Analyst',
];

const list = <Item>(count: number, item: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => item(index));

/** A person with eight jobs, two after one another at each of four companies. */
export function personBody(n: number): Body {
  const url = `https://www.linkedin.com/in/person-${n}`;
  const experience = list(8, (index) => {
    const company = (n + Math.floor(index / 2) * 7) % 5000;
    return {
      company: `Company ${company}`,
      company_domain: `company-${company}.example`,
      url: `https://www.linkedin.com/company/company-${company}`,
      org_id: String(1_000_000 + company),
      title: titles[(n + index) % titles.length],
      summary: 'Built what had to be built, and led those who did.',
      locality: 'Springfield, IL',
      start_date: `${2024 - index}-01-01`,
      end_date: index === 0 ? null : `${2024 - index}-12-31`,
      is_current: index === 0,
    };
  });
  return {
    linkedin_url: url,
    workflow_slug: 'clay-person-profile',
    raw_payload: {
      url,
      slug: `person-${n}`,
      name: `Person ${n}`,
      first_name: 'Person',
      last_name: String(n),
      title: experience[0]?.title,
      headline: 'Makes things work',
      summary: 'Twenty years of making things work.',
      country: 'United States',
      location_name: 'San Francisco, California, United States',
      profile_id: 100_000 + n,
      connections: 500,
      num_followers: 1200 + n,
      jobs_count: experience.length,
      last_refresh: '2026-01-10T12:00:00Z',
      latest_experience: experience[0],
      experience,
      education: list(2, (index) => ({
        school_name: `Springfield University ${index}`,
        degree: 'MSc',
        field_of_study: 'Engineering',
        start_date: `${2008 + index}-09-01`,
        end_date: `${2010 + index}-06-30`,
      })),
      certifications: [{ name: 'Certified Builder' }],
      languages: ['English'],
    },
  };
}

/** A company with forty technologies out of five hundred. */
export function technologiesBody(n: number): Body {
  return {
    domain: `company-${n}.example`,
    workflow_slug: 'builtwith-techstack',
    builtwith_payload: {
      matchesFound: list(40, (index) => {
        const technology = (n * 13 + index * 11) % 500;
        return {
          Name: `Technology ${technology}`,
          Parent: `Maker ${technology % 50}`,
          Link: `https://technology-${technology}.example`,
          Description: 'Does what its name says.',
          Categories: `Category ${technology % 20}, Category ${(technology + 7) % 20}`,
          FirstDetected: '2021-05-03',
          LastDetected: '2026-01-10',
        };
      }),
      numberOfTotalTechnologies: 40,
    },
  };
}

/** A company with twenty-five ads. */
export function adsBody(n: number): Body {
  return {
    domain: `company-${n}.example`,
    workflow_slug: 'linkedin-ads-ingest',
    linkedin_ads_payload: {
      ads: list(25, (index) => ({
        ad_id: String(4_300_000_000 + n * 100 + index),
        type: 'SPONSORED_STATUS_UPDATE',
        creative_type: 'SINGLE_IMAGE',
        advertiser: { name: `Company ${n}` },
        headline: { title: `Offer ${index}`, description: 'For everyone.' },
        commentary: { text: 'Assemble your own rocket, and tell us how far it went.' },
        image: { url: `https://company-${n}.example/${index}.png`, alt_text: 'A rocket' },
        view_details_link: `https://ads.example/${n}/${index}`,
      })),
      page_id: String(1_000_000 + n),
      total_ads: 25,
      is_last_page: true,
    },
  };
}

/** The workflows that write the most rows a payload besides CompanyEnrich. */
export const heavyWorkflows = [
  { slug: 'clay-person-profile', bodyOf: personBody },
  { slug: 'builtwith-techstack', bodyOf: technologiesBody },
  { slug: 'linkedin-ads-ingest', bodyOf: adsBody },
];

/** The example of a workflow as that of company and person number n. */
export function variedExample(example: string, n: number): string {
  return example
    .replaceAll('acme.example', `acme-${n}.example`)
    .replaceAll('ada-example', `ada-example-${n}`);
}

/** Twenty workflows of all kinds of providers, for a mixed load. */
export const mixedWorkflows = [
  'anymailfinder-email',
  'apollo-people-cleaned',
  'builtwith-techstack',
  'case-study-buyers',
  'cb-vc-portfolio',
  'clay-cleaned-company-name',
  'clay-company-firmographics',
  'clay-find-companies',
  'clay-find-people',
  'clay-person-profile',
  'clay-signal-job-change',
  'clay-signal-new-hire',
  'company-customers-v2',
  'companyenrich',
  'core-company-full-upsert',
  'google-ads-ingest',
  'icp-job-titles',
  'leadmagic-company-enrichment',
  'predictleads-techstack',
  'salesnav-person',
];
