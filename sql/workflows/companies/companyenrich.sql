-- CompanyEnrich: one company object becomes a flat row and eleven breakout tables, and feeds sixteen core tables.
select etl.raw_family('companyenrich_payloads', '{"domain": "payload.entity_key", "payload": "payload.payload"}');

select etl.workflow('companyenrich',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/companyenrich/ingest',
  provider => 'companyenrich',
  platform => 'companyenrich',
  payload_type => 'company_profile',
  legacy_function => 'ingest_companyenrich',
  description => 'Store one CompanyEnrich company object and spread it over one flat company row, eleven breakout tables and sixteen core tables.',
  family => 'companyenrich_payloads',
  key_field => 'domain',
  payload_field => 'raw_payload',
  timeout_seconds => 60,
  core_tables => array[
    'core.companies', 'core.company_names', 'core.company_employee_range', 'core.company_revenue',
    'core.company_types', 'core.company_keywords', 'core.company_tech_on_site', 'core.company_categories',
    'core.company_naics_codes', 'core.company_funding_rounds', 'core.company_vc_investors', 'core.company_vc_backed',
    'core.company_social_urls', 'core.company_locations', 'core.company_descriptions', 'core.company_industries'
  ],
  request_schema => '{
    "type": "object",
    "required": ["domain", "raw_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "raw_payload": {
        "type": "object",
        "description": "The CompanyEnrich company object, unchanged.",
        "properties": {
          "id": {"type": ["string", "null"]},
          "name": {"type": ["string", "null"], "description": "Name of the company."},
          "domain": {"type": ["string", "null"]},
          "type": {"type": ["string", "null"], "description": "private, public, self-owned; looked up in reference.company_type_lookup."},
          "website": {"type": ["string", "null"]},
          "revenue": {"type": ["string", "null"], "description": "Range code such as 10m-50m, in US dollars; looked up in reference.revenue_range_lookup."},
          "employees": {"type": ["string", "null"], "description": "Range code such as 1K-5K; looked up in reference.employee_range_lookup."},
          "industry": {"type": ["string", "null"], "maxLength": 500, "description": "Main industry; looked up in reference.industry_lookup."},
          "description": {"type": ["string", "null"]},
          "seo_description": {"type": ["string", "null"], "description": "Becomes the tagline."},
          "founded_year": {"type": ["integer", "null"]},
          "page_rank": {"type": ["number", "null"]},
          "logo_url": {"type": ["string", "null"]},
          "updated_at": {"type": ["string", "null"], "format": "date-time", "description": "When the provider changed it."},
          "industries": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}, "description": "All industries; kept in extracted only."},
          "categories": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}},
          "keywords": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}},
          "technologies": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}, "description": "Names of technologies on the site."},
          "naics_codes": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}},
          "location": {
            "type": ["object", "null"],
            "properties": {
              "address": {"type": ["string", "null"]},
              "phone": {"type": ["string", "null"]},
              "postal_code": {"type": ["string", "null"]},
              "city": {
                "type": ["object", "null"],
                "properties": {
                  "id": {"type": ["integer", "null"]},
                  "name": {"type": ["string", "null"]},
                  "latitude": {"type": ["number", "null"]},
                  "longitude": {"type": ["number", "null"]}
                }
              },
              "state": {
                "type": ["object", "null"],
                "properties": {
                  "id": {"type": ["integer", "null"]},
                  "name": {"type": ["string", "null"]},
                  "code": {"type": ["string", "null"]},
                  "latitude": {"type": ["number", "null"]},
                  "longitude": {"type": ["number", "null"]}
                }
              },
              "country": {
                "type": ["object", "null"],
                "properties": {
                  "name": {"type": ["string", "null"], "maxLength": 500},
                  "code": {"type": ["string", "null"]},
                  "latitude": {"type": ["number", "null"]},
                  "longitude": {"type": ["number", "null"]}
                }
              }
            }
          },
          "socials": {
            "type": ["object", "null"],
            "properties": {
              "linkedin_url": {"type": ["string", "null"]},
              "linkedin_id": {"type": ["string", "null"]},
              "twitter_url": {"type": ["string", "null"]},
              "facebook_url": {"type": ["string", "null"]},
              "github_url": {"type": ["string", "null"]},
              "youtube_url": {"type": ["string", "null"]},
              "instagram_url": {"type": ["string", "null"]},
              "crunchbase_url": {"type": ["string", "null"]},
              "g2_url": {"type": ["string", "null"]},
              "angellist_url": {"type": ["string", "null"]}
            }
          },
          "financial": {
            "type": ["object", "null"],
            "properties": {
              "total_funding": {"type": ["integer", "null"], "format": "int64", "description": "In US dollars."},
              "funding_stage": {"type": ["string", "null"]},
              "funding_date": {"type": ["string", "null"], "format": "date-time"},
              "stock_symbol": {"type": ["string", "null"]},
              "stock_exchange": {"type": ["string", "null"]},
              "funding": {
                "type": ["array", "null"],
                "items": {
                  "type": ["object", "null"],
                  "properties": {
                    "date": {"type": ["string", "null"], "format": "date-time"},
                    "type": {"type": ["string", "null"], "maxLength": 200},
                    "amount": {"type": ["string", "null"], "description": "As the provider writes it, such as 85000000 USD."},
                    "from": {"type": ["string", "null"], "maxLength": 2000, "description": "Investors, separated by commas."},
                    "url": {"type": ["string", "null"]}
                  }
                }
              }
            }
          },
          "subsidiaries": {
            "description": "Names, or objects with name and domain.",
            "type": ["array", "null"],
            "items": {
              "type": ["string", "object", "null"],
              "properties": {"name": {"type": ["string", "null"], "maxLength": 500}, "domain": {"type": ["string", "null"]}}
            }
          }
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.companyenrich_company."},
      "core_company_inserted": {"type": "boolean", "description": "Whether this payload made the company known."},
      "funding_rounds_processed": {"type": "integer", "description": "Distinct rounds of the payload, by date and type."},
      "keywords_count": {"type": "integer", "description": "Distinct keywords of the payload."},
      "technologies_count": {"type": "integer", "description": "Distinct technologies of the payload."},
      "core_tech_on_site_count": {"type": "integer", "description": "Distinct technologies ignoring case and blanks."},
      "investors_count": {"type": "integer", "description": "Distinct investors of the payload."},
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
    "domain": "acme.example",
    "workflow_slug": "companyenrich",
    "raw_payload": {
      "id": "2f6f2f2e-7c1e-4a53-9d1e-1f0f5f6f7a8b",
      "name": "Acme Example",
      "domain": "acme.example",
      "type": "private",
      "website": "https://acme.example",
      "revenue": "10m-50m",
      "employees": "1K-5K",
      "industry": "Software",
      "description": "Acme Example makes rockets out of paper, for people who like to assemble things.",
      "seo_description": "Paper rockets for everyone.",
      "founded_year": 2011,
      "page_rank": 5.2,
      "logo_url": "https://acme.example/logo.png",
      "updated_at": "2026-01-10T12:00:00.037Z",
      "industries": ["Software", "Paper Products"],
      "categories": ["b2b", "saas"],
      "keywords": ["paper rockets", "assembly kits", "model building"],
      "technologies": ["Google-Analytics", "React", "PostgreSQL"],
      "naics_codes": ["541512", "322299"],
      "location": {
        "address": "1 Example Street, Springfield, IL 62701",
        "phone": "+1-555-0100",
        "postal_code": "62701",
        "city": {"id": 4250542, "name": "Springfield", "latitude": 39.8017, "longitude": -89.6437},
        "state": {"id": 4896861, "name": "Illinois", "code": "IL", "latitude": 40.0, "longitude": -89.25},
        "country": {"name": "United States", "code": "US", "latitude": 39.76, "longitude": -98.5}
      },
      "socials": {
        "linkedin_url": "https://www.linkedin.com/company/acme-example",
        "linkedin_id": "1234567",
        "twitter_url": "https://x.com/acmeexample",
        "facebook_url": "https://facebook.com/acmeexample",
        "github_url": "https://github.com/acme-example",
        "youtube_url": "https://youtube.com/@acmeexample",
        "instagram_url": "https://instagram.com/acmeexample",
        "crunchbase_url": "https://crunchbase.com/organization/acme-example",
        "g2_url": "https://g2.com/products/acme-example",
        "angellist_url": "https://angel.co/company/acme-example"
      },
      "financial": {
        "total_funding": 125000000,
        "funding_stage": "series_c",
        "funding_date": "2024-03-20T00:00:00Z",
        "stock_symbol": "ACME",
        "stock_exchange": "NYSE",
        "funding": [
          {
            "date": "2024-03-20T00:00:00Z",
            "type": "Series C",
            "amount": "85000000 USD",
            "from": "Example Capital, Globex Ventures",
            "url": "https://news.example/acme-series-c"
          },
          {
            "date": "2022-05-10T00:00:00Z",
            "type": "Series B",
            "amount": "40000000 USD",
            "from": "Example Capital",
            "url": "https://news.example/acme-series-b"
          }
        ]
      },
      "subsidiaries": ["Acme Kites", {"name": "Acme Balloons", "domain": "balloons.acme.example"}]
    }
  }'
);

