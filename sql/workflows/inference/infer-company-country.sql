select etl.raw_family('inferred_company_country_payloads', '{
  "domain": "payload.entity_key",
  "company_name": "payload.request ->> ''company_name''",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select etl.workflow('infer-company-country',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/country/infer',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'inference',
  legacy_function => 'infer_company_country',
  description => 'Ask a model for city, state and country of the head office of a company.',
  family => 'inferred_company_country_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
  request_schema => core.knowledge_request_schema('["company_name"]'),
  response_schema => core.knowledge_response_schema('{
    "city": {"type": ["string", "null"], "description": "Null when the model does not know it."},
    "state": {"type": ["string", "null"], "description": "State or province, by its full name."},
    "country": {"type": ["string", "null"], "description": "By its name in English."}
  }'),
  example => '{"company_name": "Acme Example", "domain": "acme.example", "company_linkedin_url": "https://www.linkedin.com/company/acme-example"}'
);

select etl.produces('infer-company-country',
  inputs => core.company_inputs(),
  instructions => core.company_expert_rules(),
  prompt => $$
    Company name: {{company_name}}
    Domain: {{domain}}
    LinkedIn page: {{company_linkedin_url}}

    Where is the head office of this company? The head office of the company itself, not of its parent, its investors or a branch.
    - city: as the city is called in English, without state or country
    - state: state or province by its full name ("California", not "CA"); null where the country has none
    - country: its usual name in English ("United States", "Germany")
    Give null for each part that you do not know.
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["city", "state", "country"],
    "properties": {
      "city": {"type": ["string", "null"]},
      "state": {"type": ["string", "null"]},
      "country": {"type": ["string", "null"]}
    }
  }',
  example_production => '{"answer": {"city": "Berlin", "state": "Berlin", "country": "Germany"}}'
);

select etl.extracts('infer-company-country', 'extracted.inferred_company_locations', key => '{domain}', as_select => $$
  select domain, etl.as_text(request -> 'company_name') as company_name, etl.as_text(payload #> '{answer,city}') as city,
         etl.as_text(payload #> '{answer,state}') as state, etl.as_text(payload #> '{answer,country}') as country
    from source
$$);

select etl.responds('infer-company-country', $$
  select source.raw_payload_id, etl.as_text(request -> 'company_name') as company_name, etl.as_text(payload #> '{answer,city}') as city,
         etl.as_text(payload #> '{answer,state}') as state, etl.as_text(payload #> '{answer,country}') as country,
         etl.as_integer(payload -> 'input_tokens') as input_tokens, etl.as_integer(payload -> 'output_tokens') as output_tokens,
         etl.as_numeric(payload -> 'cost_usd') as cost_usd
    from source
$$);
