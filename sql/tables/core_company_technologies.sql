create table if not exists core.tech_on_site_detections (
  id uuid not null,
  domain text not null,
  technology_id uuid not null,
  first_detected text,
  last_detected text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tech_on_site_detections_record_key unique nulls not distinct (domain, technology_id, source, first_detected, last_detected)
);
comment on table core.tech_on_site_detections is 'When a technology was seen on a companys site: every pair of dates ever reported, as the provider writes them. technology_id is reference.technologies.id.';

create table if not exists core.company_technologies (
  id uuid not null,
  domain text not null,
  technology_id uuid not null,
  first_detected text,
  last_detected text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_technologies_record_key primary key (domain, technology_id)
);
comment on table core.company_technologies is 'Technologies of a company with the earliest first and the latest last date of their detection; derived from core.tech_on_site_detections.';
create index if not exists company_technologies_domains_idx on core.company_technologies (technology_id, domain);

create table if not exists core.predictleads_detections (
  id uuid not null,
  domain text not null,
  technology_id uuid not null,
  score numeric,
  first_seen_at timestamptz,
  last_seen_at timestamptz,
  behind_firewall boolean,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint predictleads_detections_record_key unique nulls not distinct (domain, technology_id, first_seen_at, last_seen_at)
);
comment on table core.predictleads_detections is 'When PredictLeads saw a technology at a company: every pair of dates ever reported. technology_id is reference.predictleads_technologies.id.';

create table if not exists core.company_predictleads_technologies (
  id uuid not null,
  domain text not null,
  technology_id uuid not null,
  score numeric,
  first_seen_at timestamptz,
  last_seen_at timestamptz,
  behind_firewall boolean,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_predictleads_technologies_record_key primary key (domain, technology_id)
);
comment on table core.company_predictleads_technologies is 'Technologies of a company with the earliest and the latest sighting, and the newest score; derived from core.predictleads_detections.';
create index if not exists company_predictleads_technologies_domains_idx on core.company_predictleads_technologies (technology_id, domain);
