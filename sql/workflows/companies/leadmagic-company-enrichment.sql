-- LeadMagic's company profile, delivered through Clay. The whole body is the payload, as the profile may be left out.
select etl.raw_family('leadmagic_company_enrichment', '{
  "domain": "payload.entity_key", "company_name": "payload.payload ->> ''company_name''", "linkedin_url": "payload.payload ->> ''linkedin_url''",
  "workflow_slug": "payload.workflow_slug", "raw_payload": "payload.payload -> ''raw_payload''"
}');

select etl.workflow('leadmagic-company-enrichment',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-leadmagic/enrich/ingest',
  provider => 'leadmagic',
  platform => 'clay',
  payload_type => 'enrichment',
  aliases => '{leadmagic-company}',
  legacy_function => 'ingest_leadmagic_company',
  description => 'Store a LeadMagic company profile, flatten it to one row per company, and carry what it says to core.',
  family => 'leadmagic_company_enrichment',
  key_field => 'domain',
  core_tables => array[
    'core.companies', 'core.company_names', 'core.company_social_urls', 'core.company_employee_range', 'core.company_employee_ranges',
    'core.company_industries', 'core.company_descriptions', 'core.company_locations', 'core.company_keywords'
  ],
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "company_name": {"type": ["string", "null"], "description": "Left out: companyName of the profile."},
      "linkedin_url": {"type": ["string", "null"], "description": "Left out: url of the profile."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given.", "default": "leadmagic-company-enrichment"},
      "raw_payload": {
        "type": ["object", "null"],
        "description": "The company object of LeadMagic, unchanged.",
        "properties": {
          "companyName": {"type": ["string", "null"]},
          "url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
          "companyId": {"type": ["string", "integer", "null"], "format": "int64", "description": "LinkedIn number of the company."},
          "universalName": {"type": ["string", "null"]},
          "description": {"type": ["string", "null"]},
          "tagline": {"type": ["string", "null"]},
          "industry": {"type": ["string", "null"], "maxLength": 500, "description": "Looked up in reference.industry_lookup."},
          "websiteUrl": {"type": ["string", "null"]},
          "logoResolutionResult": {"type": ["string", "null"], "description": "URL of the logo."},
          "foundedOn": {"type": ["object", "null"], "properties": {"year": {"type": ["integer", "null"]}}},
          "employeeCount": {"type": ["integer", "null"], "description": "Decides the size where the range is not known."},
          "employeeCountRange": {
            "type": ["object", "null"],
            "description": "As one text, such as 51-200 or 10001+, looked up in reference.employee_range_lookup.",
            "properties": {"start": {"type": ["integer", "null"]}, "end": {"type": ["integer", "null"]}}
          },
          "followerCount": {"type": ["integer", "null"]},
          "headquarter": {
            "type": ["object", "null"],
            "properties": {
              "city": {"type": ["string", "null"]},
              "geographicArea": {"type": ["string", "null"], "description": "State."},
              "country": {"type": ["string", "null"], "maxLength": 500},
              "postalCode": {"type": ["string", "null"]}
            }
          },
          "specialities": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}, "description": "Become keywords."}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.leadmagic_company_enrichment."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "domain": "acme.example",
    "company_name": "Acme Example",
    "linkedin_url": "https://www.linkedin.com/company/acme-example",
    "workflow_slug": "leadmagic-company-enrichment",
    "raw_payload": {
      "companyName": "Acme Example",
      "url": "https://www.linkedin.com/company/acme-example",
      "companyId": 12345,
      "universalName": "acme-example",
      "description": "Acme Example makes rockets out of paper.",
      "tagline": "Paper rockets for everyone.",
      "industry": "Software",
      "websiteUrl": "https://acme.example",
      "logoResolutionResult": "https://acme.example/logo.png",
      "foundedOn": {"year": 2010},
      "employeeCount": 150,
      "employeeCountRange": {"start": 51, "end": 200},
      "followerCount": 5000,
      "headquarter": {"city": "Springfield", "geographicArea": "Illinois", "country": "US", "postalCode": "62701"},
      "specialities": ["Paper Rockets"]
    }
  }'
);

