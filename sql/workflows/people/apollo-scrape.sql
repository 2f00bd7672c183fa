-- Apollo scrape: one row per person, with what Apollo says about the employer.
select etl.raw_family('apollo_scrape', '{
  "domain": "payload.payload ->> ''domain''",
  "cleaned_company_name": "payload.payload ->> ''cleaned_company_name''",
  "linkedin_url": "payload.payload ->> ''linkedin_url''",
  "workflow_slug": "coalesce(payload.payload ->> ''workflow_slug'', payload.workflow_slug)",
  "raw_payload": "payload.payload"
}');

select etl.workflow('apollo-scrape',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/apollo/scrape/ingest',
  provider => 'apollo',
  platform => 'apollo',
  payload_type => 'enrichment',
  legacy_function => 'ingest_apollo_scrape',
  description => 'Store one row of an Apollo scrape: a person and facts about the employer.',
  family => 'apollo_scrape',
  key_field => 'person_linkedin_link',
  timeout_seconds => 60,
  core_tables => '{core.people,core.person_locations,core.person_job_titles,core.person_current_employer,core.companies,core.company_names,core.company_locations,core.company_industries,core.company_employee_range,core.company_employee_ranges,core.company_revenue,core.company_descriptions,core.company_social_urls,core.company_keywords,core.company_tech_on_site,core.company_funding_rounds}',
  request_schema => '{
    "type": "object",
    "required": ["person_linkedin_link"],
    "properties": {
      "person_linkedin_link": {"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."},
      "workflow_slug": {"type": ["string", "null"], "default": "apollo-scrape", "description": "A registered slug."},
      "domain": {"type": ["string", "null"], "description": "Domain of the company; left out: the host of company_website_full."},
      "linkedin_url": {"type": ["string", "null"], "description": "Whose is not said; a company page is used when company_linkedin_link is missing."},
      "cleaned_company_name": {"type": ["string", "null"]},
      "cleaned_first_name": {"type": ["string", "null"]},
      "cleaned_last_name": {"type": ["string", "null"]},
      "cleaned_full_name": {"type": ["string", "null"], "description": "Preferred for core.people."},
      "first_name": {"type": ["string", "null"]},
      "last_name": {"type": ["string", "null"]},
      "full_name": {"type": ["string", "null"]},
      "title": {"type": ["string", "null"], "description": "Looked up in reference.job_title_lookup."},
      "headline": {"type": ["string", "null"]},
      "seniority": {"type": ["string", "null"]},
      "email": {"type": ["string", "null"]},
      "email_status": {"type": ["string", "null"]},
      "lead_city": {"type": ["string", "null"]},
      "lead_state": {"type": ["string", "null"]},
      "lead_country": {"type": ["string", "null"], "maxLength": 500},
      "company_name": {"type": ["string", "null"]},
      "industry": {"type": ["string", "null"], "description": "Looked up in reference.industry_lookup."},
      "employee_count": {"type": ["integer", "null"], "description": "People."},
      "departments": {"type": ["string", "null"], "description": "Comma-separated."},
      "subdepartments": {"type": ["string", "null"], "description": "Comma-separated."},
      "functions": {"type": ["string", "null"], "description": "Comma-separated."},
      "company_website_full": {"type": ["string", "null"]},
      "company_linkedin_link": {"type": ["string", "null"]},
      "company_phone_number": {"type": ["string", "null"]},
      "company_city": {"type": ["string", "null"]},
      "company_state": {"type": ["string", "null"]},
      "company_country": {"type": ["string", "null"], "maxLength": 500},
      "company_postal_code": {"type": ["string", "integer", "null"]},
      "company_address": {"type": ["string", "null"]},
      "company_annual_revenue": {"type": ["integer", "null"], "format": "int64", "description": "US dollars a year."},
      "company_total_funding": {"type": ["string", "integer", "null"], "description": "US dollars."},
      "company_latest_funding_type": {"type": ["string", "null"], "maxLength": 200},
      "company_latest_funding_amount": {"type": ["string", "integer", "null"], "description": "US dollars."},
      "last_fund_raised_at": {"type": ["string", "null"], "format": "date-time"},
      "company_founded_year": {"type": ["string", "integer", "null"]},
      "company_short_description": {"type": ["string", "null"]},
      "company_seo_description": {"type": ["string", "null"]},
      "number_of_retail_locations": {"type": ["string", "integer", "null"]},
      "company_market_cap": {"type": ["string", "integer", "null"], "description": "US dollars."},
      "is_likely_to_engage": {"type": ["boolean", "null"]},
      "company_blog_link": {"type": ["string", "null"]},
      "company_twitter_link": {"type": ["string", "null"]},
      "company_facebook_link": {"type": ["string", "null"]},
      "company_street": {"type": ["string", "null"]},
      "company_keywords": {"type": ["string", "null"], "description": "Comma-separated."},
      "company_technologies": {"type": ["string", "null"], "description": "Comma-separated."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.apollo_scrape."}
  }'),
  example => '{
    "person_linkedin_link": "http://www.linkedin.com/in/ada-example",
    "workflow_slug": "apollo-scrape",
    "domain": "acme.example",
    "linkedin_url": "http://www.linkedin.com/company/acme-example",
    "cleaned_company_name": "Acme",
    "cleaned_first_name": "Ada",
    "cleaned_last_name": "Example",
    "cleaned_full_name": "Ada Example",
    "first_name": "Ada",
    "last_name": "Example",
    "full_name": "Ada Example",
    "title": "Software Engineer",
    "headline": "Folding paper rockets",
    "seniority": "entry",
    "email": "ada@acme.example",
    "email_status": "verified",
    "lead_city": "Springfield",
    "lead_state": "Illinois",
    "lead_country": "United States",
    "company_name": "Acme Example, Inc.",
    "industry": "computer software",
    "employee_count": 450,
    "departments": "engineering",
    "subdepartments": "software",
    "functions": "engineering",
    "company_website_full": "http://www.acme.example",
    "company_linkedin_link": "http://www.linkedin.com/company/acme-example",
    "company_phone_number": "+1 555 0100",
    "company_city": "Springfield",
    "company_state": "Illinois",
    "company_country": "United States",
    "company_postal_code": "62701",
    "company_address": "1 Paper Street, Springfield, Illinois, United States",
    "company_annual_revenue": 35000000,
    "company_total_funding": "20000000",
    "company_latest_funding_type": "Series B",
    "company_latest_funding_amount": "12000000",
    "last_fund_raised_at": "2022-04-01T00:00:00.000+00:00",
    "company_founded_year": "2011",
    "company_short_description": "Makes paper rockets.",
    "company_seo_description": "Paper rockets for everyone",
    "number_of_retail_locations": "0",
    "company_market_cap": "900000000",
    "is_likely_to_engage": true,
    "company_blog_link": "https://blog.acme.example",
    "company_twitter_link": "https://twitter.com/acme_example",
    "company_facebook_link": "https://facebook.com/acme.example",
    "company_street": "1 Paper Street",
    "company_keywords": "paper, rockets",
    "company_technologies": "Nginx, React"
  }'
);

