create table if not exists extracted.email_anymailfinder (
  id uuid primary key,
  linkedin_url text not null,
  person_linkedin_url text not null,
  first_name text,
  last_name text,
  full_name text,
  domain text,
  company_name text,
  company_linkedin_url text,
  email text,
  validation text,
  alternatives text[],
  success boolean,
  input_not_found_error boolean,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint email_anymailfinder_record_key unique nulls not distinct (linkedin_url, email)
);
comment on table extracted.email_anymailfinder is
  'E-mail searches by AnyMailFinder: the newest per person and e-mail found (null: none found). person_linkedin_url is linkedin_url under its older name.';
create index if not exists email_anymailfinder_email_idx on extracted.email_anymailfinder (email);
create index if not exists email_anymailfinder_domain_idx on extracted.email_anymailfinder (domain);

create table if not exists extracted.email_icypeas (
  id uuid primary key,
  linkedin_url text not null,
  person_linkedin_url text not null,
  first_name text,
  last_name text,
  full_name text,
  domain text,
  company_name text,
  company_linkedin_url text,
  email text,
  status text,
  success boolean,
  search_id text,
  certainty text,
  mx_records jsonb,
  mx_provider text,
  emails jsonb,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint email_icypeas_record_key unique nulls not distinct (linkedin_url, email)
);
comment on table extracted.email_icypeas is
  'E-mail searches by Icypeas: the newest per person and e-mail found (null: none found). person_linkedin_url is linkedin_url under its older name.';
create index if not exists email_icypeas_email_idx on extracted.email_icypeas (email);
create index if not exists email_icypeas_domain_idx on extracted.email_icypeas (domain);

create table if not exists extracted.email_leadmagic (
  id uuid primary key,
  linkedin_url text not null,
  person_linkedin_url text not null,
  first_name text,
  last_name text,
  full_name text,
  domain text,
  company_name text,
  company_linkedin_url text,
  email text,
  status text,
  message text,
  has_mx boolean,
  mx_record text,
  mx_provider text,
  is_domain_catch_all boolean,
  employment_verified boolean,
  mx_security_gateway boolean,
  credits_consumed integer,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint email_leadmagic_record_key unique nulls not distinct (linkedin_url, email)
);
comment on table extracted.email_leadmagic is
  'E-mail searches by LeadMagic: the newest per person and e-mail found (null: none found). person_linkedin_url is linkedin_url under its older name.';
create index if not exists email_leadmagic_email_idx on extracted.email_leadmagic (email);
create index if not exists email_leadmagic_domain_idx on extracted.email_leadmagic (domain);
