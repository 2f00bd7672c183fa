-- Clay's company profile, taken from LinkedIn. The old system kept it in extracted; here it feeds core.
select etl.raw_family('company_payloads', '{
  "company_domain": "payload.entity_key", "workflow_slug": "payload.workflow_slug", "provider": "payload.provider", "platform": "payload.platform",
  "payload_type": "payload.payload_type", "raw_payload": "payload.payload"
}');

select etl.workflow('clay-company-firmographics',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-native/firmographics/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'firmographics',
  legacy_function => 'ingest_clay_company_firmo',
  description => 'Store Clay''s company profile, flatten it to one row per company, and carry name, size, type, industry, location, description and specialties to core.',
  family => 'company_payloads',
  key_field => 'company_domain',
  payload_field => 'raw_payload',
  observed_at => $$etl.as_timestamptz(payload -> 'last_refresh')$$,
  core_tables => array[
    'core.companies', 'core.company_names', 'core.company_social_urls', 'core.company_employee_range', 'core.company_employee_ranges',
    'core.company_types', 'core.company_industries', 'core.company_descriptions', 'core.company_locations', 'core.company_keywords'
  ],
  request_schema => '{
    "type": "object",
    "required": ["company_domain", "raw_payload"],
    "properties": {
      "company_domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given.", "default": "clay-company-firmographics"},
      "raw_payload": {
        "type": "object",
        "description": "The company object of Clay, unchanged.",
        "properties": {
          "url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
          "slug": {"type": ["string", "null"], "description": "Its name in the LinkedIn URL."},
          "org_id": {"type": ["string", "integer", "null"], "format": "int64", "description": "LinkedIn number of the company."},
          "company_id": {"type": ["string", "integer", "null"], "format": "int64", "description": "Clay''s id of the company."},
          "name": {"type": ["string", "null"]},
          "description": {"type": ["string", "null"]},
          "website": {"type": ["string", "null"]},
          "logo_url": {"type": ["string", "null"]},
          "type": {"type": ["string", "null"], "description": "Such as Privately Held; looked up in reference.company_type_lookup."},
          "industry": {"type": ["string", "null"], "maxLength": 500, "description": "Looked up in reference.industry_lookup."},
          "founded": {"type": ["integer", "null"], "description": "Year."},
          "size": {"type": ["string", "null"], "description": "Such as 51-200 employees; looked up in reference.employee_range_lookup."},
          "employee_count": {"type": ["integer", "null"], "description": "Decides the size where the size text is not known."},
          "follower_count": {"type": ["integer", "null"]},
          "country": {"type": ["string", "null"], "maxLength": 500},
          "locality": {"type": ["string", "null"], "maxLength": 500, "description": "Looked up in reference.location_lookup."},
          "locations": {
            "type": ["array", "null"],
            "items": {
              "type": ["object", "null"],
              "properties": {
                "is_primary": {"type": ["boolean", "null"]},
                "city": {"type": ["string", "null"]},
                "country": {"type": ["string", "null"], "maxLength": 500, "description": "Usually a country code."}
              }
            }
          },
          "specialties": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}, "description": "Become keywords."},
          "last_refresh": {"type": ["string", "null"], "format": "date-time", "description": "When Clay took it from LinkedIn: decides what is newer."}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.company_firmographics."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "company_domain": "acme.example",
    "workflow_slug": "clay-company-firmographics",
    "raw_payload": {
      "url": "https://www.linkedin.com/company/acme-example/",
      "slug": "acme-example",
      "org_id": "12345",
      "company_id": "clay_abc123",
      "name": "Acme Example",
      "description": "Acme Example makes rockets out of paper.",
      "website": "https://acme.example",
      "logo_url": "https://acme.example/logo.png",
      "type": "Privately Held",
      "industry": "Software",
      "founded": 2010,
      "size": "51-200 employees",
      "employee_count": 150,
      "follower_count": 5000,
      "country": "United States",
      "locality": "San Francisco, California, United States",
      "locations": [
        {"is_primary": false, "city": "Springfield", "country": "US"},
        {"is_primary": true, "city": "San Francisco", "country": "US"}
      ],
      "specialties": ["Paper Rockets", "Assembly Kits"],
      "last_refresh": "2026-01-10T12:00:00Z"
    }
  }'
);

