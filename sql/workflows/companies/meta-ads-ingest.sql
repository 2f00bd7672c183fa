-- A page of Facebook and Instagram ads; see google-ads-ingest. The list is called results here.
select etl.raw_family('meta_ads_payloads', '{
  "domain": "payload.entity_key", "payload": "payload.payload", "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('meta-ads-ingest',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-adyntel/meta-ads/ingest',
  provider => 'adyntel',
  platform => 'clay',
  payload_type => 'enrichment',
  aliases => '{meta-ads}',
  legacy_function => 'ingest_meta_ads',
  description => 'Store one page of a company''s Facebook and Instagram ads, one row per ad, and keep whether the company runs ads, how many, and where.',
  family => 'meta_ads_payloads',
  key_field => 'domain',
  payload_field => 'meta_ads_payload',
  core_tables => '{core.company_meta_ads}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "meta_ads_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "meta_ads_payload": {
        "type": "object",
        "description": "The answer of Adyntel, unchanged.",
        "properties": {
          "results": {
            "type": ["array", "null"],
            "description": "The ads. Left out, null or empty: the company runs none.",
            "items": {
              "type": ["object", "null"],
              "properties": {
                "id": {"type": ["string", "integer", "null"], "format": "int64", "maxLength": 500, "description": "Identifies the ad."},
                "ad_id": {"type": ["string", "integer", "null"], "format": "int64", "maxLength": 500, "description": "Read where id is missing."},
                "platform": {"type": ["string", "array", "null"], "items": {"type": ["string", "null"]}, "description": "A list is kept as comma-separated text."},
                "start_date": {"type": ["string", "null"], "description": "Kept as sent."},
                "ad_delivery_start_time": {"type": ["string", "null"], "description": "Read where start_date is missing."},
                "end_date": {"type": ["string", "null"], "description": "Kept as sent."},
                "ad_delivery_stop_time": {"type": ["string", "null"], "description": "Read where end_date is missing."},
                "status": {"type": ["string", "null"]},
                "ad_status": {"type": ["string", "null"], "description": "Read where status is missing."},
                "page_name": {"type": ["string", "null"], "maxLength": 500},
                "ad_creative": {
                  "type": ["object", "string", "null"],
                  "description": "An object; mere text is its body.",
                  "properties": {
                    "body": {"type": ["string", "null"]},
                    "link_title": {"type": ["string", "null"]},
                    "link_description": {"type": ["string", "null"]},
                    "image_url": {"type": ["string", "null"]},
                    "video_url": {"type": ["string", "null"]}
                  }
                },
                "body": {"type": ["string", "null"], "description": "Read where ad_creative has none."},
                "ad_creative_body": {"type": ["string", "null"], "description": "Read where body is missing too."},
                "link_title": {"type": ["string", "null"], "description": "Read where ad_creative has none."},
                "link_description": {"type": ["string", "null"], "description": "Read where ad_creative has none."},
                "landing_page_url": {"type": ["string", "null"]},
                "link_url": {"type": ["string", "null"], "description": "Read where landing_page_url is missing."},
                "image_url": {"type": ["string", "null"]},
                "video_url": {"type": ["string", "null"]}
              }
            }
          },
          "page_id": {"type": ["string", "integer", "null"], "format": "int64", "description": "Facebook page of the advertiser."},
          "platform": {"type": ["array", "string", "null"], "items": {"type": ["string", "null"]}, "description": "Where the ads run; text is a comma-separated list."},
          "number_of_ads": {"type": ["integer", "null"], "description": "All ads the library knows of, not only those of this page."},
          "continuation_token": {"type": ["string", "null"], "description": "Kept in raw only."}
        }
      }
    }
  }',
  response_schema => jsonb_set(core.ads_response_schema(), '{properties,platforms}', '{"type": "array", "items": {"type": "string"}, "description": "Where the ads run."}'),
  example => '{
    "domain": "acme.example",
    "workflow_slug": "meta-ads-ingest",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "meta_ads_payload": {
      "results": [
        {
          "id": "100001",
          "ad_id": "100001",
          "platform": ["facebook", "instagram"],
          "start_date": "2026-01-02",
          "ad_delivery_start_time": "2026-01-02T08:00:00Z",
          "end_date": "2026-02-02",
          "ad_delivery_stop_time": "2026-02-02T08:00:00Z",
          "status": "ACTIVE",
          "ad_status": "ACTIVE",
          "page_name": "Acme Example",
          "ad_creative": {
            "body": "Assemble your own rocket.",
            "link_title": "Paper rockets",
            "link_description": "For everyone.",
            "image_url": "https://acme.example/rocket.png",
            "video_url": "https://acme.example/rocket.mp4"
          },
          "body": "Assemble your own rocket.",
          "ad_creative_body": "Assemble your own rocket.",
          "link_title": "Paper rockets",
          "link_description": "For everyone.",
          "landing_page_url": "https://acme.example/rockets",
          "link_url": "https://acme.example/rockets",
          "image_url": "https://acme.example/rocket.png",
          "video_url": "https://acme.example/rocket.mp4"
        }
      ],
      "page_id": "987654",
      "platform": ["facebook", "instagram"],
      "number_of_ads": 3,
      "continuation_token": "page-2"
    }
  }'
);

