create table if not exists extracted.person_profile (
  id uuid primary key,
  linkedin_url text not null,
  linkedin_slug text,
  linkedin_profile_id text,
  first_name text,
  last_name text,
  full_name text,
  headline text,
  summary text,
  country text,
  location_name text,
  connections integer,
  num_followers integer,
  picture_url text,
  jobs_count integer,
  latest_title text,
  latest_company text,
  latest_company_domain text,
  latest_company_linkedin_url text,
  latest_company_org_id bigint,
  latest_locality text,
  latest_start_date date,
  latest_is_current boolean,
  certifications jsonb,
  languages jsonb,
  courses jsonb,
  patents jsonb,
  projects jsonb,
  publications jsonb,
  volunteering jsonb,
  awards jsonb,
  source_last_refresh timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint person_profile_record_key unique nulls not distinct (linkedin_url)
);
comment on table extracted.person_profile is 'Profile of a person as the provider gave it; the newest refresh.';
create index if not exists person_profile_latest_company_domain_idx on extracted.person_profile (latest_company_domain);

create table if not exists extracted.person_experience (
  id uuid not null,
  linkedin_url text not null,
  experience_order integer not null,
  title text,
  company text,
  company_domain text,
  company_linkedin_url text,
  company_org_id bigint,
  locality text,
  summary text,
  start_date date,
  end_date date,
  is_current boolean,
  matched_cleaned_job_title text,
  matched_job_function text,
  matched_seniority text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint person_experience_record_key primary key (linkedin_url, raw_payload_id, experience_order)
);
comment on table extracted.person_experience is 'Jobs of a person; the set of the newest refresh that had any. experience_order is the position in the payload from 0.';
create index if not exists person_experience_company_domain_idx on extracted.person_experience (company_domain);

create table if not exists extracted.person_education (
  id uuid not null,
  linkedin_url text not null,
  education_order integer not null,
  school_name text,
  degree text,
  field_of_study text,
  grade text,
  activities text,
  start_date date,
  end_date date,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint person_education_record_key primary key (linkedin_url, raw_payload_id, education_order)
);
comment on table extracted.person_education is 'Education of a person; the set of the newest refresh that had any.';