-- What comes in ----------------------------------------------------------------------------------------------

select etl.extracts('companyenrich', 'extracted.companyenrich_company', key => '{domain}', as_select => $$
  select domain,
         etl.as_text(payload -> 'id') as companyenrich_id, etl.as_text(payload -> 'name') as name, etl.as_text(payload -> 'type') as type,
         etl.as_text(payload -> 'website') as website, etl.as_text(payload -> 'revenue') as revenue, etl.as_text(payload -> 'employees') as employees,
         etl.as_text(payload -> 'industry', 500) as industry, etl.as_text_array(payload -> 'industries') as industries,
         etl.as_text(payload -> 'description') as description, etl.as_text(payload -> 'seo_description') as seo_description,
         etl.as_integer(payload -> 'founded_year') as founded_year, etl.as_numeric(payload -> 'page_rank') as page_rank,
         etl.as_text(payload -> 'logo_url') as logo_url, etl.as_text_array(payload -> 'categories') as categories,
         etl.as_text_array(payload -> 'keywords') as keywords, etl.as_text_array(payload -> 'technologies') as technologies,
         etl.as_text_array(payload -> 'naics_codes') as naics_codes,
         etl.as_text(location -> 'address') as address, etl.as_text(location -> 'phone') as phone, etl.as_text(location -> 'postal_code') as postal_code,
         etl.as_text(location -> 'city' -> 'name') as city, etl.as_text(location -> 'state' -> 'name') as state, etl.as_text(location -> 'state' -> 'code') as state_code,
         etl.as_text(location -> 'country' -> 'name', 500) as country, etl.as_text(location -> 'country' -> 'code') as country_code,
         etl.as_numeric(location -> 'city' -> 'latitude') as latitude, etl.as_numeric(location -> 'city' -> 'longitude') as longitude,
         etl.as_text(socials -> 'linkedin_url') as linkedin_url, etl.as_text(socials -> 'linkedin_id') as linkedin_id,
         etl.as_text(socials -> 'twitter_url') as twitter_url, etl.as_text(socials -> 'facebook_url') as facebook_url,
         etl.as_text(socials -> 'github_url') as github_url, etl.as_text(socials -> 'youtube_url') as youtube_url,
         etl.as_text(socials -> 'instagram_url') as instagram_url, etl.as_text(socials -> 'crunchbase_url') as crunchbase_url,
         etl.as_text(socials -> 'g2_url') as g2_url, etl.as_text(socials -> 'angellist_url') as angellist_url,
         etl.as_bigint(financial -> 'total_funding') as total_funding, etl.as_text(financial -> 'funding_stage') as funding_stage,
         etl.as_timestamptz(financial -> 'funding_date') as funding_date, etl.as_text(financial -> 'stock_symbol') as stock_symbol,
         etl.as_text(financial -> 'stock_exchange') as stock_exchange, etl.as_timestamptz(payload -> 'updated_at') as companyenrich_updated_at
    from source
   cross join lateral (select payload -> 'location' as location, payload -> 'socials' as socials, payload -> 'financial' as financial) as part
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_keywords', key => '{domain,keyword}', as_select => $$
  select domain, element.item as keyword
    from source
   cross join lateral etl.text_elements(payload -> 'keywords') as element
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_technologies', key => '{domain,technology}', as_select => $$
  select domain, element.item as technology
    from source
   cross join lateral etl.text_elements(payload -> 'technologies') as element
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_industries', key => '{domain,industry}', as_select => $$
  select domain, element.item as industry
    from source
   cross join lateral etl.text_elements(payload -> 'industries') as element
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_categories', key => '{domain,category}', as_select => $$
  select domain, element.item as category
    from source
   cross join lateral etl.text_elements(payload -> 'categories') as element
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_naics_codes', key => '{domain,naics_code}', as_select => $$
  select domain, element.item as naics_code
    from source
   cross join lateral etl.text_elements(payload -> 'naics_codes') as element
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_funding_rounds', key => '{domain,funding_date,funding_type}', as_select => $$
  select domain, etl.as_timestamptz(round.element -> 'date') as funding_date, etl.as_text(round.element -> 'type', 200) as funding_type,
         etl.as_text(round.element -> 'amount') as amount, etl.as_text(round.element -> 'from') as investors, etl.as_text(round.element -> 'url') as url,
         round.ordinality
    from source
   cross join lateral etl.elements(payload -> 'financial' -> 'funding') as round
   where etl.is_filled_object(round.element)
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_vc_investments', key => '{domain,investor_name,funding_date,funding_type}', as_select => $$
  select domain, investor.item as investor_name, dated.funding_date, dated.funding_type, dated.amount, dated.ordinality
    from source
   cross join lateral (
     select etl.as_timestamptz(round.element -> 'date') as funding_date, etl.as_text(round.element -> 'type', 200) as funding_type,
            etl.as_text(round.element -> 'amount') as amount, etl.as_text(round.element -> 'from', 2000) as investors, round.ordinality
       from etl.elements(payload -> 'financial' -> 'funding') as round
     -- once a round, not once an investor
     offset 0
   ) as dated
   cross join lateral etl.split_list(dated.investors) as investor
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_investors', key => '{domain,investor_name}', as_select => $$
  select domain, investor.item as investor_name
    from source
   cross join lateral etl.split_list(
     (select string_agg(etl.as_text(round.element -> 'from', 2000), ',') from etl.elements(payload -> 'financial' -> 'funding') as round)
   ) as investor
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_socials', key => '{domain}', as_select => $$
  select domain,
         etl.as_text(socials -> 'linkedin_url') as linkedin_url, etl.as_text(socials -> 'linkedin_id') as linkedin_id,
         etl.as_text(socials -> 'twitter_url') as twitter_url, etl.as_text(socials -> 'facebook_url') as facebook_url,
         etl.as_text(socials -> 'github_url') as github_url, etl.as_text(socials -> 'youtube_url') as youtube_url,
         etl.as_text(socials -> 'instagram_url') as instagram_url, etl.as_text(socials -> 'crunchbase_url') as crunchbase_url,
         etl.as_text(socials -> 'g2_url') as g2_url, etl.as_text(socials -> 'angellist_url') as angellist_url
    from source
   cross join lateral (select payload -> 'socials' as socials) as part
   where etl.is_filled_object(socials)
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_location', key => '{domain}', as_select => $$
  select domain, etl.as_text(location -> 'address') as address, etl.as_text(location -> 'phone') as phone, etl.as_text(location -> 'postal_code') as postal_code,
         etl.as_text(location -> 'city' -> 'name') as city, etl.as_integer(location -> 'city' -> 'id') as city_id,
         etl.as_text(location -> 'state' -> 'name') as state, etl.as_text(location -> 'state' -> 'code') as state_code,
         etl.as_integer(location -> 'state' -> 'id') as state_id, etl.as_text(location -> 'country' -> 'name', 500) as country,
         etl.as_text(location -> 'country' -> 'code') as country_code, etl.as_numeric(location -> 'city' -> 'latitude') as latitude,
         etl.as_numeric(location -> 'city' -> 'longitude') as longitude
    from source
   cross join lateral (select payload -> 'location' as location) as part
   where etl.is_filled_object(location)
$$);

