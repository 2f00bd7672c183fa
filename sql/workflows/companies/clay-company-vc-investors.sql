select etl.raw_family('company_vc_investors', '{
  "company_name": "payload.payload ->> ''company_name''",
  "company_domain": "payload.entity_key",
  "company_linkedin_url": "payload.payload ->> ''company_linkedin_url''",
  "vc_og": "payload.payload ->> ''vc_og''",
  "vc_1": "payload.payload ->> ''vc_1''",
  "vc_2": "payload.payload ->> ''vc_2''",
  "vc_3": "payload.payload ->> ''vc_3''",
  "vc_4": "payload.payload ->> ''vc_4''",
  "vc_5": "payload.payload ->> ''vc_5''",
  "vc_6": "payload.payload ->> ''vc_6''",
  "vc_7": "payload.payload ->> ''vc_7''",
  "vc_8": "payload.payload ->> ''vc_8''",
  "vc_9": "payload.payload ->> ''vc_9''",
  "vc_10": "payload.payload ->> ''vc_10''",
  "vc_11": "payload.payload ->> ''vc_11''",
  "vc_12": "payload.payload ->> ''vc_12''",
  "workflow_slug": "payload.workflow_slug",
  "raw_payload": "payload.payload"
}');

select etl.workflow('clay-company-vc-investors',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/cb/company-investors/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_company_vc_investors',
  description => 'Store the investors of a company, one row each, with the firm whose portfolio led to it.',
  family => 'company_vc_investors',
  key_field => 'company_domain',
  core_tables => '{core.companies,core.company_names,core.company_social_urls,core.company_vc_investors,core.company_vc_backed}',
  request_schema => '{
    "type": "object",
    "required": ["company_domain", "company_name"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company."},
      "company_domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "company_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
      "vc_og": {"type": ["string", "null"], "maxLength": 500, "description": "The firm whose portfolio led to the company: an investor too."},
      "vc_1": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_2": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_3": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_4": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_5": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_6": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_7": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_8": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_9": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_10": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_11": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc_12": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "vc_count": {"type": "integer", "description": "Distinct investors of the payload, vc_og included."},
      "company_name": {"type": "string"},
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
    "company_name": "Acme Example",
    "company_domain": "acme.example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "vc_og": "Sequoia Capital",
    "vc_1": "NEA",
    "vc_2": "Example Ventures 1",
    "vc_3": "Example Ventures 2",
    "vc_4": "Example Ventures 3",
    "vc_5": "Example Ventures 4",
    "vc_6": "Example Ventures 5",
    "vc_7": "Example Ventures 6",
    "vc_8": "Example Ventures 7",
    "vc_9": "Example Ventures 8",
    "vc_10": "Example Ventures 9",
    "vc_11": "Example Ventures 10",
    "vc_12": "Example Ventures 11",
    "workflow_slug": "clay-company-vc-investors"
  }'
);

select etl.extracts('clay-company-vc-investors', 'extracted.company_vc_investors', key => '{domain,vc_name}', as_select => $$
  select domain, etl.as_text(payload -> 'company_name') as company_name, etl.as_text(payload -> 'company_linkedin_url') as company_linkedin_url,
         etl.as_text(payload -> 'vc_og', 500) as vc_og, investor.vc_name
    from source
   cross join lateral core.numbered_investors(payload, 'vc_') as investor
$$);

select core.offer_company_identity('extracted.company_vc_investors', 'company_vc_investors', 'company_name', 'company_linkedin_url');
select core.offer_company_investors('extracted.company_vc_investors', 'company_vc_investors');

select etl.responds('clay-company-vc-investors', $$
  select source.raw_payload_id, (select count(*) from core.numbered_investors(payload, 'vc_')) as vc_count,
         etl.as_text(payload -> 'company_name') as company_name
    from source
$$);
