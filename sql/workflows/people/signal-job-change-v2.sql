-- Clay signal for a client: a person moved to another company.
select etl.raw_family('signal_job_change_payloads', $${
  "client_domain": "payload.request ->> 'client_domain'",
  "origin_table_id": "payload.payload #>> '{origin,tableId}'",
  "origin_record_id": "payload.payload #>> '{origin,recordId}'",
  "raw_payload": "payload.payload"
}$$);

-- The payload belongs to the person that the event is about, not to the client for whom it is tracked.
select etl.workflow('signal-job-change-v2',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/signal-job-change/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  legacy_function => 'ingest_signal_job_change',
  description => 'Store a job change that is tracked for a client, and update employer, title and start date of the person.',
  family => 'signal_job_change_payloads',
  key_field => 'raw_job_change_payload/fullProfile/url',
  key => $$body #>> '{raw_job_change_payload,fullProfile,url}'$$,
  refuses => $$reference.client_objections(request -> 'client_domain')$$,
  payload_field => 'raw_job_change_payload',
  core_tables => '{core.person_signals,core.people,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer,core.companies}',
  request_schema => jsonb_build_object('type', 'object', 'required', '["client_domain", "raw_job_change_payload"]'::jsonb, 'properties', '{
    "client_domain": {"type": "string", "description": "Domain of the client for whom the signal is tracked; a URL is reduced to its host."},
    "job_change_within_months": {"type": ["integer", "null"], "description": "The window set in Clay, in months."},
    "started_role_within_window": {"type": ["boolean", "null"], "description": "Whether Clay found the start within that window."}
  }'::jsonb || jsonb_build_object('raw_job_change_payload', reference.clay_job_change_schema() || '{"type": "object"}')),
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.signal_job_change."},
    "person_name": {"type": ["string", "null"], "description": "Name of the person."},
    "new_company_domain": {"type": ["string", "null"], "description": "Domain of the new company, normalised."}
  }'),
  example => '{
    "client_domain": "client.example",
    "job_change_within_months": 3,
    "started_role_within_window": true
  }'::jsonb || jsonb_build_object('raw_job_change_payload', reference.clay_job_change_example())
);

select etl.extracts('signal-job-change-v2', 'extracted.signal_job_change', key => '{linkedin_url,client_domain,event_key}', as_select => $$
  select linkedin_url, core.job_change_key(change.company_domain, change.company_linkedin_url, change.company_name, change.start_date) as event_key,
         etl.normalize_domain(request ->> 'client_domain') as client_domain, event.person_name, event.person_first_name, event.person_last_name,
         linkedin_url as person_linkedin_url, event.person_linkedin_slug,
         event.person_title, event.person_headline, event.person_location, event.person_country, change.company_domain as new_company_domain,
         change.company_name as new_company_name, change.company_linkedin_url as new_company_linkedin_url, change.title as new_job_title,
         change.start_date as new_job_start_date, change.location as new_job_location,
         core.first_listed(payload -> 'previousCompany') as previous_company_linkedin_url, event.confidence, event.reduced_confidence_reasons,
         event.is_initial_check, etl.as_integer(request -> 'job_change_within_months') as job_change_within_months,
         etl.as_boolean(request -> 'started_role_within_window') as started_role_within_window,
         etl.as_text(payload #> '{origin,tableId}') as origin_table_id, etl.as_text(payload #> '{origin,recordId}') as origin_record_id,
         observed_at as signal_detected_at
    from source
   cross join lateral core.signal_profile(payload) as event
   cross join lateral (select core.new_job(payload) as job offset 0) as named
   cross join lateral core.job_of_event(named.job) as change
$$);

select etl.coalesces('extracted.signal_job_change', 'core.person_signals', source => 'signal_job_change', as_select => $$
  select linkedin_url, 'job_change' as kind, event_key, client_domain, new_job_start_date as occurred_on,
         signal_detected_at as detected_at, is_initial_check, confidence, new_job_title as title,
         new_company_domain as company_domain, new_company_name as company_name, new_company_linkedin_url as company_linkedin_url, previous_company_linkedin_url,
         jsonb_strip_nulls(jsonb_build_object('location', new_job_location, 'reduced_confidence_reasons', reduced_confidence_reasons)) as details
    from source
$$);

select core.offer_career_event('extracted.signal_job_change', 'signal_job_change', title => 'new_job_title', start_date => 'new_job_start_date',
  company_domain => 'new_company_domain', company_name => 'new_company_name', company_linkedin_url => 'new_company_linkedin_url');

select etl.responds('signal-job-change-v2', $$
  select source.raw_payload_id,
         etl.record_id(
           'extracted.signal_job_change',
           linkedin_url || E'\x1f' || etl.normalize_domain(request ->> 'client_domain') || E'\x1f'
             || core.job_change_key(change.company_domain, change.company_linkedin_url, change.company_name, change.start_date)
         ) as extracted_id,
         event.person_name, change.company_domain as new_company_domain
    from source
   cross join lateral core.signal_profile(payload) as event
   cross join lateral (select core.new_job(payload) as job offset 0) as named
   cross join lateral core.job_of_event(named.job) as change
$$);
