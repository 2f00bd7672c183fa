create table if not exists core.target_client_view_settings (
  id uuid primary key,
  domain text not null,
  name text,
  slug text,
  filters jsonb,
  endpoint text,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint target_client_view_settings_record_key unique nulls not distinct (domain)
);
comment on table core.target_client_view_settings is 'What was asked for the lead view of a company; core.target_client_views completes it.';
