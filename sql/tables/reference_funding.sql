create table if not exists reference.funding_ranges (
  name text primary key,
  min_funding_usd bigint not null,
  max_funding_usd bigint,
  sort_order integer not null default 0
);
comment on table reference.funding_ranges is 'Canonical ranges of total funding (US dollars). max_funding_usd null: open-ended.';

create table if not exists reference.funding_range_lookup (
  id uuid primary key default gen_random_uuid(),
  raw_value text not null,
  matched_funding_range text not null references reference.funding_ranges (name) on delete restrict,
  match_key text not null generated always as (etl.fold(raw_value)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint funding_range_lookup_raw_value_key unique (raw_value),
  constraint funding_range_lookup_match_key_key unique (match_key)
);
comment on table reference.funding_range_lookup is 'Provider funding text -> canonical funding range.';
comment on column reference.funding_range_lookup.match_key is 'etl.fold(raw_value): what is compared.';
create index if not exists funding_range_lookup_matched_funding_range_idx on reference.funding_range_lookup (matched_funding_range);
