select etl.raw_family('icp_value_proposition', '{
  "company_name": "payload.request ->> ''company_name''",
  "domain": "payload.entity_key",
  "company_linkedin_url": "payload.request ->> ''company_linkedin_url''",
  "raw_payload": "payload.payload",
  "workflow_slug": "payload.workflow_slug"
}');

select etl.workflow('icp-value-proposition',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/gemini/icp-value-prop/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'icp_value_proposition',
  legacy_function => 'ingest_icp_value_proposition',
  description => 'Store what a company promises its customers.',
  family => 'icp_value_proposition',
  key_field => 'domain',
  payload_field => 'target_icp_value_prop_payload',
  core_tables => '{core.companies,core.company_names,core.company_social_urls,core.icp_criteria}',
  request_schema => '{
    "type": "object",
    "required": ["company_name", "domain", "target_icp_value_prop_payload"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company that sells."},
      "domain": {"type": "string", "description": "Its domain; a URL is reduced to its host."},
      "company_linkedin_url": {"type": ["string", "null"], "description": "Its LinkedIn page."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "target_icp_value_prop_payload": {
        "type": "object",
        "description": "The answer of the AI column, unchanged.",
        "properties": {
          "confidence": {"type": ["string", "number", "null"], "description": "Kept as text."},
          "valueProp": {"type": ["string", "null"], "description": "The promise."},
          "coreBenefit": {"type": ["string", "null"], "description": "What customers gain most."},
          "targetCustomer": {"type": ["string", "null"], "description": "For whom it is."},
          "keyDifferentiator": {"type": ["string", "null"], "description": "What others lack."},
          "tokensUsed": {"type": ["integer", "null"], "description": "Tokens of the answer."},
          "inputTokens": {"type": ["integer", "null"]},
          "outputTokens": {"type": ["integer", "null"]},
          "totalCostToAIProvider": {"type": ["string", "number", "null"], "description": "Kept as text."}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.icp_value_proposition."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "value_proposition": {"type": ["string", "null"]},
      "core_benefit": {"type": ["string", "null"]},
      "target_customer": {"type": ["string", "null"]},
      "key_differentiator": {"type": ["string", "null"]},
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
    "company_name": "Acme Example",
    "domain": "acme.example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "workflow_slug": "icp-value-proposition",
    "target_icp_value_prop_payload": {
      "confidence": "high",
      "valueProp": "Rockets that arrive flat.",
      "coreBenefit": "Saves space.",
      "targetCustomer": "Schools",
      "keyDifferentiator": "Made of paper.",
      "tokensUsed": 1200,
      "inputTokens": 1000,
      "outputTokens": 200,
      "totalCostToAIProvider": "0.0012"
    }
  }'
);

select etl.extracts('icp-value-proposition', 'extracted.icp_value_proposition', key => '{domain}', as_select => $$
  select domain, etl.as_text(request -> 'company_name') as company_name, etl.as_text(request -> 'company_linkedin_url') as company_linkedin_url,
         etl.as_text_or_number(payload -> 'confidence') as confidence, etl.as_text(payload -> 'valueProp') as value_proposition,
         etl.as_text(payload -> 'coreBenefit') as core_benefit, etl.as_text(payload -> 'targetCustomer') as target_customer,
         etl.as_text(payload -> 'keyDifferentiator') as key_differentiator,
         etl.as_integer(payload -> 'tokensUsed') as source_tokens_used, etl.as_integer(payload -> 'inputTokens') as source_input_tokens,
         etl.as_integer(payload -> 'outputTokens') as source_output_tokens, etl.as_text_or_number(payload -> 'totalCostToAIProvider') as source_cost
    from source
$$);

select etl.coalesces('extracted.icp_value_proposition', 'core.icp_criteria', source => 'icp_value_proposition', as_select => $$
  select domain, company_name, value_proposition, core_benefit, target_customer, key_differentiator
    from source
$$);
select core.offer_company_identity('extracted.icp_value_proposition', 'icp_value_proposition', 'company_name', 'company_linkedin_url');

select etl.responds('icp-value-proposition', $$
  select source.raw_payload_id, etl.record_id('extracted.icp_value_proposition', domain) as extracted_id, domain,
         etl.as_text(payload -> 'valueProp') as value_proposition, etl.as_text(payload -> 'coreBenefit') as core_benefit,
         etl.as_text(payload -> 'targetCustomer') as target_customer, etl.as_text(payload -> 'keyDifferentiator') as key_differentiator,
         etl.as_text_or_number(payload -> 'confidence') as confidence
    from source
$$);
