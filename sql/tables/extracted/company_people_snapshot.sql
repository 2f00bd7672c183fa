create table if not exists extracted.company_people_snapshot (
  id uuid not null,
  linkedin_url text not null,
  snapshot_batch_id text not null,
  snapshot_date date not null,
  linkedin_company_url text,
  company_domain text,
  first_name text,
  last_name text,
  full_name text,
  location_name text,
  latest_experience_title text,
  latest_experience_company text,
  latest_experience_start_date date,
  company_table_id text,
  company_record_id text,
  raw_payload_id uuid not null,
  observed_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint company_people_snapshot_record_key primary key (linkedin_url, snapshot_batch_id)
);
comment on table extracted.company_people_snapshot is 'People found at a company, one row per person and snapshot. snapshot_date is the date at the end of snapshot_batch_id, else the day of arrival (UTC).';
create index if not exists company_people_snapshot_snapshot_batch_id_idx on extracted.company_people_snapshot (snapshot_batch_id);
create index if not exists company_people_snapshot_linkedin_company_url_idx on extracted.company_people_snapshot (linkedin_company_url, snapshot_date);

create or replace view reference.snapshot_batches as
  select etl.record_id('reference.snapshot_batches', person.snapshot_batch_id) as id, person.snapshot_batch_id,
         min(person.linkedin_company_url) as linkedin_company_url, min(person.company_domain) as company_domain, min(person.snapshot_date) as snapshot_date,
         count(*)::integer as person_count, min(person.created_at) as created_at
    from extracted.company_people_snapshot as person
   group by person.snapshot_batch_id;
comment on view reference.snapshot_batches is 'Snapshots of the people at a company, and how many people each has so far.';
