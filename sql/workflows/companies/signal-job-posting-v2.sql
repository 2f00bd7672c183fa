-- Clay signal for a client: a job posting of a company.
select etl.raw_family('signal_job_posting_payloads', $${
  "client_domain": "payload.request ->> 'client_domain'",
  "origin_table_id": "payload.payload #>> '{origin,tableId}'",
  "origin_record_id": "payload.payload #>> '{origin,recordId}'",
  "raw_payload": "payload.payload"
}$$);

-- The payload belongs to the company that posted the job, not to the client for whom it is tracked. Only a posting without a domain is kept with its client.
select etl.workflow('signal-job-posting-v2',
  type => 'ingest',
  entity => 'company',
  path => '/run/people/clay-native/signal-job-posting/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  legacy_function => 'ingest_signal_job_posting',
  description => 'Store a job posting that is tracked for a client, and keep one current row per posting.',
  family => 'signal_job_posting_payloads',
  key_field => 'client_domain',
  key => $$coalesce(etl.normalize_domain(body #>> '{raw_job_post_data_payload,jobPostData,domain}'), body ->> 'client_domain')$$,
  refuses => $$reference.client_objections(request -> 'client_domain')$$,
  payload_field => 'raw_job_post_data_payload',
  core_tables => '{core.company_signals,core.company_job_postings,core.companies,core.company_names,core.company_social_urls,core.people}',
  request_schema => jsonb_set('{
    "type": "object",
    "required": ["client_domain", "raw_job_post_data_payload"],
    "properties": {
      "client_domain": {"type": "string", "description": "Domain of the client for whom the signal is tracked; a URL is reduced to its host."},
      "min_days_since_job_posting": {"type": ["integer", "null"], "description": "Filter set in Clay: at least so many days old."},
      "max_days_since_job_posting": {"type": ["integer", "null"], "description": "Filter set in Clay: at most so many days old."}
    }
  }', '{properties,raw_job_post_data_payload}', reference.clay_event_schema(jsonb_build_object(
    'url', '{"type": ["string", "null"], "description": "LinkedIn page of the posting."}'::jsonb, 'jobPostData', reference.clay_job_post_schema()
  )) || '{"type": "object"}'),
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.signal_job_posting."},
    "company_domain": {"type": ["string", "null"], "description": "Domain of the company, normalised."},
    "job_title": {"type": ["string", "null"], "description": "Title as posted."}
  }'),
  example => jsonb_set('{
    "client_domain": "client.example",
    "raw_job_post_data_payload": {
      "origin": {"tableId": "t_abc123", "recordId": "r_def456"},
      "isInitialCheck": false,
      "url": "https://www.linkedin.com/jobs/view/4300000001"
    },
    "min_days_since_job_posting": 0,
    "max_days_since_job_posting": 60
  }', '{raw_job_post_data_payload,jobPostData}', reference.clay_job_post_example())
);

select etl.extracts('signal-job-posting-v2', 'extracted.signal_job_posting', key => '{domain,client_domain,posting_key}', as_select => $$
  select domain, job.posting_key, etl.normalize_domain(request ->> 'client_domain') as client_domain, job.company_domain,
         job.company_name, job.company_linkedin_url, job.company_linkedin_id,
         job.job_title, job.normalized_title, job.seniority, job.employment_type, job.location, job.job_linkedin_url, job.job_linkedin_id, job.posted_at,
         job.salary_min, job.salary_max, job.salary_currency, job.salary_unit, job.recruiter_name, job.recruiter_linkedin_url,
         coalesce(etl.as_boolean(payload -> 'isInitialCheck'), false) as is_initial_check,
         etl.as_integer(request -> 'min_days_since_job_posting') as min_days_since_job_posting,
         etl.as_integer(request -> 'max_days_since_job_posting') as max_days_since_job_posting,
         etl.as_text(payload #> '{origin,tableId}') as origin_table_id, etl.as_text(payload #> '{origin,recordId}') as origin_record_id,
         observed_at as signal_detected_at
    from source
   cross join lateral core.job_post(payload -> 'jobPostData') as job
$$);

select etl.coalesces('extracted.signal_job_posting', 'core.company_signals', source => 'signal_job_posting', as_select => $$
  select domain, 'job_posting' as kind, posting_key as event_key, client_domain, (posted_at at time zone 'UTC')::date as occurred_on,
         signal_detected_at as detected_at, is_initial_check, job_title as title, job_linkedin_url as url,
         jsonb_strip_nulls(jsonb_build_object(
           'job_id', job_linkedin_id, 'normalized_title', normalized_title, 'seniority', seniority,
           'employment_type', employment_type, 'location', location
         )) as details
    from source
   where company_domain is not null
$$);

select etl.coalesces('extracted.signal_job_posting', 'core.company_job_postings', source => 'signal_job_posting', as_select => $$
  select domain, job_linkedin_id as job_id, etl.record_id('reference.job_titles', etl.fold(coalesce(normalized_title, job_title))) as job_title_id,
         job_title as title, location, seniority, employment_type, salary_min, salary_max, salary_currency, salary_unit,
         job_linkedin_url as url, company_linkedin_url, posted_at
    from source
   where job_linkedin_id is not null
     and company_domain is not null
$$);

select etl.coalesces('extracted.signal_job_posting', 'reference.job_titles', as_select => $$
  select etl.fold(coalesce(normalized_title, job_title)) as title_key, coalesce(normalized_title, job_title) as normalized_title
    from source
   where job_linkedin_id is not null
     and num_nonnulls(normalized_title, job_title) > 0
$$);

select etl.coalesces('extracted.signal_job_posting', 'core.companies', source => 'signal_job_posting', as_select => $$
  select domain, company_name as name, company_linkedin_url as linkedin_url
    from source
   where num_nonnulls(company_name, company_linkedin_url) > 0
     and company_domain is not null
$$);

select etl.coalesces('extracted.signal_job_posting', 'core.company_names', source => 'signal_job_posting', as_select => $$
  select domain, company_name as raw_name, company_linkedin_url as linkedin_url
    from source
   where company_name is not null
     and company_domain is not null
$$);

select etl.coalesces('extracted.signal_job_posting', 'core.company_social_urls', source => 'signal_job_posting', as_select => $$
  select domain, company_linkedin_url as linkedin_url
    from source
   where company_linkedin_url is not null
     and company_domain is not null
$$);

-- Who posted it; that they work there is not said.
select etl.coalesces('extracted.signal_job_posting', 'core.people', source => 'signal_job_posting', as_select => $$
  select etl.normalize_linkedin_url(recruiter_linkedin_url) as linkedin_url, recruiter_name as full_name
    from source
   where etl.normalize_linkedin_url(recruiter_linkedin_url) is not null
$$);

select etl.responds('signal-job-posting-v2', $$
  select source.raw_payload_id,
         etl.record_id('extracted.signal_job_posting', domain || E'\x1f' || etl.normalize_domain(request ->> 'client_domain') || E'\x1f' || job.posting_key) as extracted_id,
         job.company_domain, job.job_title
    from source
   cross join lateral core.job_post(payload -> 'jobPostData') as job
$$);
