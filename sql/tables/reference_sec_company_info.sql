create table if not exists reference.sec_company_info (
  id uuid primary key default gen_random_uuid(),
  ticker text not null,
  cik text,
  sec_company_name text,
  match_key text not null generated always as (etl.fold(ticker)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint sec_company_info_ticker_key unique (ticker),
  constraint sec_company_info_match_key_key unique (match_key),
  constraint cik_has_ten_digits check (cik ~ '^\d{10}$')
);
comment on table reference.sec_company_info is 'Stock ticker (spelling of the SEC) -> number and name of the company at the SEC. A ticker without cik waits to be resolved.';
comment on column reference.sec_company_info.match_key is 'etl.fold(ticker): what is compared.';
