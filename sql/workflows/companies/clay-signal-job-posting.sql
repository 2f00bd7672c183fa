-- Clay signal: a new job posting of a monitored company.
select etl.raw_family('clay_job_posting_payloads', $${
  "domain": "payload.entity_key",
  "company_linkedin_url": "payload.payload ->> 'company_linkedin_url'",
  "signal_slug": "coalesce(payload.payload ->> 'signal_slug', 'clay-job-posting')",
  "clay_table_url": "payload.payload ->> 'clay_table_url'",
  "raw_event_payload": "coalesce(payload.payload -> 'raw_job_post_data_payload', '{}')",
  "company_record_raw_payload": "payload.payload -> 'company_record_raw_payload'"
}$$);

-- The posting of a body: what the event says, else the flat fields of older callers.
create or replace function core.signalled_job(body jsonb)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_strip_nulls(jsonb_build_object(
      'title', body -> 'job_title', 'location', body -> 'location', 'company_name', body -> 'company_name', 'url', body -> 'job_linkedin_url',
      'post_on', body -> 'post_on', 'company_url', body -> 'company_linkedin_url'
    ))
    || case when jsonb_typeof(body #> '{raw_job_post_data_payload,jobPostData}') = 'object'
         then jsonb_strip_nulls(body #> '{raw_job_post_data_payload,jobPostData}') else '{}' end
    -- the body's own page of the company wins, as in the old system
    || jsonb_strip_nulls(jsonb_build_object('company_url', etl.as_text(body -> 'company_linkedin_url')));
$$;
comment on function core.signalled_job(jsonb) is 'The posting (as jobPostData) of a body of clay-signal-job-posting: the event''s, with the flat fields of older callers where it says nothing.';

select etl.workflow('clay-signal-job-posting',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-native/signal-job-posting-2/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  legacy_function => 'ingest_clay_signal_job_posting',
  description => 'Store a new job posting of a monitored company, and keep one current row per posting.',
  family => 'clay_job_posting_payloads',
  key_field => 'domain',
  refuses => $$reference.signal_objections(payload -> 'signal_slug', 'clay-job-posting', 'job_posting')$$,
  core_tables => '{core.company_signals,core.company_job_postings,core.companies,core.company_names,core.company_social_urls,core.people}',
  request_schema => jsonb_set('{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the monitored company; a URL is reduced to its host."},
      "company_linkedin_url": {"type": ["string", "null"], "maxLength": 500, "description": "LinkedIn page of the company."},
      "cleaned_job_title": {"type": ["string", "null"], "description": "Title as cleaned in Clay."},
      "job_function": {"type": ["string", "null"], "description": "Job function as assigned in Clay."},
      "signal_slug": {"type": ["string", "null"], "default": "clay-job-posting", "description": "An active slug of kind job_posting in reference.signal_registry."},
      "clay_table_url": {"type": ["string", "null"], "description": "The Clay table that the call comes from."},
      "company_record_raw_payload": {"description": "Clay record of the company, stored unchanged; sent by older callers."},
      "company_name": {"type": ["string", "null"], "description": "Older form of jobPostData.company_name."},
      "job_title": {"type": ["string", "null"], "maxLength": 500, "description": "Older form of jobPostData.title."},
      "location": {"type": ["string", "null"], "description": "Older form of jobPostData.location."},
      "company_domain": {"type": ["string", "null"], "description": "Older form of domain."},
      "job_linkedin_url": {"type": ["string", "null"], "description": "Older form of jobPostData.url."},
      "post_on": {"type": ["string", "null"], "description": "Older form of jobPostData.posted_at."}
    }
  }', '{properties,raw_job_post_data_payload}', reference.clay_event_schema(jsonb_build_object(
    'url', '{"type": ["string", "null"], "description": "LinkedIn page of the posting."}'::jsonb, 'jobPostData', reference.clay_job_post_schema()
  ))),
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.clay_job_posting."},
    "core_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of core.company_job_postings, null when the posting has no job_id."},
    "domain": {"type": "string", "description": "The domain, normalised."},
    "company_name": {"type": ["string", "null"], "description": "Name of the company."},
    "job_title": {"type": ["string", "null"], "description": "Title as posted."},
    "cleaned_job_title": {"type": ["string", "null"], "description": "As sent."},
    "job_function": {"type": ["string", "null"], "description": "As sent."}
  }'),
  example => jsonb_set('{
    "domain": "acme.example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "raw_job_post_data_payload": {
      "origin": {"tableId": "t_abc123", "recordId": "r_def456"},
      "isInitialCheck": false,
      "url": "https://www.linkedin.com/jobs/view/4300000001"
    },
    "cleaned_job_title": "Billing Analyst",
    "job_function": "Finance",
    "signal_slug": "clay-job-posting",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "company_record_raw_payload": {"name": "Acme Example"},
    "company_name": "Acme Example",
    "job_title": "Billing Analyst II",
    "location": "Springfield, IL",
    "company_domain": "acme.example",
    "job_linkedin_url": "https://www.linkedin.com/jobs/view/4300000001",
    "post_on": "2026-01-12"
  }', '{raw_job_post_data_payload,jobPostData}', reference.clay_job_post_example())
);

