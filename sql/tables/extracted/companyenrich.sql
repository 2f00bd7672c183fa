create table if not exists extracted.companyenrich_company (
  id uuid primary key,
  domain text not null,
  companyenrich_id text,
  name text,
  type text,
  website text,
  revenue text,
  employees text,
  industry text,
  industries text[],
  description text,
  seo_description text,
  founded_year integer,
  page_rank numeric,
  logo_url text,
  categories text[],
  keywords text[],
  technologies text[],
  naics_codes text[],
  address text,
  phone text,
  postal_code text,
  city text,
  state text,
  state_code text,
  country text,
  country_code text,
  latitude numeric,
  longitude numeric,
  linkedin_url text,
  linkedin_id text,
  twitter_url text,
  facebook_url text,
  github_url text,
  youtube_url text,
  instagram_url text,
  crunchbase_url text,
  g2_url text,
  angellist_url text,
  total_funding bigint,
  funding_stage text,
  funding_date timestamptz,
  stock_symbol text,
  stock_exchange text,
  companyenrich_updated_at timestamptz,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_company_record_key unique nulls not distinct (domain)
);
comment on table extracted.companyenrich_company is 'CompanyEnrich profile of a company, flat; the newest payload.';

create table if not exists extracted.companyenrich_keywords (
  domain text not null,
  keyword text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_keywords_record_key primary key (domain, keyword)
);
comment on table extracted.companyenrich_keywords is 'CompanyEnrich keywords: every one ever sent, with its newest payload.';

create table if not exists extracted.companyenrich_technologies (
  domain text not null,
  technology text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_technologies_record_key primary key (domain, technology)
);
comment on table extracted.companyenrich_technologies is 'CompanyEnrich technologies: every one ever sent, with its newest payload.';

create table if not exists extracted.companyenrich_industries (
  domain text not null,
  industry text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_industries_record_key primary key (domain, industry)
);
comment on table extracted.companyenrich_industries is 'CompanyEnrich industries: every one ever sent, with its newest payload.';

create table if not exists extracted.companyenrich_categories (
  domain text not null,
  category text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_categories_record_key primary key (domain, category)
);
comment on table extracted.companyenrich_categories is 'CompanyEnrich categories: every one ever sent, with its newest payload.';

create table if not exists extracted.companyenrich_naics_codes (
  domain text not null,
  naics_code text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_naics_codes_record_key primary key (domain, naics_code)
);
comment on table extracted.companyenrich_naics_codes is 'CompanyEnrich naics codes: every one ever sent, with its newest payload.';

create table if not exists extracted.companyenrich_funding_rounds (
  id uuid not null,
  domain text not null,
  funding_date timestamptz,
  funding_type text,
  amount text,
  investors text,
  url text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_funding_rounds_record_key unique nulls not distinct (domain, funding_date, funding_type)
);
comment on table extracted.companyenrich_funding_rounds is 'CompanyEnrich funding rounds. amount as sent (number, space, currency); investors unsplit.';

create table if not exists extracted.companyenrich_vc_investments (
  id uuid not null,
  domain text not null,
  investor_name text not null,
  funding_date timestamptz,
  funding_type text,
  amount text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_vc_investments_record_key unique nulls not distinct (domain, investor_name, funding_date, funding_type)
);
comment on table extracted.companyenrich_vc_investments is 'CompanyEnrich: one row per investor of each funding round; amount is that of the whole round.';

create table if not exists extracted.companyenrich_investors (
  domain text not null,
  investor_name text not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_investors_record_key primary key (domain, investor_name)
);
comment on table extracted.companyenrich_investors is 'CompanyEnrich: distinct investors of a company.';

create table if not exists extracted.companyenrich_socials (
  id uuid primary key,
  domain text not null,
  linkedin_url text,
  linkedin_id text,
  twitter_url text,
  facebook_url text,
  github_url text,
  youtube_url text,
  instagram_url text,
  crunchbase_url text,
  g2_url text,
  angellist_url text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_socials_record_key unique nulls not distinct (domain)
);
comment on table extracted.companyenrich_socials is 'CompanyEnrich social profiles; the newest payload that had any.';

create table if not exists extracted.companyenrich_location (
  id uuid primary key,
  domain text not null,
  address text,
  phone text,
  postal_code text,
  city text,
  city_id integer,
  state text,
  state_code text,
  state_id integer,
  country text,
  country_code text,
  latitude numeric,
  longitude numeric,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_location_record_key unique nulls not distinct (domain)
);
comment on table extracted.companyenrich_location is 'CompanyEnrich head office; the newest payload that had one.';

create table if not exists extracted.companyenrich_subsidiaries (
  domain text not null,
  subsidiary_name text not null,
  subsidiary_domain text,
  subsidiary_data jsonb,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint companyenrich_subsidiaries_record_key primary key (domain, subsidiary_name)
);
comment on table extracted.companyenrich_subsidiaries is 'CompanyEnrich subsidiaries.';

