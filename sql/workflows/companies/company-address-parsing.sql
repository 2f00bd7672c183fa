-- A company scraped from Sales Navigator with its registered address, and the address in parts: as the caller gives
-- them, else as the lookup knows them, else as a model reads them.
select etl.raw_family('salesnav_scrapes_company_address_payloads', '{
  "company_name": "coalesce(payload.payload ->> ''company_name'', payload.request ->> ''company_name'')",
  "linkedin_url": "coalesce(payload.payload ->> ''linkedin_url'', payload.request ->> ''linkedin_url'')",
  "linkedin_urn": "coalesce(payload.payload ->> ''linkedin_urn'', payload.request ->> ''linkedin_urn'')",
  "domain": "coalesce(payload.payload ->> ''domain'', payload.request ->> ''domain'')",
  "workflow_slug": "coalesce(payload.payload ->> ''workflow_slug'', payload.request ->> ''workflow_slug'', payload.workflow_slug)",
  "raw_payload": "core.address_body(payload.payload, payload.request)",
  "production": "case when payload.request <> ''{}'' then payload.payload end"
}');

select etl.workflow('company-address-parsing',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/claygent/company-address-parsing/ingest',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'enrichment',
  aliases => '{ai-company-address-parsing}',
  legacy_function => 'ingest_company_address_parsing',
  description => 'Store a company scraped from Sales Navigator, have a model split its registered address where nobody knows the parts, and carry it all to core.',
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
        "description": "The address in parts, where the caller has them: then no model is asked. Nor is one where reference.location_lookup knows the address.",
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

select etl.produces('company-address-parsing',
  settings => '{"temperature": 0}',
  inputs => $$
    select etl.quoted(stated.address, 1000) as address,
           case
             when jsonb_typeof(request -> 'parsed_address') = 'object' then request -> 'parsed_address'
             -- Nothing to ask: what the lookup knows is read when it is needed, so that the record follows it.
             when stated.address is null or place.match_key is not null then '{}'::jsonb
           end as known_answer
      from source
     cross join lateral (select etl.as_text(request -> 'company_registered_address') as address) as stated
      left join reference.location_lookup as place on place.match_key = etl.fold(stated.address)
  $$,
  instructions => core.document_reader_rules(),
  prompt => $$
    A location as a website shows it: {{address}}

    Which city, which state or region, and which country are written there?
    - Take only what is written. Complete nothing: "Paris" alone has no country.
    - Keep each part as it is written: expand no abbreviation, translate nothing, correct nothing.
    - A metropolitan area counts as the city, as written ("Greater Boston", "San Francisco Bay Area").
    - Streets, house numbers, buildings and postal codes are no part of the answer.
    - A word that can be a state as well as a country or a city, with nothing beside it that decides, is none of them: give null for all.
    - hasCity, hasState, hasCountry: whether that part is written there; false exactly where it is null.

    Examples:
    "Austin, Texas, United States": city "Austin", state "Texas", country "United States"
    "Munich, Bavaria, Germany": city "Munich", state "Bavaria", country "Germany"
    "12 Example Street, Toronto, ON M5V 1A1, Canada": city "Toronto", state "ON", country "Canada"
    "San Francisco Bay Area": city "San Francisco Bay Area", state null, country null
    "Lyon, France": city "Lyon", state null, country "France"
    "California, United States": city null, state "California", country "United States"
    "UK": city null, state null, country "UK"
    "Georgia": city null, state null, country null, as it can be the state or the country
    "Remote": city null, state null, country null
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["city", "state", "country", "hasCity", "hasState", "hasCountry"],
    "properties": {
      "city": {"type": ["string", "null"]},
      "state": {"type": ["string", "null"]},
      "country": {"type": ["string", "null"]},
      "hasCity": {"type": "boolean"},
      "hasState": {"type": "boolean"},
      "hasCountry": {"type": "boolean"}
    }
  }',
  example_production => '{"answer": {"city": "Springfield", "state": "Illinois", "country": "United States", "hasCity": true, "hasState": true, "hasCountry": true}}'
);

select etl.extracts('company-address-parsing', 'extracted.salesnav_scrapes_company_address', key => '{domain}', as_select => $$
  select domain, etl.as_text(body -> 'company_name') as company_name, etl.as_text(body -> 'linkedin_url') as linkedin_url,
         etl.as_text(body -> 'linkedin_urn') as linkedin_urn, etl.as_text(body -> 'company_description') as description,
         etl.as_integer(to_jsonb(regexp_replace(body ->> 'company_headcount', '[,\s]', '', 'g'))) as headcount,
         etl.as_text(body -> 'company_industries', 500) as industries,
         etl.as_text(body -> 'company_registered_address') as registered_address_raw, address.city, address.state, address.country,
         address.has_city, address.has_state, address.has_country
    from source
   cross join lateral core.address_body(payload, request) as body
   cross join lateral core.parsed_address(body) as address
$$);

select etl.looks_up('extracted.salesnav_scrapes_company_address', 'registered_address_raw', 'reference.location_lookup');
select etl.looks_up('extracted.salesnav_scrapes_company_address', 'industries', 'reference.industry_lookup');

-- A link into Sales Navigator is no page of the company.
select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.companies', source => 'salesnav', as_select => $$
  select domain, company_name as name, case when core.linkedin_company_slug(linkedin_url) is not null then linkedin_url end as linkedin_url
    from source
$$);

select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.company_names', source => 'salesnav', as_select => $$
  select domain, company_name as raw_name, case when core.linkedin_company_slug(linkedin_url) is not null then linkedin_url end as linkedin_url
    from source
   where company_name is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_company_address', 'core.company_social_urls', source => 'salesnav', as_select => $$
  select domain, linkedin_url
    from source
   where core.linkedin_company_slug(linkedin_url) is not null
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
         etl.as_text(body -> 'company_name') as company_name, domain, to_jsonb(address) as parsed_address
    from source
   cross join lateral core.address_body(payload, request) as body
   cross join lateral core.parsed_address(body) as address
$$);
