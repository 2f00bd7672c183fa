-- What each customer workflow said, one row per company and customer. domain is the company whose customers these are;
-- origin_company_domain and raw_id are the old names.

create table if not exists extracted.claygent_customers_structured (
  id uuid not null,
  domain text not null,
  origin_company_domain text generated always as (domain) stored,
  origin_company_name text,
  customer_key text not null,
  customer_name text not null,
  case_study_url text,
  has_case_study boolean,
  confidence text,
  matched_domain text,
  matched_linkedin_url text,
  raw_payload_id uuid not null,
  raw_id uuid generated always as (raw_payload_id) stored,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint claygent_customers_structured_record_key primary key (domain, customer_key)
);
comment on table extracted.claygent_customers_structured is 'Customers of a company as found by Claygent, canonical workflow.';
comment on column extracted.claygent_customers_structured.customer_key is 'etl.fold(customer_name).';
comment on column extracted.claygent_customers_structured.matched_domain is 'Was filled by hand; core.company_customers_resolved finds the domain now.';

create table if not exists extracted.claygent_customers_v2 (
  id uuid not null,
  domain text not null,
  origin_company_domain text generated always as (domain) stored,
  origin_company_name text,
  origin_company_linkedin_url text,
  customer_key text not null,
  customer_name text not null,
  case_study_url text,
  has_case_study boolean,
  confidence text,
  matched_domain text,
  matched_linkedin_url text,
  raw_payload_id uuid not null,
  raw_id uuid generated always as (raw_payload_id) stored,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint claygent_customers_v2_record_key primary key (domain, customer_key)
);
comment on table extracted.claygent_customers_v2 is 'Customers of a company as found by Claygent, sent in one object (deprecated variant).';
comment on column extracted.claygent_customers_v2.customer_key is 'etl.fold(customer_name).';
comment on column extracted.claygent_customers_v2.matched_domain is 'Was filled by hand; core.company_customers_resolved finds the domain now.';

create table if not exists extracted.claygent_customers (
  id uuid not null,
  domain text not null,
  origin_company_domain text generated always as (domain) stored,
  origin_company_name text,
  origin_company_linkedin_url text,
  customer_key text not null,
  customer_name text not null,
  case_study_url text,
  confidence text,
  matched_domain text,
  matched_linkedin_url text,
  raw_payload_id uuid not null,
  raw_id uuid generated always as (raw_payload_id) stored,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint claygent_customers_record_key primary key (domain, customer_key)
);
comment on table extracted.claygent_customers is 'Customers of a company as found by Claygent, sent as one comma-separated text (deprecated variant).';
comment on column extracted.claygent_customers.customer_key is 'etl.fold(customer_name).';
comment on column extracted.claygent_customers.matched_domain is 'Was filled by hand; core.company_customers_resolved finds the domain now.';

create table if not exists extracted.company_customer_claygent (
  id uuid not null,
  domain text not null,
  origin_company_domain text generated always as (domain) stored,
  origin_company_name text,
  origin_company_linkedin_url text,
  customer_key text not null,
  company_customer_name text not null,
  case_study_url text,
  has_case_study boolean not null default false,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_customer_claygent_record_key primary key (domain, customer_key)
);
comment on table extracted.company_customer_claygent is 'Customers of a company as found by Claygent, oldest variant. has_case_study false also means unknown.';
comment on column extracted.company_customer_claygent.customer_key is 'etl.fold(company_customer_name).';

create table if not exists extracted.manual_company_customers (
  id uuid not null,
  domain text not null,
  origin_company_domain text generated always as (domain) stored,
  origin_company_name text,
  origin_company_linkedin_url text,
  customer_key text not null,
  company_customer_name text not null,
  company_customer_domain text,
  company_customer_linkedin_url text,
  case_study_url text,
  has_case_study boolean,
  source_notes text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint manual_company_customers_record_key primary key (domain, customer_key)
);
comment on table extracted.manual_company_customers is 'Customers of a company as collected by hand: the newest statement about each.';
comment on column extracted.manual_company_customers.customer_key is 'etl.fold(company_customer_name).';

create or replace view raw.manual_company_customers as
  select stored.id, stored.origin_company_domain, stored.origin_company_name, stored.origin_company_linkedin_url,
         stored.company_customer_name, stored.company_customer_domain, stored.company_customer_linkedin_url, stored.case_study_url,
         stored.has_case_study, stored.source_notes, stored.created_at, stored.observed_at as updated_at
    from extracted.manual_company_customers as stored;
comment on view raw.manual_company_customers is 'The old name of extracted.manual_company_customers; the payloads are in raw.manual_company_customer_payloads.';

-- The people who work the list of case studies mark rows by hand. id is that of extracted.claygent_customers_structured,
-- which a rebuild keeps, so marks outlive it.
create table if not exists raw.case_study_url_marks (
  id uuid primary key,
  sent_to_clay boolean,
  processed boolean,
  batch_id text,
  updated_at timestamptz not null default now()
);
comment on table raw.case_study_url_marks is 'What was done with a row of raw.staging_case_study_urls. processed null: follows from what is extracted.';
