create table if not exists reference.predictleads_technologies (
  id uuid primary key,
  title_key text not null,
  title text not null,
  url text,
  technology_domain text,
  categories jsonb,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint predictleads_technologies_title_key_key unique (title_key)
);
comment on table reference.predictleads_technologies is 'Technologies that PredictLeads knows; grows as payloads bring new ones. One row per title, ignoring case and blanks.';
comment on column reference.predictleads_technologies.title_key is 'etl.fold(title).';
