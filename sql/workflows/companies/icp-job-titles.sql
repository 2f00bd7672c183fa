select etl.raw_family('icp_job_titles', '{
  "company_name": "payload.request ->> ''company_name''",
  "domain": "payload.entity_key",
  "company_linkedin_url": "payload.request ->> ''company_linkedin_url''",
  "raw_payload": "payload.payload",
  "workflow_slug": "payload.workflow_slug"
}');

select etl.workflow('icp-job-titles',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/gemini/icp-job-titles/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'icp_job_titles',
  legacy_function => 'ingest_icp_job_titles',
  description => 'Store the titles that a company sells to in three tiers, made readable.',
  family => 'icp_job_titles',
  key_field => 'domain',
  payload_field => 'raw_target_icp_job_titles_payload',
  core_tables => '{core.companies,core.company_names,core.company_social_urls,core.icp_criteria}',
  request_schema => '{
    "type": "object",
    "required": ["company_name", "domain", "raw_target_icp_job_titles_payload"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company that sells."},
      "domain": {"type": "string", "description": "Its domain; a URL is reduced to its host."},
      "company_linkedin_url": {"type": ["string", "null"], "description": "Its LinkedIn page."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "raw_target_icp_job_titles_payload": {
        "type": "object",
        "description": "The answer of the AI column, unchanged.",
        "properties": {
          "reasoning": {"type": ["string", "null"], "description": "Why."},
          "primaryTitles": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}, "description": "Titles that decide, in camelCase."},
          "influencerTitles": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}, "description": "Titles that influence."},
          "extendedTitles": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}, "description": "Further titles."},
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
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.icp_job_titles."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "primary_titles": {"type": "array", "items": {"type": "string"}, "description": "Readable."},
      "influencer_titles": {"type": "array", "items": {"type": "string"}, "description": "Readable."},
      "extended_titles": {"type": "array", "items": {"type": "string"}, "description": "Readable."},
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
    "workflow_slug": "icp-job-titles",
    "raw_target_icp_job_titles_payload": {
      "reasoning": "Security buys it.",
      "primaryTitles": ["chiefInformationSecurityOfficer", "vpOfSecurity"],
      "influencerTitles": ["grcManager"],
      "extendedTitles": ["itDirector"],
      "tokensUsed": 1200,
      "inputTokens": 1000,
      "outputTokens": 200,
      "totalCostToAIProvider": "0.0012"
    }
  }'
);

select etl.extracts('icp-job-titles', 'extracted.icp_job_titles', key => '{domain}', as_select => $$
  select domain, etl.as_text(request -> 'company_name') as company_name, etl.as_text(request -> 'company_linkedin_url') as company_linkedin_url,
         etl.as_text(payload -> 'reasoning') as reasoning, to_jsonb(coalesce(etl.as_text_array(payload -> 'primaryTitles'), '{}')) as raw_primary_titles,
         to_jsonb(coalesce(etl.as_text_array(payload -> 'influencerTitles'), '{}')) as raw_influencer_titles,
         to_jsonb(coalesce(etl.as_text_array(payload -> 'extendedTitles'), '{}')) as raw_extended_titles,
         core.readable_titles(payload -> 'primaryTitles') as primary_titles, core.readable_titles(payload -> 'influencerTitles') as influencer_titles,
         core.readable_titles(payload -> 'extendedTitles') as extended_titles,
         etl.as_integer(payload -> 'tokensUsed') as source_tokens_used, etl.as_integer(payload -> 'inputTokens') as source_input_tokens,
         etl.as_integer(payload -> 'outputTokens') as source_output_tokens, etl.as_text_or_number(payload -> 'totalCostToAIProvider') as source_cost
    from source
$$);

select etl.coalesces('extracted.icp_job_titles', 'core.icp_criteria', source => 'icp_job_titles', as_select => $$
  select domain, company_name, nullif(primary_titles || influencer_titles || extended_titles, '[]') as job_titles
    from source
$$);
select core.offer_company_identity('extracted.icp_job_titles', 'icp_job_titles', 'company_name', 'company_linkedin_url');

select etl.responds('icp-job-titles', $$
  select source.raw_payload_id, etl.record_id('extracted.icp_job_titles', domain) as extracted_id, domain,
         core.readable_titles(payload -> 'primaryTitles') as primary_titles, core.readable_titles(payload -> 'influencerTitles') as influencer_titles,
         core.readable_titles(payload -> 'extendedTitles') as extended_titles
    from source
$$);
