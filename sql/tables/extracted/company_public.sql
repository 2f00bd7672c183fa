create table if not exists extracted.company_public (
  id uuid primary key,
  domain text not null,
  company_name text,
  linkedin_url text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_public_record_key unique nulls not distinct (domain)
);
comment on table extracted.company_public is 'Companies that were entered as publicly traded; the newest entry.';
