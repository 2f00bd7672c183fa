create table if not exists reference.seniorities (
  name text primary key,
  sort_order integer not null default 0
);
comment on table reference.seniorities is 'Levels that people can be filtered by, in the order in which they are offered.';

create table if not exists reference.job_functions (
  name text primary key,
  sort_order integer not null default 0
);
comment on table reference.job_functions is 'Functions that people can be filtered by, in the order in which they are offered.';

create table if not exists reference.countries (
  name text primary key,
  code text not null,
  constraint code_has_two_letters check (code ~ '^[A-Z]{2}$')
);
comment on table reference.countries is 'Countries with their ISO 3166-1 code of two letters.';

create table if not exists reference.job_function_mapping (
  id uuid not null default gen_random_uuid(),
  our_job_function text primary key,
  sales_nav_function text not null,
  created_at timestamptz not null default now()
);
comment on table reference.job_function_mapping is 'Own job function -> function of Sales Navigator. What is not here counts as Other.';
create or replace view core.job_function_mapping as
  select mapping.id, mapping.our_job_function, mapping.sales_nav_function, mapping.created_at
    from reference.job_function_mapping as mapping;
comment on view core.job_function_mapping is 'The older name of reference.job_function_mapping.';
