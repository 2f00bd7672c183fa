create or replace function core.lookup_case_study_details(request jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'success', true,
    'exists',
      exists (select from extracted.case_study_details as detail where detail.case_study_key = page.key)
        or exists (select from extracted.case_study_buyers as buyer where buyer.case_study_key = page.key),
    'case_study_url', request ->> 'case_study_url'
  )
    from (select core.case_study_key(request ->> 'case_study_url') as key) as page;
$$;
comment on function core.lookup_case_study_details(jsonb) is
  'Whether a case study is extracted already, by whichever workflow, in whatever spelling of its URL: {success, exists, case_study_url}.';

select etl.workflow('lookup-case-study-details',
  type => 'check',
  entity => 'company',
  path => '/run/companies/case-study-details/lookup',
  provider => 'internal',
  platform => 'db',
  aliases => '{case-study-details-lookup}',
  legacy_function => 'lookup_case_study_details',
  description => 'Say whether a case study has been extracted already.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["case_study_url"],
    "properties": {"case_study_url": {"type": "string", "description": "Page of the case study; scheme, www., the case of the host and a final slash do not matter."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "exists": {"type": "boolean", "description": "Whether its details or the people quoted in it are known."},
      "case_study_url": {"type": "string", "description": "The URL as it was asked."}
    }
  }',
  example => '{"case_study_url": "https://acme.example/customers/globex"}'
);

select etl.answers('lookup-case-study-details', 'core.lookup_case_study_details');