select etl.extracts('apollo-scrape', 'extracted.apollo_scrape', key => '{linkedin_url}', as_select => $$
  select linkedin_url, linkedin_url as person_linkedin_url,
         coalesce(etl.normalize_domain(etl.as_text(payload -> 'domain')), etl.normalize_domain(etl.as_text(payload -> 'company_website_full'))) as domain,
         coalesce(
           etl.as_text(payload -> 'company_linkedin_link'),
           case when payload ->> 'linkedin_url' ilike '%linkedin.com/company/%' then etl.as_text(payload -> 'linkedin_url') end
         ) as company_linkedin_url,
         etl.as_text(payload -> 'company_latest_funding_type', 200) as company_latest_funding_type,
         etl.as_text(payload -> 'cleaned_company_name') as cleaned_company_name,
         etl.as_text(payload -> 'cleaned_first_name') as cleaned_first_name,
         etl.as_text(payload -> 'cleaned_last_name') as cleaned_last_name, etl.as_text(payload -> 'cleaned_full_name') as cleaned_full_name,
         etl.as_text(payload -> 'first_name') as first_name, etl.as_text(payload -> 'last_name') as last_name,
         etl.as_text(payload -> 'full_name') as full_name, etl.as_text(payload -> 'title') as title,
         etl.as_text(payload -> 'headline') as headline, etl.as_text(payload -> 'seniority') as seniority,
         etl.as_text(payload -> 'email') as email, etl.as_text(payload -> 'email_status') as email_status,
         etl.as_text(payload -> 'lead_city') as lead_city, etl.as_text(payload -> 'lead_state') as lead_state,
         etl.as_text(payload -> 'lead_country', 500) as lead_country, etl.as_text(payload -> 'company_name') as company_name,
         etl.as_text(payload -> 'industry') as industry, etl.as_integer(payload -> 'employee_count') as employee_count,
         etl.as_text(payload -> 'departments') as departments, etl.as_text(payload -> 'subdepartments') as subdepartments,
         etl.as_text(payload -> 'functions') as functions, etl.as_text(payload -> 'company_website_full') as company_website,
         etl.as_text(payload -> 'company_phone_number') as company_phone, etl.as_text(payload -> 'company_city') as company_city,
         etl.as_text(payload -> 'company_state') as company_state, etl.as_text(payload -> 'company_country', 500) as company_country,
         etl.as_text_or_number(payload -> 'company_postal_code') as company_postal_code, etl.as_text(payload -> 'company_address') as company_address,
         etl.as_bigint(payload -> 'company_annual_revenue')::text as company_annual_revenue,
         etl.as_text_or_number(payload -> 'company_total_funding') as company_total_funding,
         etl.as_text_or_number(payload -> 'company_latest_funding_amount') as company_latest_funding_amount,
         etl.as_timestamptz(payload -> 'last_fund_raised_at') as last_fund_raised_at,
         etl.as_text_or_number(payload -> 'company_founded_year') as company_founded_year,
         etl.as_text(payload -> 'company_short_description') as company_short_description,
         etl.as_text(payload -> 'company_seo_description') as company_seo_description,
         etl.as_text_or_number(payload -> 'number_of_retail_locations') as number_of_retail_locations,
         etl.as_text_or_number(payload -> 'company_market_cap') as company_market_cap,
         etl.as_boolean(payload -> 'is_likely_to_engage') as is_likely_to_engage,
         etl.as_text(payload -> 'company_blog_link') as company_blog_link,
         etl.as_text(payload -> 'company_twitter_link') as company_twitter_link,
         etl.as_text(payload -> 'company_facebook_link') as company_facebook_link,
         etl.as_text(payload -> 'company_street') as company_street, etl.as_text(payload -> 'company_keywords') as company_keywords,
         etl.as_text(payload -> 'company_technologies') as company_technologies
    from source
$$);

