create table if not exists extracted.vc_portfolio (
  id uuid primary key,
  domain text not null,
  vc_name text,
  company_name text,
  linkedin_url text,
  short_description text,
  long_description text,
  city text,
  state text,
  country text,
  employee_range text,
  founded_date text,
  operating_status text,
  matched_domain text,
  match_confidence text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint vc_portfolio_record_key unique nulls not distinct (domain, vc_name)
);
comment on table extracted.vc_portfolio is 'Portfolio companies of venture capital firms, one row per company and firm.';

