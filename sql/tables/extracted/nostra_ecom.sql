create table if not exists extracted.nostra_ecom_companies (
  id uuid primary key,
  domain text not null,
  name text,
  linkedin_url text,
  description text,
  city text,
  state text,
  country text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint nostra_ecom_companies_record_key unique nulls not distinct (domain)
);
comment on table extracted.nostra_ecom_companies is 'Companies of an old list of shops; country as it was sent.';

create table if not exists extracted.nostra_ecom_people (
  id uuid primary key,
  linkedin_url text not null,
  person_linkedin_url text not null,
  first_name text,
  last_name text,
  email text,
  company_name text,
  domain text,
  company_linkedin_url text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint nostra_ecom_people_record_key unique nulls not distinct (linkedin_url)
);
comment on table extracted.nostra_ecom_people is 'People of an old list of shops. person_linkedin_url is linkedin_url under its older name.';
create index if not exists nostra_ecom_people_domain_idx on extracted.nostra_ecom_people (domain);
create index if not exists nostra_ecom_people_email_idx on extracted.nostra_ecom_people (email);
