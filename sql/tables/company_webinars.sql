create table if not exists extracted.company_webinars (
  id uuid primary key,
  domain text not null,
  webinar_order integer not null,
  webinar_url text,
  webinar_title text,
  webinar_topic text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_webinars_record_key unique nulls not distinct (domain, raw_payload_id, webinar_order)
);
comment on table extracted.company_webinars is
  'Webinars of a company as the newest run found them; one row (webinar_order 0) without title and topic where it found none.';
comment on column extracted.company_webinars.webinar_url is 'The page that lists them, the same for all rows of a run; null: the homepage links to no such page.';

create table if not exists extracted.company_webinar_checks (
  id uuid primary key,
  domain text not null,
  webinar_url text,
  webinar_count integer not null,
  webinar_topics text[] not null,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_webinar_checks_record_key unique nulls not distinct (domain)
);
comment on table extracted.company_webinar_checks is 'What the newest run found in all: also that there are no webinars.';

create table if not exists core.company_webinars (
  id uuid primary key,
  domain text not null,
  has_webinars boolean,
  webinar_count integer,
  webinar_topics text[],
  last_checked_at timestamptz,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint company_webinars_record_key unique nulls not distinct (domain)
);
comment on table core.company_webinars is 'Whether a company holds webinars, how many its website lists, and about what.';
