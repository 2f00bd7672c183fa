create table if not exists extracted.crunchbase_domain_inference (
  id uuid primary key,
  domain text not null,
  inferred_domain text generated always as (domain) stored,
  linkedin_company_url text,
  company_name text not null,
  crunchbase_key text not null,
  crunchbase_url text not null,
  confidence text,
  reasoning text,
  prompt_version text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint crunchbase_domain_inference_record_key unique nulls not distinct (domain, crunchbase_key)
);
create index if not exists crunchbase_domain_inference_crunchbase_key_idx on extracted.crunchbase_domain_inference (crunchbase_key);
comment on table extracted.crunchbase_domain_inference is 'Website (domain) that a model named for a page of Crunchbase. Answers without a domain stay in etl.productions.';
comment on column extracted.crunchbase_domain_inference.crunchbase_key is 'core.crunchbase_key(crunchbase_url).';
comment on column extracted.crunchbase_domain_inference.linkedin_company_url is 'Kept for those who select it: the model is not asked for it.';
comment on column extracted.crunchbase_domain_inference.prompt_version is 'The version of the question; the same one is not asked again for the same page.';

create table if not exists extracted.vc_domain_lookups (
  id uuid primary key,
  domain text not null,
  vc_key text not null,
  vc_name text not null,
  evidence text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint vc_domain_lookups_record_key unique nulls not distinct (domain, vc_key)
);
comment on table extracted.vc_domain_lookups is
  'Website (domain) that was found for an investor. Not written to reference.vc_firms: vc-domain-update does that, for a caller who has checked it.';
comment on column extracted.vc_domain_lookups.vc_key is 'etl.fold(vc_name).';
