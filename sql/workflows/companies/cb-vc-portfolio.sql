select etl.raw_family('cb_vc_portfolio_payloads', '{
  "company_name": "payload.payload ->> ''company_name''",
  "domain": "payload.entity_key",
  "city": "payload.payload ->> ''city''",
  "state": "payload.payload ->> ''state''",
  "country": "payload.payload ->> ''country''",
  "short_description": "payload.payload ->> ''short_description''",
  "employee_range": "payload.payload ->> ''employee_range''",
  "last_funding_date": "payload.payload ->> ''last_funding_date''",
  "last_funding_type": "payload.payload ->> ''last_funding_type''",
  "last_funding_amount": "payload.payload ->> ''last_funding_amount''",
  "last_equity_funding_type": "payload.payload ->> ''last_equity_funding_type''",
  "last_leadership_hiring_date": "payload.payload ->> ''last_leadership_hiring_date''",
  "founded_date": "payload.payload ->> ''founded_date''",
  "estimated_revenue_range": "payload.payload ->> ''estimated_revenue_range''",
  "funding_status": "payload.payload ->> ''funding_status''",
  "total_funding_amount": "payload.payload ->> ''total_funding_amount''",
  "total_equity_funding_amount": "payload.payload ->> ''total_equity_funding_amount''",
  "operating_status": "payload.payload ->> ''operating_status''",
  "company_linkedin_url": "payload.payload ->> ''company_linkedin_url''",
  "vc": "payload.payload ->> ''vc''",
  "vc1": "payload.payload ->> ''vc1''",
  "vc2": "payload.payload ->> ''vc2''",
  "vc3": "payload.payload ->> ''vc3''",
  "vc4": "payload.payload ->> ''vc4''",
  "vc5": "payload.payload ->> ''vc5''",
  "vc6": "payload.payload ->> ''vc6''",
  "vc7": "payload.payload ->> ''vc7''",
  "vc8": "payload.payload ->> ''vc8''",
  "vc9": "payload.payload ->> ''vc9''",
  "vc10": "payload.payload ->> ''vc10''",
  "vc11": "payload.payload ->> ''vc11''",
  "vc12": "payload.payload ->> ''vc12''"
}');

select etl.workflow('cb-vc-portfolio',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/cb/vc-portfolio/ingest',
  provider => 'crunchbase',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_cb_vc_portfolio',
  description => 'Store a Crunchbase company with its funding and its investors, one row per investor.',
  family => 'cb_vc_portfolio_payloads',
  key_field => 'domain',
  core_tables => array[
    'core.companies', 'core.company_names', 'core.company_social_urls', 'core.company_locations', 'core.company_descriptions',
    'core.company_employee_range', 'core.company_employee_ranges', 'core.company_revenue', 'core.company_funding_rounds',
    'core.company_vc_investors', 'core.company_vc_backed'
  ],
  request_schema => '{
    "type": "object",
    "required": ["domain", "company_name"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company."},
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "city": {"type": ["string", "null"]},
      "state": {"type": ["string", "null"]},
      "country": {"type": ["string", "null"], "maxLength": 500},
      "short_description": {"type": ["string", "null"], "description": "Becomes the description."},
      "employee_range": {"type": ["string", "null"], "description": "Looked up in reference.employee_range_lookup."},
      "last_funding_date": {"type": ["string", "null"], "description": "With last_funding_type a row of core.company_funding_rounds."},
      "last_funding_type": {"type": ["string", "null"], "maxLength": 200},
      "last_funding_amount": {"type": ["string", "number", "null"], "description": "As the provider writes it."},
      "last_equity_funding_type": {"type": ["string", "null"]},
      "last_leadership_hiring_date": {"type": ["string", "null"]},
      "founded_date": {"type": ["string", "number", "null"]},
      "estimated_revenue_range": {"type": ["string", "null"], "description": "Looked up in reference.revenue_range_lookup."},
      "funding_status": {"type": ["string", "null"]},
      "total_funding_amount": {"type": ["string", "number", "null"]},
      "total_equity_funding_amount": {"type": ["string", "number", "null"]},
      "operating_status": {"type": ["string", "null"]},
      "company_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
      "vc": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc1": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc2": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc3": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc4": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc5": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc6": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc7": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc8": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc9": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc10": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc11": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."},
      "vc12": {"type": ["string", "null"], "maxLength": 500, "description": "An investor; looked up in reference.vc_name_aliases."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "vc_count": {"type": "integer", "description": "Distinct investors of the payload."},
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
    "domain": "acme.example",
    "city": "Springfield",
    "state": "Illinois",
    "country": "United States",
    "short_description": "Paper rockets for everyone.",
    "employee_range": "51-200",
    "last_funding_date": "2025-03-01",
    "last_funding_type": "Series A",
    "last_funding_amount": "12000000",
    "last_equity_funding_type": "Series A",
    "last_leadership_hiring_date": "2025-04-01",
    "founded_date": "2011",
    "estimated_revenue_range": "10m-50m",
    "funding_status": "Early Stage Venture",
    "total_funding_amount": "15000000",
    "total_equity_funding_amount": "15000000",
    "operating_status": "Active",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "vc": "Sequoia Capital",
    "vc1": "NEA",
    "vc2": "Example Ventures 1",
    "vc3": "Example Ventures 2",
    "vc4": "Example Ventures 3",
    "vc5": "Example Ventures 4",
    "vc6": "Example Ventures 5",
    "vc7": "Example Ventures 6",
    "vc8": "Example Ventures 7",
    "vc9": "Example Ventures 8",
    "vc10": "Example Ventures 9",
    "vc11": "Example Ventures 10",
    "vc12": "Example Ventures 11"
  }'
);

