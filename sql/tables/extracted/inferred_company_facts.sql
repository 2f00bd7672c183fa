create table if not exists extracted.inferred_company_employee_ranges (
  id uuid primary key,
  domain text not null,
  company_name text,
  employee_range text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint inferred_company_employee_ranges_record_key unique nulls not distinct (domain)
);
comment on table extracted.inferred_company_employee_ranges is
  'Size of a company as a model remembers it, a name of reference.employee_ranges; null: not known. Offered to no core table: the caller decides, and sends what it trusts to core-company-full-upsert.';

create table if not exists extracted.inferred_company_industries (
  id uuid primary key,
  domain text not null,
  company_name text,
  industries text[] not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint inferred_company_industries_record_key unique nulls not distinct (domain)
);
comment on table extracted.inferred_company_industries is
  'Industries of a company as a model named them, the likeliest first. Offered to no core table: the caller decides, and sends what it trusts to core-company-full-upsert.';

create table if not exists extracted.inferred_company_linkedin_urls (
  id uuid primary key,
  domain text not null,
  company_name text,
  linkedin_url text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint inferred_company_linkedin_urls_record_key unique nulls not distinct (domain)
);
comment on table extracted.inferred_company_linkedin_urls is
  'LinkedIn page of a company as a model found it; null: not found. Offered to no core table: the caller decides, and sends what it trusts to core-company-full-upsert.';
