create table if not exists extracted.company_comparison_pages (
  id uuid primary key,
  domain text not null,
  page_order integer not null,
  comparison_url text,
  comparison_title text,
  competitor_mentioned text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_comparison_pages_record_key unique nulls not distinct (domain, raw_payload_id, page_order)
);
comment on table extracted.company_comparison_pages is 'Pages on which a company compares itself with competitors, as the newest run found them; one row (page_order 0) without a page where it found none.';

create table if not exists extracted.company_comparison_checks (
  id uuid primary key,
  domain text not null,
  comparison_count integer not null,
  competitors_mentioned text[] not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_comparison_checks_record_key unique nulls not distinct (domain)
);
comment on table extracted.company_comparison_checks is 'What the newest run found in all: also that there are no comparison pages.';

create table if not exists core.company_comparison_pages (
  id uuid primary key,
  domain text not null,
  has_comparison_pages boolean,
  comparison_count integer,
  competitors_mentioned text[],
  last_checked_at timestamptz,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_comparison_pages_record_key unique nulls not distinct (domain)
);
comment on table core.company_comparison_pages is 'Whether a company compares itself with competitors on its website, and with whom.';
