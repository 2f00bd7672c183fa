create table if not exists core.company_public (
  id uuid primary key,
  domain text not null,
  company_name text,
  linkedin_url text,
  ticker text,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_public_record_key unique nulls not distinct (domain)
);
comment on table core.company_public is 'Publicly traded companies, with the ticker where it is known.';
create index if not exists company_public_ticker_idx on core.company_public (ticker);