select etl.extracts('clay-company-firmographics', 'extracted.company_firmographics', key => '{domain}', as_select => $$
  select domain, domain as company_domain, etl.as_text(payload -> 'url') as linkedin_url, etl.as_text(payload -> 'slug') as linkedin_slug,
         etl.as_bigint(payload -> 'org_id') as linkedin_org_id, etl.as_text_or_number(payload -> 'company_id') as clay_company_id,
         etl.as_text(payload -> 'name') as name, etl.as_text(payload -> 'description') as description, etl.as_text(payload -> 'website') as website,
         etl.as_text(payload -> 'logo_url') as logo_url, etl.as_text(payload -> 'type') as company_type,
         etl.as_text(payload -> 'industry', 500) as industry, known.industry_cleaned as matched_industry,
         etl.as_integer(payload -> 'founded') as founded_year, etl.as_text(payload -> 'size') as size_range,
         etl.as_integer(payload -> 'employee_count') as employee_count, etl.as_integer(payload -> 'follower_count') as follower_count,
         etl.as_text(payload -> 'country', 500) as country, etl.as_text(payload -> 'locality', 500) as locality,
         office.element as primary_location, nullif(etl.as_array(payload -> 'locations'), '[]') as all_locations,
         nullif(etl.as_array(payload -> 'specialties'), '[]') as specialties, etl.as_timestamptz(payload -> 'last_refresh') as source_last_refresh
    from source
    left join reference.industry_lookup as known on known.match_key = etl.fold(etl.as_text(payload -> 'industry', 500))
    left join lateral (
      -- the primary office, else the first
      select location.element
        from etl.elements(payload -> 'locations') as location
       where jsonb_typeof(location.element) = 'object'
       order by coalesce(etl.as_boolean(location.element -> 'is_primary'), false) desc, location.ordinality
       limit 1
    ) as office on true
$$);

select etl.looks_up('extracted.company_firmographics', 'size_range', 'reference.employee_range_lookup');
select etl.looks_up('extracted.company_firmographics', 'company_type', 'reference.company_type_lookup');
select etl.looks_up('extracted.company_firmographics', 'industry', 'reference.industry_lookup');
select etl.looks_up('extracted.company_firmographics', 'locality', 'reference.location_lookup');

select etl.coalesces('extracted.company_firmographics', 'core.companies', source => 'clay', as_select => $$
  select domain, name, linkedin_url
    from source
$$);

select etl.coalesces('extracted.company_firmographics', 'core.company_names', source => 'clay', as_select => $$
  select domain, name as raw_name, linkedin_url
    from source
   where name is not null
$$);

select etl.coalesces('extracted.company_firmographics', 'core.company_social_urls', source => 'clay', as_select => $$
  select domain, linkedin_url
    from source
   where linkedin_url is not null
$$);

select etl.coalesces('extracted.company_firmographics', 'core.company_employee_range', source => 'clay', as_select => $$
  select domain, sized.employee_range
    from source
    left join reference.employee_range_lookup on match_key = etl.fold(size_range)
   cross join lateral (select coalesce(size_cleaned, reference.employee_range_of(employee_count)) as employee_range) as sized
   where sized.employee_range is not null
$$);

select etl.coalesces('extracted.company_firmographics', 'core.company_employee_ranges', source => 'clay', as_select => $$
  select domain, size_range as raw_size, employee_count as raw_employee_count,
         coalesce(size_cleaned, reference.employee_range_of(employee_count)) as matched_employee_range
    from source
    left join reference.employee_range_lookup on match_key = etl.fold(size_range)
   where num_nonnulls(size_range, employee_count) > 0
$$);

select etl.coalesces('extracted.company_firmographics', 'core.company_types', source => 'clay', as_select => $$
  select domain, company_type as raw_type, matched_type
    from source
    left join reference.company_type_lookup on match_key = etl.fold(company_type)
   where company_type is not null
$$);

-- Only an industry that the lookup knows: the rule of the table believes every source but CompanyEnrich to be cleaned.
select etl.coalesces('extracted.company_firmographics', 'core.company_industries', source => 'clay', as_select => $$
  select domain, industry as raw_industry, industry_cleaned as matched_industry
    from source
    join reference.industry_lookup on match_key = etl.fold(industry)
$$);

select etl.coalesces('extracted.company_firmographics', 'reference.company_industries', source => 'clay', as_select => $$
  select coalesce(industry_cleaned, industry) as name
    from source
    left join reference.industry_lookup on match_key = etl.fold(industry)
   where industry is not null
$$);

select etl.coalesces('extracted.company_firmographics', 'core.company_descriptions', source => 'company_firmographics', as_select => $$
  select domain, description
    from source
   where description is not null
$$);

select etl.coalesces('extracted.company_firmographics', 'core.company_locations', source => 'clay', as_select => $$
  select domain, located.city, place.state, located.country, locality as raw_location, source.country as raw_country,
         located.city is not null as has_city, place.state is not null as has_state
    from source
    left join reference.location_lookup as place on place.match_key = etl.fold(locality)
   cross join lateral (
     select coalesce(place.city, etl.as_text(primary_location -> 'city')) as city,
            coalesce(place.country, source.country, etl.as_text(primary_location -> 'country', 500)) as country
   ) as located
   where num_nonnulls(located.city, place.state, located.country) > 0
$$);

select etl.coalesces('extracted.company_firmographics', 'core.company_keywords', source => 'clay', as_select => $$
  select domain, specialty.item as keyword
    from source
   cross join lateral etl.text_elements(specialties) as specialty
$$);

select etl.responds('clay-company-firmographics', $$
  select source.raw_payload_id, etl.record_id('extracted.company_firmographics', domain) as extracted_id
    from source
$$);
