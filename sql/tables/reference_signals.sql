create table if not exists reference.signal_registry (
  id uuid primary key default gen_random_uuid(),
  signal_slug text not null,
  signal_level text not null,
  signal_category text not null,
  signal_kind text not null,
  source text not null,
  source_signal_name text,
  required_inputs jsonb,
  output_fields jsonb,
  description text,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint signal_registry_signal_slug_key unique (signal_slug),
  constraint signal_level_is_known check (signal_level in ('company', 'person'))
);
comment on table reference.signal_registry is
  'Kinds of events that providers watch for. The workflows clay-signal-… accept a signal_slug only when it is here, active, and of their kind. required_inputs and output_fields are documentation.';
comment on column reference.signal_registry.signal_level is 'Whether the event is about a company or a person.';
comment on column reference.signal_registry.signal_category is 'Free text: hiring, funding, job_change, promotion, web_intent, social.';
comment on column reference.signal_registry.signal_kind is
  'The kind of core.signals: new_hire, job_posting, news_fundraising, job_change, promotion, web_intent, brand_mention. Several slugs may be of one kind.';
create index if not exists signal_registry_signal_level_idx on reference.signal_registry (signal_level);
create index if not exists signal_registry_signal_category_idx on reference.signal_registry (signal_category);

create table if not exists reference.signals (
  name text primary key,
  display_name text not null,
  endpoint text,
  sort_order integer not null default 0
);
comment on table reference.signals is 'Signals that a reader can filter leads by, in the order in which they are offered. endpoint null: no list of its own. Unrelated to reference.signal_registry.';

create table if not exists reference.job_titles (
  id uuid primary key,
  title_key text not null,
  normalized_title text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint job_titles_title_key_key unique (title_key)
);
comment on table reference.job_titles is
  'Normalised titles seen in job postings; grows as postings bring new ones. One row per title, ignoring case and blanks. Unrelated to reference.job_title_lookup.';
comment on column reference.job_titles.title_key is 'etl.fold(normalized_title).';
