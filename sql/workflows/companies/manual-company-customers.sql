select etl.raw_family('manual_company_customer_payloads', '{"origin_company_domain": "payload.entity_key", "payload": "payload.payload"}');

select etl.workflow('manual-company-customers',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/manual/customers/ingest',
  provider => 'manual',
  platform => 'manual',
  payload_type => 'customer_research',
  legacy_function => 'ingest_manual_comp_customer',
  description => 'Store one customer of a company, collected by hand.',
  family => 'manual_company_customer_payloads',
  key_field => 'origin_company_domain',
  -- the name is part of a key
  refuses => $$
    case when etl.as_text(payload -> 'company_customer_name', 500) is null then
      '[{"pointer": "/company_customer_name", "detail": "Expected a name of at most 500 characters."}]'::jsonb
    end
  $$,
  core_tables => '{core.company_customers,core.companies,core.company_names,core.company_social_urls}',
  request_schema => '{
    "type": "object",
    "required": ["origin_company_domain", "company_customer_name"],
    "properties": {
      "origin_company_domain": {"type": "string", "description": "Domain of the company that has the customer; a URL is reduced to its host."},
      "origin_company_name": {"type": ["string", "null"], "description": "Name of that company."},
      "origin_company_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of that company."},
      "company_customer_name": {"type": "string", "maxLength": 500, "description": "Name of the customer."},
      "company_customer_domain": {"type": ["string", "null"], "description": "Domain of the customer; a URL is reduced to its host."},
      "company_customer_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the customer."},
      "case_study_url": {"type": ["string", "null"], "description": "Case study about the customer."},
      "has_case_study": {"type": ["boolean", "null"], "description": "Left out: not known."},
      "source_notes": {"type": ["string", "null"], "description": "Where it was found."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "id": {"type": "string", "format": "uuid", "description": "Id of the row of raw.manual_company_customers."},
      "origin_company_domain": {"type": "string", "description": "The domain, normalised."},
      "company_customer_name": {"type": "string"},
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
    "origin_company_domain": "acme.example",
    "origin_company_name": "Acme Example",
    "origin_company_linkedin_url": "https://www.linkedin.com/company/acme-example/",
    "company_customer_name": "Globex Example",
    "company_customer_domain": "http://www.globex.example",
    "company_customer_linkedin_url": "https://www.linkedin.com/company/globex-example",
    "case_study_url": "https://acme.example/customers/globex",
    "has_case_study": true,
    "source_notes": "manual entry",
    "workflow_slug": "manual-company-customers"
  }'
);

select etl.extracts('manual-company-customers', 'extracted.manual_company_customers', key => '{domain,customer_key}', as_select => $$
  select domain, etl.as_text(payload -> 'origin_company_name') as origin_company_name,
         etl.as_text(payload -> 'origin_company_linkedin_url') as origin_company_linkedin_url,
         etl.fold(etl.as_text(payload -> 'company_customer_name', 500)) as customer_key,
         etl.as_text(payload -> 'company_customer_name', 500) as company_customer_name,
         etl.normalize_domain(etl.as_text(payload -> 'company_customer_domain')) as company_customer_domain,
         etl.as_text(payload -> 'company_customer_linkedin_url') as company_customer_linkedin_url, etl.as_text(payload -> 'case_study_url') as case_study_url,
         etl.as_boolean(payload -> 'has_case_study') as has_case_study, etl.as_text(payload -> 'source_notes') as source_notes
    from source
$$);

select core.offer_company_customers('extracted.manual_company_customers', 'manual', customer_name => 'company_customer_name',
  customer_domain => 'company_customer_domain');

-- One feed offers the company itself and its customer: so it counts as being about others.
select etl.coalesces('extracted.manual_company_customers', 'core.companies', source => 'manual_company_customers', is_foreign => true, as_select => $$
  select named.domain, named.name, named.linkedin_url
    from source
   cross join lateral (
     values (domain, origin_company_name, origin_company_linkedin_url), (company_customer_domain, company_customer_name, company_customer_linkedin_url)
   ) as named (domain, name, linkedin_url)
   where named.domain is not null
$$);
select etl.coalesces('extracted.manual_company_customers', 'core.company_names', source => 'manual_company_customers', is_foreign => true, as_select => $$
  select named.domain, named.name as raw_name, named.linkedin_url
    from source
   cross join lateral (
     values (domain, origin_company_name, origin_company_linkedin_url), (company_customer_domain, company_customer_name, company_customer_linkedin_url)
   ) as named (domain, name, linkedin_url)
   where named.domain is not null
     and named.name is not null
$$);
select etl.coalesces('extracted.manual_company_customers', 'core.company_social_urls', source => 'manual_company_customers', is_foreign => true, as_select => $$
  select named.domain, named.linkedin_url
    from source
   cross join lateral (
     values (domain, origin_company_linkedin_url), (company_customer_domain, company_customer_linkedin_url)
   ) as named (domain, linkedin_url)
   where named.domain is not null
     and named.linkedin_url is not null
$$);

select etl.responds('manual-company-customers', $$
  select source.raw_payload_id,
         etl.record_id('extracted.manual_company_customers', domain || E'\x1f' || etl.fold(etl.as_text(payload -> 'company_customer_name', 500))) as id,
         domain as origin_company_domain, etl.as_text(payload -> 'company_customer_name', 500) as company_customer_name
    from source
$$);
