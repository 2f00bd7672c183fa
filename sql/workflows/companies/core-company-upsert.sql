-- A company as a person enters it: landed like every payload, so that it has an origin too.
select etl.workflow('core-company-upsert',
  type => 'upsert',
  entity => 'company',
  path => '/run/companies/db/core-company/upsert',
  provider => 'internal',
  platform => 'db',
  payload_type => 'company_facts',
  aliases => '{upsert-core-company}',
  legacy_function => 'upsert_core_company',
  description => 'Add a company to core, or correct its name and LinkedIn page; what is left out stays as it is.',
  family => 'core_company_payloads',
  key_field => 'domain',
  timeout_seconds => 30,
  core_tables => '{core.companies,core.company_social_urls}',
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "name": {"type": ["string", "null"], "description": "Name as it should be shown. Left out: stays as it is."},
      "linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company. Left out: stays as it is."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "id": {"type": "string", "format": "uuid", "description": "Id of the row of core.companies."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "domain": "globex.example",
    "workflow_slug": "core-company-upsert",
    "name": "Globex Example",
    "linkedin_url": "https://www.linkedin.com/company/globex-example"
  }'
);

select etl.extracts('core-company-upsert', 'extracted.core_company', key => '{domain}', as_select => $$
  select domain, company.name, company.linkedin_url
    from source
   cross join lateral core.entered_company(payload) as company
$$);

select etl.coalesces('extracted.core_company', 'core.companies', source => 'manual', as_select => $$
  select domain, name, linkedin_url
    from source
$$);

select etl.coalesces('extracted.core_company', 'core.company_social_urls', source => 'manual', as_select => $$
  select domain, linkedin_url
    from source
   where linkedin_url is not null
$$);

select etl.responds('core-company-upsert', $$
  select source.raw_payload_id, etl.record_id('core.companies', domain) as id, domain
    from source
$$);