-- The person -------------------------------------------------------------------------------------------------

select etl.looks_up('extracted.apollo_scrape', 'title', 'reference.job_title_lookup');
select etl.looks_up('extracted.apollo_scrape', 'industry', 'reference.industry_lookup');

select etl.coalesces('extracted.apollo_scrape', 'core.people', source => 'apollo_scrape', as_select => $$
  select linkedin_url, coalesce(cleaned_full_name, full_name, nullif(concat_ws(' ', first_name, last_name), '')) as full_name,
         case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.person_locations', source => 'apollo_scrape', as_select => $$
  select linkedin_url, lead_city as city, lead_state as state, lead_country as country
    from source
   where num_nonnulls(lead_city, lead_state, lead_country) > 0
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.person_job_titles', source => 'apollo_scrape', as_select => $$
  select linkedin_url, known.cleaned_job_title as matched_cleaned_job_title, known.job_function as matched_job_function,
         known.seniority_level as matched_seniority
    from source
    join reference.job_title_lookup as known on known.match_key = etl.fold(source.title)
$$);

select core.offer_current_employer('extracted.apollo_scrape', 'apollo_scrape',
  company_name => 'company_name', company_domain => 'domain', company_linkedin_url => 'company_linkedin_url');

-- The employer -----------------------------------------------------------------------------------------------

