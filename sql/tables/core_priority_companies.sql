create table if not exists core.priority_companies (
  id uuid primary key default gen_random_uuid(),
  company_name text not null,
  match_key text not null generated always as (etl.fold(company_name)) stored,
  domain text,
  created_at timestamptz not null default now(),
  constraint priority_companies_company_name_key unique (match_key),
  constraint company_name_is_not_blank check (btrim(company_name) <> '')
);
comment on table core.priority_companies is 'Companies whose former employees are of interest: a list that people keep by hand, and no golden record.';
comment on column core.priority_companies.match_key is 'etl.fold(company_name): a name is on the list once, in whatever case.';
