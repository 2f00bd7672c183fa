create table if not exists extracted.linkedin_job_postings_video (
  id uuid primary key,
  domain text not null,
  posting_order integer not null,
  search_query text,
  search_date date,
  job_title text not null,
  company_name text not null,
  company_logo_description text,
  location text,
  work_type text,
  salary_min integer,
  salary_max integer,
  salary_currency text,
  salary_period text,
  is_promoted boolean not null default false,
  is_easy_apply boolean not null default false,
  is_actively_reviewing boolean not null default false,
  confidence double precision,
  frame_source integer,
  raw_payload_id uuid not null,
  raw_video_id uuid generated always as (raw_payload_id) stored,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint linkedin_job_postings_video_record_key unique nulls not distinct (domain, raw_payload_id, posting_order)
);
create index if not exists linkedin_job_postings_video_company_name_idx on extracted.linkedin_job_postings_video (company_name);
create index if not exists linkedin_job_postings_video_job_title_idx on extracted.linkedin_job_postings_video (job_title);
create index if not exists linkedin_job_postings_video_search_query_idx on extracted.linkedin_job_postings_video (search_query);
comment on column extracted.linkedin_job_postings_video.frame_source is 'Kept for those who select it: always null, as in the old system; recordings are read whole.';
comment on table extracted.linkedin_job_postings_video is 'Job postings read from screen recordings of LinkedIn job searches. domain is the site they were seen on; the companies are known by name only.';