select etl.extracts('clay-signal-job-posting', 'extracted.clay_job_posting', key => '{domain,posting_key}', as_select => $$
  select domain, job.posting_key, domain as company_domain, job.company_linkedin_url, job.company_name, job.company_linkedin_id, job.job_title,
         job.normalized_title, etl.as_text(payload -> 'cleaned_job_title') as cleaned_job_title, etl.as_text(payload -> 'job_function') as job_function,
         job.seniority, job.employment_type, job.location, job.job_linkedin_url, job.job_linkedin_id, job.posted_at, (job.posted_at at time zone 'UTC')::date as post_on,
         job.salary_min, job.salary_max, job.salary_currency, job.salary_unit, job.recruiter_name, job.recruiter_linkedin_url,
         coalesce(etl.as_boolean(payload #> '{raw_job_post_data_payload,isInitialCheck}'), false) as is_initial_check,
         coalesce(etl.as_text(payload -> 'signal_slug'), 'clay-job-posting') as signal_slug, observed_at as signal_detected_at
    from source
   cross join lateral (select core.signalled_job(payload) as posting offset 0) as sent
   cross join lateral core.job_post(sent.posting) as job
$$);

select etl.coalesces('extracted.clay_job_posting', 'core.company_signals', source => 'clay_job_posting', as_select => $$
  select domain, 'job_posting' as kind, posting_key as event_key, null::text as client_domain, signal_slug, (posted_at at time zone 'UTC')::date as occurred_on,
         signal_detected_at as detected_at, is_initial_check, job_title as title, job_linkedin_url as url,
         jsonb_strip_nulls(jsonb_build_object(
           'job_id', job_linkedin_id, 'normalized_title', normalized_title, 'cleaned_job_title', cleaned_job_title, 'job_function', job_function, 'seniority', seniority,
           'employment_type', employment_type, 'location', location
         )) as details
    from source
$$);

select etl.coalesces('extracted.clay_job_posting', 'core.company_job_postings', source => 'clay_job_posting', as_select => $$
  select domain, job_linkedin_id as job_id, etl.record_id('reference.job_titles', etl.fold(coalesce(normalized_title, job_title))) as job_title_id,
         job_title as title, cleaned_job_title, job_function, location, seniority, employment_type, salary_min, salary_max, salary_currency, salary_unit,
         job_linkedin_url as url, company_linkedin_url, posted_at
    from source
   where job_linkedin_id is not null
$$);

select etl.coalesces('extracted.clay_job_posting', 'reference.job_titles', as_select => $$
  select etl.fold(coalesce(normalized_title, job_title)) as title_key, coalesce(normalized_title, job_title) as normalized_title
    from source
   where job_linkedin_id is not null
     and num_nonnulls(normalized_title, job_title) > 0
$$);

select etl.coalesces('extracted.clay_job_posting', 'core.companies', source => 'clay_job_posting', as_select => $$
  select domain, company_name as name, company_linkedin_url as linkedin_url
    from source
   where num_nonnulls(company_name, company_linkedin_url) > 0
$$);

select etl.coalesces('extracted.clay_job_posting', 'core.company_names', source => 'clay_job_posting', as_select => $$
  select domain, company_name as raw_name, company_linkedin_url as linkedin_url
    from source
   where company_name is not null
$$);

select etl.coalesces('extracted.clay_job_posting', 'core.company_social_urls', source => 'clay_job_posting', as_select => $$
  select domain, company_linkedin_url as linkedin_url
    from source
   where company_linkedin_url is not null
$$);

-- Who posted it; that they work there is not said.
select etl.coalesces('extracted.clay_job_posting', 'core.people', source => 'clay_job_posting', as_select => $$
  select etl.normalize_linkedin_url(recruiter_linkedin_url) as linkedin_url, recruiter_name as full_name
    from source
   where etl.normalize_linkedin_url(recruiter_linkedin_url) is not null
$$);

select etl.responds('clay-signal-job-posting', $$
  select source.raw_payload_id, etl.record_id('extracted.clay_job_posting', domain || E'\x1f' || job.posting_key) as extracted_id,
         case when job.job_linkedin_id is not null then etl.record_id('core.company_job_postings', domain || E'\x1f' || job.job_linkedin_id) end as core_id,
         domain, job.company_name, job.job_title, etl.as_text(payload -> 'cleaned_job_title') as cleaned_job_title, etl.as_text(payload -> 'job_function') as job_function
    from source
   cross join lateral (select core.signalled_job(payload) as posting offset 0) as sent
   cross join lateral core.job_post(sent.posting) as job
$$);
