select etl.raw_family('icp_verdict_payloads', '{
  "origin_company_domain": "payload.payload ->> ''origin_company_domain''",
  "company_domain": "payload.entity_key",
  "payload": "payload.payload"
}');

select etl.workflow('icp-verdict-enrichment',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/gemini/icp-verdict/ingest',
  provider => 'clay',
  platform => 'modal',
  payload_type => 'icp_verdict',
  aliases => '{icp-verdict}',
  legacy_function => 'ingest_icp_verdict',
  description => 'Store whether a company fits what another company looks for, with the reason.',
  family => 'icp_verdict_payloads',
  key_field => 'company_domain',
  refuses => $$
    case when etl.normalize_domain(etl.as_text(payload -> 'origin_company_domain')) is null then
      '[{"pointer": "/origin_company_domain", "detail": "Expected a domain such as acme.example."}]'::jsonb
    end
  $$,
  request_schema => '{
    "type": "object",
    "required": ["origin_company_domain", "company_domain"],
    "properties": {
      "origin_company_domain": {"type": "string", "description": "Domain of the company that looks for customers; a URL is reduced to its host."},
      "company_domain": {"type": "string", "description": "Domain of the company that is judged; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "label": {"type": ["string", "null"], "description": "The verdict, yes or no; wins over verdict."},
      "verdict": {"type": ["string", "null"], "description": "Another name of label."},
      "rationale": {"type": ["string", "null"], "description": "The reason; wins over reason."},
      "reason": {"type": ["string", "null"], "description": "Another name of rationale."},
      "tokensUsed": {"type": ["integer", "null"], "description": "Kept in the payload."},
      "inputTokens": {"type": ["integer", "null"], "description": "Kept in the payload."},
      "outputTokens": {"type": ["integer", "null"], "description": "Kept in the payload."},
      "totalCostToAIProvider": {"type": ["string", "number", "null"], "description": "Kept in the payload."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.icp_verdict."},
      "is_match": {"type": ["boolean", "null"], "description": "Null: neither yes nor no."},
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
    "company_domain": "globex.example",
    "workflow_slug": "icp-verdict-enrichment",
    "label": "Yes",
    "verdict": "yes",
    "rationale": "It has a yard.",
    "reason": "It has a yard.",
    "tokensUsed": 1200,
    "inputTokens": 1000,
    "outputTokens": 200,
    "totalCostToAIProvider": "0.0012"
  }'
);

select etl.extracts('icp-verdict-enrichment', 'extracted.icp_verdict', key => '{domain,origin_company_domain}', as_select => $$
  select domain, etl.normalize_domain(etl.as_text(payload -> 'origin_company_domain')) as origin_company_domain,
         case lower(coalesce(etl.as_text(payload -> 'label'), etl.as_text(payload -> 'verdict'))) when 'yes' then true when 'no' then false end as is_match,
         coalesce(etl.as_text(payload -> 'rationale'), etl.as_text(payload -> 'reason')) as match_reason
    from source
$$);

select etl.responds('icp-verdict-enrichment', $$
  select source.raw_payload_id,
         etl.record_id('extracted.icp_verdict', domain || E'\x1f' || etl.normalize_domain(etl.as_text(payload -> 'origin_company_domain'))) as extracted_id,
         case lower(coalesce(etl.as_text(payload -> 'label'), etl.as_text(payload -> 'verdict'))) when 'yes' then true when 'no' then false end as is_match
    from source
$$);
