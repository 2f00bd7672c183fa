-- Companies scraped from Sales Navigator. The table of payloads is shared with the parsing of company addresses.
select etl.raw_family('salesnav_scrapes_company_address_payloads', '{
  "company_name": "coalesce(payload.payload ->> ''company_name'', payload.request ->> ''company_name'')",
  "linkedin_url": "coalesce(payload.payload ->> ''linkedin_url'', payload.request ->> ''linkedin_url'')",
  "linkedin_urn": "coalesce(payload.payload ->> ''linkedin_urn'', payload.request ->> ''linkedin_urn'')",
  "domain": "coalesce(payload.payload ->> ''domain'', payload.request ->> ''domain'')",
  "workflow_slug": "coalesce(payload.payload ->> ''workflow_slug'', payload.request ->> ''workflow_slug'', payload.workflow_slug)",
  "raw_payload": "payload.payload"
}');

select etl.workflow('salesnav-company',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/salesnav/scraped-data/ingest',
  provider => 'salesnav',
  platform => 'salesnav',
  payload_type => 'enrichment',
  legacy_function => 'ingest_salesnav_company',
  description => 'Store one company scraped from Sales Navigator, with address and industry looked up.',
  family => 'salesnav_scrapes_company_address_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
  core_tables => '{core.companies,core.company_names,core.company_locations,core.company_industries,core.company_employee_range,core.company_employee_ranges,core.company_descriptions,core.company_social_urls}',
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "default": "salesnav-company", "description": "A registered slug."},
      "company_name": {"type": ["string", "null"]},
      "linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
      "linkedin_urn": {"type": ["string", "null"]},
      "description": {"type": ["string", "null"]},
      "headcount": {"type": ["string", "integer", "null"], "description": "People; thousands commas are taken, a range gives null."},
      "industries": {"type": ["string", "null"], "description": "Looked up in reference.industry_lookup."},
      "registered_address_raw": {"type": ["string", "null"], "description": "Looked up in reference.location_lookup."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.salesnav_scrapes_companies."},
    "domain": {"type": "string", "description": "The domain, normalised."}
  }'),
  example => '{
    "domain": "acme.example",
    "workflow_slug": "salesnav-company",
    "company_name": "Acme Example",
    "linkedin_url": "https://www.linkedin.com/company/acme-example",
    "linkedin_urn": "urn:li:fsd_company:1234567",
    "description": "Makes paper rockets.",
    "headcount": "1,234",
    "industries": "Computer Software",
    "registered_address_raw": "Mountain View, CA"
  }'
);

select etl.extracts('salesnav-company', 'extracted.salesnav_scrapes_companies', key => '{domain}', as_select => $$
  select domain, etl.as_text(payload -> 'company_name') as company_name, etl.as_text(payload -> 'linkedin_url') as linkedin_url,
         etl.as_text(payload -> 'linkedin_urn') as linkedin_urn, etl.as_text(payload -> 'description') as description,
         etl.as_integer(to_jsonb(replace(etl.as_text_or_number(payload -> 'headcount'), ',', ''))) as headcount,
         etl.as_text(payload -> 'industries') as industries, etl.as_text(payload -> 'registered_address_raw') as registered_address_raw,
         place.city, place.state, place.country, coalesce(place.has_city, false) as has_city, coalesce(place.has_state, false) as has_state,
         coalesce(place.has_country, false) as has_country, industry.industry_cleaned as matched_industry
    from source
    left join reference.location_lookup as place on place.match_key = etl.fold(etl.as_text(payload -> 'registered_address_raw'))
    left join reference.industry_lookup as industry on industry.match_key = etl.fold(etl.as_text(payload -> 'industries'))
$$);

select etl.looks_up('extracted.salesnav_scrapes_companies', 'registered_address_raw', 'reference.location_lookup');
select etl.looks_up('extracted.salesnav_scrapes_companies', 'industries', 'reference.industry_lookup');

select etl.coalesces('extracted.salesnav_scrapes_companies', 'core.companies', source => 'salesnav', as_select => $$
  select domain, company_name as name, linkedin_url
    from source
$$);

select etl.coalesces('extracted.salesnav_scrapes_companies', 'core.company_names', source => 'salesnav', as_select => $$
  select domain, company_name as raw_name, linkedin_url
    from source
   where company_name is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_companies', 'core.company_locations', source => 'salesnav', as_select => $$
  select domain, city, state, country, registered_address_raw as raw_location, has_city, has_state
    from source
   where num_nonnulls(city, state, country) > 0
$$);

-- Only an industry that the lookup knows: the rule of the table believes every source but CompanyEnrich to be cleaned.
select etl.coalesces('extracted.salesnav_scrapes_companies', 'core.company_industries', source => 'salesnav', as_select => $$
  select domain, industries as raw_industry, matched_industry
    from source
   where matched_industry is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_companies', 'core.company_employee_ranges', source => 'salesnav', as_select => $$
  select domain, headcount::text as raw_size, headcount as raw_employee_count, name as matched_employee_range
    from source
    left join reference.employee_ranges on headcount between min_employees and coalesce(max_employees, 2147483647)
   where headcount is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_companies', 'core.company_employee_range', source => 'salesnav', as_select => $$
  select domain, name as employee_range
    from source
    join reference.employee_ranges on headcount between min_employees and coalesce(max_employees, 2147483647)
$$);

select etl.coalesces('extracted.salesnav_scrapes_companies', 'core.company_descriptions', source => 'salesnav', as_select => $$
  select domain, description
    from source
   where description is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_companies', 'core.company_social_urls', source => 'salesnav', as_select => $$
  select domain, linkedin_url
    from source
   where linkedin_url is not null
$$);

select etl.responds('salesnav-company', $$
  select source.raw_payload_id, etl.record_id('extracted.salesnav_scrapes_companies', domain) as extracted_id, domain
    from source
$$);
