create table if not exists reference.country_lookup (
  id uuid primary key default gen_random_uuid(),
  raw_value text not null,
  country text not null,
  match_key text not null generated always as (etl.fold(raw_value)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint country_lookup_raw_value_key unique (raw_value),
  constraint country_lookup_match_key_key unique (match_key)
);
comment on table reference.country_lookup is 'Country code or other spelling of a provider -> country name.';
comment on column reference.country_lookup.match_key is 'etl.fold(raw_value): what is compared.';
