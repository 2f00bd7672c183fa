-- Work lists that people fill and empty by hand.
create schema if not exists staging;
comment on schema staging is 'Work lists, filled by hand: nothing in core depends on them.';

create table if not exists staging.companies_to_enrich (
  id uuid primary key default gen_random_uuid(),
  domain text not null,
  company_linkedin_url text,
  short_description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table staging.companies_to_enrich is 'Companies that wait for a LinkedIn page or a description. A domain may be listed more than once.';
create index if not exists companies_to_enrich_domain_idx on staging.companies_to_enrich (etl.normalize_domain(domain));
