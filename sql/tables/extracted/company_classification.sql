create table if not exists extracted.company_classification (
  id uuid primary key,
  domain text not null,
  is_b2b boolean,
  b2b_reason text,
  is_b2c boolean,
  b2c_reason text,
  tokens_used integer,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_classification_record_key unique nulls not distinct (domain)
);
comment on table extracted.company_classification is 'Whether a company sells to businesses or consumers, as a model judged it; the newest payload with a verdict.';
