-- Companies of Apollo, cleaned in Clay.
select etl.raw_family('apollo_companies_cleaned', '{
  "domain": "payload.entity_key",
  "raw_payload": "payload.payload"
}');

select etl.workflow('apollo-companies-cleaned',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/apollo/companies-cleaned/ingest',
  provider => 'apollo',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_apollo_companies_cleaned',
  description => 'Store an Apollo company that was cleaned in Clay.',
  family => 'apollo_companies_cleaned',
  key_field => 'domain',
  core_tables => '{core.companies,core.company_names,core.company_employee_range,core.company_employee_ranges,core.company_industries}',
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host. The old function did not ask for it."},
      "apollo_company_url": {"type": ["string", "null"], "maxLength": 500, "description": "Page of the company at Apollo."},
      "company_name": {"type": ["string", "null"]},
      "company_headcount": {"type": ["string", "integer", "null"], "maxLength": 500, "description": "Number or range; looked up in reference.employee_range_lookup."},
      "industry": {"type": ["string", "null"], "maxLength": 500, "description": "Looked up in reference.industry_lookup."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.apollo_companies_cleaned."}
  }'),
  example => '{
    "domain": "acme.example",
    "apollo_company_url": "https://app.apollo.example/companies/1",
    "company_name": "Acme Example",
    "company_headcount": "51-200",
    "industry": "Computer Software"
  }'
);

select etl.extracts('apollo-companies-cleaned', 'extracted.apollo_companies_cleaned', key => '{domain}', as_select => $$
  select domain, etl.as_text(payload -> 'apollo_company_url', 500) as apollo_company_url, etl.as_text(payload -> 'company_name') as company_name,
         left(etl.as_text_or_number(payload -> 'company_headcount'), 500) as company_headcount, etl.as_text(payload -> 'industry', 500) as industry
    from source
$$);

select etl.looks_up('extracted.apollo_companies_cleaned', 'company_headcount', 'reference.employee_range_lookup');
select etl.looks_up('extracted.apollo_companies_cleaned', 'industry', 'reference.industry_lookup');

select core.offer_company_identity('extracted.apollo_companies_cleaned', 'apollo_companies_cleaned', 'company_name');

select etl.coalesces('extracted.apollo_companies_cleaned', 'core.company_employee_range', source => 'apollo_companies_cleaned', as_select => $$
  select domain, coalesce(size_cleaned, reference.employee_range_of(etl.as_integer(to_jsonb(company_headcount)))) as employee_range
    from source
    left join reference.employee_range_lookup on match_key = etl.fold(company_headcount)
   where coalesce(size_cleaned, reference.employee_range_of(etl.as_integer(to_jsonb(company_headcount)))) is not null
$$);

select etl.coalesces('extracted.apollo_companies_cleaned', 'core.company_employee_ranges', source => 'apollo_companies_cleaned', as_select => $$
  select domain, company_headcount as raw_size, etl.as_integer(to_jsonb(company_headcount)) as raw_employee_count,
         coalesce(size_cleaned, reference.employee_range_of(etl.as_integer(to_jsonb(company_headcount)))) as matched_employee_range
    from source
    left join reference.employee_range_lookup on match_key = etl.fold(company_headcount)
   where company_headcount is not null
$$);

select etl.coalesces('extracted.apollo_companies_cleaned', 'core.company_industries', source => 'apollo_companies_cleaned', as_select => $$
  select domain, industry as raw_industry, industry_cleaned as matched_industry
    from source
    join reference.industry_lookup on match_key = etl.fold(industry)
$$);

select etl.responds('apollo-companies-cleaned', $$
  select source.raw_payload_id, etl.record_id('extracted.apollo_companies_cleaned', domain) as id
    from source
$$);
