select etl.raw_family('icp_fit_criterion', '{
  "company_name": "payload.request ->> ''company_name''",
  "domain": "payload.entity_key",
  "company_linkedin_url": "payload.request ->> ''company_linkedin_url''",
  "raw_payload": "payload.payload",
  "workflow_slug": "payload.workflow_slug"
}');

select etl.workflow('icp-fit-criterion',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/gemini/icp-fit-criterion/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'icp_fit_criterion',
  legacy_function => 'ingest_icp_fit_criterion',
  description => 'Store what makes a prospect fit a company, with the signals for and against.',
  family => 'icp_fit_criterion',
  key_field => 'domain',
  payload_field => 'raw_target_icp_fit_criterion_payload',
  core_tables => '{core.companies,core.company_names,core.company_social_urls}',
  request_schema => '{
    "type": "object",
    "required": ["company_name", "domain", "raw_target_icp_fit_criterion_payload"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company that sells."},
      "domain": {"type": "string", "description": "Its domain; a URL is reduced to its host."},
      "company_linkedin_url": {"type": ["string", "null"], "description": "Its LinkedIn page."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "raw_target_icp_fit_criterion_payload": {
        "type": "object",
        "description": "The answer of the AI column, unchanged.",
        "properties": {
          "reasoning": {"type": ["string", "null"], "description": "Why."},
          "primaryCriterion": {"type": ["string", "null"], "description": "What matters most."},
          "criterionType": {"type": ["string", "null"], "description": "Kind of criterion."},
          "qualifyingSignals": {"type": ["array", "null"], "description": "Signals for."},
          "disqualifyingSignals": {"type": ["array", "null"], "description": "Signals against."},
          "idealCompanyAttributes": {"type": ["array", "null"], "description": "What the best prospects are like."},
          "minimumRequirements": {"type": ["array", "null"], "description": "What a prospect needs."},
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
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.icp_fit_criterion."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "primary_criterion": {"type": ["string", "null"]},
      "criterion_type": {"type": ["string", "null"]},
      "qualifying_signals": {"type": "array"},
      "disqualifying_signals": {"type": "array"},
      "ideal_company_attributes": {"type": "array"},
      "minimum_requirements": {"type": "array"},
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
    "workflow_slug": "icp-fit-criterion",
    "raw_target_icp_fit_criterion_payload": {
      "reasoning": "Needs room.",
      "primaryCriterion": "Has a yard",
      "criterionType": "operational",
      "qualifyingSignals": ["Owns land"],
      "disqualifyingSignals": ["Indoor only"],
      "idealCompanyAttributes": ["Teaches physics"],
      "minimumRequirements": ["A door"],
      "tokensUsed": 1200,
      "inputTokens": 1000,
      "outputTokens": 200,
      "totalCostToAIProvider": "0.0012"
    }
  }'
);

select etl.extracts('icp-fit-criterion', 'extracted.icp_fit_criterion', key => '{domain}', as_select => $$
  select domain, etl.as_text(request -> 'company_name') as company_name, etl.as_text(request -> 'company_linkedin_url') as company_linkedin_url,
         etl.as_text(payload -> 'reasoning') as reasoning, etl.as_text(payload -> 'primaryCriterion') as primary_criterion,
         etl.as_text(payload -> 'criterionType') as criterion_type,
         coalesce(etl.as_array(payload -> 'qualifyingSignals'), '[]') as qualifying_signals,
         coalesce(etl.as_array(payload -> 'disqualifyingSignals'), '[]') as disqualifying_signals,
         coalesce(etl.as_array(payload -> 'idealCompanyAttributes'), '[]') as ideal_company_attributes,
         coalesce(etl.as_array(payload -> 'minimumRequirements'), '[]') as minimum_requirements,
         etl.as_integer(payload -> 'tokensUsed') as source_tokens_used, etl.as_integer(payload -> 'inputTokens') as source_input_tokens,
         etl.as_integer(payload -> 'outputTokens') as source_output_tokens, etl.as_text_or_number(payload -> 'totalCostToAIProvider') as source_cost
    from source
$$);

select core.offer_company_identity('extracted.icp_fit_criterion', 'icp_fit_criterion', 'company_name', 'company_linkedin_url');

select etl.responds('icp-fit-criterion', $$
  select source.raw_payload_id, etl.record_id('extracted.icp_fit_criterion', domain) as extracted_id, domain,
         etl.as_text(payload -> 'primaryCriterion') as primary_criterion, etl.as_text(payload -> 'criterionType') as criterion_type,
         coalesce(etl.as_array(payload -> 'qualifyingSignals'), '[]') as qualifying_signals,
         coalesce(etl.as_array(payload -> 'disqualifyingSignals'), '[]') as disqualifying_signals,
         coalesce(etl.as_array(payload -> 'idealCompanyAttributes'), '[]') as ideal_company_attributes,
         coalesce(etl.as_array(payload -> 'minimumRequirements'), '[]') as minimum_requirements
    from source
$$);
