-- Clay signal for a client: a person has a new title at the same company.
select etl.raw_family('signal_promotion_payloads', $${
  "client_domain": "payload.request ->> 'client_domain'",
  "origin_table_id": "payload.payload #>> '{origin,tableId}'",
  "origin_record_id": "payload.payload #>> '{origin,recordId}'",
  "raw_payload": "payload.payload"
}$$);

-- The payload belongs to the person that the event is about, not to the client for whom it is tracked.
select etl.workflow('signal-promotion-v2',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/signal-promotion/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  legacy_function => 'ingest_signal_promotion',
  description => 'Store a promotion that is tracked for a client, and update title and start date of the person.',
  family => 'signal_promotion_payloads',
  key_field => 'raw_promotion_payload/fullProfile/url',
  key => $$body #>> '{raw_promotion_payload,fullProfile,url}'$$,
  refuses => $$reference.client_objections(request -> 'client_domain')$$,
  payload_field => 'raw_promotion_payload',
  core_tables => '{core.person_signals,core.person_promotions,core.people,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer,core.companies}',
  request_schema => jsonb_build_object('type', 'object', 'required', '["client_domain", "raw_promotion_payload"]'::jsonb, 'properties', '{
    "client_domain": {"type": "string", "description": "Domain of the client for whom the signal is tracked; a URL is reduced to its host."},
    "days_since_promotion": {"type": ["integer", "null"], "description": "Filter set in Clay: at most so many days ago; a number or its digits."}
  }'::jsonb || jsonb_build_object('raw_promotion_payload', reference.clay_promotion_schema() || '{"type": "object"}')),
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.signal_promotion."},
    "person_name": {"type": ["string", "null"], "description": "Name of the person."},
    "new_title": {"type": ["string", "null"], "description": "The first of the new titles."}
  }'),
  example => '{
    "client_domain": "client.example",
    "days_since_promotion": 90
  }'::jsonb || jsonb_build_object('raw_promotion_payload', reference.clay_promotion_example())
);

select etl.extracts('signal-promotion-v2', 'extracted.signal_promotion', key => '{linkedin_url,client_domain,event_key}', as_select => $$
  select linkedin_url, core.promotion_key(core.first_element(payload -> 'newTitle'), job.start_date) as event_key, etl.normalize_domain(request ->> 'client_domain') as client_domain, event.person_name,
         event.person_first_name, event.person_last_name, linkedin_url as person_linkedin_url, event.person_linkedin_slug, event.person_title, event.person_headline,
         event.person_location, event.person_country, job.company_domain, job.company_name, job.company_linkedin_url,
         core.title_list(payload -> 'newTitle') as new_titles, core.title_list(payload -> 'previousTitle') as previous_titles,
         core.first_element(payload -> 'newTitle') as new_title, core.first_element(payload -> 'previousTitle') as previous_title,
         job.start_date as new_role_start_date, event.confidence, event.reduced_confidence_reasons, event.is_initial_check,
         etl.as_integer(request -> 'days_since_promotion') as days_since_promotion,
         etl.as_text(payload #> '{origin,tableId}') as origin_table_id, etl.as_text(payload #> '{origin,recordId}') as origin_record_id,
         observed_at as signal_detected_at
    from source
   cross join lateral core.signal_profile(payload) as event
   cross join lateral (select payload #> '{fullProfile,latest_experience}' as held offset 0) as latest
   cross join lateral core.job_of_event(latest.held) as job
$$);

select etl.coalesces('extracted.signal_promotion', 'core.person_signals', source => 'signal_promotion', as_select => $$
  select linkedin_url, 'promotion' as kind, event_key, client_domain, new_role_start_date as occurred_on,
         signal_detected_at as detected_at, is_initial_check, confidence, new_title as title,
         company_domain, company_name, company_linkedin_url, previous_title,
         jsonb_strip_nulls(jsonb_build_object('new_titles', new_titles, 'previous_titles', previous_titles, 'reduced_confidence_reasons', reduced_confidence_reasons)) as details
    from source
$$);

select core.offer_career_event('extracted.signal_promotion', 'signal_promotion', title => 'new_title', start_date => 'new_role_start_date',
  company_domain => 'company_domain', company_name => 'company_name', company_linkedin_url => 'company_linkedin_url');

select etl.responds('signal-promotion-v2', $$
  select source.raw_payload_id,
         etl.record_id(
           'extracted.signal_promotion',
           linkedin_url || E'\x1f' || etl.normalize_domain(request ->> 'client_domain') || E'\x1f' || core.promotion_key(core.first_element(payload -> 'newTitle'), job.start_date)
         ) as extracted_id,
         event.person_name, core.first_element(payload -> 'newTitle') as new_title
    from source
   cross join lateral core.signal_profile(payload) as event
   cross join lateral (select payload #> '{fullProfile,latest_experience}' as held offset 0) as latest
   cross join lateral core.job_of_event(latest.held) as job
$$);
