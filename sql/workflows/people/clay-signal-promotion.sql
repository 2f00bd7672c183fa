-- Clay signal: a monitored person has a new title at the same company.
select etl.raw_family('clay_promotion_payloads', $${
  "person_linkedin_profile_url": "payload.payload ->> 'person_linkedin_url'",
  "signal_slug": "coalesce(payload.payload ->> 'signal_slug', 'clay-promotion')",
  "clay_table_url": "payload.payload ->> 'clay_table_url'",
  "promotion_event_raw_payload": "payload.payload -> 'promotion_event_raw_payload'",
  "person_record_raw_payload": "payload.payload -> 'person_record_raw_payload'",
  "raw_event_payload": "jsonb_build_object('confidence', payload.payload -> 'confidence', 'previous_title', payload.payload -> 'previous_title', 'new_title', payload.payload -> 'new_title', 'start_date_with_new_title', payload.payload -> 'start_date_with_new_title')",
  "lookback_threshold_days": "etl.as_integer(payload.payload -> 'lookback_threshold_days')"
}$$);

-- The flat fields of the body, else the event.
create or replace function core.signalled_promotion(body jsonb)
returns table (
  event_key text, new_title text, previous_title text, start_date date, company_domain text, company_name text, company_linkedin_url text
) language sql stable parallel safe rows 1 as $$
  select core.promotion_key(promotion.new_title, promotion.start_date), promotion.new_title, promotion.previous_title, promotion.start_date,
         promotion.company_domain, promotion.company_name, promotion.company_linkedin_url
    from (
      select coalesce(core.first_element(body -> 'new_title'), core.first_element(sent.event -> 'newTitle')) as new_title,
             coalesce(core.first_element(body -> 'previous_title'), core.first_element(sent.event -> 'previousTitle')) as previous_title,
             coalesce(etl.as_date(to_jsonb(core.first_listed(body -> 'start_date_with_new_title'))), job.start_date) as start_date,
             job.company_domain, job.company_name, job.company_linkedin_url
        from (select body -> 'promotion_event_raw_payload' as event offset 0) as sent
       cross join lateral core.job_of_event(sent.event #> '{fullProfile,latest_experience}') as job
      -- computed once, although it is used several times
      offset 0
    ) as promotion;
$$;
comment on function core.signalled_promotion(jsonb) is 'The promotion of a body of clay-signal-promotion: its flat fields, of lists the first, and the event where they say nothing.';

select etl.workflow('clay-signal-promotion',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/signal-promotion-2/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  legacy_function => 'ingest_clay_signal_promotion',
  description => 'Store that a monitored person has a new title at the same company, and update title and start date.',
  family => 'clay_promotion_payloads',
  key_field => 'person_linkedin_url',
  refuses => $$reference.signal_objections(payload -> 'signal_slug', 'clay-promotion', 'promotion')$$,
  core_tables => '{core.person_signals,core.person_promotions,core.people,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer,core.companies}',
  request_schema => jsonb_build_object('type', 'object', 'required', '["person_linkedin_url"]'::jsonb, 'properties', '{
    "person_linkedin_url": {"type": "string", "description": "LinkedIn profile of the person, in any of its spellings."},
    "person_record_raw_payload": {"type": ["object", "null"], "description": "Clay record of the person, stored unchanged."},
    "confidence": {"type": ["integer", "null"], "description": "How sure Clay is, 0 to 100; else taken from the event."},
    "previous_title": {"type": ["string", "array", "null"], "description": "The former title, commas included; of an array the first."},
    "new_title": {"type": ["string", "array", "null"], "description": "The new title, commas included; of an array the first."},
    "start_date_with_new_title": {"type": ["string", "array", "null"], "description": "First day, as YYYY-MM-DD; of a list the first."},
    "lookback_threshold_days": {"type": ["integer", "null"], "description": "The look-back window set in Clay, in days; Clay only sends promotions within it."},
    "signal_slug": {"type": ["string", "null"], "default": "clay-promotion", "description": "An active slug of kind promotion in reference.signal_registry."},
    "clay_table_url": {"type": ["string", "null"], "description": "The Clay table that the call comes from."}
  }'::jsonb || jsonb_build_object('promotion_event_raw_payload', reference.clay_promotion_schema())),
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.clay_promotion."},
    "person_linkedin_url": {"type": "string", "description": "LinkedIn URL of the person, normalised."}
  }'),
  example => '{
    "person_linkedin_url": "https://www.linkedin.com/in/ada-example/",
    "person_record_raw_payload": {"name": "Ada Example"},
    "confidence": 85,
    "previous_title": "Head of Partnerships",
    "new_title": "VP of Marketing",
    "start_date_with_new_title": "2022-03-01",
    "lookback_threshold_days": 90,
    "signal_slug": "clay-promotion",
    "clay_table_url": "https://app.clay.example/tables/t_abc123"
  }'::jsonb || jsonb_build_object('promotion_event_raw_payload', reference.clay_promotion_example())
);

select etl.extracts('clay-signal-promotion', 'extracted.clay_promotion', key => '{linkedin_url,event_key}', as_select => $$
  select linkedin_url, promotion.event_key, linkedin_url as person_linkedin_profile_url,
         coalesce(etl.as_integer(payload -> 'confidence'), event.confidence)::text as confidence, promotion.previous_title, promotion.new_title,
         promotion.start_date as start_date_with_new_title, window_.lookback_threshold_days,
         case when window_.lookback_threshold_days is not null then true end as started_within_threshold,
         event.person_name, event.person_linkedin_slug, event.person_location, event.person_country, promotion.company_domain, promotion.company_name,
         promotion.company_linkedin_url, event.is_initial_check, coalesce(etl.as_text(payload -> 'signal_slug'), 'clay-promotion') as signal_slug,
         observed_at as signal_detected_at
    from source
   cross join lateral core.signalled_promotion(payload) as promotion
   cross join lateral core.signal_profile(payload -> 'promotion_event_raw_payload') as event
   cross join lateral (select etl.as_integer(payload -> 'lookback_threshold_days') as lookback_threshold_days) as window_
$$);

select etl.coalesces('extracted.clay_promotion', 'core.person_signals', source => 'clay_promotion', as_select => $$
  select linkedin_url, 'promotion' as kind, event_key, null::text as client_domain, signal_slug, start_date_with_new_title as occurred_on,
         signal_detected_at as detected_at, is_initial_check, confidence::integer as confidence, new_title as title,
         company_domain, company_name, company_linkedin_url, previous_title,
         jsonb_strip_nulls(jsonb_build_object('lookback_threshold_days', lookback_threshold_days)) as details
    from source
$$);

select core.offer_career_event('extracted.clay_promotion', 'clay_promotion', title => 'new_title', start_date => 'start_date_with_new_title',
  company_domain => 'company_domain', company_name => 'company_name', company_linkedin_url => 'company_linkedin_url');

select etl.responds('clay-signal-promotion', $$
  select source.raw_payload_id, etl.record_id('extracted.clay_promotion', linkedin_url || E'\x1f' || promotion.event_key) as extracted_id,
         linkedin_url as person_linkedin_url
    from source
   cross join lateral core.signalled_promotion(payload) as promotion
$$);
