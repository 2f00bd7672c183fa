-- The predecessor of ai-generate-target-client-icp, for callers who have no target client.
select etl.raw_family('icp_generation_payloads', '{
  "company_name": "payload.request ->> ''company_name''",
  "domain": "payload.entity_key",
  "company_linkedin_url": "payload.request ->> ''company_linkedin_url''",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select core.icp_generator('icp-generation-gemini',
  path => '/run/companies/gemini/icp-criteria/infer',
  aliases => '{generate-icp-criteria-legacy}',
  legacy_function => 'generate_icp_criteria',
  description => 'Have a model propose whom a company would sell to (without a target client; ai-generate-target-client-icp has taken its place).',
  family => 'icp_generation_payloads',
  required => '["company_name", "domain"]',
  more_fields => '{}',
  example => '{"company_name": "Acme Example", "domain": "acme.example", "company_linkedin_url": "https://www.linkedin.com/company/acme-example"}',
  response_schema => '{}',
  response => $$
    select source.raw_payload_id, payload #> '{answer,company_criteria}' as company_criteria, payload #> '{answer,person_criteria}' as person_criteria
      from source
  $$
);
