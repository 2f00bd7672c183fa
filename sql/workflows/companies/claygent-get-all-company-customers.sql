select etl.raw_family('company_customer_claygent_payloads', '{
  "origin_company_domain": "payload.entity_key",
  "origin_company_name": "payload.request ->> ''origin_company_name''",
  "origin_company_linkedin_url": "payload.request ->> ''origin_company_linkedin_url''",
  "workflow_slug": "payload.workflow_slug",
  "provider": "payload.provider",
  "platform": "payload.platform",
  "payload_type": "payload.payload_type",
  "raw_payload": "payload.payload"
}');

select etl.workflow('claygent-get-all-company-customers',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/claygent/customers-of-1/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'customer_research',
  legacy_function => 'ingest_all_comp_customers',
  description => 'Store the customers of a company that Claygent found, oldest variant. Deprecated: use company-customers-structured.',
  family => 'company_customer_claygent_payloads',
  key_field => 'origin_company_domain',
  payload_field => 'raw_payload',
  core_tables => '{core.company_customers,core.companies,core.company_names,core.company_social_urls}',
  request_schema => '{
    "type": "object",
    "required": ["origin_company_domain", "origin_company_name", "raw_payload"],
    "properties": {
      "origin_company_domain": {"type": "string", "description": "Domain of the company whose customers were researched; a URL is reduced to its host."},
      "origin_company_name": {"type": "string", "description": "Name of that company."},
      "origin_company_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of that company."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "raw_payload": {
        "type": "object",
        "description": "The Claygent answer, unchanged.",
        "properties": {
          "response": {"type": ["string", "null"], "description": "Summary of the research; kept in the payload."},
          "customers": {
            "type": ["array", "null"],
            "description": "The customers; those without a name are left out.",
            "items": {
              "type": ["object", "null"],
              "properties": {
                "companyName": {"type": ["string", "null"], "maxLength": 500, "description": "Name of the customer."},
                "url": {"type": ["string", "null"], "description": "Its case study."},
                "hasCaseStudy": {"type": ["boolean", "null"], "description": "Left out or null: false in extracted, unknown in core."}
              }
            }
          },
          "reasoning": {"type": ["string", "null"], "description": "Kept in the payload."},
          "confidence": {"type": ["string", "null"], "description": "Kept in the payload."},
          "stepsTaken": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Pages visited; kept in the payload."}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "customer_count": {"type": "integer", "description": "Distinct customers of the payload."},
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
    "origin_company_domain": "www.acme.example",
    "origin_company_name": "Acme Example",
    "origin_company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "workflow_slug": "claygent-get-all-company-customers",
    "raw_payload": {
      "response": "Acme Example names two customers on its site.",
      "customers": [
        {"companyName": "Globex Example", "url": "https://acme.example/customers/globex", "hasCaseStudy": true},
        {"companyName": "Initech Example", "url": null, "hasCaseStudy": null}
      ],
      "reasoning": "Both are shown under Customers.",
      "confidence": "high",
      "stepsTaken": ["Visited https://acme.example/customers/"]
    }
  }'
);

select etl.extracts('claygent-get-all-company-customers', 'extracted.company_customer_claygent', key => '{domain,customer_key}', as_select => $$
  select domain, etl.as_text(request -> 'origin_company_name') as origin_company_name,
         etl.as_text(request -> 'origin_company_linkedin_url') as origin_company_linkedin_url, customer.customer_key,
         customer.customer_name as company_customer_name, customer.case_study_url, coalesce(customer.has_case_study, false) as has_case_study
    from source
   cross join lateral core.claygent_customers(payload -> 'customers') as customer
$$);

-- false is also what is stored when nothing is known, so it is not offered
select core.offer_company_customers('extracted.company_customer_claygent', 'claygent_all', customer_name => 'company_customer_name',
  has_case_study => 'nullif(has_case_study, false)');
select core.offer_company_identity('extracted.company_customer_claygent', 'claygent_all', 'origin_company_name', 'origin_company_linkedin_url');

select etl.responds('claygent-get-all-company-customers', $$
  select source.raw_payload_id, (select count(*) from core.claygent_customers(payload -> 'customers')) as customer_count
    from source
$$);
