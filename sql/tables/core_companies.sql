create table if not exists core.companies (
  id uuid primary key,
  domain text not null,
  name text,
  linkedin_url text,
  cleaned_name text,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint companies_record_key unique nulls not distinct (domain)
);
comment on table core.companies is 'Golden record: one row per company.';

create table if not exists core.company_names (
  id uuid not null,
  domain text not null,
  raw_name text,
  cleaned_name text,
  linkedin_url text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_names_record_key primary key (domain, source)
);
comment on table core.company_names is 'Names of a company, one row per company and source.';

create table if not exists core.company_employee_range (
  id uuid primary key,
  domain text not null,
  employee_range text not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_employee_range_record_key unique nulls not distinct (domain)
);
comment on table core.company_employee_range is 'Canonical size of a company (people): a name of reference.employee_ranges.';

create table if not exists core.company_employee_ranges (
  id uuid not null,
  domain text not null,
  raw_size text,
  raw_employee_count integer,
  matched_employee_range text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_employee_ranges_record_key primary key (domain, source)
);
comment on table core.company_employee_ranges is 'Size of a company as each source gives it.';

create table if not exists core.company_revenue (
  id uuid not null,
  domain text not null,
  raw_revenue_range text,
  raw_revenue_amount bigint,
  matched_revenue_range text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_revenue_record_key primary key (domain, source)
);
comment on table core.company_revenue is 'Yearly revenue (US dollars) of a company as each source gives it; matched_revenue_range is a name of reference.revenue_ranges.';

create table if not exists core.company_types (
  id uuid not null,
  domain text not null,
  raw_type text,
  matched_type text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_types_record_key primary key (domain, source)
);
comment on table core.company_types is 'Type of a company as each source gives it; matched_type is a name of reference.company_types.';

create table if not exists core.company_keywords (
  id uuid not null,
  domain text not null,
  keyword text not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_keywords_record_key primary key (domain, keyword)
);
comment on table core.company_keywords is 'Keywords of a company: every one ever observed.';

create table if not exists core.company_tech_on_site (
  id uuid not null,
  domain text not null,
  technology_id uuid not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_tech_on_site_record_key primary key (domain, technology_id)
);
comment on table core.company_tech_on_site is 'Technologies on a companys site: every one ever observed. technology_id is reference.technologies.id.';
create index if not exists company_tech_on_site_domains_idx on core.company_tech_on_site (technology_id, domain);

create table if not exists core.company_categories (
  id uuid not null,
  domain text not null,
  category text not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_categories_record_key primary key (domain, category)
);
comment on table core.company_categories is 'Categories of a company: every one ever observed.';

create table if not exists core.company_naics_codes (
  id uuid not null,
  domain text not null,
  naics_code text not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_naics_codes_record_key primary key (domain, naics_code)
);
comment on table core.company_naics_codes is 'NAICS codes of a company: every one ever observed.';

create table if not exists core.company_funding_rounds (
  id uuid not null,
  domain text not null,
  funding_date timestamptz,
  funding_type text,
  amount text,
  investors text,
  url text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_funding_rounds_record_key unique nulls not distinct (domain, source, funding_date, funding_type)
);
comment on table core.company_funding_rounds is 'Funding rounds of a company, one row per source, date and type.';

create table if not exists core.company_vc_investors (
  id uuid not null,
  company_domain text not null,
  vc_name text not null,
  company_name text,
  vc_domain text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_vc_investors_record_key primary key (company_domain, vc_name)
);
comment on table core.company_vc_investors is 'Investors of a company: every one ever observed.';
create index if not exists company_vc_investors_vc_name_idx on core.company_vc_investors (vc_name);

create table if not exists core.company_vc_backed (
  domain text primary key,
  vc_count integer not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint vc_count_is_positive check (vc_count > 0)
);
comment on table core.company_vc_backed is 'Companies with investors, and how many distinct ones; derived from core.company_vc_investors.';

create table if not exists core.company_social_urls (
  id uuid primary key,
  domain text not null,
  linkedin_url text,
  twitter_url text,
  facebook_url text,
  github_url text,
  youtube_url text,
  instagram_url text,
  crunchbase_url text,
  g2_url text,
  angellist_url text,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_social_urls_record_key unique nulls not distinct (domain)
);
comment on table core.company_social_urls is 'Social profiles of a company.';

create or replace view core.company_linkedin_urls as
  select social.id, social.domain, social.linkedin_url, social.source, social.created_at, social.updated_at
    from core.company_social_urls as social
   where social.linkedin_url is not null;
comment on view core.company_linkedin_urls is 'The older name of core.company_social_urls, with the columns it had then.';

create table if not exists core.company_locations (
  id uuid primary key,
  domain text not null,
  city text,
  state text,
  country text,
  raw_location text,
  raw_country text,
  has_city boolean not null default false,
  has_state boolean not null default false,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_locations_record_key unique nulls not distinct (domain)
);
comment on table core.company_locations is 'Head office of a company.';
create index if not exists company_locations_country_idx on core.company_locations (country);

create table if not exists core.company_descriptions (
  id uuid primary key,
  domain text not null,
  description text,
  tagline text,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_descriptions_record_key unique nulls not distinct (domain)
);
comment on table core.company_descriptions is 'Description and tagline of a company.';

create table if not exists core.company_industries (
  id uuid primary key,
  domain text not null,
  raw_industry text,
  matched_industry text not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_industries_record_key unique nulls not distinct (domain)
);
comment on table core.company_industries is 'Industry of a company.';
create index if not exists company_industries_matched_industry_idx on core.company_industries (matched_industry);

