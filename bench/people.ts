import { randomFrom } from './payloads.ts';

/** Invented people and their employers, for bench/read.ts: the same ones in every run, common values far commoner than rare ones. */

const givenNames = (
  'Ada Alan Amara Anika Bao Bela Carla Chen Dara Diego Elif Emil Farah Felix Gita Hana Hugo Ines Ivan Jana Jonas Kaya ' +
  'Kofi Lara Liam Maja Marco Nadia Noor Olga Omar Petra Priya Quinn Rana Rosa Sami Sofia Tariq Tess Uma Viktor Wanda Xavi Yara Zeno'
).split(' ');
const syllables =
  'ba be bi bo da de di do fa fe ga go ha ka ke ko la le li lo ma me mi mo na ne ni no pa po ra re ri ro sa se so ta te to va vi wa za'.split(
    ' ',
  );
const companyWords =
  'Amber Anchor Arbor Atlas Aurora Beacon Birch Bright Canyon Cedar Cobalt Comet Coral Delta Drift Ember Falcon Fern Flint Garnet Glacier Harbor Hazel Indigo Iris Juniper Lantern Larch Lumen Maple Meadow Mesa Mistral Nimbus North Oak Onyx Opal Orchid Pine Quarry Quartz Raven Ridge River Rowan Sable Saffron Slate Solar Sparrow Spruce Summit Tidal Timber Topaz Tundra Umber Vale Violet Willow Zephyr'.split(
    ' ',
  );
const kinds =
  'Labs Systems Foods Health Robotics Media Energy Logistics Software Analytics Bank Studio'.split(' ');

/** Titles with what the lookup makes of them. */
export const titles = [
  ['VP of Marketing', 'VP Marketing', 'VP', 'Marketing'],
  ['Head of Sales', 'Head of Sales', 'Head', 'Sales'],
  ['Account Executive', 'Account Executive', 'Senior', 'Sales'],
  ['Software Engineer', 'Software Engineer', 'Senior', 'Engineering'],
  ['Senior Backend Developer', 'Backend Developer', 'Senior', 'Engineering'],
  ['Engineering Manager', 'Engineering Manager', 'Manager', 'Engineering'],
  ['Chief Executive Officer', 'CEO', 'C-suite', 'Executive Leadership'],
  ['Chief Financial Officer', 'CFO', 'C-suite', 'Finance'],
  ['Financial Analyst', 'Financial Analyst', 'Entry', 'Finance'],
  ['HR Business Partner', 'HR Business Partner', 'Manager', 'Human Resources'],
  ['Recruiter', 'Recruiter', 'Entry', 'Recruiting'],
  ['Product Manager', 'Product Manager', 'Manager', 'Product'],
  ['UX Designer', 'UX Designer', 'Senior', 'Design'],
  ['Support Agent', 'Support Agent', 'Entry', 'Support'],
  ['Director of Operations', 'Director of Operations', 'Director', 'Operations'],
  ['Compliance Officer', 'Compliance Officer', 'Manager', 'Security, Risk, & Compliance'],
  ['Customer Success Manager', 'Customer Success Manager', 'Manager', 'Customer Success'],
  ['Data Scientist', 'Data Scientist', 'Senior', 'Engineering'],
  ['Warehouse Helper', 'Warehouse Helper', 'Entry', 'Miscellaneous'],
  ['Marketing Intern', 'Marketing Intern', 'Intern', 'Marketing'],
].map(([latest_title, cleaned_job_title, seniority_level, job_function]) => ({
  latest_title,
  cleaned_job_title,
  seniority_level,
  job_function,
}));

export const places = [
  ['New York', 'New York', 'United States'],
  ['San Francisco', 'California', 'United States'],
  ['Austin', 'Texas', 'United States'],
  ['Chicago', 'Illinois', 'United States'],
  ['London', 'England', 'United Kingdom'],
  ['Berlin', 'Berlin', 'Germany'],
  ['Munich', 'Bavaria', 'Germany'],
  ['Paris', 'Ile-de-France', 'France'],
  ['Toronto', 'Ontario', 'Canada'],
  ['Bangalore', 'Karnataka', 'India'],
  ['Sydney', 'New South Wales', 'Australia'],
  ['Sao Paulo', 'Sao Paulo', 'Brazil'],
  ['Madrid', 'Madrid', 'Spain'],
  ['Warsaw', 'Mazovia', 'Poland'],
  ['Nairobi', 'Nairobi', 'Kenya'],
].map(([city, state, country]) => ({ location_name: `${city}, ${state}, ${country}`, city, state, country }));

