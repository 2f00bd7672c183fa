select etl.raw_family('claygent_customers_raw', '{
  "origin_company_domain": "payload.entity_key",
  "origin_company_name": "payload.payload ->> ''origin_company_name''",
  "origin_company_linkedin_url": "payload.payload ->> ''origin_company_linkedin_url''",
  "batch_name": "payload.payload ->> ''batch_name''",
  "confidence": "core.claygent_output(payload.payload) ->> ''confidence''",
  "raw_payload": "core.claygent_output(payload.payload)"
}');

select etl.workflow('company-customers-claygent',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/claygent/customers-of-4/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'customer_research',
  legacy_function => 'ingest_company_customers_claygent',
  description => 'Store the customers of a company that Claygent found, sent as one comma-separated text. Deprecated: use company-customers-structured.',
  family => 'claygent_customers_raw',
  key_field => 'origin_company_domain',
  refuses => $$
    case when etl.as_text(core.claygent_output(payload) -> 'result') is null then
      '[{"pointer": "/claygent_output/result", "detail": "claygent_output or customers_claygent must be an object with a text in result."}]'::jsonb
    end
  $$,
  core_tables => '{core.company_customers,core.companies,core.company_names,core.company_social_urls}',
  request_schema => '{
    "type": "object",
    "required": ["origin_company_domain"],
    "properties": {
      "origin_company_domain": {"type": "string", "description": "Domain of the company whose customers were researched; a URL is reduced to its host."},
      "origin_company_name": {"type": ["string", "null"], "description": "Name of that company."},
      "origin_company_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of that company."},
      "claygent_output": {
        "type": ["object", "null"],
        "description": "The Claygent answer; this or customers_claygent has to be there, and this one wins.",
        "properties": {
          "result": {"type": ["string", "null"], "description": "Names of the customers, separated by commas. A comma before a legal form (Acme, Inc.) belongs to the name."},
          "reasoning": {"type": ["string", "null"], "description": "Kept in the payload."},
          "confidence": {"type": ["string", "null"], "description": "high, medium or low by convention."},
          "stepsTaken": {
            "type": ["array", "null"],
            "items": {"type": ["string", "null"]},
            "description": "Pages visited; one whose path names a customer is taken for its case study."
          }
        }
      },
      "customers_claygent": {"type": ["object", "null"], "description": "Another name of claygent_output, with the same fields."},
      "batch_name": {"type": ["string", "null"], "description": "Kept in the payload."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "customers_extracted": {"type": "integer", "description": "Distinct customers of the payload."},
      "customer_names": {"type": "array", "items": {"type": "string"}, "description": "In the order of the payload."},
      "confidence": {"type": ["string", "null"]},
      "warnings": {
        "description": "Fields that could not be used: they became null.",
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"field": {"type": "string"}, "problem": {"type": "string"}, "found": {"type": ["string", "null"]}}
        }
      }
    }
  }',
  example => '{
    "origin_company_domain": "acme.example",
    "origin_company_name": "Acme Example",
    "origin_company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "claygent_output": {
      "result": "Globex Example, Inc., Initech Example",
      "reasoning": "Both are shown under Customers.",
      "confidence": "low",
      "stepsTaken": ["Visited https://acme.example/customers/globex-example-inc"]
    },
    "customers_claygent": {},
    "batch_name": "2026-01"
  }'
);

select etl.extracts('company-customers-claygent', 'extracted.claygent_customers', key => '{domain,customer_key}', as_select => $$
  select domain, etl.as_text(payload -> 'origin_company_name') as origin_company_name,
         etl.as_text(payload -> 'origin_company_linkedin_url') as origin_company_linkedin_url, etl.fold(customer.company_name) as customer_key,
         customer.company_name as customer_name, core.page_about(answer.output -> 'stepsTaken', customer.company_name) as case_study_url,
         etl.as_text(answer.output -> 'confidence') as confidence, -customer.ordinality as ordinality
    from source
   cross join lateral (select core.claygent_output(payload) as output) as answer
   cross join lateral core.split_company_names(etl.as_text(answer.output -> 'result')) as customer
$$);

select core.offer_company_customers('extracted.claygent_customers', 'claygent', has_case_study => 'null::boolean');
select core.offer_company_identity('extracted.claygent_customers', 'claygent', 'origin_company_name', 'origin_company_linkedin_url');

select etl.responds('company-customers-claygent', $$
  select source.raw_payload_id, domain, jsonb_array_length(found.customer_names) as customers_extracted, found.customer_names,
         etl.as_text(core.claygent_output(payload) -> 'confidence') as confidence
    from source
   cross join lateral (
     select coalesce(jsonb_agg(customer.company_name order by customer.ordinality), '[]') as customer_names
       from (
         select distinct on (etl.fold(named.company_name)) named.company_name, named.ordinality
           from core.split_company_names(etl.as_text(core.claygent_output(payload) -> 'result')) as named
          order by etl.fold(named.company_name), named.ordinality
       ) as customer
   ) as found
$$);
