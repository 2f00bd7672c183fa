-- Companies of an old list of shops.
select etl.raw_family('nostra_ecom_companies', '{
  "domain": "payload.entity_key",
  "workflow_slug": "coalesce(payload.payload ->> ''workflow_slug'', payload.workflow_slug)",
  "raw_payload": "payload.payload"
}');

select etl.workflow('nostra-ecom-companies',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/nostra/ecom-companies/ingest',
  provider => 'nostra',
  platform => 'nostra',
  payload_type => 'enrichment',
  aliases => '{nostra-ecom-company}',
  legacy_function => 'ingest_nostra_ecom_company',
  description => 'Store one company of an old e-commerce company list.',
  family => 'nostra_ecom_companies',
  key_field => 'domain',
  timeout_seconds => 60,
  core_tables => '{core.companies,core.company_names,core.company_descriptions,core.company_locations,core.company_social_urls}',
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "default": "nostra-ecom-companies", "description": "A registered slug."},
      "name": {"type": ["string", "null"]},
      "linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
      "description": {"type": ["string", "null"]},
      "city": {"type": ["string", "null"]},
      "state": {"type": ["string", "null"]},
      "country": {"type": ["string", "null"], "maxLength": 500, "description": "Often a code with a trailing c; looked up in reference.country_lookup."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.nostra_ecom_companies."}
  }'),
  example => '{
    "domain": "acme.example",
    "workflow_slug": "nostra-ecom-companies",
    "name": "Acme Example",
    "linkedin_url": "https://www.linkedin.com/company/acme-example",
    "description": "Makes paper rockets.",
    "city": "Springfield",
    "state": "Illinois",
    "country": "USc"
  }'
);

select etl.extracts('nostra-ecom-companies', 'extracted.nostra_ecom_companies', key => '{domain}', as_select => $$
  select domain,
         etl.as_text(payload -> 'name') as name, etl.as_text(payload -> 'linkedin_url') as linkedin_url,
         etl.as_text(payload -> 'description') as description, etl.as_text(payload -> 'city') as city,
         etl.as_text(payload -> 'state') as state, etl.as_text(payload -> 'country', 500) as country
    from source
$$);

select etl.looks_up('extracted.nostra_ecom_companies', 'country', 'reference.country_lookup');

select etl.coalesces('extracted.nostra_ecom_companies', 'core.companies', source => 'nostra', as_select => $$
  select domain, name, linkedin_url
    from source
$$);

select etl.coalesces('extracted.nostra_ecom_companies', 'core.company_names', source => 'nostra', as_select => $$
  select domain, name as raw_name, linkedin_url
    from source
   where name is not null
$$);

select etl.coalesces('extracted.nostra_ecom_companies', 'core.company_descriptions', source => 'nostra', as_select => $$
  select domain, description
    from source
   where description is not null
$$);

select etl.coalesces('extracted.nostra_ecom_companies', 'core.company_locations', source => 'nostra', as_select => $$
  select domain, source.city, source.state, coalesce(known.country, source.country) as country, source.country as raw_country,
         source.city is not null as has_city, source.state is not null as has_state
    from source
    left join reference.country_lookup as known on known.match_key = etl.fold(source.country)
   where num_nonnulls(source.city, source.state, source.country) > 0
$$);

select etl.coalesces('extracted.nostra_ecom_companies', 'core.company_social_urls', source => 'nostra', as_select => $$
  select domain, linkedin_url
    from source
   where linkedin_url is not null
$$);

select etl.responds('nostra-ecom-companies', $$
  select source.raw_payload_id, etl.record_id('extracted.nostra_ecom_companies', domain) as extracted_id
    from source
$$);
