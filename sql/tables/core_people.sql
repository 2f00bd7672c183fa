create table if not exists core.people (
  id uuid primary key,
  linkedin_url text not null,
  linkedin_slug text,
  full_name text,
  linkedin_url_type text,
  linkedin_user_profile_urn text,
  core_company_id uuid,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint people_record_key unique nulls not distinct (linkedin_url)
);
comment on table core.people is 'Golden record: one row per person. core_company_id is core.companies.id of the current employer.';
create index if not exists people_employer_idx on core.people (core_company_id, linkedin_url);

create table if not exists core.person_locations (
  id uuid primary key,
  linkedin_url text not null,
  city text,
  state text,
  country text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_locations_record_key unique nulls not distinct (linkedin_url)
);
comment on table core.person_locations is 'Where a person lives.';
create index if not exists person_locations_country_idx on core.person_locations (country);

create table if not exists core.person_tenure (
  id uuid primary key,
  linkedin_url text not null,
  job_start_date date not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_tenure_record_key unique nulls not distinct (linkedin_url)
);
comment on table core.person_tenure is 'Start of a persons current job.';
create index if not exists person_tenure_job_start_date_idx on core.person_tenure (job_start_date);

create table if not exists core.person_job_titles (
  id uuid primary key,
  linkedin_url text not null,
  matched_cleaned_job_title text,
  matched_job_function text,
  matched_seniority text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_job_titles_record_key unique nulls not distinct (linkedin_url)
);
comment on table core.person_job_titles is 'Classified current job title of a person.';

create table if not exists core.person_past_employer (
  id uuid primary key,
  linkedin_url text not null,
  past_company_name text,
  past_company_domain text,
  scrape_settings_id uuid,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_past_employer_record_key unique nulls not distinct (linkedin_url, past_company_name, past_company_domain, source)
);
comment on table core.person_past_employer is 'Former employers of a person, one set per source.';
create index if not exists person_past_employer_past_company_domain_idx on core.person_past_employer (past_company_domain);
-- Names are of any length, and a B-tree entry has room for about 2,700 bytes, so it holds their beginnings.
create index if not exists person_past_employer_past_company_idx on core.person_past_employer (left(etl.fold(past_company_name), 200), past_company_domain);

create table if not exists core.person_work_history (
  id uuid not null,
  linkedin_url text not null,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  title text,
  matched_cleaned_job_title text,
  matched_job_function text,
  matched_seniority text,
  start_date date,
  end_date date,
  is_current boolean not null,
  experience_order integer not null,
  source_id uuid not null,
  linkedin_url_type text not null default 'real',
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_work_history_record_key primary key (linkedin_url, source, experience_order)
);
comment on table core.person_work_history is 'Jobs of a person, one set per source; experience_order 0 is the newest. source_id is the id of the extracted row.';
create index if not exists person_work_history_linkedin_url_company_domain_idx on core.person_work_history (linkedin_url, company_domain);
create index if not exists person_work_history_company_domain_idx on core.person_work_history (company_domain);
create index if not exists person_work_history_past_company_idx on core.person_work_history (left(etl.fold(company_name), 200), company_domain) where not is_current;

create table if not exists core.person_promotions (
  id uuid not null,
  linkedin_url text not null,
  company_domain text not null,
  company_name text,
  previous_title text not null,
  new_title text not null,
  promotion_date date not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_promotions_record_key primary key (linkedin_url, source, company_domain, new_title, promotion_date)
);
comment on table core.person_promotions is 'Changes of title within a company: the new job starts within 90 days of the end of the one before.';
create index if not exists person_promotions_promotion_date_idx on core.person_promotions (promotion_date);

