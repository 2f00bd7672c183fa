create table if not exists extracted.company_enrich_similar (
  id uuid primary key,
  domain text not null,
  input_domain text generated always as (domain) stored,
  similar_order integer not null,
  company_id text,
  company_name text,
  company_domain text,
  company_website text,
  company_industry text,
  company_description text,
  company_keywords text[],
  company_logo_url text,
  similarity_score numeric,
  batch_id uuid,
  raw_payload_id uuid not null,
  raw_id uuid generated always as (raw_payload_id) stored,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_enrich_similar_record_key unique nulls not distinct (domain, raw_payload_id, similar_order)
);
create index if not exists company_enrich_similar_company_domain_idx on extracted.company_enrich_similar (company_domain);
create index if not exists company_enrich_similar_batch_id_idx on extracted.company_enrich_similar (batch_id);
comment on table extracted.company_enrich_similar is 'Companies that CompanyEnrich finds similar to a domain: one current set per domain, the newest answer that held any.';

create table if not exists extracted.company_enrich_similar_checks (
  id uuid primary key,
  domain text not null,
  similar_count integer not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_enrich_similar_checks_record_key unique nulls not distinct (domain)
);
comment on table extracted.company_enrich_similar_checks is 'Domains that CompanyEnrich was asked about, and how many similar companies it knew: also none.';

create table if not exists raw.company_enrich_similar_queue (
  id uuid primary key default gen_random_uuid(),
  domain text not null,
  status text not null default 'pending',
  batch_id uuid references etl.jobs (id) on delete set null,
  production_id uuid,
  processed_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  constraint company_enrich_similar_queue_domain_key unique (domain),
  constraint status_is_known check (status in ('pending', 'processing', 'done', 'error'))
);
create index if not exists company_enrich_similar_queue_pending_idx on raw.company_enrich_similar_queue (created_at, id) where status = 'pending';
create index if not exists company_enrich_similar_queue_production_id_idx on raw.company_enrich_similar_queue (production_id);
create index if not exists company_enrich_similar_queue_batch_id_idx on raw.company_enrich_similar_queue (batch_id);
comment on table raw.company_enrich_similar_queue is 'Domains whose similar companies are wanted. A batch takes the oldest pending ones; a row follows its production.';

create table if not exists raw.company_enrich_similar_webhooks (
  batch_id uuid primary key references etl.jobs (id) on delete cascade,
  webhook_url text not null,
  problem text,
  created_at timestamptz not null default now()
);
comment on table raw.company_enrich_similar_webhooks is 'Whom to tell when a batch of similar companies has ended; the row goes when the delivery is made.';
comment on column raw.company_enrich_similar_webhooks.problem is 'Why the delivery could not be made when the batch ended.';