-- Without investors one row keeps what is said of the company.
select etl.extracts('cb-vc-portfolio', 'extracted.cb_vc_portfolio', key => '{domain,vc_name}', as_select => $$
  select domain, etl.as_text(payload -> 'company_name') as company_name, investor.vc_name,
         etl.as_text(payload -> 'city') as city,
         etl.as_text(payload -> 'state') as state,
         etl.as_text(payload -> 'country', 500) as country,
         etl.as_text(payload -> 'short_description') as short_description,
         etl.as_text(payload -> 'employee_range') as employee_range,
         etl.as_text(payload -> 'last_funding_date') as last_funding_date,
         etl.as_text(payload -> 'last_funding_type', 200) as last_funding_type,
         etl.as_text_or_number(payload -> 'last_funding_amount') as last_funding_amount,
         etl.as_text(payload -> 'last_equity_funding_type') as last_equity_funding_type,
         etl.as_text(payload -> 'last_leadership_hiring_date') as last_leadership_hiring_date,
         etl.as_text_or_number(payload -> 'founded_date') as founded_date,
         etl.as_text(payload -> 'estimated_revenue_range') as estimated_revenue_range,
         etl.as_text(payload -> 'funding_status') as funding_status,
         etl.as_text_or_number(payload -> 'total_funding_amount') as total_funding_amount,
         etl.as_text_or_number(payload -> 'total_equity_funding_amount') as total_equity_funding_amount,
         etl.as_text(payload -> 'operating_status') as operating_status,
         etl.as_text(payload -> 'company_linkedin_url') as company_linkedin_url
    from source
    left join lateral core.numbered_investors(payload, 'vc') as investor on true
$$);

select core.offer_company_profile('extracted.cb_vc_portfolio', 'cb_vc_portfolio', name => 'company_name', linkedin_url => 'company_linkedin_url',
  description => 'short_description', tagline => 'null::text');
select core.offer_company_investors('extracted.cb_vc_portfolio', 'cb_vc_portfolio');

select etl.looks_up('extracted.cb_vc_portfolio', 'estimated_revenue_range', 'reference.revenue_range_lookup');

select etl.coalesces('extracted.cb_vc_portfolio', 'core.company_revenue', source => 'cb_vc_portfolio', as_select => $$
  select domain, estimated_revenue_range as raw_revenue_range, matched_revenue_range
    from source
    left join reference.revenue_range_lookup on match_key = etl.fold(estimated_revenue_range)
   where estimated_revenue_range is not null
$$);

-- Who invested in the last round is not known, only who ever did.
select etl.coalesces('extracted.cb_vc_portfolio', 'core.company_funding_rounds', source => 'cb_vc_portfolio', as_select => $$
  select domain, etl.as_timestamptz(to_jsonb(last_funding_date)) as funding_date, last_funding_type as funding_type, last_funding_amount as amount
    from source
   where num_nonnulls(etl.as_timestamptz(to_jsonb(last_funding_date)), last_funding_type) > 0
$$);

select etl.responds('cb-vc-portfolio', $$
  select source.raw_payload_id, (select count(*) from core.numbered_investors(payload, 'vc')) as vc_count
    from source
$$);
