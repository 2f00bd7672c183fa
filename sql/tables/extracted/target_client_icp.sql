create table if not exists extracted.target_client_icp (
  id uuid primary key,
  domain text not null,
  target_client_id uuid,
  company_name text,
  company_linkedin_url text,
  industries jsonb,
  employee_count_min integer,
  employee_count_max integer,
  size jsonb,
  countries jsonb,
  founded_min integer,
  founded_max integer,
  title_contains_any jsonb,
  title_contains_all jsonb,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null generated always as (observed_at) stored,
  constraint target_client_icp_record_key unique nulls not distinct (domain, target_client_id)
);
create index if not exists target_client_icp_target_client_id_idx on extracted.target_client_icp (target_client_id);
comment on table extracted.target_client_icp is 'Whom a company would sell to, as a model proposed it last; target_client_id null: asked for a company that is no target client.';
comment on column extracted.target_client_icp.title_contains_any is 'Words of seniority or role: a title has one of them, and one of title_contains_all.';
comment on column extracted.target_client_icp.title_contains_all is 'Words of functions: despite the name, a title has one of them.';

create table if not exists extracted.target_client_icp_terms (
  id uuid primary key,
  domain text not null,
  target_client_key text not null,
  kind text not null,
  term text not null,
  term_order integer not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint target_client_icp_terms_record_key unique nulls not distinct (domain, target_client_key, raw_payload_id, kind, term_order)
);
comment on table extracted.target_client_icp_terms is
  'The industries and sizes of extracted.target_client_icp one by one (kind: industry, size), so that their records follow when a lookup changes.';
