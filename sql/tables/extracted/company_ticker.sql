create table if not exists extracted.company_ticker (
  id uuid primary key,
  domain text not null,
  ticker text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_ticker_record_key unique nulls not distinct (domain)
);
comment on table extracted.company_ticker is 'Stock ticker of a company in the spelling of the SEC; the newest payload.';
create index if not exists company_ticker_ticker_idx on extracted.company_ticker (ticker);
