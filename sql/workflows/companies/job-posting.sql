-- Job posting of a company, sent from Clay as a whole event or as its posting alone.
select etl.raw_family('job_posting_payloads', $${
  "domain": "payload.entity_key",
  "job_id": "etl.as_bigint(coalesce(payload.payload #> '{jobPostData,job_id}', payload.payload -> 'job_id'))",
  "payload": "payload.payload",
  "clay_table_url": "payload.request ->> 'clay_table_url'"
}$$);

create or replace function core.sent_job(payload jsonb)
returns jsonb language sql immutable parallel safe as $$
  select job.value || case when etl.as_text(job.value -> 'url') is null then jsonb_build_object('url', payload -> 'url') else '{}' end
    from (select case when payload ? 'jobPostData' then payload -> 'jobPostData' else payload end as value) as job
   where etl.is_filled_object(job.value);
$$;
comment on function core.sent_job(jsonb) is 'The posting (as jobPostData) of a payload of job-posting: its jobPostData, else the payload itself. Null when there is none.';

select etl.workflow('job-posting',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/gemini/icp-job-posting/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'job_posting',
  legacy_function => 'ingest_job_posting',
  description => 'Store one job posting of a company, register its normalised title, and keep one current row per posting.',
  family => 'job_posting_payloads',
  key_field => 'domain',
  payload_field => 'job_posting_payload',
  refuses => $$
    case when core.sent_job(payload) is null then '[{"pointer": "/job_posting_payload", "detail": "No job data found in payload."}]'::jsonb end
  $$,
  core_tables => '{core.company_job_postings,core.companies,core.company_names,core.company_social_urls,core.people}',
  request_schema => jsonb_set('{
    "type": "object",
    "required": ["domain", "job_posting_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "clay_table_url": {"type": ["string", "null"], "description": "The Clay table that the call comes from."}
    }
  }', '{properties,job_posting_payload}', reference.clay_event_schema(
    -- the posting may stand in jobPostData or be the payload itself
    (reference.clay_job_post_schema() -> 'properties') || jsonb_build_object('jobPostData', reference.clay_job_post_schema())
  ) || '{"type": "object"}'),
  response_schema => reference.ingest_response_schema('{
    "domain": {"type": "string", "description": "The domain, normalised."},
    "job_id": {"type": ["integer", "null"], "format": "int64", "description": "LinkedIn id of the posting."},
    "title": {"type": ["string", "null"], "description": "Title as posted."},
    "normalized_title": {"type": ["string", "null"], "description": "The normalised title, else the title."}
  }'),
  example => jsonb_build_object(
    'domain', 'acme.example',
    'clay_table_url', 'https://app.clay.example/tables/t_abc123',
    'job_posting_payload', '{"origin": {"tableId": "t_abc123", "recordId": "r_def456"}, "isInitialCheck": false}'::jsonb
      || reference.clay_job_post_example() || jsonb_build_object('jobPostData', reference.clay_job_post_example())
  )
);

select etl.extracts('job-posting', 'extracted.company_job_postings', key => '{domain,posting_key}', as_select => $$
  select domain, job.posting_key, job.job_linkedin_id as job_id, job.job_linkedin_url as url, job.job_title as title,
         coalesce(job.normalized_title, job.job_title) as normalized_title, job.location, job.seniority, job.employment_type, job.salary_min, job.salary_max,
         job.salary_unit, job.salary_currency, job.company_name, job.company_linkedin_url as company_url, job.company_linkedin_url,
         job.company_linkedin_id as company_id, job.recruiter_name, job.recruiter_linkedin_url,
         coalesce(etl.as_boolean(payload -> 'isInitialCheck'), false) as is_initial_check, job.posted_at
    from source
   cross join lateral (select core.sent_job(payload) as posting offset 0) as sent
   cross join lateral core.job_post(sent.posting) as job
$$);

select etl.coalesces('extracted.company_job_postings', 'core.company_job_postings', source => 'company_job_postings', as_select => $$
  select domain, job_id, etl.record_id('reference.job_titles', etl.fold(normalized_title)) as job_title_id, title, location, seniority, employment_type,
         salary_min, salary_max, salary_currency, salary_unit, url, company_linkedin_url, posted_at
    from source
   where job_id is not null
$$);

select etl.coalesces('extracted.company_job_postings', 'reference.job_titles', as_select => $$
  select etl.fold(normalized_title) as title_key, normalized_title
    from source
   where normalized_title is not null
$$);

select etl.coalesces('extracted.company_job_postings', 'core.companies', source => 'company_job_postings', as_select => $$
  select domain, company_name as name, company_linkedin_url as linkedin_url
    from source
   where num_nonnulls(company_name, company_linkedin_url) > 0
$$);

select etl.coalesces('extracted.company_job_postings', 'core.company_names', source => 'company_job_postings', as_select => $$
  select domain, company_name as raw_name, company_linkedin_url as linkedin_url
    from source
   where company_name is not null
$$);

select etl.coalesces('extracted.company_job_postings', 'core.company_social_urls', source => 'company_job_postings', as_select => $$
  select domain, company_linkedin_url as linkedin_url
    from source
   where company_linkedin_url is not null
$$);

-- Who posted it; that they work there is not said.
select etl.coalesces('extracted.company_job_postings', 'core.people', source => 'company_job_postings', as_select => $$
  select etl.normalize_linkedin_url(recruiter_linkedin_url) as linkedin_url, recruiter_name as full_name
    from source
   where etl.normalize_linkedin_url(recruiter_linkedin_url) is not null
$$);

select etl.responds('job-posting', $$
  select source.raw_payload_id, domain, job.job_linkedin_id as job_id, job.job_title as title, coalesce(job.normalized_title, job.job_title) as normalized_title
    from source
   cross join lateral (select core.sent_job(payload) as posting offset 0) as sent
   cross join lateral core.job_post(sent.posting) as job
$$);
