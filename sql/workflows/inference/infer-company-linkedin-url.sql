create or replace function core.linkedin_company_page(answer text)
returns text language sql immutable parallel safe set search_path = '' as $$
  -- Pages of schools, showcases and persons are not those of a company.
  select case when answer ~* 'linkedin\.com/+company/' then 'https://www.linkedin.com/company/' || core.linkedin_company_slug(btrim(answer)) end;
$$;
comment on function core.linkedin_company_page(text) is 'The LinkedIn page of a company in one spelling, whatever scheme, country host, final slash or parameters an answer has. Null when it is no such page.';

select etl.raw_family('inferred_company_linkedin_url_payloads', '{
  "domain": "payload.entity_key",
  "company_name": "payload.request ->> ''company_name''",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select etl.workflow('infer-company-linkedin-url',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/linkedin-url/get',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'inference',
  legacy_function => 'infer_company_linkedin_url',
  description => 'Have a model find the LinkedIn page of a company, by web search where the model has it.',
  family => 'inferred_company_linkedin_url_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
  request_schema => '{
    "type": "object",
    "required": ["company_name"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company."},
      "domain": {"type": ["string", "null"], "description": "Its domain. Without one the answer is given, but not stored under a company."}
    }
  }',
  response_schema => core.knowledge_response_schema('{
    "linkedin_url": {"type": ["string", "null"], "description": "https://www.linkedin.com/company/..., null when it was not found."}
  }'),
  example => '{"company_name": "Acme Example", "domain": "acme.example"}'
);

select etl.produces('infer-company-linkedin-url',
  settings => '{"search": true}',
  inputs => $$
    select etl.quoted(request ->> 'company_name') as company_name, etl.quoted(request ->> 'domain') as domain from source
  $$,
  instructions => core.web_researcher_rules(),
  prompt => $$
    Company name: {{company_name}}
    Domain: {{domain}}

    What is the address of this company's page on LinkedIn?
    linkedin_url is the full address of a company page, https://www.linkedin.com/company/ followed by the name in the address. It is no page of a person,
    a school, a product or a job. If the domain is known, the page must be that of the company with this website.
    Give null if you have not found or do not know the page itself; many companies have another name in the address than their own.
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["linkedin_url"],
    "properties": {"linkedin_url": {"type": ["string", "null"]}}
  }',
  example_production => '{"answer": {"linkedin_url": "https://www.linkedin.com/company/acme-example"}}'
);

select etl.extracts('infer-company-linkedin-url', 'extracted.inferred_company_linkedin_urls', key => '{domain}', as_select => $$
  select domain, etl.as_text(request -> 'company_name') as company_name, core.linkedin_company_page(etl.as_text(payload #> '{answer,linkedin_url}')) as linkedin_url
    from source
$$);

select etl.responds('infer-company-linkedin-url', $$
  select source.raw_payload_id, etl.as_text(request -> 'company_name') as company_name,
         core.linkedin_company_page(etl.as_text(payload #> '{answer,linkedin_url}')) as linkedin_url, spent.input_tokens, spent.output_tokens, spent.cost_usd
    from source
   cross join lateral core.model_usage(payload) as spent
$$);
