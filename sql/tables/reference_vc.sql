create table if not exists reference.vc_firms (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  domain text,
  match_key text not null generated always as (etl.fold(name)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint vc_firms_match_key_key unique (match_key)
);
comment on table reference.vc_firms is 'Canonical venture capital firms.';
comment on column reference.vc_firms.match_key is 'etl.fold(name): what is compared.';
create index if not exists vc_firms_domain_idx on reference.vc_firms (domain);

create or replace view raw.vc_firms as
  select firm.id, firm.domain, firm.name, firm.created_at
    from reference.vc_firms as firm;
comment on view raw.vc_firms is 'The old name of reference.vc_firms.';

create table if not exists reference.top_vcs (
  id uuid primary key default gen_random_uuid(),
  name text,
  domain text not null,
  created_at timestamptz not null default now(),
  constraint top_vcs_domain_key unique (domain)
);
comment on table reference.top_vcs is 'Curated list of top venture capital firms, by domain. name null: not known.';

create table if not exists reference.vc_name_aliases (
  id uuid primary key default gen_random_uuid(),
  raw_name text not null,
  canonical_name text not null,
  match_key text not null generated always as (etl.fold(raw_name)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint vc_name_aliases_match_key_key unique (match_key)
);
comment on table reference.vc_name_aliases is 'Spelling of a venture capital firm -> its name in reference.vc_firms.';
comment on column reference.vc_name_aliases.match_key is 'etl.fold(raw_name): what is compared.';
