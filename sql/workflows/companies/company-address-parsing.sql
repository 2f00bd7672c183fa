-- A company scraped from Sales Navigator with its registered address, and the address in parts: as a model gave
-- them, else as the lookup knows them.
select etl.raw_family('salesnav_scrapes_company_address_payloads', '{
  "company_name": "coalesce(payload.payload ->> ''company_name'', payload.request ->> ''company_name'')",
  "linkedin_url": "coalesce(payload.payload ->> ''linkedin_url'', payload.request ->> ''linkedin_url'')",
  "linkedin_urn": "coalesce(payload.payload ->> ''linkedin_urn'', payload.request ->> ''linkedin_urn'')",
  "domain": "coalesce(payload.payload ->> ''domain'', payload.request ->> ''domain'')",
  "workflow_slug": "coalesce(payload.payload ->> ''workflow_slug'', payload.request ->> ''workflow_slug'', payload.workflow_slug)",
  "raw_payload": "payload.payload"
}');

select etl.workflow('company-address-parsing',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/claygent/company-address-parsing/ingest',
  provider => 'gemini',
  platform => 'clay',
  payload_type => 'enrichment',
  aliases => '{ai-company-address-parsing}',
  legacy_function => 'ingest_company_address_parsing',
  description => 'Store a company scraped from Sales Navigator together with its parsed registered address, and carry what it says to core.',
  family => 'salesnav_scrapes_company_address_payloads',
  key_field => 'domain',
  timeout_seconds => 90,
  core_tables => array[
    'core.companies', 'core.company_names', 'core.company_social_urls', 'core.company_employee_range', 'core.company_employee_ranges',
    'core.company_industries', 'core.company_descriptions', 'core.company_locations'
  ],
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given.", "default": "company-address-parsing"},
      "company_name": {"type": ["string", "null"]},
      "linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
      "linkedin_urn": {"type": ["string", "null"]},
      "company_description": {"type": ["string", "null"]},
      "company_headcount": {"type": ["string", "integer", "null"], "description": "Number of employees; thousands may be set apart by commas."},
      "company_industries": {"type": ["string", "null"], "maxLength": 500, "description": "Looked up in reference.industry_lookup."},
      "company_registered_address": {"type": ["string", "null"], "description": "The address as it was scraped."},
      "parsed_address": {
        "type": ["object", "null"],
        "description": "The address in parts, as a model answered. Left out: looked up in reference.location_lookup.",
        "properties": {
          "city": {"type": ["string", "null"]},
          "state": {"type": ["string", "null"]},
          "country": {"type": ["string", "null"], "maxLength": 500},
          "hasCity": {"type": ["boolean", "null"], "description": "Left out: whether there is a city."},
          "hasState": {"type": ["boolean", "null"], "description": "Left out: whether there is a state."},
          "hasCountry": {"type": ["boolean", "null"], "description": "Left out: whether there is a country."}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.salesnav_scrapes_company_address."},
      "company_name": {"type": ["string", "null"]},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "parsed_address": {
        "type": "object",
        "properties": {
          "city": {"type": ["string", "null"]},
          "state": {"type": ["string", "null"]},
          "country": {"type": ["string", "null"]},
          "has_city": {"type": "boolean"},
          "has_state": {"type": "boolean"},
          "has_country": {"type": "boolean"}
        }
      },
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "domain": "acme.example",
    "workflow_slug": "company-address-parsing",
    "company_name": "Acme Example",
    "linkedin_url": "https://www.linkedin.com/company/acme-example",
    "linkedin_urn": "urn:li:fs_salesCompany:12345",
    "company_description": "Acme Example makes rockets out of paper.",
    "company_headcount": "1,234",
    "company_industries": "Software",
    "company_registered_address": "Springfield, Illinois, United States",
    "parsed_address": {"city": "Springfield", "state": "Illinois", "country": "United States", "hasCity": true, "hasState": true, "hasCountry": true}
  }'
);

select etl.extracts('company-address-parsing', 'extracted.salesnav_scrapes_company_address', key => '{domain}', as_select => $$
  select domain, etl.as_text(payload -> 'company_name') as company_name, etl.as_text(payload -> 'linkedin_url') as linkedin_url,
         etl.as_text(payload -> 'linkedin_urn') as linkedin_urn, etl.as_text(payload -> 'company_description') as description,
         etl.as_integer(to_jsonb(regexp_replace(payload ->> 'company_headcount', '[,\s]', '', 'g'))) as headcount,
         etl.as_text(payload -> 'company_industries', 500) as industries,
         etl.as_text(payload -> 'company_registered_address') as registered_address_raw, address.city, address.state, address.country,
         address.has_city, address.has_state, address.has_country
    from source
   cross join lateral core.parsed_address(payload) as address
$$);

select etl.looks_up('extracted.salesnav_scrapes_company_address', 'registered_address_raw', 'reference.location_lookup');
select etl.looks_up('extracted.salesnav_scrapes_company_address', 'industries', 'reference.industry_lookup');

-- A link into Sales Navigator is no page of the company.
select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.companies', source => 'salesnav', as_select => $$
  select domain, company_name as name, case when core.company_linkedin_slug(linkedin_url) is not null then linkedin_url end as linkedin_url
    from source
$$);

select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.company_names', source => 'salesnav', as_select => $$
  select domain, company_name as raw_name, case when core.company_linkedin_slug(linkedin_url) is not null then linkedin_url end as linkedin_url
    from source
   where company_name is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.company_social_urls', source => 'salesnav', as_select => $$
  select domain, linkedin_url
    from source
   where core.company_linkedin_slug(linkedin_url) is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.company_employee_range', source => 'salesnav', as_select => $$
  select domain, sized.employee_range
    from source
   cross join lateral (select reference.employee_range_of(headcount) as employee_range) as sized
   where sized.employee_range is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.company_employee_ranges', source => 'salesnav', as_select => $$
  select domain, headcount as raw_employee_count, reference.employee_range_of(headcount) as matched_employee_range
    from source
   where headcount is not null
$$);

-- Only an industry that the lookup knows: the rule of the table believes every source but CompanyEnrich to be cleaned.
select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.company_industries', source => 'salesnav', as_select => $$
  select domain, industries as raw_industry, industry_cleaned as matched_industry
    from source
    join reference.industry_lookup on match_key = etl.fold(industries)
$$);

select etl.coalesces('extracted.salesnav_scrapes_company_address', 'reference.company_industries', source => 'salesnav', as_select => $$
  select coalesce(industry_cleaned, industries) as name
    from source
    left join reference.industry_lookup on match_key = etl.fold(industries)
   where industries is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.company_descriptions', source => 'salesnav', as_select => $$
  select domain, description
    from source
   where description is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.company_locations', source => 'salesnav', as_select => $$
  select domain, city, state, country, registered_address_raw as raw_location, country as raw_country, city is not null as has_city, state is not null as has_state
    from source
   where num_nonnulls(city, state, country) > 0
$$);

select etl.responds('company-address-parsing', $$
  select source.raw_payload_id, etl.record_id('extracted.salesnav_scrapes_company_address', domain) as extracted_id,
         etl.as_text(payload -> 'company_name') as company_name, domain, to_jsonb(address) as parsed_address
    from source
   cross join lateral core.parsed_address(payload) as address
$$);
