create table if not exists extracted.clay_new_hire (
  id uuid not null,
  domain text not null,
  event_key text not null,
  company_domain text,
  company_linkedin_url text,
  company_name text,
  person_linkedin_url text,
  signal_slug text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint clay_new_hire_record_key primary key (domain, event_key)
);
comment on table extracted.clay_new_hire is 'New hires at monitored companies, one row per company and person; the newest delivery. event_key is the normalised person_linkedin_url, empty when none was sent.';
create index if not exists clay_new_hire_person_linkedin_url_idx on extracted.clay_new_hire (person_linkedin_url);
create index if not exists clay_new_hire_signal_detected_at_idx on extracted.clay_new_hire (signal_detected_at);

create table if not exists extracted.clay_news_fundraising (
  id uuid not null,
  domain text not null,
  event_key text not null,
  company_domain text not null,
  news_url text,
  news_title text,
  publish_date date,
  description text,
  signal_slug text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint clay_news_fundraising_record_key primary key (domain, event_key)
);
comment on table extracted.clay_news_fundraising is 'News about monitored companies, one row per company and article; the newest delivery. event_key is the URL of the article, else its title and date.';
create index if not exists clay_news_fundraising_publish_date_idx on extracted.clay_news_fundraising (publish_date);
create index if not exists clay_news_fundraising_signal_detected_at_idx on extracted.clay_news_fundraising (signal_detected_at);

create table if not exists extracted.clay_job_posting (
  id uuid not null,
  domain text not null,
  posting_key text not null,
  company_domain text,
  company_linkedin_url text,
  company_name text,
  company_linkedin_id bigint,
  job_title text,
  normalized_title text,
  cleaned_job_title text,
  job_function text,
  seniority text,
  employment_type text,
  location text,
  job_linkedin_url text,
  job_linkedin_id bigint,
  posted_at timestamptz,
  post_on date,
  salary_min numeric,
  salary_max numeric,
  salary_currency text,
  salary_unit text,
  recruiter_name text,
  recruiter_linkedin_url text,
  is_initial_check boolean,
  signal_slug text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint clay_job_posting_record_key primary key (domain, posting_key)
);
comment on table extracted.clay_job_posting is 'Job postings of monitored companies, one row per company and posting; the newest delivery. posting_key: see core.job_post(). post_on is the day of posted_at (UTC), the older column.';
create index if not exists clay_job_posting_company_linkedin_url_idx on extracted.clay_job_posting (company_linkedin_url);
create index if not exists clay_job_posting_job_title_idx on extracted.clay_job_posting (job_title);
create index if not exists clay_job_posting_posted_at_idx on extracted.clay_job_posting (posted_at);
create index if not exists clay_job_posting_signal_detected_at_idx on extracted.clay_job_posting (signal_detected_at);

create table if not exists extracted.clay_job_change (
  id uuid not null,
  linkedin_url text not null,
  event_key text not null,
  person_linkedin_profile_url text not null,
  confidence text,
  previous_company_domain text,
  previous_company_linkedin_url text,
  new_company_linkedin_url text,
  new_company_domain text,
  new_company_name text,
  start_date_at_new_job date,
  started_within_threshold boolean,
  lookback_threshold_days integer,
  person_name text,
  person_linkedin_slug text,
  person_location text,
  person_country text,
  new_job_title text,
  is_initial_check boolean,
  signal_slug text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint clay_job_change_record_key primary key (linkedin_url, event_key)
);
comment on table extracted.clay_job_change is 'Job changes of monitored people, one row per person, new company and start date; the newest delivery. What the flat fields of the body leave out is taken from the event.';
create index if not exists clay_job_change_new_company_domain_idx on extracted.clay_job_change (new_company_domain);
create index if not exists clay_job_change_signal_detected_at_idx on extracted.clay_job_change (signal_detected_at);

create table if not exists extracted.clay_promotion (
  id uuid not null,
  linkedin_url text not null,
  event_key text not null,
  person_linkedin_profile_url text not null,
  confidence text,
  previous_title text,
  new_title text,
  start_date_with_new_title date,
  lookback_threshold_days integer,
  started_within_threshold boolean,
  person_name text,
  person_linkedin_slug text,
  person_location text,
  person_country text,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  is_initial_check boolean,
  signal_slug text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint clay_promotion_record_key primary key (linkedin_url, event_key)
);
comment on table extracted.clay_promotion is 'Promotions of monitored people, one row per person, new title and start date; the newest delivery. What the flat fields of the body leave out is taken from the event.';
create index if not exists clay_promotion_new_title_idx on extracted.clay_promotion (new_title);
create index if not exists clay_promotion_signal_detected_at_idx on extracted.clay_promotion (signal_detected_at);

create table if not exists extracted.clay_web_intent (
  id uuid not null,
  domain text not null,
  event_key text not null,
  company_domain text not null,
  event jsonb,
  unique_visited_pages jsonb,
  signal_slug text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint clay_web_intent_record_key primary key (domain, event_key)
);
comment on table extracted.clay_web_intent is 'Visits of companies to a website, one row per company and event; the newest delivery. The event is kept as it came: its shape was never documented.';
create index if not exists clay_web_intent_signal_detected_at_idx on extracted.clay_web_intent (signal_detected_at);

create table if not exists extracted.clay_brand_mention (
  id uuid not null,
  linkedin_url text not null,
  event_key text not null,
  person_linkedin_url text not null,
  event jsonb,
  signal_slug text,
  signal_detected_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint clay_brand_mention_record_key primary key (linkedin_url, event_key)
);
comment on table extracted.clay_brand_mention is 'Mentions of a brand by people on LinkedIn, one row per person and event; the newest delivery. The event is kept as it came: its shape was never documented.';
create index if not exists clay_brand_mention_signal_detected_at_idx on extracted.clay_brand_mention (signal_detected_at);
