create table if not exists extracted.core_company (
  id uuid primary key,
  domain text not null,
  name text,
  linkedin_url text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint core_company_record_key unique nulls not distinct (domain)
);
comment on table extracted.core_company is 'Name and LinkedIn page of a company as entered by hand; the newest entry.';
