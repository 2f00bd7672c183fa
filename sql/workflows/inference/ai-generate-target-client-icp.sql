select etl.raw_family('icp_payloads', '{
  "target_client_id": "core.as_uuid(payload.request -> ''target_client_id'')",
  "workflow_slug": "payload.workflow_slug",
  "provider": "split_part(payload.payload ->> ''model'', '':'', 1)",
  "model": "split_part(payload.payload ->> ''model'', '':'', 2)",
  "raw_payload": "payload.payload -> ''answer''",
  "domain": "payload.entity_key",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select core.icp_generator('ai-generate-target-client-icp',
  path => '/run/companies/gemini/target-client-icp/infer',
  legacy_function => 'generate_target_client_icp',
  description => 'Have a model propose whom a target client would sell to.',
  family => 'icp_payloads',
  required => '["target_client_id", "company_name", "domain"]',
  more_fields => '{"target_client_id": {"type": "string", "format": "uuid", "description": "Id of the target client."}}',
  refuses => $$
    case when core.as_uuid(request -> 'target_client_id') is null then
      jsonb_build_array(jsonb_build_object('pointer', '/target_client_id', 'detail', 'Expected a UUID such as 018f0000-0000-7000-8000-000000000001.'))
    end
  $$,
  example => '{
    "target_client_id": "018f0000-0000-7000-8000-000000000001",
    "company_name": "Acme Example",
    "domain": "acme.example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example"
  }',
  response_schema => '{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.target_client_icp."},
    "target_client_id": {"type": "string", "format": "uuid", "description": "As sent."},
    "icp": {"type": "object", "description": "company_criteria and person_criteria once more, where the old function answered them."}
  }',
  response => $$
    select source.raw_payload_id, etl.record_id('extracted.target_client_icp', domain || E'\x1f' || core.as_uuid(request -> 'target_client_id')) as extracted_id,
           request ->> 'target_client_id' as target_client_id, payload -> 'answer' as icp,
           payload #> '{answer,company_criteria}' as company_criteria, payload #> '{answer,person_criteria}' as person_criteria
      from source
  $$
);

select etl.looks_up('extracted.target_client_icp_terms', 'term', 'reference.icp_industry_lookup');
select etl.looks_up('extracted.target_client_icp_terms', 'term', 'reference.industry_lookup');
select etl.looks_up('extracted.target_client_icp_terms', 'term', 'reference.employee_range_lookup');

-- An empty list means "no limit" here, and leaves alone what is known.
select etl.coalesces('extracted.target_client_icp', 'core.icp_criteria', source => 'target_client_icp', as_select => $$
  select domain, company_name, nullif(reference.distinct_icp_industries(industries), '[]') as industries, nullif(countries, '[]') as countries,
         nullif(reference.distinct_employee_ranges(size), '[]') as employee_ranges, nullif(title_contains_any, '[]') as seniorities,
         nullif(title_contains_all, '[]') as job_functions
    from source
$$);
select core.offer_company_identity('extracted.target_client_icp', 'target_client_icp', 'company_name', 'company_linkedin_url');
