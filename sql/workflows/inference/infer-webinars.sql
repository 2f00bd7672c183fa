select etl.raw_family('webinars_payloads', '{
  "domain": "payload.entity_key",
  "company_name": "coalesce(payload.request ->> ''company_name'', '''')",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select etl.workflow('infer-webinars',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/webinars-status-data/infer',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'inference',
  legacy_function => 'infer_webinars',
  description => 'Find the webinar page of a company from its homepage, and the webinars that it lists.',
  family => 'webinars_payloads',
  key_field => 'domain',
  timeout_seconds => 90,
  core_tables => '{core.company_webinars}',
  request_schema => core.homepage_request_schema(),
  response_schema => core.ingest_response_schema('{
    "domain": {"type": "string", "description": "The domain, normalised."},
    "has_webinars": {"type": "boolean"},
    "webinar_count": {"type": "integer", "description": "Number of webinars."},
    "webinars": {"type": "array", "items": {"type": "object", "properties": {"title": {"type": "string"}, "topic": {"type": "string"}}}},
    "webinar_topics": {"type": "array", "items": {"type": "string"}, "description": "Each once, in order of first appearance."}
  }'),
  example => '{"domain": "acme.example", "company_name": "Acme Example"}'
);

select etl.produces('infer-webinars',
  pages => $$
    select 'https://' || domain as url from source
    union all
    select core.webinar_page(pages -> 0 -> 'links', domain) from source
  $$,
  min_page_text => 0,
  inputs => $$
    select etl.quoted(coalesce(nullif(btrim(request ->> 'company_name'), ''), domain), 200) as company, etl.quoted_page(listing.page) as page,
           case when listing.url is null and jsonb_array_length(pages -> 0 -> 'links') > 0 then '{"webinars": []}'::jsonb end as known_answer,
           case
             when jsonb_array_length(pages -> 0 -> 'links') = 0 then format('%s has no links that can be read: it may be drawn by scripts only.', pages #>> '{0,url}')
             when length(listing.page ->> 'text') < 80 then format('%s has no readable text: it may be drawn by scripts only.', listing.url)
           end as problem
      from source
     cross join lateral (
       select found.url, (select page.value from jsonb_array_elements(pages) as page where page.value ->> 'url' = found.url limit 1) as page
         from (select core.webinar_page(pages -> 0 -> 'links', domain) as url) as found
     ) as listing
  $$,
  instructions => core.page_analyst_rules(),
  prompt => $$
    Company: {{company}}
    The page that its homepage links to for webinars:
    {{page}}

    Which webinars of this company does the page list? Count upcoming and recorded ones, and the episodes of a series, each with a title of its own.
    Leave out what only leads to a list ("See all webinars"), blog articles, podcasts, conferences and other events that are no webinars.
    For each give
    - title: as it stands on the page
    - topic: what it is about in one to four common words, such as "email marketing" or "data security"; the same words for the same topic
    Give an empty list when there is none with a title.
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["webinars"],
    "properties": {
      "webinars": {
        "type": "array",
        "items": {
          "type": "object",
          "additionalProperties": false,
          "required": ["title", "topic"],
          "properties": {"title": {"type": "string"}, "topic": {"type": "string"}}
        }
      }
    }
  }',
  example_production => '{
    "answer": {"webinars": [
      {"title": "Folding a rocket in ten minutes", "topic": "paper folding"},
      {"title": "Rockets in the classroom", "topic": "teaching"},
      {"title": "Wings and fins", "topic": "paper folding"}
    ]},
    "pages": [
      {"url": "https://acme.example", "final_url": "https://acme.example/", "status": 200},
      {"url": "https://acme.example/webinars", "final_url": "https://acme.example/webinars", "status": 200}
    ]
  }'
);

select etl.extracts('infer-webinars', 'extracted.company_webinars', key => '{domain,raw_payload_id,webinar_order}', mode => 'replace', as_select => $$
  select domain, coalesce(webinar.webinar_order, 0) as webinar_order, payload #>> '{pages,1,url}' as webinar_url, webinar.title as webinar_title, webinar.topic as webinar_topic
    from source
    left join lateral core.webinars(payload -> 'answer') as webinar on true
   where jsonb_typeof(payload #> '{answer,webinars}') = 'array'
$$);

select etl.extracts('infer-webinars', 'extracted.company_webinar_checks', key => '{domain}', as_select => $$
  select domain, payload #>> '{pages,1,url}' as webinar_url, found.count as webinar_count, core.first_mentions(found.topics) as webinar_topics
    from source
   cross join lateral (
     select count(*)::integer as count, array_agg(webinar.topic order by webinar.webinar_order) as topics from core.webinars(payload -> 'answer') as webinar
   ) as found
   where jsonb_typeof(payload #> '{answer,webinars}') = 'array'
$$);

select etl.golden('core.company_webinars', entity => 'company', key => '{domain}', survives => 'latest');
select etl.coalesces('extracted.company_webinar_checks', 'core.company_webinars', source => 'gemini', as_select => $$
  select domain, webinar_count > 0 as has_webinars, webinar_count, webinar_topics, observed_at as last_checked_at
    from source
$$);

select etl.responds('infer-webinars', $$
  select source.raw_payload_id, domain, found.count > 0 as has_webinars, found.count as webinar_count, found.webinars, core.first_mentions(found.topics) as webinar_topics
    from source
   cross join lateral (
     select count(*)::integer as count, array_agg(webinar.topic order by webinar.webinar_order) as topics,
            coalesce(jsonb_agg(jsonb_build_object('title', webinar.title, 'topic', webinar.topic) order by webinar.webinar_order), '[]') as webinars
       from core.webinars(payload -> 'answer') as webinar
   ) as found
$$);
