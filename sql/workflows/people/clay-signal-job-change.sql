-- Clay signal: a monitored person moved to another company.
select etl.raw_family('clay_job_change_payloads', $${
  "person_linkedin_profile_url": "payload.payload ->> 'person_linkedin_url'",
  "signal_slug": "coalesce(payload.payload ->> 'signal_slug', 'clay-job-change')",
  "clay_table_url": "payload.payload ->> 'clay_table_url'",
  "job_change_event_raw_payload": "payload.payload -> 'job_change_event_raw_payload'",
  "person_record_raw_payload": "payload.payload -> 'person_record_raw_payload'",
  "raw_event_payload": "jsonb_build_object('confidence', payload.payload -> 'confidence', 'previous_company_linkedin_url', payload.payload -> 'previous_company_linkedin_url', 'new_company_linkedin_url', payload.payload -> 'new_company_linkedin_url', 'new_company_domain', payload.payload -> 'new_company_domain', 'new_company_name', payload.payload -> 'new_company_name', 'start_date_at_new_job', payload.payload -> 'start_date_at_new_job', 'started_within_threshold', payload.payload -> 'started_within_threshold')",
  "lookback_threshold_days": "etl.as_integer(payload.payload -> 'lookback_threshold_days')"
}$$);

-- The flat fields of the body, else the event.
create or replace function core.signalled_job_change(body jsonb)
returns table (
  event_key text, new_company_domain text, new_company_name text, new_company_linkedin_url text, previous_company_domain text,
  previous_company_linkedin_url text, start_date date, new_job_title text
) language sql stable parallel safe rows 1 as $$
  select core.job_change_key(change.new_company_domain, change.new_company_linkedin_url, change.new_company_name, change.start_date),
         change.new_company_domain, change.new_company_name, change.new_company_linkedin_url, change.previous_company_domain,
         change.previous_company_linkedin_url, change.start_date, change.new_job_title
    from (
      select coalesce(named.company_domain, job.company_domain) as new_company_domain, coalesce(named.company_name, job.company_name) as new_company_name,
             coalesce(named.company_linkedin_url, job.company_linkedin_url) as new_company_linkedin_url,
             etl.normalize_domain(core.first_listed(body -> 'previous_company_domain')) as previous_company_domain,
             coalesce(core.first_listed(body -> 'previous_company_linkedin_url'), core.first_listed(named.event -> 'previousCompany')) as previous_company_linkedin_url,
             coalesce(etl.as_date(to_jsonb(core.first_listed(body -> 'start_date_at_new_job'))), job.start_date) as start_date, job.title as new_job_title
        from (
          select etl.normalize_domain(core.first_listed(body -> 'new_company_domain')) as company_domain,
                 core.first_listed(body -> 'new_company_linkedin_url') as company_linkedin_url, core.first_element(body -> 'new_company_name') as company_name,
                 body -> 'job_change_event_raw_payload' as event
          offset 0
        ) as named
       cross join lateral (
         select core.new_job(named.event, named.company_domain, named.company_linkedin_url, named.company_name) as held offset 0
       ) as new
       cross join lateral core.job_of_event(new.held) as job
      -- computed once, although it is used several times
      offset 0
    ) as change;
$$;
comment on function core.signalled_job_change(jsonb) is 'The job change of a body of clay-signal-job-change: its flat fields, of lists the first, and the event where they say nothing.';

