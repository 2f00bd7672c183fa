create schema if not exists testing;
comment on schema testing is 'Companies entered to try things out: nothing in core depends on them.';

create table if not exists testing.companies (
  id uuid primary key,
  name text not null,
  domain text not null,
  linkedin_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint companies_domain_key unique (domain)
);
comment on table testing.companies is 'Test companies, one row per domain; never coalesced.';
