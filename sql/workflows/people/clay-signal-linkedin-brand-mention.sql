-- Clay signal: a monitored person mentions a brand on LinkedIn. It was planned and its event never documented, so only the named fields are read; raw keeps the rest.
select etl.raw_family('clay_brand_mention_payloads', $${
  "person_linkedin_url": "payload.payload ->> 'person_linkedin_url'",
  "signal_slug": "coalesce(payload.payload ->> 'signal_slug', 'clay-linkedin-brand-mention')",
  "clay_table_url": "payload.payload ->> 'clay_table_url'",
  "raw_payload": "payload.payload"
}$$);

select etl.workflow('clay-signal-linkedin-brand-mention',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/signal-linkedin-brand-mention/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  description => 'Store that a monitored person mentions a brand on LinkedIn.',
  family => 'clay_brand_mention_payloads',
  key_field => 'person_linkedin_url',
  refuses => $$reference.signal_objections(payload -> 'signal_slug', 'clay-linkedin-brand-mention', 'brand_mention')$$,
  core_tables => '{core.person_signals,core.people}',
  request_schema => '{
    "type": "object",
    "required": ["person_linkedin_url"],
    "properties": {
      "person_linkedin_url": {"type": "string", "description": "LinkedIn profile of the person, in any of its spellings."},
      "event": {"type": ["object", "array", "string", "null"], "description": "The event as Clay sends it, of any shape; tells the mentions of a person apart."},
      "signal_slug": {"type": ["string", "null"], "default": "clay-linkedin-brand-mention", "description": "An active slug of kind brand_mention in reference.signal_registry."},
      "clay_table_url": {"type": ["string", "null"], "description": "The Clay table that the call comes from."}
    }
  }',
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.clay_brand_mention."},
    "person_linkedin_url": {"type": "string", "description": "LinkedIn URL of the person, normalised."}
  }'),
  example => '{
    "person_linkedin_url": "https://www.linkedin.com/in/ada-example/",
    "event": {"post": "Paper rockets by Acme Example are great."},
    "signal_slug": "clay-linkedin-brand-mention",
    "clay_table_url": "https://app.clay.example/tables/t_abc123"
  }'
);

select etl.extracts('clay-signal-linkedin-brand-mention', 'extracted.clay_brand_mention', key => '{linkedin_url,event_key}', as_select => $$
  select linkedin_url, core.event_hash(payload -> 'event') as event_key, linkedin_url as person_linkedin_url, nullif(payload -> 'event', 'null') as event,
         coalesce(etl.as_text(payload -> 'signal_slug'), 'clay-linkedin-brand-mention') as signal_slug, observed_at as signal_detected_at
    from source
$$);

select etl.coalesces('extracted.clay_brand_mention', 'core.person_signals', source => 'clay_brand_mention', as_select => $$
  select linkedin_url, 'brand_mention' as kind, event_key, null::text as client_domain, signal_slug, signal_detected_at as detected_at,
         jsonb_strip_nulls(jsonb_build_object('event', event)) as details
    from source
$$);

select etl.coalesces('extracted.clay_brand_mention', 'core.people', source => 'clay_brand_mention', as_select => $$
  select linkedin_url, case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source
$$);

select etl.responds('clay-signal-linkedin-brand-mention', $$
  select source.raw_payload_id, etl.record_id('extracted.clay_brand_mention', linkedin_url || E'\x1f' || core.event_hash(payload -> 'event')) as extracted_id,
         linkedin_url as person_linkedin_url
    from source
$$);
