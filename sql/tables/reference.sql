create table if not exists reference.enrichment_workflow_registry (
  id uuid primary key default gen_random_uuid(),
  workflow_slug text not null,
  aliases text[] not null default '{}',
  workflow_type text not null,
  entity_type text not null,
  provider text,
  platform text,
  payload_type text,
  description text not null,
  raw_table text,
  extracted_table text,
  core_table text,
  core_tables text[] not null default '{}',
  coalesces_to_core boolean not null generated always as (cardinality(core_tables) > 0) stored,
  usage_category text,
  api_endpoint_url text not null,
  other_paths text[] not null default '{}',
  timeout integer not null default 60,
  max_body_bytes integer not null default 10485760,
  request_schema jsonb not null,
  strict_schema jsonb not null,
  response_schema jsonb not null default '{"type": "object"}',
  example_request jsonb not null,
  is_active boolean not null default true,
  inactive_reason text,
  modal_function_name text,
  modal_endpoint_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint enrichment_workflow_registry_workflow_slug_key unique (workflow_slug),
  constraint api_endpoint_url_is_a_run_path check (api_endpoint_url ~ '^/run/[^?#\s]+$'),
  constraint inactive_has_a_reason check (is_active or inactive_reason is not null),
  constraint timeout_is_positive check (timeout > 0)
);
create unique index if not exists enrichment_workflow_registry_path_key on reference.enrichment_workflow_registry (api_endpoint_url);
create index if not exists enrichment_workflow_registry_aliases_idx on reference.enrichment_workflow_registry using gin (aliases);

comment on table reference.enrichment_workflow_registry is
  'One row per workflow: the single source of route, validation, OpenAPI, catalogue, limits and audit. Written by etl.workflow().';
comment on column reference.enrichment_workflow_registry.aliases is 'Other slugs of the same workflow that callers may send.';
comment on column reference.enrichment_workflow_registry.other_paths is 'Older paths that lead to the same workflow (etl.also_at).';
comment on column reference.enrichment_workflow_registry.workflow_type is 'ingest, upsert, inference, fetch (these land payloads), lookup, check, update, backfill or delivery.';
comment on column reference.enrichment_workflow_registry.core_tables is 'The core tables that the workflow writes; etl.audit() runs the example and compares.';
comment on column reference.enrichment_workflow_registry.coalesces_to_core is 'Whether core_tables names any.';
comment on column reference.enrichment_workflow_registry.core_table is 'The first of core_tables, for readers of the old column.';
comment on column reference.enrichment_workflow_registry.timeout is 'Seconds after which a synchronous call is answered 504.';
comment on column reference.enrichment_workflow_registry.max_body_bytes is 'Largest accepted request body, in bytes; a larger one is answered 413.';
comment on column reference.enrichment_workflow_registry.request_schema is 'JSON Schema of the whole body, payload fields included: documentation, warnings and drift come from it.';
comment on column reference.enrichment_workflow_registry.strict_schema is 'The part of request_schema that refuses a body: required top-level fields and their types. Derived.';
comment on column reference.enrichment_workflow_registry.example_request is 'A complete, invented body; really run by etl.audit().';
comment on column reference.enrichment_workflow_registry.modal_function_name is 'Name of the serverless function in the system this one replaces.';

-- Lookups: raw value -> canonical value. match_key folds case and blanks, so one row serves every spelling.

create table if not exists reference.employee_ranges (
  name text primary key,
  min_employees integer not null,
  max_employees integer,
  sort_order integer not null
);
comment on table reference.employee_ranges is 'Canonical employee ranges (people). max_employees null: open-ended.';

create table if not exists reference.revenue_ranges (
  name text primary key,
  min_revenue_usd bigint not null,
  max_revenue_usd bigint,
  sort_order integer not null
);
comment on table reference.revenue_ranges is 'Canonical yearly revenue ranges (US dollars). max_revenue_usd null: open-ended.';

create table if not exists reference.company_types (
  name text primary key,
  sort_order integer not null default 0
);
comment on table reference.company_types is 'Canonical company types.';

create table if not exists reference.company_industries (
  id uuid primary key,
  name text not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_industries_name_source_key unique (name, source)
);
comment on table reference.company_industries is 'Industry names in use, per source; grows as payloads bring new ones.';

