-- A call without a cleaned name is stored and changes nothing: it must not erase the name that is known.
select etl.raw_family('clay_cleaned_company_names', '{
  "domain": "payload.entity_key", "original_company_name": "payload.payload ->> ''original_company_name''",
  "cleaned_company_name": "payload.payload ->> ''cleaned_company_name''", "raw_payload": "payload.payload"
}');

select etl.workflow('clay-cleaned-company-name',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-native/normalize-company/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'enrichment',
  aliases => '{cleaned-company-name}',
  legacy_function => 'ingest_cleaned_company_name',
  description => 'Keep the cleaned name of a company, as it was made in Clay, and show it as the company''s name.',
  family => 'clay_cleaned_company_names',
  key_field => 'domain',
  core_tables => '{core.companies,core.company_names}',
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "original_company_name": {"type": ["string", "null"], "maxLength": 500, "description": "Name before cleaning."},
      "cleaned_company_name": {"type": ["string", "null"], "maxLength": 500, "description": "Name as it should be shown. Left out: the known one stays."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of extracted.cleaned_company_names, null when no cleaned name is known."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "cleaned_company_name": {"type": ["string", "null"], "description": "The cleaned name that is now known."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "domain": "acme.example",
    "workflow_slug": "clay-cleaned-company-name",
    "original_company_name": "ACME Example, Inc. (Headquarters)",
    "cleaned_company_name": "Acme Example"
  }'
);

select etl.extracts('clay-cleaned-company-name', 'extracted.cleaned_company_names', key => '{domain}', as_select => $$
  select domain, etl.as_text(payload -> 'original_company_name', 500) as original_company_name, named.cleaned_company_name, 'clay' as source
    from source
   cross join lateral (select etl.as_text(payload -> 'cleaned_company_name', 500) as cleaned_company_name) as named
   where named.cleaned_company_name is not null
$$);

-- A source of its own, so that its rank can be stated apart from what Clay knows of the company otherwise.
select etl.coalesces('extracted.cleaned_company_names', 'core.companies', source => 'clay-cleaned', as_select => $$
  select domain, cleaned_company_name as cleaned_name
    from source
$$);

select etl.coalesces('extracted.cleaned_company_names', 'core.company_names', source => 'clay-cleaned', as_select => $$
  select domain, original_company_name as raw_name, cleaned_company_name as cleaned_name
    from source
$$);

select etl.responds('clay-cleaned-company-name', $$
  select source.raw_payload_id, cleaned.id as extracted_id, source.domain, cleaned.cleaned_company_name
    from source
    left join extracted.cleaned_company_names as cleaned on cleaned.domain = source.domain
$$);
