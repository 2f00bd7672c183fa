-- A company that Clay's search found. Every payload is kept and counts; a LinkedIn page that contradicts the known one is
-- reported in the answer.
select etl.raw_family('company_discovery', '{
  "company_domain": "payload.entity_key", "workflow_slug": "payload.workflow_slug", "provider": "payload.provider", "platform": "payload.platform",
  "payload_type": "payload.payload_type", "raw_payload": "payload.payload", "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('clay-find-companies',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-native/find-companies/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'discovery',
  legacy_function => 'ingest_clay_find_companies',
  description => 'Store a company found by Clay, look up its location and industry, and carry what it says to core.',
  family => 'company_discovery',
  key_field => 'company_domain',
  payload_field => 'raw_payload',
  core_tables => array[
    'core.companies', 'core.company_names', 'core.company_social_urls', 'core.company_employee_range', 'core.company_employee_ranges', 'core.company_types',
    'core.company_revenue', 'core.company_funding', 'core.company_industries', 'core.company_descriptions', 'core.company_locations'
  ],
  request_schema => '{
    "type": "object",
    "required": ["company_domain", "raw_payload"],
    "properties": {
      "company_domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given.", "default": "clay-find-companies"},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "raw_payload": {
        "type": "object",
        "description": "The company object of Clay''s search, unchanged.",
        "properties": {
          "name": {"type": ["string", "null"]},
          "domain": {"type": ["string", "null"], "description": "Kept in raw only: company_domain counts."},
          "linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
          "linkedin_company_id": {"type": ["string", "integer", "null"], "format": "int64"},
          "clay_company_id": {"type": ["string", "integer", "null"], "format": "int64"},
          "size": {"type": ["string", "null"], "description": "Such as 51-200; looked up in reference.employee_range_lookup."},
          "type": {"type": ["string", "null"], "description": "Looked up in reference.company_type_lookup."},
          "country": {"type": ["string", "null"], "maxLength": 500},
          "location": {"type": ["string", "null"], "maxLength": 500, "description": "Looked up in reference.location_lookup."},
          "industry": {"type": ["string", "null"], "maxLength": 500, "description": "Looked up in reference.industry_lookup."},
          "industries": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Kept in extracted only."},
          "description": {"type": ["string", "null"]},
          "annual_revenue": {"type": ["string", "null"], "description": "US dollars; looked up in reference.revenue_range_lookup."},
          "total_funding_amount_range_usd": {"type": ["string", "null"], "description": "Looked up in reference.funding_range_lookup."},
          "resolved_domain": {"type": ["string", "object", "null"], "description": "As Clay resolved it; kept in extracted only."},
          "derived_datapoints": {"type": ["object", "null"], "description": "Kept in extracted only."}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.company_discovery."},
      "status": {"type": "string", "enum": ["inserted", "updated"], "description": "updated when this workflow had already seen the company."},
      "mapped_id": {"type": "string", "format": "uuid", "description": "Id of the row of mapped.company_discovery."},
      "matched_city": {"type": ["string", "null"]},
      "matched_state": {"type": ["string", "null"]},
      "matched_country": {"type": ["string", "null"]},
      "matched_industry": {"type": ["string", "null"]},
      "matched_company_name": {"type": ["string", "null"], "description": "Cleaned name, where one is known for the domain."},
      "linkedin_url_conflict": {"type": "boolean", "description": "Whether the company is known with another LinkedIn page."},
      "message": {"type": ["string", "null"], "description": "Names both pages of a conflict."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "company_domain": "acme.example",
    "workflow_slug": "clay-find-companies",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "raw_payload": {
      "name": "Acme Example",
      "domain": "acme.example",
      "linkedin_url": "https://www.linkedin.com/company/acme-example",
      "linkedin_company_id": 1234,
      "clay_company_id": "clay_abc123",
      "size": "10,001+ employees",
      "type": "Public Company",
      "country": "United States",
      "location": "San Francisco, California, United States",
      "industry": "Software",
      "industries": ["Software", "Paper Products"],
      "description": "Acme Example makes rockets out of paper.",
      "annual_revenue": "100B-1T",
      "total_funding_amount_range_usd": "$100M - $250M",
      "resolved_domain": "acme.example",
      "derived_datapoints": {}
    }
  }'
);

select etl.extracts('clay-find-companies', 'extracted.company_discovery', key => '{domain}', as_select => $$
  select domain, company.name, company.linkedin_url, company.linkedin_company_id, company.clay_company_id, company.size, company.type,
         company.country, company.location, company.industry, company.industries, company.description, company.annual_revenue,
         company.total_funding_amount_range_usd, company.derived_datapoints,
         case when jsonb_typeof(payload -> 'resolved_domain') in ('string', 'object') then payload -> 'resolved_domain' end as resolved_domain,
         etl.as_text(request -> 'clay_table_url') as clay_table_url,
         place.city, place.state, place.city is not null as has_city, place.state is not null as has_state,
         coalesce(place.country, company.country) is not null as has_country,
         place.city as matched_city, place.state as matched_state, place.country as matched_country,
         case when place.id is not null then 'location-lookup' end as location_match_source, known.industry_cleaned as matched_industry
    from source
   cross join lateral core.discovered_company(payload) as company
    left join reference.location_lookup as place on place.match_key = etl.fold(company.location)
    left join reference.industry_lookup as known on known.match_key = etl.fold(company.industry)
$$);

select etl.looks_up('extracted.company_discovery', 'location', 'reference.location_lookup');
select core.offer_discovered_company('extracted.company_discovery');

select etl.coalesces('extracted.company_discovery', 'core.company_locations', source => 'clay', as_select => $$
  select domain, place.city, place.state, coalesce(place.country, source.country) as country, location as raw_location, source.country as raw_country,
         place.city is not null as has_city, place.state is not null as has_state
    from source
    left join reference.location_lookup as place on place.match_key = etl.fold(location)
   where num_nonnulls(place.city, place.state, place.country, source.country) > 0
$$);

select etl.responds('clay-find-companies', $$
  select source.raw_payload_id, discovered.extracted_id,
         case when exists (
           select
             from raw.payloads as earlier
            where earlier.family = 'company_discovery'
              and earlier.entity_key = source.domain
              and earlier.id < source.raw_payload_id
         ) then 'updated' else 'inserted' end as status,
         discovered.id as mapped_id, discovered.matched_city, discovered.matched_state, discovered.matched_country, discovered.matched_industry,
         discovered.matched_company_name, conflict.is_one as linkedin_url_conflict,
         case when conflict.is_one then format(
           '%s is known with the LinkedIn page %s, not %s.', source.domain, company.linkedin_url, etl.as_text(payload -> 'linkedin_url')
         ) end as message
    from source
    left join mapped.company_discovery as discovered on discovered.domain = source.domain
    left join core.companies as company on company.domain = source.domain
   cross join lateral (
     select coalesce(
       core.linkedin_company_slug(company.linkedin_url) <> core.linkedin_company_slug(etl.as_text(payload -> 'linkedin_url')), false
     ) as is_one
   ) as conflict
$$);
