create table if not exists core.company_signals (
  id uuid primary key,
  domain text not null,
  kind text not null,
  event_key text not null,
  client_domain text,
  signal_slug text,
  occurred_on date,
  detected_at timestamptz,
  is_initial_check boolean,
  title text,
  url text,
  person_linkedin_url text,
  details jsonb,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_signals_record_key unique nulls not distinct (domain, kind, event_key, client_domain)
);
comment on table core.company_signals is 'Events at companies: new hires, job postings, news, visits to a website. One row per event and client; a repeated delivery only fills what was missing.';
comment on column core.company_signals.kind is 'new_hire, job_posting, news_fundraising or web_intent (see reference.signal_registry.signal_kind).';
comment on column core.company_signals.event_key is 'What tells an event of one kind at one company from another: the LinkedIn job id, the URL of the news, the new hire.';
comment on column core.company_signals.client_domain is 'The client for whom the signal is tracked; null when for no one in particular.';
comment on column core.company_signals.occurred_on is 'Day of the event (UTC) as the provider says: posting or publication date.';
comment on column core.company_signals.detected_at is 'When the event was first delivered.';
comment on column core.company_signals.is_initial_check is 'True for what was already there when monitoring began; core.signals leaves it out.';
comment on column core.company_signals.title is 'Title of the job or of the news.';
comment on column core.company_signals.details is 'Further facts of the event, by kind.';
create index if not exists company_signals_kind_detected_at_idx on core.company_signals (kind, detected_at);
create index if not exists company_signals_client_domain_detected_at_idx on core.company_signals (client_domain, detected_at);
create index if not exists company_signals_person_linkedin_url_idx on core.company_signals (person_linkedin_url);

create table if not exists core.person_signals (
  id uuid primary key,
  linkedin_url text not null,
  kind text not null,
  event_key text not null,
  client_domain text,
  signal_slug text,
  occurred_on date,
  detected_at timestamptz,
  is_initial_check boolean,
  confidence integer,
  title text,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  previous_title text,
  previous_company_domain text,
  previous_company_linkedin_url text,
  details jsonb,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_signals_record_key unique nulls not distinct (linkedin_url, kind, event_key, client_domain)
);
comment on table core.person_signals is 'Events of people: job changes, promotions, mentions of a brand. One row per event and client; a repeated delivery only fills what was missing.';
comment on column core.person_signals.kind is 'job_change, promotion or brand_mention (see reference.signal_registry.signal_kind).';
comment on column core.person_signals.event_key is 'What tells an event of one kind of one person from another: the new company or title, and the start date.';
comment on column core.person_signals.client_domain is 'The client for whom the signal is tracked; null when for no one in particular.';
comment on column core.person_signals.occurred_on is 'First day in the new job or with the new title.';
comment on column core.person_signals.detected_at is 'When the event was first delivered.';
comment on column core.person_signals.is_initial_check is 'True for what was already there when monitoring began; core.signals leaves it out.';
comment on column core.person_signals.confidence is 'The provider''s confidence, 0 to 100.';
comment on column core.person_signals.title is 'The new title.';
comment on column core.person_signals.details is 'Further facts of the event, by kind.';
create index if not exists person_signals_kind_detected_at_idx on core.person_signals (kind, detected_at);
create index if not exists person_signals_client_domain_detected_at_idx on core.person_signals (client_domain, detected_at);
create index if not exists person_signals_company_domain_idx on core.person_signals (company_domain);
create index if not exists person_signals_previous_company_domain_idx on core.person_signals (previous_company_domain) where kind = 'job_change';

create table if not exists core.person_current_employer (
  id uuid primary key,
  linkedin_url text not null,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_current_employer_record_key unique nulls not distinct (linkedin_url)
);
comment on table core.person_current_employer is 'Where a person works now, by the newest profile, job change, promotion, new hire or snapshot, else by what searches found. A row without a company: a newer profile has no current job.';
create index if not exists person_current_employer_company_domain_idx on core.person_current_employer (company_domain);

create table if not exists core.company_job_postings (
  id uuid not null,
  domain text not null,
  job_id bigint not null,
  job_title_id uuid,
  title text,
  cleaned_job_title text,
  job_function text,
  location text,
  seniority text,
  employment_type text,
  salary_min numeric,
  salary_max numeric,
  salary_currency text,
  salary_unit text,
  url text,
  company_linkedin_url text,
  posted_at timestamptz,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_job_postings_record_key primary key (domain, job_id)
);
comment on table core.company_job_postings is 'Job postings of companies, one row per LinkedIn job id. job_title_id is reference.job_titles.id.';
create index if not exists company_job_postings_domains_idx on core.company_job_postings (job_title_id, domain);
