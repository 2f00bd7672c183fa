/**
 * Invented CompanyEnrich request bodies, the same ones in every run: number n always gives the same company.
 */
export type Body = { domain: string; raw_payload: Record<string, unknown> };

/** full: a well covered company; landing: about 3 KB of JSON; small: a company of which little is known. */
export type BodySize = 'full' | 'landing' | 'small';

const sizes = {
  full: { keywords: 26, technologies: 22, rounds: 8, investors: 9, industries: 2, categories: 4, codes: 3 },
  landing: {
    keywords: 16,
    technologies: 12,
    rounds: 3,
    investors: 9,
    industries: 1,
    categories: 2,
    codes: 2,
  },
  small: { keywords: 4, technologies: 3, rounds: 1, investors: 9, industries: 1, categories: 1, codes: 1 },
};

const words = (
  'adaptive analytics apparel battery billing biotech blockchain booking bridge campus carbon cargo catalog clinic ' +
  'cloud coaching coffee commerce compliance courier crypto dairy dental design detection device diagnostics dispatch ' +
  'drone eco energy events express fabric farming feedback fiber finance fitness fleet forecast foundry freight fuel ' +
  'garden genetic glass grid grocery harbor health heating hiring hosting housing identity imaging inbox insight ' +
  'insurance inventory invoice kitchen laser leasing lending lighting logistics lumber machine marine market media ' +
  'metal mobile music network nutrition office optics outdoor packaging paint paper parking payments payroll pet ' +
  'pharma photo planning plastics plumbing pricing printing privacy process procurement quality quantum radio rail ' +
  'recipe recovery recycling rental repair research retail robotics roofing safety satellite scheduling search sensor ' +
  'shipping signal solar sound space storage studio supply survey talent tax textile ticket timber tooling tourism ' +
  'training transit travel vehicle video vision voice warehouse waste water wellness wind wine workflow'
).split(' ');

/** A small generator of random numbers (mulberry32): the same seed gives the same numbers. */
export function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Different values, in the order drawn. */
function distinct(count: number, draw: () => string): string[] {
  const values = new Set<string>();
  while (values.size < count) values.add(draw());
  return [...values];
}

/** The body of company number n, for POST /run/companies/companyenrich/ingest and etl.run_batch. */
export function companyBody(n: number, size: BodySize = 'full'): Body {
  const counts = sizes[size];
  const random = randomFrom(n + 1);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]) => values[below(values.length)] as T;
  const word = () => pick(words);
  const title = (text: string) => text[0]?.toUpperCase() + text.slice(1);
  const name = `${title(word())} ${title(word())} ${n}`;
  const domain = `${word()}-${word()}-${n}.example`;
  const slug = `${domain.slice(0, -8)}`;
  const investors = distinct(
    counts.investors,
    () => `${title(word())} ${pick(['Capital', 'Ventures', 'Partners'])}`,
  );
  const rounds = ['Seed', 'Seed II', 'Series A', 'Series B', 'Series C', 'Series D', 'Debt', 'Series E'];
  const industry = title(word());
  const latitude = Math.round(random() * 900000) / 10000;
  const longitude = -Math.round(random() * 1800000) / 10000;
  return {
    domain,
    raw_payload: {
      id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
      name,
      domain,
      type: pick(['private', 'public', 'nonprofit']),
      website: `https://${domain}`,
      revenue: pick(['1m-10m', '10m-50m', '50m-100m', '100m-200m']),
      employees: pick(['11-50', '51-200', '201-500', '501-1K', '1K-5K']),
      industry,
      description: `${name} sells ${word()} ${word()} to people in ${word()}. ${Array.from({ length: 30 }, word).join(' ')}.`,
      seo_description: `${name}: ${word()} and ${word()} for everyone.`,
      founded_year: 1950 + below(75),
      page_rank: below(100) / 10,
      logo_url: `https://${domain}/logo.png`,
      updated_at: `2026-01-${String(1 + below(28)).padStart(2, '0')}T12:00:00.037Z`,
      industries: [industry, ...distinct(counts.industries, () => `${title(word())} Products`)],
      categories: distinct(counts.categories, () => `${word()}-${pick(['b2b', 'b2c', 'saas'])}`),
      keywords: distinct(counts.keywords, () => `${word()} ${word()}`),
      technologies: distinct(
        counts.technologies,
        () => `${title(word())}${pick(['JS', 'DB', ' Cloud', ' Analytics', ' Ads', ' Pay'])}`,
      ),
      naics_codes: distinct(counts.codes, () => String(110000 + below(200) * 10)),
      location: {
        address: `${1 + below(900)} Example Street, Springfield, IL 62701`,
        phone: `+1-555-01${String(below(100)).padStart(2, '0')}`,
        postal_code: '62701',
        city: { id: 4250542, name: 'Springfield', latitude, longitude },
        state: { id: 4896861, name: 'Illinois', code: 'IL', latitude: 40, longitude: -89.25 },
        country: { name: 'United States', code: 'US', latitude: 39.76, longitude: -98.5 },
      },
      socials: {
        linkedin_url: `https://www.linkedin.com/company/${slug}`,
        linkedin_id: String(1000000 + n),
        twitter_url: `https://x.com/${slug}`,
        facebook_url: `https://facebook.com/${slug}`,
        github_url: `https://github.com/${slug}`,
        youtube_url: `https://youtube.com/@${slug}`,
        instagram_url: `https://instagram.com/${slug}`,
        crunchbase_url: `https://crunchbase.com/organization/${slug}`,
        g2_url: `https://g2.com/products/${slug}`,
        angellist_url: `https://angel.co/company/${slug}`,
      },
      financial: {
        total_funding: below(500) * 1000000,
        funding_stage: 'series_e',
        funding_date: '2025-03-20T00:00:00Z',
        stock_symbol: null,
        stock_exchange: null,
        funding: rounds.slice(0, counts.rounds).map((type, index) => ({
          date: `${2017 + index}-${String(1 + below(12)).padStart(2, '0')}-${String(1 + below(28)).padStart(2, '0')}T00:00:00Z`,
          type,
          amount: `${1 + below(90)}000000 USD`,
          from: `${investors[index]}, ${investors[(index + 1 + below(7)) % 9]}`,
          url: `https://news.example/${slug}-${index}`,
        })),
      },
      subsidiaries: [`${title(word())} ${n}a`, { name: `${title(word())} ${n}b`, domain: `b.${domain}` }],
    },
  };
}
