create table if not exists extracted.icp_industries (
  id uuid primary key,
  domain text not null,
  company_name text,
  company_linkedin_url text,
  reasoning text,
  raw_industries jsonb,
  matched_industries jsonb,
  source_tokens_used integer,
  source_input_tokens integer,
  source_output_tokens integer,
  source_cost text,
  matching_model text,
  matching_tokens_used integer,
  matching_cost text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint icp_industries_record_key unique nulls not distinct (domain)
);
comment on table extracted.icp_industries is 'Industries that a company sells to: as stated, and as the lookups map them.';
comment on column extracted.icp_industries.matched_industries is 'Canonical names of the stated terms by reference.icp_industry_lookup, else reference.industry_lookup; follows them.';

create table if not exists extracted.icp_industry_terms (
  id uuid not null,
  domain text not null,
  term text not null,
  term_order integer not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint icp_industry_terms_record_key primary key (domain, raw_payload_id, term_order)
);
comment on table extracted.icp_industry_terms is 'The terms of extracted.icp_industries.raw_industries one by one, so that their records follow when a lookup changes.';

create table if not exists extracted.icp_job_titles (
  id uuid primary key,
  domain text not null,
  company_name text,
  company_linkedin_url text,
  reasoning text,
  raw_primary_titles jsonb,
  raw_influencer_titles jsonb,
  raw_extended_titles jsonb,
  primary_titles jsonb,
  influencer_titles jsonb,
  extended_titles jsonb,
  source_tokens_used integer,
  source_input_tokens integer,
  source_output_tokens integer,
  source_cost text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint icp_job_titles_record_key unique nulls not distinct (domain)
);
comment on table extracted.icp_job_titles is 'Titles that a company sells to, in three tiers: as stated, and readable.';

create table if not exists extracted.icp_value_proposition (
  id uuid primary key,
  domain text not null,
  company_name text,
  company_linkedin_url text,
  reasoning text,
  value_proposition text,
  key_benefits jsonb,
  target_market text,
  differentiators jsonb,
  pain_points_addressed jsonb,
  confidence text,
  core_benefit text,
  target_customer text,
  key_differentiator text,
  source_tokens_used integer,
  source_input_tokens integer,
  source_output_tokens integer,
  source_cost text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint icp_value_proposition_record_key unique nulls not distinct (domain)
);
comment on table extracted.icp_value_proposition is
  'What a company promises its customers. reasoning, key_benefits, target_market, differentiators and pain_points_addressed are old columns that no payload fills.';

create table if not exists extracted.icp_fit_criterion (
  id uuid primary key,
  domain text not null,
  company_name text,
  company_linkedin_url text,
  reasoning text,
  primary_criterion text,
  criterion_type text,
  qualifying_signals jsonb,
  disqualifying_signals jsonb,
  ideal_company_attributes jsonb,
  minimum_requirements jsonb,
  source_tokens_used integer,
  source_input_tokens integer,
  source_output_tokens integer,
  source_cost text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint icp_fit_criterion_record_key unique nulls not distinct (domain)
);
comment on table extracted.icp_fit_criterion is 'What makes a prospect fit a company, with the signals for and against.';

create table if not exists extracted.icp_verdict (
  id uuid not null,
  domain text not null,
  company_domain text generated always as (domain) stored,
  origin_company_domain text not null,
  is_match boolean,
  match_reason text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint icp_verdict_record_key primary key (domain, origin_company_domain)
);
comment on table extracted.icp_verdict is 'Whether a company (domain) fits what another one (origin_company_domain) looks for: the newest verdict per pair.';
create index if not exists icp_verdict_origin_company_domain_idx on extracted.icp_verdict (origin_company_domain);

create table if not exists extracted.icp_criteria (
  id uuid primary key,
  domain text not null,
  company_name text,
  industries jsonb,
  countries jsonb,
  employee_ranges jsonb,
  funding_stages jsonb,
  job_titles jsonb,
  seniorities jsonb,
  job_functions jsonb,
  value_proposition text,
  core_benefit text,
  target_customer text,
  key_differentiator text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint icp_criteria_record_key unique nulls not distinct (domain)
);
comment on table extracted.icp_criteria is 'The newest hand-written criteria of a company, as one call gave them.';