create table if not exists reference.technologies (
  id uuid primary key,
  name_key text not null,
  name text not null,
  url text,
  description text,
  parent text,
  categories jsonb,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint technologies_name_key_key unique (name_key)
);
comment on table reference.technologies is 'Technologies seen on company sites; grows as payloads bring new ones. One row per name, ignoring case and blanks.';
comment on column reference.technologies.name_key is 'etl.fold(name).';

create table if not exists reference.employee_range_lookup (
  id uuid primary key default gen_random_uuid(),
  size_raw text not null,
  size_cleaned text not null references reference.employee_ranges (name) on delete restrict,
  match_key text not null generated always as (etl.fold(size_raw)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint employee_range_lookup_size_raw_key unique (size_raw),
  constraint employee_range_lookup_match_key_key unique (match_key)
);
comment on table reference.employee_range_lookup is 'Provider size text -> canonical employee range.';
comment on column reference.employee_range_lookup.match_key is 'etl.fold(size_raw): what is compared.';
create index if not exists employee_range_lookup_size_cleaned_idx on reference.employee_range_lookup (size_cleaned);

create table if not exists reference.revenue_range_lookup (
  id uuid primary key default gen_random_uuid(),
  raw_value text not null,
  matched_revenue_range text not null references reference.revenue_ranges (name) on delete restrict,
  match_key text not null generated always as (etl.fold(raw_value)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint revenue_range_lookup_raw_value_key unique (raw_value),
  constraint revenue_range_lookup_match_key_key unique (match_key)
);
comment on table reference.revenue_range_lookup is 'Provider revenue text -> canonical revenue range. A value that straddles ranges maps to the range of its upper end, so that ICP filters err on the high side.';
comment on column reference.revenue_range_lookup.match_key is 'etl.fold(raw_value): what is compared.';
create index if not exists revenue_range_lookup_matched_revenue_range_idx on reference.revenue_range_lookup (matched_revenue_range);

create table if not exists reference.company_type_lookup (
  id uuid primary key default gen_random_uuid(),
  raw_value text not null,
  matched_type text not null references reference.company_types (name) on delete restrict,
  match_key text not null generated always as (etl.fold(raw_value)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_type_lookup_raw_value_key unique (raw_value),
  constraint company_type_lookup_match_key_key unique (match_key)
);
comment on table reference.company_type_lookup is 'Provider company type -> canonical company type.';
comment on column reference.company_type_lookup.match_key is 'etl.fold(raw_value): what is compared.';
create index if not exists company_type_lookup_matched_type_idx on reference.company_type_lookup (matched_type);

create table if not exists reference.industry_lookup (
  id uuid primary key default gen_random_uuid(),
  industry_raw text not null,
  industry_cleaned text not null,
  match_key text not null generated always as (etl.fold(industry_raw)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint industry_lookup_industry_raw_key unique (industry_raw),
  constraint industry_lookup_match_key_key unique (match_key)
);
comment on table reference.industry_lookup is 'Raw industry -> canonical industry.';
comment on column reference.industry_lookup.match_key is 'etl.fold(industry_raw): what is compared.';

create table if not exists reference.job_title_lookup (
  id uuid primary key default gen_random_uuid(),
  latest_title text not null,
  cleaned_job_title text not null,
  seniority_level text,
  job_function text,
  status text,
  match_key text not null generated always as (etl.fold(latest_title)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint job_title_lookup_latest_title_key unique (latest_title),
  constraint job_title_lookup_match_key_key unique (match_key)
);
comment on table reference.job_title_lookup is 'Raw job title -> cleaned title, seniority, job function.';
comment on column reference.job_title_lookup.match_key is 'etl.fold(latest_title): what is compared.';

create table if not exists reference.location_lookup (
  id uuid primary key default gen_random_uuid(),
  location_name text not null,
  city text,
  state text,
  country text,
  has_city boolean not null default false,
  has_state boolean not null default false,
  has_country boolean not null default false,
  match_key text not null generated always as (etl.fold(location_name)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint location_lookup_location_name_key unique (location_name),
  constraint location_lookup_match_key_key unique (match_key)
);
comment on table reference.location_lookup is 'Free-text location of a person -> city, state, country.';
comment on column reference.location_lookup.match_key is 'etl.fold(location_name): what is compared.';
