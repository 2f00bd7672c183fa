-- As clay-find-companies, with a location that a model in Clay has taken apart.
select etl.raw_family('company_discovery_location_parsed', '{
  "company_domain": "payload.entity_key", "workflow_slug": "payload.workflow_slug", "provider": "payload.provider", "platform": "payload.platform",
  "payload_type": "payload.payload_type", "raw_company_payload": "payload.payload",
  "raw_company_location_payload": "coalesce(payload.request -> ''raw_company_location_payload'', payload.request -> ''raw_company_parsed_location_payload'')",
  "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('clay-find-companies-location-parsed',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-native/find-companies-location-parsed/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'discovery',
  legacy_function => 'ingest_clay_find_co_lctn_prsd',
  description => 'Store a company found by Clay together with its parsed location, and carry what it says to core.',
  family => 'company_discovery_location_parsed',
  key_field => 'company_domain',
  payload_field => 'raw_company_payload',
  core_tables => array[
    'core.companies', 'core.company_names', 'core.company_social_urls', 'core.company_employee_range', 'core.company_employee_ranges', 'core.company_types',
    'core.company_revenue', 'core.company_funding', 'core.company_industries', 'core.company_descriptions', 'core.company_locations'
  ],
  request_schema => '{
    "type": "object",
    "required": ["company_domain", "raw_company_payload"],
    "properties": {
      "company_domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "raw_company_payload": {
        "type": "object",
        "description": "The company object of Clay''s search, unchanged.",
        "properties": {
          "name": {"type": ["string", "null"]},
          "domain": {"type": ["string", "null"], "description": "Kept in raw only: company_domain counts."},
          "linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
          "linkedin_company_id": {"type": ["string", "integer", "null"], "format": "int64"},
          "clay_company_id": {"type": ["string", "integer", "null"], "format": "int64", "description": "Extracted only where it is a number."},
          "size": {"type": ["string", "null"], "description": "Such as 51-200; looked up in reference.employee_range_lookup."},
          "type": {"type": ["string", "null"], "description": "Looked up in reference.company_type_lookup."},
          "country": {"type": ["string", "null"], "maxLength": 500, "description": "The parsed location has no country; this one counts."},
          "location": {"type": ["string", "null"], "maxLength": 500},
          "industry": {"type": ["string", "null"], "maxLength": 500, "description": "Looked up in reference.industry_lookup."},
          "industries": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Kept in extracted only."},
          "description": {"type": ["string", "null"]},
          "annual_revenue": {"type": ["string", "null"], "description": "US dollars; looked up in reference.revenue_range_lookup."},
          "total_funding_amount_range_usd": {"type": ["string", "null"], "description": "Looked up in reference.funding_range_lookup."},
          "resolved_domain": {"type": ["string", "object", "null"], "description": "As Clay resolved it; kept in extracted only."},
          "derived_datapoints": {"type": ["object", "null"], "description": "Kept in extracted only."}
        }
      },
      "raw_company_location_payload": {
        "type": ["object", "null"],
        "description": "The parsed location.",
        "properties": {
          "city": {"type": ["string", "null"]},
          "state": {"type": ["string", "null"]},
          "hasCity": {"type": ["boolean", "null"], "description": "Left out: whether there is a city."},
          "hasState": {"type": ["boolean", "null"], "description": "Left out: whether there is a state."}
        }
      },
      "raw_company_parsed_location_payload": {
        "type": ["object", "null"],
        "description": "Another name of raw_company_location_payload; read where that is left out.",
        "properties": {
          "city": {"type": ["string", "null"]},
          "state": {"type": ["string", "null"]},
          "hasCity": {"type": ["boolean", "null"]},
          "hasState": {"type": ["boolean", "null"]}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.company_discovery_location_parsed."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "company_domain": "acme.example",
    "workflow_slug": "clay-find-companies-location-parsed",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "raw_company_payload": {
      "name": "Acme Example",
      "domain": "acme.example",
      "linkedin_url": "https://www.linkedin.com/company/acme-example",
      "linkedin_company_id": "12345",
      "clay_company_id": 47000000,
      "size": "51-200",
      "type": "Privately Held",
      "country": "United States",
      "location": "Springfield, IL",
      "industry": "Software",
      "industries": ["Software"],
      "description": "Acme Example makes rockets out of paper.",
      "annual_revenue": "$10M-$50M",
      "total_funding_amount_range_usd": "$5M-$10M",
      "resolved_domain": "acme.example",
      "derived_datapoints": {}
    },
    "raw_company_location_payload": {"city": "Springfield", "state": "IL", "hasCity": true, "hasState": true},
    "raw_company_parsed_location_payload": {"city": "Springfield", "state": "IL", "hasCity": true, "hasState": true}
  }'
);

select etl.extracts('clay-find-companies-location-parsed', 'extracted.company_discovery_location_parsed', key => '{domain}', as_select => $$
  select domain, company.name, company.linkedin_url, company.linkedin_company_id, etl.as_bigint(payload -> 'clay_company_id') as clay_company_id,
         company.size, company.type, company.country, company.location, company.industry, company.industries, company.description,
         company.annual_revenue, company.total_funding_amount_range_usd, company.derived_datapoints,
         coalesce(etl.as_text(payload -> 'resolved_domain'), case when jsonb_typeof(payload -> 'resolved_domain') = 'object' then payload ->> 'resolved_domain' end) as resolved_domain,
         etl.as_text(request -> 'clay_table_url') as clay_table_url, located.city, located.state,
         coalesce(etl.as_boolean(place -> 'hasCity'), located.city is not null) as has_city,
         coalesce(etl.as_boolean(place -> 'hasState'), located.state is not null) as has_state
    from source
   cross join lateral core.discovered_company(payload) as company
   cross join lateral (
     select case when jsonb_typeof(request -> 'raw_company_location_payload') = 'object' then request -> 'raw_company_location_payload'
              else request -> 'raw_company_parsed_location_payload' end as place
   ) as part
   cross join lateral (select etl.as_text(place -> 'city') as city, etl.as_text(place -> 'state') as state) as located
$$);

select core.offer_discovered_company('extracted.company_discovery_location_parsed');

select etl.coalesces('extracted.company_discovery_location_parsed', 'core.company_locations', source => 'clay', as_select => $$
  select domain, city, state, country, location as raw_location, country as raw_country, city is not null as has_city, state is not null as has_state
    from source
   where num_nonnulls(city, state, country) > 0
$$);

select etl.responds('clay-find-companies-location-parsed', $$
  select source.raw_payload_id, etl.record_id('extracted.company_discovery_location_parsed', domain) as extracted_id
    from source
$$);