const industries = [
  'Software Development',
  'Technology, Information and Internet',
  'Financial Services',
  'Hospitals and Health Care',
  'Food and Beverage Manufacturing',
  'Retail',
  'Advertising Services',
  'Truck Transportation',
  'Renewable Energy',
  'Higher Education',
  'Machinery Manufacturing',
  'Book Publishing',
];
const sizes = ['1-10', '11-50', '51-100', '101-250', '251-500', '501-1000', '1001-5000'];

type Draw = {
  below(limit: number): number;
  pick<T>(values: readonly T[]): T;
  skewed<T>(values: readonly T[]): T;
};

function drawing(seed: number): Draw {
  const random = randomFrom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    below,
    pick: (values) => values[below(values.length)] as (typeof values)[number],
    skewed: (values) => values[Math.floor(random() ** 2.5 * values.length)] as (typeof values)[number],
  };
}

export function employerOf(n: number): { domain: string; name: string } {
  const { pick } = drawing(n * 2 + 1);
  const first = pick(companyWords);
  const second = pick(companyWords);
  return {
    domain: `${first}${second}-${n}.example`.toLowerCase(),
    name: `${first} ${second} ${pick(kinds)}`,
  };
}

/** The CompanyEnrich body of company number n. */
export function employerBody(n: number): Record<string, unknown> {
  const { below, pick, skewed } = drawing(n * 2 + 500_000_001);
  const { domain, name } = employerOf(n);
  const place = skewed(places);
  const round = {
    date: '2024-03-01T00:00:00Z',
    type: 'Seed',
    amount: '2000000 USD',
    from: `${skewed(companyWords)} Ventures`,
    url: `https://news.example/${n}`,
  };
  return {
    domain,
    raw_payload: {
      name,
      domain,
      employees: skewed(sizes),
      industry: skewed(industries),
      description: `${name} is invented.`,
      technologies: Array.from({ length: 4 }, () => `${skewed(companyWords)}JS`),
      keywords: [pick(companyWords).toLowerCase()],
      location: {
        city: { name: place.city },
        state: { name: place.state },
        country: { name: place.country },
      },
      socials: { linkedin_url: `https://www.linkedin.com/company/${domain.replace('.example', '')}` },
      financial: { funding: below(5) === 0 ? [round] : [] },
    },
  };
}

/** The Clay profile of person number n, who works at one of `companies` and worked at two others. */
export function personBody(n: number, companies: number): Record<string, unknown> {
  const { below, pick, skewed } = drawing(n * 2 + 1_000_000_001);
  const surname = Array.from({ length: 2 + below(2) }, () => pick(syllables)).join('');
  const name = `${pick(givenNames)} ${surname[0]?.toUpperCase()}${surname.slice(1)}`;
  const slug = `${name.toLowerCase().replace(' ', '-')}-${n}`;
  const day = (months: number) =>
    new Date(Date.UTC(2026, 10 - months, 1 + below(27))).toISOString().slice(0, 10);
  const job = (from: number, to: number | null, company: number) => {
    const { domain, name: employer } = employerOf(company);
    const title = skewed(titles).latest_title;
    const ended = to === null ? { is_current: true } : { end_date: day(to), is_current: false };
    return { title, company: employer, company_domain: domain, start_date: day(from), ...ended };
  };
  const started = below(80);
  const now = Math.floor(skewed(Array.from({ length: 100 }, (_, part) => part / 100)) * companies);
  const jobs = [
    job(started, null, now),
    job(started + 40, started, below(8) === 0 ? now : below(companies)),
    job(started + 90, started + 41, below(Math.max(1, companies / 50)) | 0),
  ];
  const place = skewed(places);
  return {
    linkedin_url: `https://www.linkedin.com/in/${slug}`,
    workflow_slug: 'clay-person-profile',
    raw_payload: {
      slug,
      name,
      country: place.country,
      location_name: place.location_name,
      last_refresh: '2026-01-10T12:00:00Z',
      latest_experience: jobs[0],
      experience: jobs,
    },
  };
}
