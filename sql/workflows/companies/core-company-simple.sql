-- The same as core-company-upsert under an older path: it extracts into the same table, which offers its rows to core.
select etl.workflow('core-company-simple',
  type => 'upsert',
  entity => 'company',
  path => '/run/companies/manual/core-data/ingest',
  provider => 'internal',
  platform => 'db',
  payload_type => 'company_facts',
  legacy_function => 'ingest_core_company_simple',
  description => 'Add a company to core by hand, or correct its name and LinkedIn page; the same as core-company-upsert.',
  family => 'core_company_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
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
      "action": {"type": "string", "enum": ["inserted", "updated"], "description": "inserted when this call made the company known."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "domain": "globex.example",
    "workflow_slug": "core-company-simple",
    "name": "Globex Example",
    "linkedin_url": "https://www.linkedin.com/company/globex-example"
  }'
);

select etl.extracts('core-company-simple', 'extracted.core_company', key => '{domain}', as_select => $$
  select domain, company.name, company.linkedin_url
    from source
   cross join lateral core.entered_company(payload) as company
$$);

select etl.responds('core-company-simple', $$
  select source.raw_payload_id, etl.record_id('core.companies', domain) as id, domain,
         case when exists (
           select
             from core.companies as company
            where company.domain = source.domain
              and company.raw_payload_id = source.raw_payload_id
              and company.created_at = now()
         ) and not exists (
           select
             from raw.payloads as earlier
            where earlier.family = 'core_company_payloads'
              and earlier.entity_key = source.domain
              and earlier.id < source.raw_payload_id
         ) then 'inserted' else 'updated' end as action
    from source
$$);
