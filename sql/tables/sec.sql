create table if not exists extracted.sec_companies (
  id uuid primary key,
  domain text not null,
  ticker text not null,
  cik text not null,
  sec_company_name text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint sec_companies_record_key unique nulls not distinct (domain)
);
comment on table extracted.sec_companies is 'Under which number the SEC knows a company, as found by its ticker.';

create table if not exists extracted.company_sec_filings (
  id uuid primary key,
  domain text not null,
  filing_order integer not null,
  cik text not null,
  form_type text not null,
  filing_date date,
  report_date date,
  accession_number text,
  document_url text,
  items text[] not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_sec_filings_record_key unique nulls not distinct (domain, raw_payload_id, filing_order)
);
comment on table extracted.company_sec_filings is 'Recent 10-K, 10-Q and 8-K filings of a company, newest first, as the SEC listed them when last asked.';

create table if not exists extracted.company_financials (
  id uuid primary key,
  domain text not null,
  cik text,
  ticker text,
  period_end date not null,
  fiscal_year integer,
  fiscal_period text not null,
  form_type text,
  filed_date date,
  accession_number text,
  revenue numeric,
  net_income numeric,
  gross_profit numeric,
  operating_income numeric,
  total_assets numeric,
  total_liabilities numeric,
  stockholders_equity numeric,
  eps_basic numeric,
  eps_diluted numeric,
  operating_cash_flow numeric,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_financials_record_key unique nulls not distinct (domain, period_end, fiscal_period)
);
comment on table extracted.company_financials is
  'Key figures of a public company per reporting period, in US dollars (a share, for eps), from its own filing about that period. Flows cover the quarter or the year alone, never the year to date.';
