create table if not exists extracted.company_predictleads (
  id uuid not null,
  domain text not null,
  technology_key text not null,
  technology_title text not null,
  technology_url text,
  technology_domain text,
  categories jsonb,
  score numeric,
  first_seen_at timestamptz,
  last_seen_at timestamptz,
  behind_firewall boolean,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_predictleads_record_key primary key (domain, technology_key)
);
comment on table extracted.company_predictleads is 'Technologies of a company as PredictLeads detected them, the newest payload per technology. technology_key: etl.fold(technology_title).';
create index if not exists company_predictleads_technology_title_idx on extracted.company_predictleads (technology_title);

create table if not exists extracted.company_builtwith (
  id uuid not null,
  domain text not null,
  technology_key text not null,
  technology_name text not null,
  technology_url text,
  technology_description text,
  technology_parent text,
  categories jsonb,
  first_detected text,
  last_detected text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_builtwith_record_key primary key (domain, technology_key)
);
comment on table extracted.company_builtwith is 'Technologies of a company as BuiltWith detected them, the newest payload per technology. technology_key: etl.fold(technology_name).';
create index if not exists company_builtwith_technology_name_idx on extracted.company_builtwith (technology_name);
