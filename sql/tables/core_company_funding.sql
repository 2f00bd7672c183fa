create table if not exists core.company_funding (
  id uuid not null,
  domain text not null,
  raw_funding_range text,
  raw_funding_amount bigint,
  matched_funding_range text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_funding_record_key primary key (domain, source)
);
comment on table core.company_funding is 'Total funding (US dollars) of a company as each source gives it; matched_funding_range is a name of reference.funding_ranges.';