select etl.extracts('companyenrich', 'extracted.companyenrich_subsidiaries', key => '{domain,subsidiary_name}', as_select => $$
  select domain, named.subsidiary_name, etl.normalize_domain(etl.as_text(subsidiary.element -> 'domain')) as subsidiary_domain,
         case when jsonb_typeof(subsidiary.element) = 'object' then subsidiary.element end as subsidiary_data, subsidiary.ordinality
    from source
   cross join lateral etl.elements(payload -> 'subsidiaries') as subsidiary
   cross join lateral (select coalesce(etl.as_text(subsidiary.element, 500), etl.as_text(subsidiary.element -> 'name', 500)) as subsidiary_name) as named
   where named.subsidiary_name is not null
$$);

-- What it offers to core -------------------------------------------------------------------------------------

select etl.looks_up('extracted.companyenrich_company', 'employees', 'reference.employee_range_lookup');
select etl.looks_up('extracted.companyenrich_company', 'revenue', 'reference.revenue_range_lookup');
select etl.looks_up('extracted.companyenrich_company', 'type', 'reference.company_type_lookup');
select etl.looks_up('extracted.companyenrich_company', 'industry', 'reference.industry_lookup');

select etl.coalesces('extracted.companyenrich_company', 'core.companies', source => 'companyenrich', as_select => $$
  select domain, name, linkedin_url
    from source
$$);

