create table if not exists extracted.case_study_details (
  id uuid not null,
  domain text not null,
  origin_company_domain text generated always as (domain) stored,
  origin_company_name text,
  case_study_key text not null,
  case_study_url text not null,
  company_customer_name text not null,
  company_customer_domain text,
  article_title text,
  confidence text,
  reasoning text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint case_study_details_record_key primary key (domain, case_study_key)
);
comment on table extracted.case_study_details is 'Case studies as a model read them, one row per publisher (domain) and page.';
comment on column extracted.case_study_details.case_study_key is 'core.case_study_key(case_study_url).';
create index if not exists case_study_details_case_study_key_idx on extracted.case_study_details (case_study_key);
create index if not exists case_study_details_company_customer_domain_idx on extracted.case_study_details (company_customer_domain);

create table if not exists extracted.case_study_buyers (
  id uuid primary key,
  domain text not null,
  origin_company_domain text generated always as (domain) stored,
  origin_company_name text,
  customer_company_name text,
  customer_company_domain text,
  case_study_key text,
  case_study_url text,
  buyer_key text,
  buyer_full_name text,
  buyer_job_title text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint case_study_buyers_record_key unique nulls not distinct (domain, case_study_key, buyer_key)
);
comment on table extracted.case_study_buyers is 'People quoted in a case study, one row per publisher (domain), page and person; one without a person where none is quoted.';
comment on column extracted.case_study_buyers.case_study_key is 'core.case_study_key(case_study_url).';
comment on column extracted.case_study_buyers.buyer_key is 'etl.fold(buyer_full_name).';
create index if not exists case_study_buyers_case_study_key_idx on extracted.case_study_buyers (case_study_key);
create index if not exists case_study_buyers_customer_company_domain_idx on extracted.case_study_buyers (customer_company_domain);

create table if not exists extracted.case_study_champions (
  id uuid primary key,
  domain text not null,
  case_study_key text not null,
  case_study_id uuid not null,
  champion_order integer not null,
  full_name_key text,
  full_name text,
  job_title text,
  company_name text,
  customer_company_name text,
  customer_company_domain text,
  case_study_url text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint case_study_champions_record_key unique nulls not distinct (domain, case_study_key, raw_payload_id, champion_order)
);
comment on table extracted.case_study_champions is
  'People quoted in a case study as the newest run read it, one row per publisher (domain), page and person; one (champion_order 0) without a person where nobody is quoted.';
comment on column extracted.case_study_champions.case_study_id is 'extracted.case_study_details.id.';
comment on column extracted.case_study_champions.full_name_key is 'etl.fold(full_name).';
create index if not exists case_study_champions_case_study_id_idx on extracted.case_study_champions (case_study_id);
create index if not exists case_study_champions_customer_company_domain_idx on extracted.case_study_champions (customer_company_domain);
create index if not exists case_study_champions_full_name_key_idx on extracted.case_study_champions (full_name_key);

create table if not exists extracted.case_study_people (
  id uuid primary key,
  domain text not null,
  case_study_key text not null,
  person_order integer not null,
  full_name_key text,
  full_name text,
  job_title text,
  company_name text,
  company_domain text,
  case_study_url text,
  source text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint case_study_people_record_key unique nulls not distinct (domain, case_study_key, raw_payload_id, person_order)
);
comment on table extracted.case_study_people is
  'People quoted in a case study as the newest reading of it names them, whichever workflow read it: one row per publisher (domain), page and person; one (person_order 0) without a person where nobody is quoted.';
comment on column extracted.case_study_people.case_study_key is 'core.case_study_key(case_study_url); without a URL, of the customer''s name.';
comment on column extracted.case_study_people.company_domain is 'Of the customer; null for who is quoted under another employer.';
