select etl.provider('companyenrich', base_url => 'https://api.companyenrich.com', headers => '{"Authorization": "Bearer {{COMPANYENRICH_API_KEY}}"}', max_in_flight => 4, calls_per_minute => 120);

select etl.raw_family('company_enrich_similar_raw', '{
  "input_domain": "payload.entity_key",
  "batch_id": "payload.request ->> ''batch_id''",
  "similarity_weight": "etl.as_numeric(payload.request -> ''similarity_weight'')",
  "country_code": "payload.request ->> ''country_code''",
  "raw_response": "payload.payload #> ''{results,similar,body}''",
  "status_code": "etl.as_integer(payload.payload #> ''{results,similar,status}'')",
  "error_message": "null::text"
}');

select etl.workflow('company-enrich-similar-single',
  type => 'fetch',
  entity => 'company',
  path => '/run/companies/companyenrich/similar/fetch',
  provider => 'companyenrich',
  platform => 'companyenrich',
  payload_type => 'similar_companies',
  legacy_function => 'find_similar_companies_single',
  description => 'Fetch companies similar to one domain from CompanyEnrich; they replace those known before.',
  family => 'company_enrich_similar_raw',
  key_field => 'domain',
  timeout_seconds => 60,
  refuses => core.refuses_similarity(),
  request_schema => core.similar_request_schema('{
    "domain": {"type": "string", "description": "Domain of the company to compare with; a URL is reduced to its host."},
    "batch_id": {"type": ["string", "null"], "description": "Batch that the call belongs to."}
  }', '["domain"]'),
  response_schema => core.ingest_response_schema('{
    "domain": {"type": "string", "description": "The domain, normalised."},
    "status_code": {"type": "integer", "description": "HTTP status of the provider."},
    "similar_companies_count": {"type": "integer"}
  }'),
  example => '{"domain": "acme.example", "similarity_weight": 0.5, "country_code": "US", "batch_id": "0190a000-0000-7000-8000-0000000000aa"}'
);

select etl.produces('company-enrich-similar-single',
  calls => $$
    select 'similar' as name, 'companyenrich' as provider, 'POST' as method, '/companies/similar/preview' as path,
           jsonb_strip_nulls(jsonb_build_object(
             'domains', jsonb_build_array(domain), 'similarityWeight', coalesce(etl.as_numeric(request -> 'similarity_weight'), 0),
             'countries', case when etl.as_text(request -> 'country_code') is not null then jsonb_build_array(upper(etl.as_text(request -> 'country_code'))) end
           )) as body
      from source
  $$,
  example_production => '{"results": {"similar": {"status": 200, "body": {
    "items": [{
      "id": "0190a000-0000-7000-8000-0000000000bb", "name": "Rocketeer", "domain": "rocketeer.example", "website": "https://rocketeer.example", "industry": "Aerospace",
      "description": "Also rockets.", "keywords": ["rockets"], "logo_url": "https://rocketeer.example/logo.png"
    }],
    "metadata": {"scores": {"0190a000-0000-7000-8000-0000000000bb": 0.87}}
  }}}}'
);

select etl.extracts('company-enrich-similar-single', 'extracted.company_enrich_similar', key => '{domain,raw_payload_id,similar_order}', mode => 'replace', as_select => $$
  select domain, item.ordinality::integer as similar_order, etl.as_text(item.element -> 'id') as company_id, etl.as_text(item.element -> 'name') as company_name,
         coalesce(etl.normalize_domain(item.element ->> 'domain'), etl.as_text(item.element -> 'domain', 500)) as company_domain, etl.as_text(item.element -> 'website') as company_website,
         etl.as_text(item.element -> 'industry') as company_industry, etl.as_text(item.element -> 'description') as company_description,
         etl.as_text_array(item.element -> 'keywords') as company_keywords, etl.as_text(item.element -> 'logo_url') as company_logo_url,
         etl.as_numeric(payload #> array['results', 'similar', 'body', 'metadata', 'scores', item.element ->> 'id']) as similarity_score,
         core.as_uuid(request -> 'batch_id') as batch_id
    from source
   cross join lateral etl.elements(payload #> '{results,similar,body,items}') as item
   where jsonb_typeof(item.element) = 'object'
$$);

select etl.extracts('company-enrich-similar-single', 'extracted.company_enrich_similar_checks', key => '{domain}', as_select => $$
  select domain, case when jsonb_typeof(payload #> '{results,similar,body,items}') = 'array' then jsonb_array_length(payload #> '{results,similar,body,items}') else 0 end as similar_count
    from source
$$);

select etl.responds('company-enrich-similar-single', $$
  select source.raw_payload_id, domain, etl.as_integer(payload #> '{results,similar,status}') as status_code,
         case when jsonb_typeof(payload #> '{results,similar,body,items}') = 'array' then jsonb_array_length(payload #> '{results,similar,body,items}') else 0 end as similar_companies_count
    from source
$$);
