create table if not exists extracted.person_discovery (
  id uuid primary key,
  linkedin_url text not null,
  first_name text,
  last_name text,
  full_name text,
  cleaned_first_name text,
  cleaned_last_name text,
  cleaned_full_name text,
  location_name text,
  company_domain text,
  latest_title text,
  latest_company text,
  latest_start_date date,
  clay_company_table_id text,
  clay_company_record_id text,
  clay_table_url text,
  city text,
  state text,
  country text,
  has_city boolean,
  has_state boolean,
  has_country boolean,
  matched_city text,
  matched_state text,
  matched_country text,
  location_matched_at timestamptz,
  matched_cleaned_job_title text,
  matched_job_function text,
  matched_seniority text,
  keyword_job_function text,
  keyword_seniority text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint person_discovery_record_key unique nulls not distinct (linkedin_url)
);
comment on table extracted.person_discovery is
  'People found by Clay''s people search. city to matched_seniority come from the lookups and follow them; keyword_* were filled by hand in the old system and stay empty.';
create index if not exists person_discovery_company_domain_idx on extracted.person_discovery (company_domain);

create table if not exists extracted.person_discovery_location_parsed (
  id uuid primary key,
  linkedin_url text not null,
  first_name text,
  last_name text,
  full_name text,
  location_name text,
  city text,
  state text,
  country text,
  has_city boolean not null default false,
  has_state boolean not null default false,
  has_country boolean not null default false,
  company_domain text,
  latest_title text,
  latest_company text,
  latest_start_date date,
  clay_company_table_id text,
  clay_company_record_id text,
  clay_table_url text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz generated always as (observed_at) stored,
  constraint person_discovery_location_parsed_record_key unique nulls not distinct (linkedin_url)
);
comment on table extracted.person_discovery_location_parsed is 'People found by Clay''s people search whose location was parsed upstream.';
create index if not exists person_discovery_location_parsed_company_domain_idx on extracted.person_discovery_location_parsed (company_domain);
create index if not exists person_discovery_location_parsed_country_idx on extracted.person_discovery_location_parsed (country);

create schema if not exists mapped;
comment on schema mapped is 'Views of extracted rows beside what the lookups say about them, under the table names of the old system.';

create or replace view mapped.person_discovery as
  select etl.record_id('mapped.person_discovery', found.linkedin_url) as id, found.id as extracted_id, found.linkedin_url,
         found.location_name as original_location, found.latest_title as original_job_title,
         found.matched_city, found.matched_state, found.matched_country,
         case when found.location_matched_at is not null then 'location-lookup' end as location_match_source,
         found.matched_cleaned_job_title, found.matched_seniority, found.matched_job_function,
         case when found.matched_cleaned_job_title is not null then 'job-title-lookup' end as job_title_match_source,
         found.created_at, found.observed_at as updated_at
    from extracted.person_discovery as found;
comment on view mapped.person_discovery is 'extracted.person_discovery with what the lookups say about location and title, under the columns of the old table.';
