create table if not exists extracted.company_ads_checks (
  id uuid not null,
  domain text not null,
  network text not null,
  is_running_ads boolean not null,
  stated_count integer,
  page_count integer,
  advertiser_id text,
  page_id text,
  platforms jsonb,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_ads_checks_record_key primary key (domain, network),
  constraint network_is_known check (network in ('google', 'linkedin', 'meta'))
);
comment on table extracted.company_ads_checks is
  'What the newest page of an ad library says of a company as a whole, one row per network. stated_count: ads in all, as the library says; page_count: ads on the page.';

create table if not exists extracted.company_google_ads (
  id uuid not null,
  domain text not null,
  ad_key text not null,
  creative_id text,
  format text,
  start_date text,
  last_seen text,
  advertiser_id text,
  advertiser_name text,
  original_url text,
  variant_content text,
  variant_width integer,
  variant_height integer,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_google_ads_record_key primary key (domain, ad_key)
);
comment on table extracted.company_google_ads is 'Google ads of a company, one row per creative. ad_key: creative_id, or a hash of the ad where it has none.';
create index if not exists company_google_ads_advertiser_name_idx on extracted.company_google_ads (advertiser_name);

create table if not exists extracted.company_linkedin_ads (
  id uuid not null,
  domain text not null,
  ad_key text not null,
  ad_id text,
  ad_type text,
  creative_type text,
  headline_title text,
  headline_description text,
  commentary_text text,
  image_url text,
  image_alt_text text,
  advertiser_name text,
  view_details_link text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_linkedin_ads_record_key primary key (domain, ad_key)
);
comment on table extracted.company_linkedin_ads is 'LinkedIn ads of a company, one row per ad. ad_key: ad_id, or a hash of the ad where it has none.';
create index if not exists company_linkedin_ads_advertiser_name_idx on extracted.company_linkedin_ads (advertiser_name);

create table if not exists extracted.company_meta_ads (
  id uuid not null,
  domain text not null,
  ad_key text not null,
  ad_id text,
  platform text,
  start_date text,
  end_date text,
  status text,
  page_name text,
  ad_creative_body text,
  ad_creative_link_title text,
  ad_creative_link_description text,
  landing_page_url text,
  image_url text,
  video_url text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_meta_ads_record_key primary key (domain, ad_key)
);
comment on table extracted.company_meta_ads is 'Facebook and Instagram ads of a company, one row per ad. ad_key: ad_id, or a hash of the ad where it has none; platform: a comma-separated list where the provider sends several.';
create index if not exists company_meta_ads_page_name_idx on extracted.company_meta_ads (page_name);
