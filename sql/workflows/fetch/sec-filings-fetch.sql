select etl.raw_family('company_sec_filings_payloads', '{
  "domain": "payload.entity_key",
  "payload": "payload.payload #> ''{results,submissions,body}''",
  "cik": "payload.payload #>> ''{results,company,known,cik}''",
  "ticker": "payload.payload #>> ''{results,company,known,ticker}''"
}');

select etl.workflow('sec-filings-fetch',
  type => 'fetch',
  entity => 'company',
  path => '/run/companies/sec/filings/fetch',
  provider => 'sec',
  platform => 'sec',
  payload_type => 'filings',
  legacy_function => 'fetch_sec_filings',
  description => 'Fetch the latest 10-Q and 10-K of a public company and its recent 8-K filings.',
  family => 'company_sec_filings_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
  request_schema => core.sec_request_schema(),
  response_schema => core.ingest_response_schema('{
    "domain": {"type": "string", "description": "The domain, normalised."},
    "cik": {"type": "string", "description": "Number at the SEC, ten digits."},
    "ticker": {"type": "string"},
    "company_name": {"type": ["string", "null"], "description": "Name at the SEC."},
    "filings": {"type": "object", "description": "latest_10q, latest_10k (a filing or null), recent_8k_executive_changes, recent_8k_earnings, recent_8k_material_contracts (lists, newest first)."}
  }'),
  example => '{"domain": "acme.example"}'
);

select etl.produces('sec-filings-fetch',
  calls => $$
    select call.name, call.provider, call.path, call.keep_path, call.known, call.problem, call.code
      from source
     cross join lateral core.sec_calls(domain, results, 'submissions', '/submissions/CIK%s.json') as call
  $$,
  example_production => '{"results": {
    "company": {"known": {"ticker": "ACME", "cik": "0000001234", "sec_company_name": "Acme Example Inc."}},
    "submissions": {"status": 200, "body": {"name": "ACME EXAMPLE INC", "filings": {"recent": {
      "form": ["8-K", "10-Q", "10-K/A", "10-K"], "filingDate": ["2026-02-01", "2025-11-05", "2025-04-01", "2025-03-01"],
      "reportDate": ["2026-01-30", "2025-09-30", "2024-12-31", "2024-12-31"],
      "accessionNumber": ["0000001234-26-000004", "0000001234-25-000003", "0000001234-25-000002", "0000001234-25-000001"],
      "primaryDocument": ["a8k.htm", "a10q.htm", "a10ka.htm", "a10k.htm"], "items": ["5.02,9.01", "", "", null]
    }}}}
  }}'
);

select core.extract_sec_company('sec-filings-fetch');
select etl.extracts('sec-filings-fetch', 'extracted.company_sec_filings', key => '{domain,raw_payload_id,filing_order}', mode => 'replace', as_select => $$
  select domain, filing.filing_order, payload #>> '{results,company,known,cik}' as cik, filing.form_type, etl.as_date(to_jsonb(filing.filing_date)) as filing_date,
         etl.as_date(to_jsonb(filing.report_date)) as report_date, filing.accession_number, filing.document_url, filing.items
    from source
   cross join lateral core.sec_filings(payload #> '{results,submissions,body}', payload #>> '{results,company,known,cik}') as filing
   where payload #>> '{results,company,known,cik}' is not null
$$);

-- What a person has entered stays where the SEC says nothing else.
select etl.golden('reference.sec_company_info', key => '{ticker}', survives => 'latest');
select etl.coalesces('extracted.sec_companies', 'reference.sec_company_info', as_select => $$
  select ticker, cik, sec_company_name
    from source
$$);

select etl.responds('sec-filings-fetch', $$
  select source.raw_payload_id, domain, payload #>> '{results,company,known,cik}' as cik, payload #>> '{results,company,known,ticker}' as ticker,
         coalesce(payload #>> '{results,company,known,sec_company_name}', payload #>> '{results,submissions,body,name}') as company_name,
         core.sec_briefing(payload #> '{results,submissions,body}', payload #>> '{results,company,known,cik}') as filings
    from source
$$);
