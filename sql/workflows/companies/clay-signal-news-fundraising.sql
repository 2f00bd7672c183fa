-- Clay signal: news or fundraising of a monitored company.
select etl.raw_family('clay_news_fundraising_payloads', $${
  "company_domain": "payload.payload ->> 'company_domain'",
  "signal_slug": "coalesce(payload.payload ->> 'signal_slug', 'clay-news-fundraising')",
  "clay_table_url": "payload.payload ->> 'clay_table_url'",
  "raw_event_payload": "payload.payload -> 'raw_event_payload'"
}$$);

select etl.workflow('clay-signal-news-fundraising',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-native/signal-news-fundraising-2/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  legacy_function => 'ingest_clay_signal_news_fundraising',
  description => 'Store news about a monitored company.',
  family => 'clay_news_fundraising_payloads',
  key_field => 'company_domain',
  refuses => $$reference.signal_objections(payload -> 'signal_slug', 'clay-news-fundraising', 'news_fundraising')$$,
  core_tables => '{core.company_signals}',
  request_schema => '{
    "type": "object",
    "required": ["company_domain"],
    "properties": {
      "company_domain": {"type": "string", "description": "Domain of the monitored company; a URL is reduced to its host."},
      "raw_event_payload": {
        "description": "The whole Clay event, of any shape.",
        "type": ["object", "array", "string", "number", "boolean", "null"],
        "properties": {
          "newsData": {
            "type": ["object", "null"], "description": "The article.",
            "properties": {"publishDate": {"type": ["string", "null"], "format": "date", "description": "Day of publication."}}
          }
        }
      },
      "news_url": {"type": ["string", "null"], "description": "The article; tells the news of a company apart."},
      "news_title": {"type": ["string", "null"], "description": "Its title."},
      "description": {"type": ["string", "null"], "description": "What it says."},
      "signal_slug": {
        "type": ["string", "null"], "default": "clay-news-fundraising", "description": "An active slug of kind news_fundraising in reference.signal_registry."
      },
      "clay_table_url": {"type": ["string", "null"], "description": "The Clay table that the call comes from."}
    }
  }',
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.clay_news_fundraising."},
    "news_title": {"type": ["string", "null"], "description": "As sent."},
    "news_url": {"type": ["string", "null"], "description": "As sent."}
  }'),
  example => '{
    "company_domain": "acme.example",
    "raw_event_payload": {"newsData": {"publishDate": "2026-01-15"}},
    "news_url": "https://news.example/acme-series-b",
    "news_title": "Acme Example raises Series B",
    "description": "The maker of paper rockets raised 20 million dollars.",
    "signal_slug": "clay-news-fundraising",
    "clay_table_url": "https://app.clay.example/tables/t_abc123"
  }'
);

select etl.extracts('clay-signal-news-fundraising', 'extracted.clay_news_fundraising', key => '{domain,event_key}', as_select => $$
  select domain, core.news_key(news.url, news.title, news.published) as event_key, domain as company_domain, news.url as news_url, news.title as news_title,
         news.published as publish_date, etl.as_text(payload -> 'description') as description,
         coalesce(etl.as_text(payload -> 'signal_slug'), 'clay-news-fundraising') as signal_slug, observed_at as signal_detected_at
    from source
   cross join lateral (
     select etl.as_text(payload -> 'news_url') as url, etl.as_text(payload -> 'news_title') as title,
            etl.as_date(payload #> '{raw_event_payload,newsData,publishDate}') as published
   ) as news
$$);

select etl.coalesces('extracted.clay_news_fundraising', 'core.company_signals', source => 'clay_news_fundraising', as_select => $$
  select domain, 'news_fundraising' as kind, event_key, null::text as client_domain, signal_slug, publish_date as occurred_on,
         signal_detected_at as detected_at, news_title as title, news_url as url, jsonb_strip_nulls(jsonb_build_object('description', description)) as details
    from source
$$);

select etl.responds('clay-signal-news-fundraising', $$
  select source.raw_payload_id,
         etl.record_id('extracted.clay_news_fundraising', domain || E'\x1f' || core.news_key(news.url, news.title, news.published)) as extracted_id,
         news.title as news_title, news.url as news_url
    from source
   cross join lateral (
     select etl.as_text(payload -> 'news_url') as url, etl.as_text(payload -> 'news_title') as title,
            etl.as_date(payload #> '{raw_event_payload,newsData,publishDate}') as published
   ) as news
$$);
