create table if not exists extracted.cleaned_company_names (
  id uuid primary key,
  domain text not null,
  original_company_name text,
  cleaned_company_name text not null,
  source text not null default 'clay',
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null generated always as (observed_at) stored,
  constraint cleaned_company_names_record_key unique nulls not distinct (domain)
);
comment on table extracted.cleaned_company_names is 'Name of a company as it was cleaned in Clay; the newest payload that had one.';
create index if not exists cleaned_company_names_cleaned_company_name_idx on extracted.cleaned_company_names (cleaned_company_name);
create index if not exists cleaned_company_names_original_company_name_idx on extracted.cleaned_company_names (original_company_name);
