create table if not exists reference.business_models (
  name text primary key,
  sort_order integer
);
comment on table reference.business_models is 'What core.company_business_model can be filtered by: B2B (is_b2b), B2C (is_b2c), Both (both).';

create table if not exists reference.sales_nav_industries (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  source text not null default 'sales_navigator',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint sales_nav_industries_name_source_key unique (name, source)
);
comment on table reference.sales_nav_industries is 'Industries as Sales Navigator names them.';
create index if not exists sales_nav_industries_source_idx on reference.sales_nav_industries (source);