select etl.workflow('clay-signal-job-change',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/signal-job-change-2/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  legacy_function => 'ingest_clay_signal_job_change',
  description => 'Store that a monitored person moved to another company, and update employer, title and start date.',
  family => 'clay_job_change_payloads',
  key_field => 'person_linkedin_url',
  refuses => $$reference.signal_objections(payload -> 'signal_slug', 'clay-job-change', 'job_change')$$,
  core_tables => '{core.person_signals,core.people,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer,core.companies}',
  request_schema => jsonb_build_object('type', 'object', 'required', '["person_linkedin_url"]'::jsonb, 'properties', '{
    "person_linkedin_url": {"type": "string", "description": "LinkedIn profile of the person, in any of its spellings."},
    "person_record_raw_payload": {"type": ["object", "null"], "description": "Clay record of the person, stored unchanged."},
    "confidence": {"type": ["integer", "null"], "description": "How sure Clay is, 0 to 100; else taken from the event."},
    "previous_company_domain": {"type": ["string", "array", "null"], "description": "Domain of the former company; of a list the first."},
    "new_company_domain": {"type": ["string", "array", "null"], "description": "Domain of the new company; of a list the first."},
    "new_company_name": {"type": ["string", "array", "null"], "description": "Name of the new company, commas included; of an array the first."},
    "start_date_at_new_job": {"type": ["string", "array", "null"], "description": "First day, as YYYY-MM-DD; of a list the first."},
    "started_within_threshold": {"type": ["boolean", "null"], "description": "Whether Clay found the start within the look-back window."},
    "lookback_threshold_days": {"type": ["integer", "null"], "description": "The look-back window set in Clay, in days."},
    "signal_slug": {"type": ["string", "null"], "default": "clay-job-change", "description": "An active slug of kind job_change in reference.signal_registry."},
    "clay_table_url": {"type": ["string", "null"], "description": "The Clay table that the call comes from."}
  }'::jsonb || jsonb_build_object(
    'previous_company_linkedin_url', reference.company_linkedin_url_schema('former company'),
    'new_company_linkedin_url', reference.company_linkedin_url_schema('new company'),
    'job_change_event_raw_payload', reference.clay_job_change_schema()
  )),
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.clay_job_change."},
    "person_linkedin_url": {"type": "string", "description": "LinkedIn URL of the person, normalised."}
  }'),
  example => '{
    "person_linkedin_url": "https://www.linkedin.com/in/ada-example/",
    "person_record_raw_payload": {"name": "Ada Example"},
    "confidence": 85,
    "previous_company_domain": "globex.example",
    "previous_company_linkedin_url": "https://www.linkedin.com/company/globex-example",
    "new_company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "new_company_domain": "acme.example",
    "new_company_name": "Acme Example, Inc.",
    "start_date_at_new_job": "2025-11-01",
    "started_within_threshold": true,
    "lookback_threshold_days": 90,
    "signal_slug": "clay-job-change",
    "clay_table_url": "https://app.clay.example/tables/t_abc123"
  }'::jsonb || jsonb_build_object('job_change_event_raw_payload', reference.clay_job_change_example())
);

select etl.extracts('clay-signal-job-change', 'extracted.clay_job_change', key => '{linkedin_url,event_key}', as_select => $$
  select linkedin_url, change.event_key, linkedin_url as person_linkedin_profile_url,
         coalesce(etl.as_integer(payload -> 'confidence'), event.confidence)::text as confidence, change.previous_company_domain,
         change.previous_company_linkedin_url, change.new_company_linkedin_url, change.new_company_domain, change.new_company_name,
         change.start_date as start_date_at_new_job, etl.as_boolean(payload -> 'started_within_threshold') as started_within_threshold,
         etl.as_integer(payload -> 'lookback_threshold_days') as lookback_threshold_days, event.person_name, event.person_linkedin_slug,
         event.person_location, event.person_country, change.new_job_title, event.is_initial_check,
         coalesce(etl.as_text(payload -> 'signal_slug'), 'clay-job-change') as signal_slug, observed_at as signal_detected_at
    from source
   cross join lateral core.signalled_job_change(payload) as change
   cross join lateral core.signal_profile(payload -> 'job_change_event_raw_payload') as event
$$);

select etl.coalesces('extracted.clay_job_change', 'core.person_signals', source => 'clay_job_change', as_select => $$
  select linkedin_url, 'job_change' as kind, event_key, null::text as client_domain, signal_slug, start_date_at_new_job as occurred_on,
         signal_detected_at as detected_at, is_initial_check, confidence::integer as confidence, new_job_title as title,
         new_company_domain as company_domain, new_company_name as company_name, new_company_linkedin_url as company_linkedin_url, previous_company_domain, previous_company_linkedin_url,
         jsonb_strip_nulls(jsonb_build_object('started_within_threshold', started_within_threshold, 'lookback_threshold_days', lookback_threshold_days)) as details
    from source
$$);

select core.offer_career_event('extracted.clay_job_change', 'clay_job_change', title => 'new_job_title', start_date => 'start_date_at_new_job',
  company_domain => 'new_company_domain', company_name => 'new_company_name', company_linkedin_url => 'new_company_linkedin_url');

select etl.responds('clay-signal-job-change', $$
  select source.raw_payload_id, etl.record_id('extracted.clay_job_change', linkedin_url || E'\x1f' || change.event_key) as extracted_id,
         linkedin_url as person_linkedin_url
    from source
   cross join lateral core.signalled_job_change(payload) as change
$$);