select etl.coalesces('extracted.companyenrich_company', 'core.company_names', source => 'companyenrich', as_select => $$
  select domain, name as raw_name, linkedin_url
    from source
   where name is not null
$$);

select etl.coalesces('extracted.companyenrich_company', 'core.company_employee_range', source => 'companyenrich', as_select => $$
  select domain, size_cleaned as employee_range
    from source
    join reference.employee_range_lookup on match_key = etl.fold(employees)
$$);

select etl.coalesces('extracted.companyenrich_company', 'core.company_revenue', source => 'companyenrich', as_select => $$
  select domain, revenue as raw_revenue_range, matched_revenue_range
    from source
    left join reference.revenue_range_lookup on match_key = etl.fold(revenue)
   where revenue is not null
$$);

select etl.coalesces('extracted.companyenrich_company', 'core.company_types', source => 'companyenrich', as_select => $$
  select domain, type as raw_type, matched_type
    from source
    left join reference.company_type_lookup on match_key = etl.fold(type)
   where type is not null
$$);

select etl.coalesces('extracted.companyenrich_company', 'core.company_descriptions', source => 'companyenrich', as_select => $$
  select domain, description, seo_description as tagline
    from source
   where num_nonnulls(description, seo_description) > 0
$$);

select etl.coalesces('extracted.companyenrich_company', 'core.company_industries', source => 'companyenrich', as_select => $$
  select domain, industry as raw_industry, coalesce(industry_cleaned, industry) as matched_industry
    from source
    left join reference.industry_lookup on match_key = etl.fold(industry)
   where industry is not null
$$);

