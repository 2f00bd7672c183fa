select etl.raw_family('meta_description_payloads', '{
  "domain": "payload.entity_key",
  "payload": "payload.payload -> ''pages''"
}');

select etl.workflow('fetch-meta-description',
  type => 'fetch',
  entity => 'company',
  path => '/run/companies/website/meta-description/fetch',
  provider => 'internal',
  platform => 'website',
  payload_type => 'meta_description',
  legacy_function => 'fetch_meta_description',
  description => 'Read title and meta description of the homepage of a company.',
  family => 'meta_description_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {"domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."}}
  }',
  response_schema => core.ingest_response_schema('{
    "domain": {"type": "string", "description": "The domain, normalised."},
    "meta_description": {"type": ["string", "null"], "description": "Meta description, else that of Open Graph or Twitter."},
    "title": {"type": ["string", "null"]}
  }'),
  example => '{"domain": "acme.example"}'
);

select etl.produces('fetch-meta-description',
  pages => $$
    select 'https://' || domain as url from source
  $$,
  min_page_text => 0,
  example_production => '{"pages": [{"url": "https://acme.example", "final_url": "https://acme.example/", "status": 200, "title": "Acme", "description": "Rockets that arrive flat."}]}'
);

select etl.extracts('fetch-meta-description', 'extracted.website_descriptions', key => '{domain}', as_select => $$
  select domain, etl.as_text(payload #> '{pages,0,title}') as title, etl.as_text(payload #> '{pages,0,description}') as meta_description
    from source
$$);

select etl.responds('fetch-meta-description', $$
  select source.raw_payload_id, domain, etl.as_text(payload #> '{pages,0,description}') as meta_description, etl.as_text(payload #> '{pages,0,title}') as title
    from source
$$);
