-- Clay signal: visits of a company to a website. It was planned and its event never documented, so only the named fields are read; raw keeps the rest.
select etl.raw_family('clay_web_intent_payloads', $${
  "company_domain": "payload.payload ->> 'company_domain'",
  "signal_slug": "coalesce(payload.payload ->> 'signal_slug', 'clay-web-intent')",
  "clay_table_url": "payload.payload ->> 'clay_table_url'",
  "raw_payload": "payload.payload"
}$$);

select etl.workflow('clay-signal-web-intent',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-native/signal-web-intent/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  description => 'Store that a company visited a website.',
  family => 'clay_web_intent_payloads',
  key_field => 'company_domain',
  refuses => $$reference.signal_objections(payload -> 'signal_slug', 'clay-web-intent', 'web_intent')$$,
  core_tables => '{core.company_signals}',
  request_schema => '{
    "type": "object",
    "required": ["company_domain"],
    "properties": {
      "company_domain": {"type": "string", "description": "Domain of the visiting company; a URL is reduced to its host."},
      "event": {"type": ["object", "array", "string", "null"], "description": "The event as Clay sends it, of any shape; tells the visits of a company apart."},
      "enrich_company": {"type": ["object", "array", "string", "null"], "description": "Clay record of the company, stored unchanged."},
      "unique_visited_pages": {"type": ["array", "integer", "string", "object", "null"], "description": "The pages, or their number."},
      "signal_slug": {"type": ["string", "null"], "default": "clay-web-intent", "description": "An active slug of kind web_intent in reference.signal_registry."},
      "clay_table_url": {"type": ["string", "null"], "description": "The Clay table that the call comes from."}
    }
  }',
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.clay_web_intent."}
  }'),
  example => '{
    "company_domain": "acme.example",
    "event": {"visitedAt": "2026-01-15T09:30:00.000Z"},
    "enrich_company": {"name": "Acme Example"},
    "unique_visited_pages": ["/pricing", "/docs"],
    "signal_slug": "clay-web-intent",
    "clay_table_url": "https://app.clay.example/tables/t_abc123"
  }'
);

select etl.extracts('clay-signal-web-intent', 'extracted.clay_web_intent', key => '{domain,event_key}', as_select => $$
  select domain, core.event_hash(payload -> 'event', payload -> 'unique_visited_pages') as event_key, domain as company_domain,
         nullif(payload -> 'event', 'null') as event, nullif(payload -> 'unique_visited_pages', 'null') as unique_visited_pages,
         coalesce(etl.as_text(payload -> 'signal_slug'), 'clay-web-intent') as signal_slug, observed_at as signal_detected_at
    from source
$$);

select etl.coalesces('extracted.clay_web_intent', 'core.company_signals', source => 'clay_web_intent', as_select => $$
  select domain, 'web_intent' as kind, event_key, null::text as client_domain, signal_slug, signal_detected_at as detected_at,
         jsonb_strip_nulls(jsonb_build_object('event', event, 'unique_visited_pages', unique_visited_pages)) as details
    from source
$$);

select etl.responds('clay-signal-web-intent', $$
  select source.raw_payload_id,
         etl.record_id('extracted.clay_web_intent', domain || E'\x1f' || core.event_hash(payload -> 'event', payload -> 'unique_visited_pages')) as extracted_id
    from source
$$);
