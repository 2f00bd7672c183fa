-- One person of a periodic list of the people at a company.
select etl.raw_family('company_people_snapshots', $${
  "snapshot_batch_id": "payload.request ->> 'snapshot_batch_id'",
  "snapshot_date": "core.snapshot_date(payload.request ->> 'snapshot_batch_id', payload.observed_at)",
  "linkedin_company_url": "payload.request ->> 'linkedin_company_url'",
  "company_domain": "payload.request ->> 'company_domain'",
  "linkedin_url": "payload.entity_key",
  "raw_payload": "payload.payload"
}$$);

create or replace function core.snapshot_date(snapshot_batch_id text, observed_at timestamptz)
returns date language sql immutable parallel safe as $$
  select coalesce(etl.as_date(to_jsonb(substring(snapshot_batch_id from '_(\d{4}-\d{2}-\d{2})\s*$'))), (observed_at at time zone 'UTC')::date);
$$;
comment on function core.snapshot_date(text, timestamptz) is 'Day of a snapshot of the people at a company: the date at the end of its id, else the day (UTC) of arrival.';

select etl.workflow('company-people-snapshot',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/company-people-snapshot/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'people_snapshot',
  description => 'Store one person of a periodic list of the people at a company.',
  family => 'company_people_snapshots',
  key_field => 'linkedin_url',
  payload_field => 'raw_payload',
  core_tables => '{core.people,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer,core.companies}',
  request_schema => '{
    "type": "object",
    "required": ["snapshot_batch_id", "linkedin_company_url", "linkedin_url", "raw_payload"],
    "properties": {
      "snapshot_batch_id": {"type": "string", "maxLength": 500, "description": "The snapshot: LinkedIn URL of the company, underscore, date."},
      "linkedin_company_url": {"type": "string", "maxLength": 500, "description": "LinkedIn page of the company."},
      "company_domain": {"type": ["string", "null"], "description": "Domain of the company."},
      "linkedin_url": {"type": "string", "description": "LinkedIn profile of the person, in any of its spellings."},
      "raw_payload": {
        "type": "object",
        "description": "The record of Clay''s people search, unchanged.",
        "properties": {
          "first_name": {"type": ["string", "null"]},
          "last_name": {"type": ["string", "null"]},
          "name": {"type": ["string", "null"]},
          "location_name": {"type": ["string", "null"], "description": "Looked up in reference.location_lookup."},
          "domain": {"type": ["string", "null"], "description": "Domain of the current company, used when company_domain is missing."},
          "latest_experience_title": {"type": ["string", "null"], "description": "Looked up in reference.job_title_lookup."},
          "latest_experience_company": {"type": ["string", "null"]},
          "latest_experience_start_date": {"type": ["string", "null"], "format": "date"},
          "company_table_id": {"type": ["string", "null"], "description": "Clay table of the company."},
          "company_record_id": {"type": ["string", "null"], "description": "Row of the company there."}
        }
      }
    }
  }',
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.company_people_snapshot."},
    "snapshot_batch_id": {"type": "string", "description": "As sent."},
    "linkedin_url": {"type": "string", "description": "LinkedIn URL of the person, normalised."}
  }'),
  example => '{
    "snapshot_batch_id": "https://www.linkedin.com/company/acme-example_2026-01-30",
    "linkedin_company_url": "https://www.linkedin.com/company/acme-example",
    "company_domain": "acme.example",
    "linkedin_url": "https://www.linkedin.com/in/ada-example/",
    "raw_payload": {
      "first_name": "Ada",
      "last_name": "Example",
      "name": "Ada Example",
      "location_name": "San Francisco, California, United States",
      "domain": "acme.example",
      "latest_experience_title": "VP of Marketing",
      "latest_experience_company": "Acme Example",
      "latest_experience_start_date": "2022-03-01",
      "company_table_id": "t_abc123",
      "company_record_id": "r_def456"
    }
  }'
);

-- The id is a key and required, so it is never left out; one that is too long is cut.
select etl.extracts('company-people-snapshot', 'extracted.company_people_snapshot', key => '{linkedin_url,snapshot_batch_id}', as_select => $$
  select linkedin_url, left(btrim(request ->> 'snapshot_batch_id'), 500) as snapshot_batch_id,
         core.snapshot_date(request ->> 'snapshot_batch_id', observed_at) as snapshot_date, etl.as_text(request -> 'linkedin_company_url', 500) as linkedin_company_url,
         etl.normalize_domain(coalesce(etl.as_text(request -> 'company_domain'), etl.as_text(payload -> 'domain'))) as company_domain,
         etl.as_text(payload -> 'first_name') as first_name, etl.as_text(payload -> 'last_name') as last_name, etl.as_text(payload -> 'name') as full_name,
         etl.as_text(payload -> 'location_name') as location_name, etl.as_text(payload -> 'latest_experience_title') as latest_experience_title,
         etl.as_text(payload -> 'latest_experience_company') as latest_experience_company,
         etl.as_date(payload -> 'latest_experience_start_date') as latest_experience_start_date,
         etl.as_text(payload -> 'company_table_id') as company_table_id, etl.as_text(payload -> 'company_record_id') as company_record_id
    from source
$$);

select etl.looks_up('extracted.company_people_snapshot', 'latest_experience_title', 'reference.job_title_lookup');
select etl.looks_up('extracted.company_people_snapshot', 'location_name', 'reference.location_lookup');

select etl.coalesces('extracted.company_people_snapshot', 'core.people', source => 'company_people_snapshot', as_select => $$
  select linkedin_url, full_name, case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source
$$);

select etl.coalesces('extracted.company_people_snapshot', 'core.person_locations', source => 'company_people_snapshot', as_select => $$
  select linkedin_url, place.city, place.state, place.country
    from source
    join reference.location_lookup as place on place.match_key = etl.fold(source.location_name)
$$);

select etl.coalesces('extracted.company_people_snapshot', 'core.person_tenure', source => 'company_people_snapshot', as_select => $$
  select linkedin_url, latest_experience_start_date as job_start_date
    from source
   where latest_experience_start_date is not null
$$);

select etl.coalesces('extracted.company_people_snapshot', 'core.person_job_titles', source => 'company_people_snapshot', as_select => $$
  select linkedin_url, cleaned_job_title as matched_cleaned_job_title, job_function as matched_job_function, seniority_level as matched_seniority
    from source
    join reference.job_title_lookup on match_key = etl.fold(source.latest_experience_title)
$$);

-- Being on the list of the company is what says that they work there; its name there may be that of another job.
select etl.coalesces('extracted.company_people_snapshot', 'core.person_current_employer', source => 'company_people_snapshot', as_select => $$
  select linkedin_url, company_domain, null::text as company_name, linkedin_company_url as company_linkedin_url
    from source
   where num_nonnulls(company_domain, linkedin_company_url) > 0
$$);

select etl.coalesces('extracted.company_people_snapshot', 'core.companies', source => 'company_people_snapshot', as_select => $$
  select company_domain as domain, linkedin_company_url as linkedin_url
    from source
   where company_domain is not null
$$);

select etl.responds('company-people-snapshot', $$
  select source.raw_payload_id,
         etl.record_id('extracted.company_people_snapshot', linkedin_url || E'\x1f' || left(btrim(request ->> 'snapshot_batch_id'), 500)) as extracted_id,
         request ->> 'snapshot_batch_id' as snapshot_batch_id, linkedin_url
    from source
$$);
