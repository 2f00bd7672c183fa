select etl.raw_family('company_sec_cik_payloads', '{
  "domain": "payload.entity_key",
  "payload": "payload.payload -> ''results''"
}');

select etl.workflow('sec-cik-fetch',
  type => 'fetch',
  entity => 'company',
  path => '/run/companies/sec/cik/fetch',
  provider => 'sec',
  platform => 'sec',
  payload_type => 'cik',
  description => 'Find the number at the SEC (CIK) of a company by its ticker, and keep it in reference.sec_company_info.',
  family => 'company_sec_cik_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
  request_schema => core.sec_request_schema(),
  response_schema => core.ingest_response_schema('{
    "domain": {"type": "string", "description": "The domain, normalised."},
    "cik": {"type": "string", "description": "Number at the SEC, ten digits."},
    "ticker": {"type": "string"},
    "sec_company_name": {"type": ["string", "null"], "description": "Name at the SEC."}
  }'),
  example => '{"domain": "acme.example"}'
);

select etl.produces('sec-cik-fetch',
  calls => $$
    select call.name, call.provider, call.path, call.keep_path, call.known, call.problem, call.code
      from source
     cross join lateral core.sec_calls(domain, results) as call
  $$,
  example_production => '{"results": {"company": {"known": {"ticker": "ACME", "cik": "0000001234", "sec_company_name": "Acme Example Inc."}}}}'
);

select core.extract_sec_company('sec-cik-fetch');

select etl.responds('sec-cik-fetch', $$
  select source.raw_payload_id, domain, payload #>> '{results,company,known,cik}' as cik, payload #>> '{results,company,known,ticker}' as ticker,
         payload #>> '{results,company,known,sec_company_name}' as sec_company_name
    from source
$$);
