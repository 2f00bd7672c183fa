create table if not exists extracted.apollo_scrape (
  id uuid primary key,
  linkedin_url text not null,
  person_linkedin_url text not null,
  domain text,
  company_linkedin_url text,
  company_latest_funding_type text,
  cleaned_company_name text,
  cleaned_first_name text,
  cleaned_last_name text,
  cleaned_full_name text,
  first_name text,
  last_name text,
  full_name text,
  title text,
  headline text,
  seniority text,
  email text,
  email_status text,
  lead_city text,
  lead_state text,
  lead_country text,
  company_name text,
  industry text,
  employee_count integer,
  departments text,
  subdepartments text,
  functions text,
  company_website text,
  company_phone text,
  company_city text,
  company_state text,
  company_country text,
  company_postal_code text,
  company_address text,
  company_annual_revenue text,
  company_total_funding text,
  company_latest_funding_amount text,
  last_fund_raised_at timestamptz,
  company_founded_year text,
  company_short_description text,
  company_seo_description text,
  number_of_retail_locations text,
  company_market_cap text,
  is_likely_to_engage boolean,
  company_blog_link text,
  company_twitter_link text,
  company_facebook_link text,
  company_street text,
  company_keywords text,
  company_technologies text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint apollo_scrape_record_key unique nulls not distinct (linkedin_url)
);
comment on table extracted.apollo_scrape is 'Rows of Apollo scrapes: a person and facts about the employer. person_linkedin_url is linkedin_url under its older name.';
create index if not exists apollo_scrape_domain_idx on extracted.apollo_scrape (domain);

create table if not exists extracted.apollo_people_cleaned (
  id uuid primary key,
  linkedin_url text not null,
  apollo_person_url text,
  photo_url text,
  full_name text,
  job_title text,
  company_name text,
  person_location text,
  cleaned_first_name text,
  cleaned_last_name text,
  cleaned_full_name text,
  cleaned_job_title text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint apollo_people_cleaned_record_key unique nulls not distinct (linkedin_url)
);
comment on table extracted.apollo_people_cleaned is 'People of Apollo whose name and title were cleaned in Clay.';

create table if not exists extracted.apollo_instantdata_people (
  id uuid not null,
  linkedin_url text not null,
  scrape_settings_id uuid not null,
  raw_record_id uuid,
  full_name text,
  job_title text,
  person_location text,
  photo_url text,
  apollo_person_url text,
  company_name text,
  company_headcount text,
  industry text,
  apollo_company_url text,
  source_created_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint apollo_instantdata_people_record_key primary key (linkedin_url, scrape_settings_id)
);
comment on table extracted.apollo_instantdata_people is 'People of browser-scraped Apollo searches, one row per person and search.';
create index if not exists apollo_instantdata_people_scrape_settings_id_idx on extracted.apollo_instantdata_people (scrape_settings_id);

create table if not exists extracted.apollo_instantdata_companies (
  id uuid not null,
  linkedin_url text not null,
  scrape_settings_id uuid not null,
  apollo_company_url text not null,
  raw_record_id uuid,
  company_name text,
  company_headcount text,
  industry text,
  source_created_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint apollo_instantdata_companies_record_key primary key (linkedin_url, scrape_settings_id, apollo_company_url)
);
comment on table extracted.apollo_instantdata_companies is 'Companies of browser-scraped Apollo searches, one row per search, company and the person beside whom it was found.';
create index if not exists apollo_instantdata_companies_apollo_company_url_idx on extracted.apollo_instantdata_companies (apollo_company_url);
create index if not exists apollo_instantdata_companies_scrape_settings_id_idx on extracted.apollo_instantdata_companies (scrape_settings_id);

create or replace view extracted.apollo_people_deduped as
  select distinct on (person.linkedin_url)
         person.id, person.linkedin_url, person.full_name, person.job_title, person.person_location, person.photo_url, person.apollo_person_url,
         person.company_name, person.company_headcount, person.industry, person.apollo_company_url, person.created_at
    from extracted.apollo_instantdata_people as person
   order by person.linkedin_url, person.observed_at desc, person.raw_payload_id desc;
comment on view extracted.apollo_people_deduped is 'extracted.apollo_instantdata_people, the newest row of each person.';

create or replace view extracted.apollo_companies_deduped as
  select distinct on (company.apollo_company_url)
         company.id, company.apollo_company_url, company.company_name, company.company_headcount, company.industry, company.created_at
    from extracted.apollo_instantdata_companies as company
   order by company.apollo_company_url, company.observed_at desc, company.raw_payload_id desc;
comment on view extracted.apollo_companies_deduped is 'extracted.apollo_instantdata_companies, the newest row of each company.';

create table if not exists extracted.apollo_companies_cleaned (
  id uuid not null,
  domain text not null,
  apollo_company_url text,
  company_name text,
  company_headcount text,
  industry text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint apollo_companies_cleaned_record_key primary key (domain)
);
comment on table extracted.apollo_companies_cleaned is 'Companies of Apollo that were cleaned in Clay, one row per company; the newest payload.';
create index if not exists apollo_companies_cleaned_apollo_company_url_idx on extracted.apollo_companies_cleaned (apollo_company_url);
