create table if not exists extracted.inferred_company_locations (
  id uuid primary key,
  domain text not null,
  company_name text,
  city text,
  state text,
  country text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint inferred_company_locations_record_key unique nulls not distinct (domain)
);
comment on table extracted.inferred_company_locations is 'Head office of a company as a model remembers it. Offered to no core table: the caller decides, and sends what it trusts to core-company-full-upsert.';
