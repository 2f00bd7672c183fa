create table if not exists extracted.signal_job_posting (
  id uuid not null,
  domain text not null,
  posting_key text not null,
  client_domain text not null,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  company_linkedin_id bigint,
  job_title text,
  normalized_title text,
  seniority text,
  employment_type text,
  location text,
  job_linkedin_url text,
  job_linkedin_id bigint,
  posted_at timestamptz,
  salary_min numeric,
  salary_max numeric,
  salary_currency text,
  salary_unit text,
  recruiter_name text,
  recruiter_linkedin_url text,
  is_initial_check boolean not null default false,
  min_days_since_job_posting integer,
  max_days_since_job_posting integer,
  origin_table_id text,
  origin_record_id text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint signal_job_posting_record_key primary key (domain, client_domain, posting_key)
);
comment on table extracted.signal_job_posting is 'Job postings tracked for clients, one row per client, company and posting; the newest delivery.';
comment on column extracted.signal_job_posting.domain is 'The company that posted it, as company_domain; the client where the posting names no company.';
create index if not exists signal_job_posting_company_domain_idx on extracted.signal_job_posting (company_domain);
create index if not exists signal_job_posting_normalized_title_idx on extracted.signal_job_posting (normalized_title);
create index if not exists signal_job_posting_posted_at_idx on extracted.signal_job_posting (posted_at);
create index if not exists signal_job_posting_seniority_idx on extracted.signal_job_posting (seniority);
create index if not exists signal_job_posting_signal_detected_at_idx on extracted.signal_job_posting (signal_detected_at);

create table if not exists extracted.signal_job_change (
  id uuid not null,
  linkedin_url text not null,
  event_key text not null,
  client_domain text not null,
  person_name text,
  person_first_name text,
  person_last_name text,
  person_linkedin_url text,
  person_linkedin_slug text,
  person_title text,
  person_headline text,
  person_location text,
  person_country text,
  new_company_domain text,
  new_company_name text,
  new_company_linkedin_url text,
  new_job_title text,
  new_job_start_date date,
  new_job_location text,
  previous_company_linkedin_url text,
  confidence integer,
  reduced_confidence_reasons jsonb,
  is_initial_check boolean not null default false,
  job_change_within_months integer,
  started_role_within_window boolean,
  origin_table_id text,
  origin_record_id text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint signal_job_change_record_key primary key (linkedin_url, client_domain, event_key)
);
comment on table extracted.signal_job_change is 'Job changes tracked for clients, one row per client, person, new company and start date; the newest delivery.';
create index if not exists signal_job_change_new_company_domain_idx on extracted.signal_job_change (new_company_domain);
create index if not exists signal_job_change_new_job_start_date_idx on extracted.signal_job_change (new_job_start_date);
create index if not exists signal_job_change_signal_detected_at_idx on extracted.signal_job_change (signal_detected_at);

create table if not exists extracted.signal_promotion (
  id uuid not null,
  linkedin_url text not null,
  event_key text not null,
  client_domain text not null,
  person_name text,
  person_first_name text,
  person_last_name text,
  person_linkedin_url text,
  person_linkedin_slug text,
  person_title text,
  person_headline text,
  person_location text,
  person_country text,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  new_titles jsonb,
  previous_titles jsonb,
  new_title text,
  previous_title text,
  new_role_start_date date,
  confidence integer,
  reduced_confidence_reasons jsonb,
  is_initial_check boolean not null default false,
  days_since_promotion integer,
  origin_table_id text,
  origin_record_id text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint signal_promotion_record_key primary key (linkedin_url, client_domain, event_key)
);
comment on table extracted.signal_promotion is 'Promotions tracked for clients, one row per client, person, new title and start date; the newest delivery. new_title and previous_title are the first of new_titles and previous_titles.';
create index if not exists signal_promotion_company_domain_idx on extracted.signal_promotion (company_domain);
create index if not exists signal_promotion_new_role_start_date_idx on extracted.signal_promotion (new_role_start_date);
create index if not exists signal_promotion_signal_detected_at_idx on extracted.signal_promotion (signal_detected_at);
