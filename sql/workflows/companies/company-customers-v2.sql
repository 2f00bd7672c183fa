select etl.raw_family('claygent_customers_v2_raw', '{
  "origin_company_domain": "payload.entity_key",
  "origin_company_name": "payload.payload ->> ''origin_company_name''",
  "origin_company_linkedin_url": "payload.payload ->> ''origin_company_linkedin_url''",
  "batch_name": "payload.payload ->> ''batch_name''",
  "confidence": "core.claygent_output(payload.payload) ->> ''confidence''",
  "raw_payload": "core.claygent_output(payload.payload)"
}');

select etl.workflow('company-customers-v2',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/claygent/customers-of-2/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'customer_research',
  legacy_function => 'ingest_company_customers_v2',
  description => 'Store the customers of a company that Claygent found, sent in one object. Deprecated: use company-customers-structured.',
  family => 'claygent_customers_v2_raw',
  key_field => 'origin_company_domain',
  refuses => $$
    case when core.claygent_output(payload) is null then
      '[{"pointer": "/claygent_output", "detail": "claygent_output or customers_claygent must be an object."}]'::jsonb
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
          "customers": {
            "type": ["array", "null"],
            "description": "The customers; those without a name are left out.",
            "items": {
              "type": ["object", "null"],
              "properties": {
                "companyName": {"type": ["string", "null"], "maxLength": 500, "description": "Name of the customer."},
                "url": {"type": ["string", "null"], "description": "Its case study."},
                "hasCaseStudy": {"type": ["boolean", "null"], "description": "Left out: not known."}
              }
            }
          },
          "reasoning": {"type": ["string", "null"], "description": "Kept in the payload."},
          "confidence": {"type": ["string", "null"], "description": "high, medium or low by convention."},
          "stepsTaken": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Pages visited; kept in the payload."}
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
      "customers": [
        {"companyName": "Globex Example", "url": "https://acme.example/customers/globex", "hasCaseStudy": true},
        {"companyName": "Initech Example", "url": null, "hasCaseStudy": null}
      ],
      "reasoning": "Both are shown under Customers.",
      "confidence": "medium",
      "stepsTaken": ["https://acme.example/customers"]
    },
    "customers_claygent": {},
    "batch_name": "2026-01"
  }'
);

select etl.extracts('company-customers-v2', 'extracted.claygent_customers_v2', key => '{domain,customer_key}', as_select => $$
  select domain, etl.as_text(payload -> 'origin_company_name') as origin_company_name,
         etl.as_text(payload -> 'origin_company_linkedin_url') as origin_company_linkedin_url, customer.customer_key, customer.customer_name,
         customer.case_study_url, customer.has_case_study, etl.as_text(core.claygent_output(payload) -> 'confidence') as confidence
    from source
   cross join lateral core.claygent_customers(core.claygent_output(payload) -> 'customers') as customer
$$);

select core.offer_company_customers('extracted.claygent_customers_v2', 'claygent_v2');
select core.offer_company_identity('extracted.claygent_customers_v2', 'claygent_v2', 'origin_company_name', 'origin_company_linkedin_url');

select etl.responds('company-customers-v2', $$
  select source.raw_payload_id, domain, found.customers_extracted, found.customer_names,
         etl.as_text(core.claygent_output(payload) -> 'confidence') as confidence
    from source
   cross join lateral (
     select count(*) as customers_extracted, coalesce(jsonb_agg(customer.customer_name order by customer.ordinality), '[]') as customer_names
       from core.claygent_customers(core.claygent_output(payload) -> 'customers') as customer
   ) as found
$$);