select etl.extracts('leadmagic-company-enrichment', 'extracted.leadmagic_company_enrichment', key => '{domain}', as_select => $$
  select domain, coalesce(etl.as_text(payload -> 'company_name'), etl.as_text(profile -> 'companyName')) as company_name,
         coalesce(etl.as_text(payload -> 'linkedin_url'), etl.as_text(profile -> 'url')) as linkedin_url,
         etl.as_bigint(profile -> 'companyId') as linkedin_company_id, etl.as_text(profile -> 'universalName') as universal_name,
         etl.as_text(profile -> 'description') as description, etl.as_text(profile -> 'tagline') as tagline,
         etl.as_text(profile -> 'industry', 500) as industry, etl.as_text(profile -> 'websiteUrl') as website_url,
         etl.as_text(profile -> 'logoResolutionResult') as logo_url, etl.as_integer(profile -> 'foundedOn' -> 'year') as founded_year,
         etl.as_integer(profile -> 'employeeCount') as employee_count, range.lower as employee_range_start, range.upper as employee_range_end,
         case when range.lower is not null then range.lower || coalesce('-' || range.upper, '+') end as employee_range,
         etl.as_integer(profile -> 'followerCount') as follower_count, etl.as_text(profile -> 'headquarter' -> 'city') as city,
         etl.as_text(profile -> 'headquarter' -> 'geographicArea') as state, etl.as_text(profile -> 'headquarter' -> 'country', 500) as country,
         etl.as_text(profile -> 'headquarter' -> 'postalCode') as postal_code, nullif(etl.as_array(profile -> 'specialities'), '[]') as specialties
    from source
   cross join lateral (select payload -> 'raw_payload' as profile) as part
   cross join lateral (
     select etl.as_integer(profile -> 'employeeCountRange' -> 'start') as lower, etl.as_integer(profile -> 'employeeCountRange' -> 'end') as upper
   ) as range
$$);

select etl.looks_up('extracted.leadmagic_company_enrichment', 'employee_range', 'reference.employee_range_lookup');
select etl.looks_up('extracted.leadmagic_company_enrichment', 'industry', 'reference.industry_lookup');

select etl.coalesces('extracted.leadmagic_company_enrichment', 'core.companies', source => 'leadmagic', as_select => $$
  select domain, company_name as name, linkedin_url
    from source
$$);

select etl.coalesces('extracted.leadmagic_company_enrichment', 'core.company_names', source => 'leadmagic', as_select => $$
  select domain, company_name as raw_name, linkedin_url
    from source
   where company_name is not null
$$);

select etl.coalesces('extracted.leadmagic_company_enrichment', 'core.company_social_urls', source => 'leadmagic', as_select => $$
  select domain, linkedin_url
    from source
   where linkedin_url is not null
$$);

select etl.coalesces('extracted.leadmagic_company_enrichment', 'core.company_employee_range', source => 'leadmagic', as_select => $$
  select domain, sized.employee_range
    from source
    left join reference.employee_range_lookup on match_key = etl.fold(source.employee_range)
   cross join lateral (select coalesce(size_cleaned, reference.employee_range_of(employee_count)) as employee_range) as sized
   where sized.employee_range is not null
$$);

select etl.coalesces('extracted.leadmagic_company_enrichment', 'core.company_employee_ranges', source => 'leadmagic', as_select => $$
  select domain, employee_range as raw_size, employee_count as raw_employee_count,
         coalesce(size_cleaned, reference.employee_range_of(employee_count)) as matched_employee_range
    from source
    left join reference.employee_range_lookup on match_key = etl.fold(employee_range)
   where num_nonnulls(employee_range, employee_count) > 0
$$);

-- Only an industry that the lookup knows: the rule of the table believes every source but CompanyEnrich to be cleaned.
select etl.coalesces('extracted.leadmagic_company_enrichment', 'core.company_industries', source => 'leadmagic', as_select => $$
  select domain, industry as raw_industry, industry_cleaned as matched_industry
    from source
    join reference.industry_lookup on match_key = etl.fold(industry)
$$);

select etl.coalesces('extracted.leadmagic_company_enrichment', 'reference.company_industries', source => 'leadmagic', as_select => $$
  select coalesce(industry_cleaned, industry) as name
    from source
    left join reference.industry_lookup on match_key = etl.fold(industry)
   where industry is not null
$$);

select etl.coalesces('extracted.leadmagic_company_enrichment', 'core.company_descriptions', source => 'leadmagic', as_select => $$
  select domain, description, tagline
    from source
   where num_nonnulls(description, tagline) > 0
$$);

select etl.coalesces('extracted.leadmagic_company_enrichment', 'core.company_locations', source => 'leadmagic', as_select => $$
  select domain, city, state, country, concat_ws(', ', city, state, postal_code, country) as raw_location, country as raw_country,
         city is not null as has_city, state is not null as has_state
    from source
   where num_nonnulls(city, state, country) > 0
$$);

select etl.coalesces('extracted.leadmagic_company_enrichment', 'core.company_keywords', source => 'leadmagic', as_select => $$
  select domain, specialty.item as keyword
    from source
   cross join lateral etl.text_elements(specialties) as specialty
$$);

select etl.responds('leadmagic-company-enrichment', $$
  select source.raw_payload_id, etl.record_id('extracted.leadmagic_company_enrichment', domain) as extracted_id
    from source
$$);
