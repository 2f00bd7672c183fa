create table if not exists extracted.salesnav_scrapes_company_address (
  id uuid primary key,
  domain text not null,
  company_name text,
  linkedin_url text,
  linkedin_urn text,
  description text,
  headcount integer,
  industries text,
  registered_address_raw text,
  city text,
  state text,
  country text,
  has_city boolean not null default false,
  has_state boolean not null default false,
  has_country boolean not null default false,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint salesnav_scrapes_company_address_record_key unique nulls not distinct (domain)
);
comment on table extracted.salesnav_scrapes_company_address is 'Company scraped from Sales Navigator with its registered address in parts; the newest payload.';