select etl.coalesces('extracted.companyenrich_company', 'reference.company_industries', source => 'companyenrich', as_select => $$
  select coalesce(industry_cleaned, industry) as name
    from source
    left join reference.industry_lookup on match_key = etl.fold(industry)
   where industry is not null
$$);

select etl.coalesces('extracted.companyenrich_keywords', 'core.company_keywords', source => 'companyenrich', as_select => $$
  select domain, keyword
    from source
$$);

select etl.coalesces('extracted.companyenrich_technologies', 'reference.technologies', as_select => $$
  select etl.fold(technology) as name_key, technology as name
    from source
$$);

select etl.coalesces('extracted.companyenrich_technologies', 'core.company_tech_on_site', source => 'companyenrich', as_select => $$
  select domain, known.id as technology_id
    from source
    join reference.technologies as known on known.name_key = etl.fold(technology)
$$);

select etl.coalesces('extracted.companyenrich_categories', 'core.company_categories', source => 'companyenrich', as_select => $$
  select domain, category
    from source
$$);

select etl.coalesces('extracted.companyenrich_naics_codes', 'core.company_naics_codes', source => 'companyenrich', as_select => $$
  select domain, naics_code
    from source
$$);

select etl.coalesces('extracted.companyenrich_funding_rounds', 'core.company_funding_rounds', source => 'companyenrich', as_select => $$
  select domain, funding_date, funding_type, amount, investors, url
    from source
$$);

