-- Entered by hand: landed like every payload, so that it has an origin too.
select etl.raw_family('company_public_payloads', '{"domain": "payload.entity_key", "payload": "payload.payload"}');

select etl.workflow('company-public',
  type => 'upsert',
  entity => 'company',
  path => '/run/companies/manual/public-company-check/ingest',
  provider => 'manual',
  platform => 'db',
  payload_type => 'enrichment',
  legacy_function => 'ingest_public_company',
  description => 'Mark a company as publicly traded.',
  family => 'company_public_payloads',
  key_field => 'domain',
  core_tables => '{core.company_public,core.companies,core.company_social_urls,core.company_types}',
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "company_name": {"type": ["string", "null"], "description": "Left out: stays as it is."},
      "linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company. Left out: stays as it is."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "company_name": {"type": ["string", "null"], "description": "As received."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "domain": "acme.example",
    "workflow_slug": "company-public",
    "company_name": "Acme Example Inc.",
    "linkedin_url": "https://www.linkedin.com/company/acme-example"
  }'
);

select etl.extracts('company-public', 'extracted.company_public', key => '{domain}', as_select => $$
  select domain, etl.as_text(payload -> 'company_name') as company_name, etl.as_text(payload -> 'linkedin_url') as linkedin_url
    from source
$$);

select etl.coalesces('extracted.company_public', 'core.company_public', source => 'manual', as_select => $$
  select domain, company_name, linkedin_url
    from source
$$);

select etl.coalesces('extracted.company_public', 'core.companies', source => 'manual', as_select => $$
  select domain, company_name as name, linkedin_url
    from source
$$);

select etl.coalesces('extracted.company_public', 'core.company_social_urls', source => 'manual', as_select => $$
  select domain, linkedin_url
    from source
   where linkedin_url is not null
$$);

select etl.coalesces('extracted.company_public', 'core.company_types', source => 'manual', as_select => $$
  select domain, 'Public Company' as raw_type, 'Public Company' as matched_type
    from source
$$);

select etl.responds('company-public', $$
  select source.raw_payload_id, domain, etl.as_text(payload -> 'company_name') as company_name
    from source
$$);
