-- The canonical of the Claygent customer workflows: its case studies are also listed for reading.
select etl.raw_family('claygent_customers_structured_raw', '{
  "origin_company_domain": "payload.entity_key",
  "origin_company_name": "payload.payload ->> ''origin_company_name''",
  "confidence": "payload.payload ->> ''confidence''",
  "raw_payload": "payload.payload - ''origin_company_domain'' - ''origin_company_name''"
}');

select etl.workflow('company-customers-structured',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/claygent/customers-of-3/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'customer_research',
  legacy_function => 'ingest_company_customers_structured',
  description => 'Store the customers of a company that Claygent found, with their case studies.',
  family => 'claygent_customers_structured_raw',
  key_field => 'origin_company_domain',
  core_tables => '{core.company_customers,core.companies,core.company_names}',
  request_schema => '{
    "type": "object",
    "required": ["origin_company_domain"],
    "properties": {
      "origin_company_domain": {"type": "string", "description": "Domain of the company whose customers were researched; a URL is reduced to its host."},
      "origin_company_name": {"type": ["string", "null"], "description": "Name of that company."},
      "response": {"type": ["string", "null"], "description": "Summary of the research; kept in the payload."},
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
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "customers_extracted": {"type": "integer", "description": "Distinct customers of the payload."},
      "customers_to_core": {"type": "integer", "description": "The same: every customer is offered to core.company_customers."},
      "staging_case_study_urls": {"type": "integer", "description": "Customers of the payload with a case study, which raw.staging_case_study_urls lists."},
      "staging_errors": {"type": ["array", "null"], "items": {"type": "string"}, "description": "Always null: nothing is written on the side."},
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
    "response": "Acme Example names two customers on its site.",
    "customers": [
      {"companyName": "Globex Example", "url": "https://acme.example/customers/globex", "hasCaseStudy": true},
      {"companyName": "Initech Example", "url": "", "hasCaseStudy": false}
    ],
    "reasoning": "Both are shown under Customers.",
    "confidence": "high",
    "stepsTaken": ["https://acme.example/customers"]
  }'
);

select etl.extracts('company-customers-structured', 'extracted.claygent_customers_structured', key => '{domain,customer_key}', as_select => $$
  select domain, etl.as_text(payload -> 'origin_company_name') as origin_company_name, customer.customer_key, customer.customer_name,
         customer.case_study_url, customer.has_case_study, etl.as_text(payload -> 'confidence') as confidence
    from source
   cross join lateral core.claygent_customers(payload -> 'customers') as customer
$$);

select core.offer_company_customers('extracted.claygent_customers_structured', 'claygent_structured');
select core.offer_company_identity('extracted.claygent_customers_structured', 'claygent_structured', 'origin_company_name');

select etl.responds('company-customers-structured', $$
  select source.raw_payload_id, domain, found.customers_extracted, found.customers_extracted as customers_to_core, found.staging_case_study_urls,
         null::jsonb as staging_errors, found.customer_names, etl.as_text(payload -> 'confidence') as confidence
    from source
   cross join lateral (
     select count(*) as customers_extracted, count(customer.case_study_url) as staging_case_study_urls,
            coalesce(jsonb_agg(customer.customer_name order by customer.ordinality), '[]') as customer_names
       from core.claygent_customers(payload -> 'customers') as customer
   ) as found
$$);