select etl.looks_up('extracted.companyenrich_investors', 'investor_name', 'reference.vc_name_aliases');

select etl.coalesces('extracted.companyenrich_investors', 'core.company_vc_investors', source => 'companyenrich', as_select => $$
  select domain as company_domain, coalesce(canonical_name, investor_name) as vc_name
    from source
    left join reference.vc_name_aliases on match_key = etl.fold(investor_name)
$$);

select etl.coalesces('extracted.companyenrich_socials', 'core.company_social_urls', source => 'companyenrich', as_select => $$
  select domain, linkedin_url, twitter_url, facebook_url, github_url, youtube_url, instagram_url, crunchbase_url, g2_url, angellist_url
    from source
$$);

select etl.coalesces('extracted.companyenrich_location', 'core.company_locations', source => 'companyenrich', as_select => $$
  select domain, city, state, country, address as raw_location, country as raw_country, city is not null as has_city, state is not null as has_state
    from source
   where num_nonnulls(city, state, country) > 0
$$);

-- What it answers --------------------------------------------------------------------------------------------

select etl.responds('companyenrich', $$
  select source.raw_payload_id, etl.record_id('extracted.companyenrich_company', domain) as extracted_id,
         exists (
           select
             from core.companies as company
            where company.domain = source.domain
              and company.raw_payload_id = source.raw_payload_id
              and company.created_at = now()
         ) as core_company_inserted,
         (
           select count(distinct (etl.as_timestamptz(round.element -> 'date'), etl.as_text(round.element -> 'type', 200)))
             from etl.elements(payload -> 'financial' -> 'funding') as round
            where etl.is_filled_object(round.element)
         ) as funding_rounds_processed,
         (select count(distinct element.item) from etl.text_elements(payload -> 'keywords') as element) as keywords_count,
         technologies.technologies_count,
         technologies.core_tech_on_site_count,
         (
           select count(distinct investor.item)
             from etl.split_list(
               (select string_agg(etl.as_text(round.element -> 'from', 2000), ',') from etl.elements(payload -> 'financial' -> 'funding') as round)
             ) as investor
         ) as investors_count
    from source
   cross join lateral (
     select count(distinct element.item) as technologies_count, count(distinct etl.fold(element.item)) as core_tech_on_site_count
       from etl.text_elements(payload -> 'technologies') as element
   ) as technologies
$$);
