create table if not exists core.company_business_model (
  id uuid primary key,
  domain text not null,
  is_b2b boolean,
  is_b2c boolean,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_business_model_record_key unique nulls not distinct (domain)
);
comment on table core.company_business_model is 'Whether a company sells to businesses (is_b2b), to consumers (is_b2c), or both. Null: not known.';