select etl.coalesces('extracted.apollo_scrape', 'core.companies', source => 'apollo_scrape', as_select => $$
  select domain, company_name as name, cleaned_company_name as cleaned_name, company_linkedin_url as linkedin_url
    from source
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_names', source => 'apollo_scrape', as_select => $$
  select domain, company_name as raw_name, cleaned_company_name as cleaned_name, company_linkedin_url as linkedin_url
    from source
   where domain is not null
     and num_nonnulls(company_name, cleaned_company_name) > 0
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_locations', source => 'apollo_scrape', as_select => $$
  select domain, company_city as city, company_state as state, company_country as country, company_address as raw_location,
         company_country as raw_country, company_city is not null as has_city, company_state is not null as has_state
    from source
   where domain is not null
     and num_nonnulls(company_city, company_state, company_country) > 0
$$);

-- Only an industry that the lookup knows: the rule of the table believes every source but CompanyEnrich to be cleaned.
select etl.coalesces('extracted.apollo_scrape', 'core.company_industries', source => 'apollo_scrape', as_select => $$
  select domain, industry as raw_industry, industry_cleaned as matched_industry
    from source
    join reference.industry_lookup on match_key = etl.fold(industry)
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_employee_ranges', source => 'apollo_scrape', as_select => $$
  select domain, employee_count::text as raw_size, employee_count as raw_employee_count, name as matched_employee_range
    from source
    left join reference.employee_ranges on employee_count between min_employees and coalesce(max_employees, 2147483647)
   where domain is not null
     and employee_count is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_employee_range', source => 'apollo_scrape', as_select => $$
  select domain, name as employee_range
    from source
    join reference.employee_ranges on employee_count between min_employees and coalesce(max_employees, 2147483647)
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_revenue', source => 'apollo_scrape', as_select => $$
  select domain, company_annual_revenue::bigint as raw_revenue_amount, name as matched_revenue_range
    from source
    left join reference.revenue_ranges
      on company_annual_revenue::bigint between min_revenue_usd and coalesce(max_revenue_usd, 9223372036854775807)
   where domain is not null
     and company_annual_revenue is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_descriptions', source => 'apollo_scrape', as_select => $$
  select domain, company_short_description as description, company_seo_description as tagline
    from source
   where domain is not null
     and num_nonnulls(company_short_description, company_seo_description) > 0
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_social_urls', source => 'apollo_scrape', as_select => $$
  select domain, company_linkedin_url as linkedin_url, company_twitter_link as twitter_url, company_facebook_link as facebook_url
    from source
   where domain is not null
     and num_nonnulls(company_linkedin_url, company_twitter_link, company_facebook_link) > 0
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_keywords', source => 'apollo_scrape', as_select => $$
  select distinct on (source.raw_payload_id, domain, keyword.item) domain, keyword.item as keyword
    from source
   cross join lateral etl.split_list(company_keywords) as keyword
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'reference.technologies', as_select => $$
  select etl.fold(technology.item) as name_key, technology.item as name
    from source
   cross join lateral etl.split_list(company_technologies) as technology
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_tech_on_site', source => 'apollo_scrape', as_select => $$
  select domain, known.id as technology_id
    from source
   cross join lateral etl.split_list(company_technologies) as technology
    join reference.technologies as known on known.name_key = etl.fold(technology.item)
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_funding_rounds', source => 'apollo_scrape', as_select => $$
  select domain, last_fund_raised_at as funding_date, company_latest_funding_type as funding_type, company_latest_funding_amount as amount
    from source
   where domain is not null
     and num_nonnulls(last_fund_raised_at, company_latest_funding_type) > 0
$$);

-- What it answers --------------------------------------------------------------------------------------------

select etl.responds('apollo-scrape', $$
  select source.raw_payload_id, etl.record_id('extracted.apollo_scrape', linkedin_url) as extracted_id
    from source
$$);
