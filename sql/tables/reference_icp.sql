create table if not exists reference.icp_industry_lookup (
  id uuid primary key default gen_random_uuid(),
  term text not null,
  matched_industries text[] not null,
  match_key text not null generated always as (etl.fold(term)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint icp_industry_lookup_match_key_key unique (match_key)
);
comment on table reference.icp_industry_lookup is 'Broad industry term, as companies describe whom they sell to -> canonical industry names.';
comment on column reference.icp_industry_lookup.match_key is 'etl.fold(term): what is compared.';
