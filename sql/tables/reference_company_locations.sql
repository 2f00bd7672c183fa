create table if not exists reference.clay_find_companies_location_lookup (
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
  constraint clay_find_companies_location_lookup_location_name_key unique (location_name),
  constraint clay_find_companies_location_lookup_match_key_key unique (match_key)
);
comment on table reference.clay_find_companies_location_lookup is 'Free-text location of a company -> city, state, country.';
comment on column reference.clay_find_companies_location_lookup.match_key is 'etl.fold(location_name): what is compared.';

create or replace view reference.company_location_lookup as
  select lookup.id, lookup.location_name as location, lookup.city, lookup.state, lookup.country, lookup.has_city, lookup.has_state, lookup.created_at
    from reference.clay_find_companies_location_lookup as lookup;
comment on view reference.company_location_lookup is 'An older name of reference.clay_find_companies_location_lookup, with the columns it had then.';

create or replace view reference.clay_enriched_company_location_lookup as
  select lookup.id, lookup.location_name as locality, lookup.city, lookup.state, lookup.country, lookup.country as country_full, lookup.created_at
    from reference.clay_find_companies_location_lookup as lookup;
comment on view reference.clay_enriched_company_location_lookup is 'An older name of reference.clay_find_companies_location_lookup, with the columns it had then; country is the full name in both columns.';
