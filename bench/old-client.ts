import type { Sql } from '../src/database/connect.ts';
import type { Body } from './payloads.ts';

type Value = string | number | boolean | string[] | null;
type Fields = Record<string, unknown>;

/**
 * The CompanyEnrich mapping as the system before did it: a client that looks up, decides and writes one row at a
 * time, each statement a round trip and a transaction of its own. Writes schema old (createOldTables).
 */
export class OldClient {
  readonly #sql: Sql;
  /** statements sent so far */
  statements = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Does one payload. */
  async ingest({ domain, raw_payload: payload }: Body): Promise<void> {
    const socials = payload.socials as Record<string, string>;
    await this.#coreOfCompany(domain, payload, socials);
    await this.#raw(domain, payload);
    await this.#company(domain, payload, socials);
    for (const keyword of texts(payload.keywords)) {
      await this.#upsert('extracted_keywords', { domain, keyword }, ['domain', 'keyword']);
      await this.#upsert('company_keywords', { domain, keyword, source }, ['domain', 'keyword']);
    }
    for (const technology of texts(payload.technologies)) await this.#technology(domain, technology);
    for (const industry of texts(payload.industries)) {
      await this.#upsert('extracted_industries', { domain, industry }, ['domain', 'industry']);
    }
    for (const category of texts(payload.categories)) {
      await this.#upsert('extracted_categories', { domain, category }, ['domain', 'category']);
      await this.#upsert('company_categories', { domain, category, source }, ['domain', 'category']);
    }
    for (const code of texts(payload.naics_codes)) {
      await this.#upsert('extracted_naics_codes', { domain, naics_code: code }, ['domain', 'naics_code']);
      await this.#upsert('company_naics_codes', { domain, naics_code: code, source }, [
        'domain',
        'naics_code',
      ]);
    }
    await this.#funding(domain, payload.financial as Fields);
    await this.#socials(domain, socials);
    await this.#location(domain, payload.location as Fields);
    for (const subsidiary of payload.subsidiaries as (string | Fields)[]) {
      const data = typeof subsidiary === 'string' ? null : subsidiary;
      const name = data === null ? subsidiary : data.name;
      const row = {
        domain,
        subsidiary_name: name,
        subsidiary_domain: data?.domain,
        subsidiary_data: JSON.stringify(data),
      };
      await this.#upsert('extracted_subsidiaries', row, ['domain', 'subsidiary_name']);
    }
    await this.#upsert(
      'company_descriptions',
      { domain, description: payload.description, tagline: payload.seo_description, source },
      ['domain'],
    );
    await this.#industry(domain, payload.industry as string);
  }

  async #coreOfCompany(domain: string, payload: Fields, socials: Record<string, string>): Promise<void> {
    const linkedin = socials.linkedin_url;
    if (!(await this.#found('old.companies', { domain }))) {
      await this.#insert('companies', { domain, name: payload.name, linkedin_url: linkedin, source });
    }
    if (!(await this.#found('old.company_names', { domain, source }))) {
      await this.#insert('company_names', { domain, raw_name: payload.name, linkedin_url: linkedin, source });
    }
    const size = await this.#found('reference.employee_range_lookup', { size_raw: payload.employees });
    if (size) {
      await this.#upsert('company_employee_range', { domain, employee_range: size.size_cleaned, source }, [
        'domain',
      ]);
    }
    const revenue = await this.#found('reference.revenue_range_lookup', { raw_value: payload.revenue });
    await this.#upsert(
      'company_revenue',
      {
        domain,
        raw_revenue_range: payload.revenue,
        matched_revenue_range: revenue?.matched_revenue_range,
        source,
      },
      ['domain', 'source'],
    );
    const type = { private: 'Private Company', public: 'Public Company' }[payload.type as string];
    await this.#upsert('company_types', { domain, raw_type: payload.type, matched_type: type, source }, [
      'domain',
      'source',
    ]);
  }

  async #raw(domain: string, payload: Fields): Promise<void> {
    await this.#insert('companyenrich_payloads', {
      family: 'companyenrich_payloads',
      workflow_slug: 'companyenrich',
      entity_key: domain,
      payload: JSON.stringify(payload),
      request: '{}',
    });
  }

  async #company(domain: string, payload: Fields, socials: Record<string, string>): Promise<void> {
    const location = payload.location as Fields;
    const [city, state, country] = [location.city, location.state, location.country] as [
      Fields,
      Fields,
      Fields,
    ];
    const { funding: _funding, ...financial } = payload.financial as Fields;
    const { id, updated_at, ...same } = Object.fromEntries(
      Object.entries(payload).filter(
        ([key]) => !['location', 'socials', 'financial', 'subsidiaries'].includes(key),
      ),
    );
    await this.#upsert(
      'extracted_company',
      {
        ...same,
        domain,
        companyenrich_id: id,
        companyenrich_updated_at: updated_at,
        address: location.address,
        phone: location.phone,
        postal_code: location.postal_code,
        city: city.name,
        state: state.name,
        state_code: state.code,
        country: country.name,
        country_code: country.code,
        latitude: city.latitude,
        longitude: city.longitude,
        ...socials,
        ...financial,
      },
      ['domain'],
    );
  }

  async #technology(domain: string, technology: string): Promise<void> {
    await this.#upsert('extracted_technologies', { domain, technology }, ['domain', 'technology']);
    let known = await this.#found('old.technologies', { name_key: technology.toLowerCase() });
    known ??= await this.#insert('technologies', { name_key: technology.toLowerCase(), name: technology });
    await this.#upsert('company_tech_on_site', { domain, technology_id: known?.id, source }, [
      'domain',
      'technology_id',
    ]);
  }

  async #funding(domain: string, financial: Fields): Promise<void> {
    const names = new Set<string>();
    for (const round of financial.funding as Record<string, string>[]) {
      const { date, type, amount, from = '', url } = round;
      const key = { domain, funding_date: date, funding_type: type };
      const facts = { amount, investors: from, url };
      await this.#upsert('extracted_funding_rounds', { ...key, ...facts }, Object.keys(key));
      await this.#upsert('company_funding_rounds', { ...key, ...facts, source }, [
        'domain',
        'source',
        'funding_date',
        'funding_type',
      ]);
      for (const name of from.split(',').map((part) => part.trim())) {
        names.add(name);
        const investment = { domain, investor_name: name, funding_date: date, funding_type: type };
        await this.#upsert('extracted_vc_investments', { ...investment, amount }, Object.keys(investment));
      }
    }
    for (const name of names) {
      await this.#upsert('extracted_investors', { domain, investor_name: name }, ['domain', 'investor_name']);
      await this.#upsert('company_vc_investors', { company_domain: domain, vc_name: name, source }, [
        'company_domain',
        'vc_name',
      ]);
    }
    await this.#upsert('company_vc_backed', { domain, vc_count: names.size, source }, ['domain']);
  }

  async #socials(domain: string, socials: Record<string, string>): Promise<void> {
    await this.#upsert('extracted_socials', { domain, ...socials }, ['domain']);
    const { linkedin_id: _id, ...urls } = socials;
    await this.#upsert('company_social_urls', { domain, ...urls, source }, ['domain']);
  }

  async #location(domain: string, location: Fields): Promise<void> {
    const [city, state, country] = [location.city, location.state, location.country] as [
      Fields,
      Fields,
      Fields,
    ];
    await this.#upsert(
      'extracted_location',
      {
        domain,
        address: location.address,
        phone: location.phone,
        postal_code: location.postal_code,
        city: city.name,
        city_id: city.id,
        state: state.name,
        state_code: state.code,
        state_id: state.id,
        country: country.name,
        country_code: country.code,
        latitude: city.latitude,
        longitude: city.longitude,
      },
      ['domain'],
    );
    const stored = await this.#found('old.company_locations', { domain });
    if (stored && [stored.city, stored.state, stored.country].filter(Boolean).length > 3) return;
    await this.#upsert(
      'company_locations',
      {
        domain,
        city: city.name,
        state: state.name,
        country: country.name,
        raw_location: location.address,
        raw_country: country.name,
        has_city: true,
        has_state: true,
        source,
      },
      ['domain'],
    );
  }

  async #industry(domain: string, industry: string): Promise<void> {
    if (await this.#found('old.company_industries', { domain })) return;
    const cleaned = await this.#found('reference.industry_lookup', { industry_raw: industry });
    const matched = (cleaned?.industry_cleaned ?? industry) as string;
    if (!(await this.#found('old.reference_industries', { name: matched, source }))) {
      await this.#insert('reference_industries', { name: matched, source });
    }
    await this.#insert('company_industries', { domain, matched_industry: matched, source });
  }

  async #found(table: string, key: Fields): Promise<Fields | undefined> {
    this.statements += 1;
    const condition = Object.keys(key).map((name, index) => `${name} = $${index + 1}`);
    const rows = await this.#sql.unsafe<Fields[]>(
      `select * from ${table} where ${condition.join(' and ')} limit 1`,
      values(key),
      { prepare: true },
    );
    return rows[0];
  }

  async #insert(table: string, row: Fields): Promise<Fields | undefined> {
    return this.#write(table, row, '');
  }

  async #upsert(table: string, row: Fields, key: string[]): Promise<void> {
    const assigned = Object.keys(row).map((name) => `${name} = excluded.${name}`);
    await this.#write(table, row, `on conflict (${key.join(', ')}) do update set ${assigned.join(', ')}`);
  }

  async #write(table: string, row: Fields, conflict: string): Promise<Fields | undefined> {
    this.statements += 1;
    const names = Object.keys(row);
    const rows = await this.#sql.unsafe<Fields[]>(
      `insert into old.${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')}) ${conflict} returning *`,
      values(row),
      { prepare: true },
    );
    return rows[0];
  }
}

const source = 'companyenrich';

function texts(value: unknown): string[] {
  return value as string[];
}

function values(row: Fields): Value[] {
  return Object.values(row).map((value) => (value ?? null) as Value);
}
