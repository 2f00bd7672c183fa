select etl.raw_family('vc_portfolio_payloads', '{
  "vc_name": "payload.payload ->> ''vc_name''",
  "company_name": "payload.payload ->> ''company_name''",
  "domain": "payload.entity_key",
  "linkedin_url": "payload.payload ->> ''linkedin_url''",
  "short_description": "payload.payload ->> ''short_description''",
  "long_description": "payload.payload ->> ''long_description''",
  "city": "payload.payload ->> ''city''",
  "state": "payload.payload ->> ''state''",
  "country": "payload.payload ->> ''country''",
  "employee_range": "payload.payload ->> ''employee_range''",
  "founded_date": "payload.payload ->> ''founded_date''",
  "operating_status": "payload.payload ->> ''operating_status''",
  "workflow_slug": "payload.workflow_slug",
  "raw_payload": "payload.payload"
}');

select etl.workflow('vc-portfolio',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay/vc-portfolio/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_vc_portfolio',
  description => 'Store one company of the portfolio of a venture capital firm.',
  family => 'vc_portfolio_payloads',
  key_field => 'domain',
  core_tables => array[
    'core.companies', 'core.company_names', 'core.company_social_urls', 'core.company_locations', 'core.company_descriptions',
    'core.company_employee_range', 'core.company_employee_ranges', 'core.company_vc_investors', 'core.company_vc_backed'
  ],
  request_schema => '{
    "type": "object",
    "required": ["domain", "company_name"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company."},
      "vc_name": {"type": ["string", "null"], "maxLength": 500, "description": "The firm; looked up in reference.vc_name_aliases."},
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
      "short_description": {"type": ["string", "null"], "description": "Becomes the tagline beside a long description, else the description."},
      "long_description": {"type": ["string", "null"], "description": "Becomes the description."},
      "city": {"type": ["string", "null"]},
      "state": {"type": ["string", "null"]},
      "country": {"type": ["string", "null"], "maxLength": 500},
      "employee_range": {"type": ["string", "null"], "description": "Looked up in reference.employee_range_lookup."},
      "founded_date": {"type": ["string", "integer", "null"], "description": "Free text with a year."},
      "operating_status": {"type": ["string", "null"]},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Kept in the payload."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.vc_portfolio."},
      "matched_domain": {"type": ["string", "null"], "description": "Always null: no domains are inferred from Crunchbase here."},
      "match_confidence": {"type": ["string", "null"], "description": "Always null, see matched_domain."},
      "linkedin_updated": {"type": "boolean", "description": "Always false: the LinkedIn page goes to core, by its rule."},
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
    "vc_name": "Sequoia Capital",
    "domain": "acme.example",
    "linkedin_url": "https://www.linkedin.com/company/acme-example",
    "short_description": "Paper rockets for everyone.",
    "long_description": "Acme Example makes rockets out of paper, for people who like to assemble things.",
    "city": "Springfield",
    "state": "Illinois",
    "country": "United States",
    "employee_range": "51-200",
    "founded_date": "2011",
    "operating_status": "Active",
    "workflow_slug": "vc-portfolio",
    "clay_table_url": "https://clay.example/tables/1"
  }'
);

select etl.extracts('vc-portfolio', 'extracted.vc_portfolio', key => '{domain,vc_name}', as_select => $$
  select domain, coalesce(canonical_name, firm.raw_vc_name) as vc_name, firm.raw_vc_name, etl.as_text(payload -> 'company_name') as company_name,
         etl.as_text(payload -> 'linkedin_url') as linkedin_url, etl.as_text(payload -> 'short_description') as short_description,
         etl.as_text(payload -> 'long_description') as long_description, etl.as_text(payload -> 'city') as city, etl.as_text(payload -> 'state') as state,
         etl.as_text(payload -> 'country', 500) as country, etl.as_text(payload -> 'employee_range') as employee_range,
         etl.as_text_or_number(payload -> 'founded_date') as founded_date, etl.as_text(payload -> 'operating_status') as operating_status
    from source
   cross join lateral (select etl.as_text(payload -> 'vc_name', 500) as raw_vc_name) as firm
    left join reference.vc_name_aliases on match_key = etl.fold(firm.raw_vc_name)
$$);

select core.offer_company_profile('extracted.vc_portfolio', 'vc_portfolio', name => 'company_name', linkedin_url => 'linkedin_url',
  description => 'coalesce(long_description, short_description)', tagline => 'case when long_description is not null then short_description end');
select core.offer_company_investors('extracted.vc_portfolio', 'vc_portfolio', vc_name => 'raw_vc_name');

select etl.responds('vc-portfolio', $$
  select source.raw_payload_id,
         etl.record_id('extracted.vc_portfolio', domain || E'\x1f' || coalesce(canonical_name, etl.as_text(payload -> 'vc_name', 500), E'\x1e')) as extracted_id,
         null::text as matched_domain, null::text as match_confidence, false as linkedin_updated
    from source
    left join reference.vc_name_aliases on match_key = etl.fold(etl.as_text(payload -> 'vc_name', 500))
$$);
