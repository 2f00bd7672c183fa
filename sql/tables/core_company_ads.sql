create table if not exists core.company_google_ads (
  id uuid primary key,
  domain text not null,
  is_running_ads boolean,
  ad_count integer,
  advertiser_id text,
  last_checked_at timestamptz,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_google_ads_record_key unique nulls not distinct (domain)
);
comment on table core.company_google_ads is 'Whether a company runs Google ads, and how many.';
-- Descending order as an ascending key that is never null, so that one row comparison finds the next page.
create index if not exists company_google_ads_order_idx on core.company_google_ads ((-coalesce(ad_count, -1)), domain) where is_running_ads;

create table if not exists core.company_linkedin_ads (
  id uuid primary key,
  domain text not null,
  is_running_ads boolean,
  ad_count integer,
  page_id text,
  last_checked_at timestamptz,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_linkedin_ads_record_key unique nulls not distinct (domain)
);
comment on table core.company_linkedin_ads is 'Whether a company runs LinkedIn ads, and how many.';
create index if not exists company_linkedin_ads_order_idx on core.company_linkedin_ads ((-coalesce(ad_count, -1)), domain) where is_running_ads;

create table if not exists core.company_meta_ads (
  id uuid primary key,
  domain text not null,
  is_running_ads boolean,
  ad_count integer,
  page_id text,
  platforms jsonb,
  last_checked_at timestamptz,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_meta_ads_record_key unique nulls not distinct (domain)
);
comment on table core.company_meta_ads is 'Whether a company runs ads on Facebook and Instagram, and how many. platforms: array of text.';
create index if not exists company_meta_ads_order_idx on core.company_meta_ads ((-coalesce(ad_count, -1)), domain) where is_running_ads;
