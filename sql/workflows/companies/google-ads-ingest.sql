-- A page of Google ads. The three ad libraries share core.ads_on_page() and the rule of their core tables (sql/core/company_ads.sql).
select etl.raw_family('google_ads_payloads', '{
  "domain": "payload.entity_key", "payload": "payload.payload", "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('google-ads-ingest',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-adyntel/google-ads/ingest',
  provider => 'adyntel',
  platform => 'clay',
  payload_type => 'enrichment',
  aliases => '{google-ads}',
  legacy_function => 'ingest_google_ads',
  description => 'Store one page of a company''s Google ads, one row per ad, and keep whether the company runs ads and how many.',
  family => 'google_ads_payloads',
  key_field => 'domain',
  payload_field => 'google_ads_payload',
  core_tables => '{core.company_google_ads}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "google_ads_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "google_ads_payload": {
        "type": "object",
        "description": "The answer of Adyntel, unchanged.",
        "properties": {
          "ads": {
            "type": ["array", "null"],
            "description": "Left out, null or empty: the company runs none.",
            "items": {
              "type": ["object", "null"],
              "properties": {
                "creative_id": {"type": ["string", "integer", "null"], "format": "int64", "maxLength": 500, "description": "Identifies the ad."},
                "format": {"type": ["string", "null"], "description": "text, image or video."},
                "start": {"type": ["string", "null"], "description": "Kept as sent."},
                "last_seen": {"type": ["string", "null"], "description": "Kept as sent."},
                "advertiser_id": {"type": ["string", "null"]},
                "advertiser_name": {"type": ["string", "null"], "maxLength": 500},
                "original_url": {"type": ["string", "null"]},
                "variants": {
                  "type": ["array", "null"],
                  "description": "The first one is kept.",
                  "items": {
                    "type": ["object", "null"],
                    "properties": {"content": {"type": ["string", "null"]}, "width": {"type": ["integer", "null"]}, "height": {"type": ["integer", "null"]}}
                  }
                }
              }
            }
          },
          "total_ad_count": {"type": ["integer", "null"], "description": "All ads the library knows of, not only those of this page."},
          "country_code": {"type": ["string", "null"], "description": "Kept in raw only."},
          "continuation_token": {"type": ["string", "null"], "description": "Kept in raw only."}
        }
      }
    }
  }',
  response_schema => core.ads_response_schema(),
  example => '{
    "domain": "acme.example",
    "workflow_slug": "google-ads-ingest",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "google_ads_payload": {
      "ads": [
        {
          "creative_id": "CR0001",
          "format": "text",
          "start": "2026-01-02",
          "last_seen": "2026-01-20",
          "advertiser_id": "AR0001",
          "advertiser_name": "Acme Example Inc.",
          "original_url": "https://ads.example/CR0001",
          "variants": [{"content": "Paper rockets for everyone.", "width": 300, "height": 250}]
        }
      ],
      "total_ad_count": 12,
      "country_code": "anywhere",
      "continuation_token": "page-2"
    }
  }'
);

select etl.extracts('google-ads-ingest', 'extracted.company_google_ads', key => '{domain,ad_key}', as_select => $$
  select domain, core.ad_key(known.creative_id, ad.element) as ad_key, known.creative_id, etl.as_text(ad.element -> 'format') as format,
         etl.as_text(ad.element -> 'start') as start_date, etl.as_text(ad.element -> 'last_seen') as last_seen,
         etl.as_text(ad.element -> 'advertiser_id') as advertiser_id, etl.as_text(ad.element -> 'advertiser_name', 500) as advertiser_name,
         etl.as_text(ad.element -> 'original_url') as original_url, etl.as_text(ad.element -> 'variants' -> 0 -> 'content') as variant_content,
         etl.as_integer(ad.element -> 'variants' -> 0 -> 'width') as variant_width,
         etl.as_integer(ad.element -> 'variants' -> 0 -> 'height') as variant_height, ad.ordinality
    from source
   cross join lateral etl.elements(payload -> 'ads') as ad
   cross join lateral (select core.ad_id(ad.element -> 'creative_id') as creative_id offset 0) as known
   where jsonb_typeof(ad.element) = 'object'
$$);

select etl.extracts('google-ads-ingest', 'extracted.company_ads_checks', key => '{domain,network}', as_select => $$
  select domain, 'google' as network, page.is_running_ads, page.stated_count, page.page_count,
         (
           select etl.as_text(ad.element -> 'advertiser_id')
             from etl.elements(payload -> 'ads') as ad
            where etl.as_text(ad.element -> 'advertiser_id') is not null
            order by ad.ordinality
            limit 1
         ) as advertiser_id
    from source
   cross join lateral core.ads_on_page(payload -> 'ads', payload -> 'total_ad_count') as page
$$);

-- What only the page says ranks behind what the library states (sql/core/company_ads.sql).
select etl.coalesces('extracted.company_ads_checks', 'core.company_google_ads', as_select => $$
  select domain, offered.is_running_ads, offered.ad_count, offered.advertiser_id, offered.last_checked_at, offered.source
    from source
   cross join lateral (values
     ('adyntel', is_running_ads, stated_count, advertiser_id, observed_at),
     ('adyntel-page', null, page_count, null, null)
   ) as offered (source, is_running_ads, ad_count, advertiser_id, last_checked_at)
   where network = 'google'
$$);

select etl.responds('google-ads-ingest', $$
  select source.raw_payload_id, domain, page.ads_extracted, page.total_ads, page.is_running_ads
    from source
   cross join lateral core.ads_on_page(payload -> 'ads', payload -> 'total_ad_count') as page
$$);
