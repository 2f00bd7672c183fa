create or replace function core.comparison_pages(answer jsonb)
returns table (page_order integer, url text, title text, competitor text) language sql immutable parallel safe set search_path = '' as $$
  select item.ordinality::integer, coalesce(etl.as_text(item.element -> 'url', 2000), ''), coalesce(etl.as_text(item.element -> 'title', 500), ''),
         coalesce(etl.as_text(item.element -> 'competitor', 500), '')
    from etl.elements(answer -> 'comparison_pages') as item
   where jsonb_typeof(item.element) = 'object';
$$;
comment on function core.comparison_pages(jsonb) is 'The comparison pages of an answer, in its order; a missing part is empty text.';

create or replace function core.first_mentions(names text[])
returns text[] language sql immutable parallel safe as $$
  select array(select mention.name from unnest(names) with ordinality as mention (name, position) where mention.name <> '' group by mention.name order by min(mention.position));
$$;
comment on function core.first_mentions(text[]) is 'The distinct non-empty names, in order of first appearance.';

select etl.raw_family('comparison_page_exists_payloads', '{
  "domain": "payload.entity_key",
  "company_name": "coalesce(payload.request ->> ''company_name'', '''')",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select etl.workflow('infer-comparison-page-exists',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/comparison-page-check/infer',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'inference',
  legacy_function => 'infer_comparison_page_exists',
  description => 'Find pages that compare a company with its competitors among the links of its homepage.',
  family => 'comparison_page_exists_payloads',
  key_field => 'domain',
  timeout_seconds => 90,
  core_tables => '{core.company_comparison_pages}',
  request_schema => core.homepage_request_schema(),
  response_schema => core.ingest_response_schema('{
    "domain": {"type": "string", "description": "The domain, normalised."},
    "has_comparison_pages": {"type": "boolean"},
    "comparison_count": {"type": "integer", "description": "Number of comparison_pages."},
    "comparison_pages": {"type": "array", "items": {"type": "object", "properties": {"url": {"type": "string"}, "title": {"type": "string"}, "competitor": {"type": "string"}}}},
    "competitors_mentioned": {"type": "array", "items": {"type": "string"}, "description": "Each once, in order of first appearance."}
  }'),
  example => '{"domain": "acme.example", "company_name": "Acme Example"}'
);

select etl.produces('infer-comparison-page-exists',
  pages => $$
    select 'https://' || domain as url from source
  $$,
  min_page_text => 0,
  inputs => $$
    select etl.quoted(coalesce(nullif(btrim(request ->> 'company_name'), ''), domain), 200) as company, etl.quoted_links(pages -> 0) as links,
           case when jsonb_array_length(pages -> 0 -> 'links') = 0 then format('%s has no links that can be read: it may be drawn by scripts only.', pages #>> '{0,url}') end as problem
      from source
  $$,
  instructions => core.page_analyst_rules(),
  prompt => $$
    Company: {{company}}
    The links of its homepage, one a line as "text | address":
    {{links}}

    Which of these links lead to a comparison page, that is, a page that sets this company against a competitor, presents it as an alternative to one,
    compares several products, or says why to choose it over others? Signs are addresses with vs, versus, compare, comparison, alternative or alternatives,
    and texts such as "Acme vs Other" or "Why switch". A comparison of the company's own plans is none.
    For each give
    - url: the address exactly as listed
    - title: the text of the link
    - competitor: the name of the competitor where text or address names one, else ""
    Give an empty list when there is none.
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["comparison_pages"],
    "properties": {
      "comparison_pages": {
        "type": "array",
        "items": {
          "type": "object",
          "additionalProperties": false,
          "required": ["url", "title", "competitor"],
          "properties": {"url": {"type": "string"}, "title": {"type": "string"}, "competitor": {"type": "string"}}
        }
      }
    }
  }',
  example_production => '{"answer": {"comparison_pages": [
    {"url": "https://acme.example/vs/rocketeer", "title": "Acme vs Rocketeer", "competitor": "Rocketeer"},
    {"url": "https://acme.example/alternatives", "title": "Alternatives", "competitor": ""}
  ]}}'
);

select etl.extracts('infer-comparison-page-exists', 'extracted.company_comparison_pages', key => '{domain,raw_payload_id,page_order}', mode => 'replace', as_select => $$
  select domain, coalesce(page.page_order, 0) as page_order, page.url as comparison_url, page.title as comparison_title, page.competitor as competitor_mentioned
    from source
    left join lateral core.comparison_pages(payload -> 'answer') as page on true
   where jsonb_typeof(payload #> '{answer,comparison_pages}') = 'array'
$$);

select etl.extracts('infer-comparison-page-exists', 'extracted.company_comparison_checks', key => '{domain}', as_select => $$
  select domain, found.count as comparison_count, core.first_mentions(found.competitors) as competitors_mentioned
    from source
   cross join lateral (
     select count(*)::integer as count, array_agg(page.competitor order by page.page_order) as competitors from core.comparison_pages(payload -> 'answer') as page
   ) as found
   where jsonb_typeof(payload #> '{answer,comparison_pages}') = 'array'
$$);

select etl.golden('core.company_comparison_pages', entity => 'company', key => '{domain}', survives => 'latest');
select etl.coalesces('extracted.company_comparison_checks', 'core.company_comparison_pages', source => 'gemini', as_select => $$
  select domain, comparison_count > 0 as has_comparison_pages, comparison_count, competitors_mentioned, observed_at as last_checked_at
    from source
$$);

select etl.responds('infer-comparison-page-exists', $$
  select source.raw_payload_id, domain, found.count > 0 as has_comparison_pages, found.count as comparison_count, found.pages as comparison_pages,
         core.first_mentions(found.competitors) as competitors_mentioned
    from source
   cross join lateral (
     select count(*)::integer as count, array_agg(page.competitor order by page.page_order) as competitors,
            coalesce(jsonb_agg(jsonb_build_object('url', page.url, 'title', page.title, 'competitor', page.competitor) order by page.page_order), '[]') as pages
       from core.comparison_pages(payload -> 'answer') as page
   ) as found
$$);
