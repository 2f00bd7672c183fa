-- A page of LinkedIn ads; see google-ads-ingest.
select etl.raw_family('linkedin_ads_payloads', '{
  "domain": "payload.entity_key", "payload": "payload.payload", "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('linkedin-ads-ingest',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-adyntel/linkedin-ads/ingest',
  provider => 'adyntel',
  platform => 'clay',
  payload_type => 'enrichment',
  aliases => '{linkedin-ads}',
  legacy_function => 'ingest_linkedin_ads',
  description => 'Store one page of a company''s LinkedIn ads, one row per ad, and keep whether the company runs ads and how many.',
  family => 'linkedin_ads_payloads',
  key_field => 'domain',
  payload_field => 'linkedin_ads_payload',
  core_tables => '{core.company_linkedin_ads}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "linkedin_ads_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "linkedin_ads_payload": {
        "type": "object",
        "description": "The answer of Adyntel, unchanged.",
        "properties": {
          "ads": {
            "type": ["array", "null"],
            "description": "Left out, null or empty: the company runs none.",
            "items": {
              "type": ["object", "null"],
              "properties": {
                "ad_id": {"type": ["string", "integer", "null"], "format": "int64", "maxLength": 500, "description": "Identifies the ad."},
                "type": {"type": ["string", "null"]},
                "creative_type": {"type": ["string", "null"]},
                "headline": {"type": ["object", "null"], "properties": {"title": {"type": ["string", "null"]}, "description": {"type": ["string", "null"]}}},
                "commentary": {"type": ["object", "null"], "properties": {"text": {"type": ["string", "null"]}}},
                "image": {"type": ["object", "null"], "properties": {"url": {"type": ["string", "null"]}, "alt_text": {"type": ["string", "null"]}}},
                "advertiser": {"type": ["object", "null"], "properties": {"name": {"type": ["string", "null"], "maxLength": 500}}},
                "view_details_link": {"type": ["string", "null"]}
              }
            }
          },
          "page_id": {"type": ["string", "integer", "null"], "format": "int64", "description": "LinkedIn page of the advertiser."},
          "total_ads": {"type": ["integer", "null"], "description": "All ads the library knows of, not only those of this page."},
          "is_last_page": {"type": ["boolean", "null"], "description": "Kept in raw only."},
          "continuation_token": {"type": ["string", "null"], "description": "Kept in raw only."}
        }
      }
    }
  }',
  response_schema => core.ads_response_schema(),
  example => '{
    "domain": "acme.example",
    "workflow_slug": "linkedin-ads-ingest",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "linkedin_ads_payload": {
      "ads": [
        {
          "ad_id": "4300000001",
          "type": "SPONSORED_STATUS_UPDATE",
          "creative_type": "SINGLE_IMAGE",
          "headline": {"title": "Paper rockets", "description": "For everyone."},
          "commentary": {"text": "Assemble your own rocket."},
          "image": {"url": "https://acme.example/rocket.png", "alt_text": "A paper rocket"},
          "advertiser": {"name": "Acme Example"},
          "view_details_link": "https://ads.example/4300000001"
        }
      ],
      "page_id": "1234567",
      "total_ads": 7,
      "is_last_page": false,
      "continuation_token": "page-2"
    }
  }'
);

select etl.extracts('linkedin-ads-ingest', 'extracted.company_linkedin_ads', key => '{domain,ad_key}', as_select => $$
  select domain, core.ad_key(known.ad_id, ad.element) as ad_key, known.ad_id, etl.as_text(ad.element -> 'type') as ad_type,
         etl.as_text(ad.element -> 'creative_type') as creative_type, etl.as_text(ad.element -> 'headline' -> 'title') as headline_title,
         etl.as_text(ad.element -> 'headline' -> 'description') as headline_description,
         etl.as_text(ad.element -> 'commentary' -> 'text') as commentary_text, etl.as_text(ad.element -> 'image' -> 'url') as image_url,
         etl.as_text(ad.element -> 'image' -> 'alt_text') as image_alt_text,
         etl.as_text(ad.element -> 'advertiser' -> 'name', 500) as advertiser_name,
         etl.as_text(ad.element -> 'view_details_link') as view_details_link, ad.ordinality
    from source
   cross join lateral etl.elements(payload -> 'ads') as ad
   cross join lateral (select core.ad_id(ad.element -> 'ad_id') as ad_id offset 0) as known
   where jsonb_typeof(ad.element) = 'object'
$$);

select etl.extracts('linkedin-ads-ingest', 'extracted.company_ads_checks', key => '{domain,network}', as_select => $$
  select domain, 'linkedin' as network, page.is_running_ads, page.stated_count, page.page_count,
         etl.as_text_or_number(payload -> 'page_id') as page_id
    from source
   cross join lateral core.ads_on_page(payload -> 'ads', payload -> 'total_ads') as page
$$);

select etl.coalesces('extracted.company_ads_checks', 'core.company_linkedin_ads', as_select => $$
  select domain, offered.is_running_ads, offered.ad_count, offered.page_id, offered.last_checked_at, offered.source
    from source
   cross join lateral (values
     ('adyntel', is_running_ads, stated_count, page_id, observed_at),
     ('adyntel-page', null, page_count, null, null)
   ) as offered (source, is_running_ads, ad_count, page_id, last_checked_at)
   where network = 'linkedin'
$$);

select etl.responds('linkedin-ads-ingest', $$
  select source.raw_payload_id, domain, page.ads_extracted, page.total_ads, page.is_running_ads
    from source
   cross join lateral core.ads_on_page(payload -> 'ads', payload -> 'total_ads') as page
$$);
