select etl.raw_family('inferred_company_employee_range_payloads', '{
  "domain": "payload.entity_key",
  "company_name": "payload.request ->> ''company_name''",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select etl.workflow('infer-company-employee-range',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/employee-range/infer',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'inference',
  legacy_function => 'infer_company_employee_range',
  description => 'Ask a model for the size of a company, as one of the ranges of reference.employee_ranges.',
  family => 'inferred_company_employee_range_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
  request_schema => core.knowledge_request_schema('["company_name", "domain"]'),
  response_schema => core.knowledge_response_schema('{
    "employee_range": {"type": ["string", "null"], "description": "A name of reference.employee_ranges; null when the model does not know it."}
  }'),
  example => '{"company_name": "Acme Example", "domain": "acme.example", "company_linkedin_url": "https://www.linkedin.com/company/acme-example"}'
);

select etl.produces('infer-company-employee-range',
  inputs => core.company_inputs(),
  instructions => core.company_expert_rules(),
  prompt => $$
    Company name: {{company_name}}
    Domain: {{domain}}
    LinkedIn page: {{company_linkedin_url}}

    How many people does this company employ at present, worldwide? Count the company with its subsidiaries, not its parent, customers or users.
    employee_range is one of the following, bounds included:
    - "1-10", "11-50", "51-100", "101-250", "251-500", "501-1000", "1001-5000", "5001-10000"
    - "10001+": 10001 or more
    - "Unknown": you do not know this company, or have no sound idea of its size
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["employee_range"],
    "properties": {
      "employee_range": {
        "type": "string",
        "enum": ["1-10", "11-50", "51-100", "101-250", "251-500", "501-1000", "1001-5000", "5001-10000", "10001+", "Unknown"]
      }
    }
  }',
  example_production => '{"answer": {"employee_range": "51-100"}}'
);

select etl.extracts('infer-company-employee-range', 'extracted.inferred_company_employee_ranges', key => '{domain}', as_select => $$
  select domain, etl.as_text(request -> 'company_name') as company_name,
         reference.known_employee_range(etl.as_text(payload #> '{answer,employee_range}')) as employee_range
    from source
$$);

select etl.responds('infer-company-employee-range', $$
  select source.raw_payload_id, etl.as_text(request -> 'company_name') as company_name,
         reference.known_employee_range(etl.as_text(payload #> '{answer,employee_range}')) as employee_range,
         spent.input_tokens, spent.output_tokens, spent.cost_usd
    from source
   cross join lateral core.model_usage(payload) as spent
$$);
