-- Cleaned company facts, entered by people or upstream steps: landed like every payload, so that they have an origin too.
select etl.raw_family('core_company_full_payloads', '{"domain": "payload.entity_key", "payload": "payload.payload"}');

select etl.workflow('core-company-full-upsert',
  type => 'upsert',
  entity => 'company',
  path => '/run/companies/db/core-company-full/upsert',
  provider => 'internal',
  platform => 'db',
  payload_type => 'company_facts',
  aliases => '{upsert-core-company-full}',
  legacy_function => 'upsert_core_company_full',
  description => 'Write already cleaned company facts to the core company tables.',
  family => 'core_company_full_payloads',
  key_field => 'domain',
  refuses => $$
    case when etl.as_text(payload -> 'employee_range') is not null
      and not exists (select from reference.employee_range_lookup where match_key = etl.fold(etl.as_text(payload -> 'employee_range')))
      and not exists (select from reference.employee_ranges where name = etl.as_text(payload -> 'employee_range'))
    then jsonb_build_array(jsonb_build_object('pointer', '/employee_range', 'detail', format(
      '"%s" is no employee range. Use one of: %s.', left(etl.as_text(payload -> 'employee_range'), 100),
      (select string_agg(name, ', ' order by sort_order) from reference.employee_ranges)
    ))) end
  $$,
  timeout_seconds => 30,
  core_tables => '{core.companies,core.company_locations,core.company_industries,core.company_employee_ranges,core.company_employee_range,core.company_social_urls}',
  request_schema => '{
    "type": "object",
    "required": ["company_name", "domain"],
    "properties": {
      "company_name": {"type": "string", "description": "Name as it should be shown."},
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
      "industry": {"type": ["string", "null"], "maxLength": 500, "description": "Already cleaned."},
      "city": {"type": ["string", "null"]},
      "state": {"type": ["string", "null"]},
      "country": {"type": ["string", "null"], "maxLength": 500},
      "employee_range": {
        "type": ["string", "null"],
        "description": "A name of reference.employee_ranges, or a raw value that reference.employee_range_lookup knows."
      },
      "source": {
        "type": ["string", "null"],
        "description": "Where the facts come from.",
        "default": "gemini-enrichment",
        "maxLength": 200
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "company_id": {"type": "string", "format": "uuid", "description": "Id of the row of core.companies."},
      "location_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of core.company_locations, null when no location was sent."},
      "industry_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of core.company_industries, null when no industry was sent."},
      "employee_range_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of core.company_employee_ranges, null when no range was sent."},
      "linkedin_url_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of core.company_social_urls, null when no URL was sent."},
      "warnings": {
        "description": "Fields that could not be used: they became null.",
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"field": {"type": "string"}, "problem": {"type": "string"}, "found": {"type": ["string", "null"]}}
        }
      }
    }
  }',
  example => '{
    "company_name": "Globex Example",
    "domain": "globex.example",
    "linkedin_url": "https://www.linkedin.com/company/globex-example",
    "industry": "Software Development",
    "city": "Springfield",
    "state": "Illinois",
    "country": "United States",
    "employee_range": "5001-10000",
    "source": "gemini-enrichment"
  }'
);

select etl.extracts('core-company-full-upsert', 'extracted.core_company_full', key => '{domain,source}', as_select => $$
  select domain, etl.as_text(payload -> 'company_name') as company_name, etl.as_text(payload -> 'linkedin_url') as linkedin_url,
         etl.as_text(payload -> 'industry', 500) as industry, etl.as_text(payload -> 'city') as city, etl.as_text(payload -> 'state') as state,
         etl.as_text(payload -> 'country', 500) as country, etl.as_text(payload -> 'employee_range') as employee_range,
         coalesce(etl.as_text(payload -> 'source', 200), 'gemini-enrichment') as source
    from source
$$);

select etl.looks_up('extracted.core_company_full', 'employee_range', 'reference.employee_range_lookup');
select etl.looks_up('extracted.core_company_full', 'employee_range', 'reference.employee_ranges');

select etl.coalesces('extracted.core_company_full', 'core.companies', source => 'manual', as_select => $$
  select domain, company_name as name, linkedin_url
    from source
$$);

select etl.coalesces('extracted.core_company_full', 'core.company_locations', as_select => $$
  select domain, city, state, country, city is not null as has_city, state is not null as has_state, source.source
    from source
   where num_nonnulls(city, state, country) > 0
$$);

select etl.coalesces('extracted.core_company_full', 'core.company_industries', as_select => $$
  select domain, industry as matched_industry, source.source
    from source
   where industry is not null
$$);

select etl.coalesces('extracted.core_company_full', 'core.company_employee_ranges', as_select => $$
  select domain, employee_range as raw_size, coalesce(size_cleaned, canonical.name) as matched_employee_range, source.source
    from source
    left join reference.employee_range_lookup on match_key = etl.fold(employee_range)
    left join reference.employee_ranges as canonical on canonical.name = employee_range
   where employee_range is not null
$$);

-- Readers of a company's size read the table with one row per company.
select etl.coalesces('extracted.core_company_full', 'core.company_employee_range', as_select => $$
  select domain, coalesce(size_cleaned, canonical.name) as employee_range, source.source
    from source
    left join reference.employee_range_lookup on match_key = etl.fold(employee_range)
    left join reference.employee_ranges as canonical on canonical.name = employee_range
   where num_nonnulls(size_cleaned, canonical.name) > 0
$$);

select etl.coalesces('extracted.core_company_full', 'core.company_social_urls', as_select => $$
  select domain, linkedin_url, source.source
    from source
   where linkedin_url is not null
$$);

select etl.responds('core-company-full-upsert', $$
  select source.raw_payload_id, domain, etl.record_id('core.companies', domain) as company_id,
         case when num_nonnulls(etl.as_text(payload -> 'city'), etl.as_text(payload -> 'state'), etl.as_text(payload -> 'country')) > 0
           then etl.record_id('core.company_locations', domain) end as location_id,
         case when etl.as_text(payload -> 'industry') is not null then etl.record_id('core.company_industries', domain) end as industry_id,
         case when etl.as_text(payload -> 'employee_range') is not null then etl.record_id('core.company_employee_ranges',
           domain || E'\x1f' || coalesce(etl.as_text(payload -> 'source', 200), 'gemini-enrichment')) end as employee_range_id,
         case when etl.as_text(payload -> 'linkedin_url') is not null then etl.record_id('core.company_social_urls', domain) end as linkedin_url_id
    from source
$$);