select etl.extracts('meta-ads-ingest', 'extracted.company_meta_ads', key => '{domain,ad_key}', as_select => $$
  select domain, core.ad_key(known.ad_id, item) as ad_key, known.ad_id, array_to_string(core.ad_platforms(item -> 'platform'), ',') as platform,
         coalesce(etl.as_text(item -> 'start_date'), etl.as_text(item -> 'ad_delivery_start_time')) as start_date,
         coalesce(etl.as_text(item -> 'end_date'), etl.as_text(item -> 'ad_delivery_stop_time')) as end_date,
         coalesce(etl.as_text(item -> 'status'), etl.as_text(item -> 'ad_status')) as status, etl.as_text(item -> 'page_name', 500) as page_name,
         coalesce(
           etl.as_text(creative -> 'body'), etl.as_text(creative), etl.as_text(item -> 'body'), etl.as_text(item -> 'ad_creative_body')
         ) as ad_creative_body,
         coalesce(etl.as_text(creative -> 'link_title'), etl.as_text(item -> 'link_title')) as ad_creative_link_title,
         coalesce(etl.as_text(creative -> 'link_description'), etl.as_text(item -> 'link_description')) as ad_creative_link_description,
         coalesce(etl.as_text(item -> 'landing_page_url'), etl.as_text(item -> 'link_url')) as landing_page_url,
         coalesce(etl.as_text(item -> 'image_url'), etl.as_text(creative -> 'image_url')) as image_url,
         coalesce(etl.as_text(item -> 'video_url'), etl.as_text(creative -> 'video_url')) as video_url, ad.ordinality
    from source
   cross join lateral etl.elements(payload -> 'results') as ad
   cross join lateral (select ad.element as item, ad.element -> 'ad_creative' as creative) as part
   cross join lateral (select coalesce(core.ad_id(item -> 'id'), core.ad_id(item -> 'ad_id')) as ad_id offset 0) as known
   where jsonb_typeof(item) = 'object'
$$);

select etl.extracts('meta-ads-ingest', 'extracted.company_ads_checks', key => '{domain,network}', as_select => $$
  select domain, 'meta' as network, page.is_running_ads, page.stated_count, page.page_count,
         etl.as_text_or_number(payload -> 'page_id') as page_id, to_jsonb(core.ad_platforms(payload -> 'platform')) as platforms
    from source
   cross join lateral core.ads_on_page(payload -> 'results', payload -> 'number_of_ads') as page
$$);

select etl.coalesces('extracted.company_ads_checks', 'core.company_meta_ads', as_select => $$
  select domain, offered.is_running_ads, offered.ad_count, offered.page_id, offered.platforms, offered.last_checked_at, offered.source
    from source
   cross join lateral (values
     ('adyntel', is_running_ads, stated_count, page_id, platforms, observed_at),
     -- none, as long as no page has named any
     ('adyntel-page', null, page_count, null, '[]'::jsonb, null)
   ) as offered (source, is_running_ads, ad_count, page_id, platforms, last_checked_at)
   where network = 'meta'
$$);

select etl.responds('meta-ads-ingest', $$
  select source.raw_payload_id, domain, page.ads_extracted, page.total_ads, page.is_running_ads,
         coalesce(to_jsonb(core.ad_platforms(payload -> 'platform')), '[]') as platforms
    from source
   cross join lateral core.ads_on_page(payload -> 'results', payload -> 'number_of_ads') as page
$$);
