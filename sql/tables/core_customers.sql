create table if not exists core.company_customers (
  id uuid not null,
  origin_company_domain text not null,
  customer_key text not null,
  origin_company_name text,
  customer_name text,
  customer_domain text,
  case_study_url text,
  has_case_study boolean,
  source_id uuid,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_customers_record_key primary key (origin_company_domain, customer_key)
);
comment on table core.company_customers is
  'Customers of a company, one row each. customer_domain is what a source stated; core.company_customers_resolved also finds it by name.';
comment on column core.company_customers.customer_key is 'etl.fold(customer_name).';
comment on column core.company_customers.source_id is 'Id of the extracted row.';
create index if not exists company_customers_customer_domain_idx on core.company_customers (customer_domain);
create index if not exists company_customers_customer_key_idx on core.company_customers (customer_key);

-- Names are of any length, so hash indexes: a B-tree entry has room for about 2,700 bytes.
create index if not exists companies_name_idx on core.companies using hash (etl.fold(name)) where name is not null;
create index if not exists companies_cleaned_name_idx on core.companies using hash (etl.fold(cleaned_name)) where cleaned_name is not null;

create table if not exists core.case_study_champions (
  id uuid primary key,
  origin_company_domain text not null,
  case_study_key text,
  full_name_key text not null,
  full_name text,
  job_title text,
  company_name text,
  company_domain text,
  case_study_url text,
  core_person_id uuid,
  core_company_id uuid,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint case_study_champions_record_key unique nulls not distinct (origin_company_domain, case_study_key, full_name_key)
);
comment on table core.case_study_champions is
  'People quoted in case studies that a company (origin_company_domain) published. core_company_id is core.companies.id of company_domain; core_person_id is free: a name alone tells no person.';
comment on column core.case_study_champions.case_study_key is 'core.case_study_key(case_study_url); without a URL, of the customer''s name.';
comment on column core.case_study_champions.full_name_key is 'etl.fold(full_name).';
create index if not exists case_study_champions_company_domain_idx on core.case_study_champions (company_domain);
create index if not exists case_study_champions_core_company_id_idx on core.case_study_champions (core_company_id);

create table if not exists core.icp_criteria (
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
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint icp_criteria_record_key unique nulls not distinct (domain)
);
comment on table core.icp_criteria is 'Whom a company sells to: hand-written criteria, and what the ICP workflows found where nothing is written. Lists are JSON arrays of text.';
