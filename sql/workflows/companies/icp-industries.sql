-- What a term means is data (reference.icp_industry_lookup), so a model has to be asked once a term at most.
select etl.raw_family('icp_industries', '{
  "company_name": "payload.request ->> ''company_name''",
  "domain": "payload.entity_key",
  "company_linkedin_url": "payload.request ->> ''company_linkedin_url''",
  "raw_payload": "payload.payload",
  "workflow_slug": "payload.workflow_slug"
}');

select etl.workflow('icp-industries',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/gemini/icp-industries/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'icp_industries',
  legacy_function => 'ingest_icp_industries',
  description => 'Store the industries that a company sells to and map each broad term to canonical industry names.',
  family => 'icp_industries',
  key_field => 'domain',
  payload_field => 'raw_target_icp_industries_payload',
  core_tables => '{core.companies,core.company_names,core.company_social_urls,core.icp_criteria}',
  request_schema => '{
    "type": "object",
    "required": ["company_name", "domain", "raw_target_icp_industries_payload"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company that sells."},
      "domain": {"type": "string", "description": "Its domain; a URL is reduced to its host."},
      "company_linkedin_url": {"type": ["string", "null"], "description": "Its LinkedIn page."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "raw_target_icp_industries_payload": {
        "type": "object",
        "description": "The answer of the AI column, unchanged.",
        "properties": {
          "reasoning": {"type": ["string", "null"], "description": "Why."},
          "industries": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}, "description": "Broad terms; looked up in reference.icp_industry_lookup, else in reference.industry_lookup."},
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
      "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.icp_industries."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "raw_industries": {"type": "array", "items": {"type": "string"}, "description": "Terms of the payload."},
      "matched_industries": {"type": "array", "items": {"type": "string"}, "description": "Distinct canonical names, in the order of the terms."},
      "matched_mapping": {"type": "object", "description": "Term to canonical names, for the terms that a lookup knows."},
      "unmatched_industries": {"type": "array", "items": {"type": "string"}, "description": "Terms that no lookup knows yet; the record follows when reference.icp_industry_lookup gets them."},
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
    "workflow_slug": "icp-industries",
    "raw_target_icp_industries_payload": {
      "reasoning": "Sells to makers of software.",
      "industries": ["Software", "Paper Aviation"],
      "tokensUsed": 1200,
      "inputTokens": 1000,
      "outputTokens": 200,
      "totalCostToAIProvider": "0.0012"
    }
  }'
);

select etl.extracts('icp-industries', 'extracted.icp_industries', key => '{domain}', as_select => $$
  select domain, etl.as_text(request -> 'company_name') as company_name, etl.as_text(request -> 'company_linkedin_url') as company_linkedin_url,
         etl.as_text(payload -> 'reasoning') as reasoning, stated.raw_industries, stated.matched_industries,
         etl.as_integer(payload -> 'tokensUsed') as source_tokens_used, etl.as_integer(payload -> 'inputTokens') as source_input_tokens,
         etl.as_integer(payload -> 'outputTokens') as source_output_tokens, etl.as_text_or_number(payload -> 'totalCostToAIProvider') as source_cost
    from source
   cross join lateral (
     select to_jsonb(coalesce(etl.as_text_array(payload -> 'industries'), '{}')) as raw_industries,
            reference.distinct_icp_industries(payload -> 'industries') as matched_industries
   ) as stated
$$);

select etl.extracts('icp-industries', 'extracted.icp_industry_terms', key => '{domain,raw_payload_id,term_order}', mode => 'replace', as_select => $$
  select domain, stated.item as term, stated.ordinality::integer as term_order
    from source
   cross join lateral etl.text_elements(payload -> 'industries') as stated
$$);

select etl.looks_up('extracted.icp_industry_terms', 'term', 'reference.icp_industry_lookup');
select etl.looks_up('extracted.icp_industry_terms', 'term', 'reference.industry_lookup');

select etl.coalesces('extracted.icp_industries', 'core.icp_criteria', source => 'icp_industries', as_select => $$
  select domain, company_name, nullif(matched_industries, '[]') as industries
    from source
$$);
select core.offer_company_identity('extracted.icp_industries', 'icp_industries', 'company_name', 'company_linkedin_url');

select etl.responds('icp-industries', $$
  select source.raw_payload_id, etl.record_id('extracted.icp_industries', domain) as extracted_id, domain,
         found.raw_industries, found.matched_industries, found.matched_mapping, found.unmatched_industries
    from source
   cross join lateral (
     select coalesce(jsonb_agg(stated.term order by stated.ordinality), '[]') as raw_industries,
            reference.distinct_icp_industries(payload -> 'industries') as matched_industries,
            coalesce(jsonb_object_agg(stated.term, to_jsonb(stated.matched_industries)) filter (where stated.matched_industries is not null), '{}') as matched_mapping,
            coalesce(jsonb_agg(stated.term order by stated.ordinality) filter (where stated.matched_industries is null), '[]') as unmatched_industries
       from reference.icp_industries(payload -> 'industries') as stated
   ) as found
$$);
