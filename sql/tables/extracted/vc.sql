-- The firm as the portfolio spells it; vc_name is its canonical name.
alter table extracted.vc_portfolio add column if not exists raw_vc_name text;
comment on column extracted.vc_portfolio.raw_vc_name is 'The firm as it was sent; vc_name is its canonical name by reference.vc_name_aliases.';

create table if not exists extracted.cb_vc_portfolio (
  id uuid primary key,
  domain text not null,
  company_name text,
  city text,
  state text,
  country text,
  short_description text,
  employee_range text,
  last_funding_date text,
  last_funding_type text,
  last_funding_amount text,
  last_equity_funding_type text,
  last_leadership_hiring_date text,
  founded_date text,
  estimated_revenue_range text,
  funding_status text,
  total_funding_amount text,
  total_equity_funding_amount text,
  operating_status text,
  company_linkedin_url text,
  vc_name text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint cb_vc_portfolio_record_key unique nulls not distinct (domain, vc_name)
);
comment on table extracted.cb_vc_portfolio is 'Companies of Crunchbase with their funding, one row per company and investor; one without investor where none is named.';
create index if not exists cb_vc_portfolio_vc_name_idx on extracted.cb_vc_portfolio (vc_name);

create table if not exists extracted.company_vc_investors (
  id uuid not null,
  domain text not null,
  company_domain text generated always as (domain) stored,
  company_name text,
  company_linkedin_url text,
  vc_og text,
  vc_name text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_vc_investors_record_key primary key (domain, vc_name)
);
comment on table extracted.company_vc_investors is 'Co-investors of a company, one row each; vc_og is the firm whose portfolio led to it, and has a row too.';
create index if not exists company_vc_investors_vc_name_idx on extracted.company_vc_investors (vc_name);
