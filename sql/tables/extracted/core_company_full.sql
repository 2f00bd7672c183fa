create table if not exists extracted.core_company_full (
  id uuid not null,
  domain text not null,
  company_name text,
  linkedin_url text,
  industry text,
  city text,
  state text,
  country text,
  employee_range text,
  source text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint core_company_full_record_key primary key (domain, source)
);
comment on table extracted.core_company_full is 'Company facts that were sent as already cleaned, the newest per source.';

