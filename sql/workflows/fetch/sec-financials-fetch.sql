select etl.raw_family('company_sec_facts_payloads', '{
  "domain": "payload.entity_key",
  "payload": "payload.payload #> ''{results,facts,body}''",
  "cik": "payload.payload #>> ''{results,company,known,cik}''",
  "ticker": "payload.payload #>> ''{results,company,known,ticker}''"
}');

select etl.workflow('sec-financials-fetch',
  type => 'fetch',
  entity => 'company',
  path => '/run/companies/sec/financials/fetch',
  provider => 'sec',
  platform => 'sec',
  payload_type => 'financials',
  legacy_function => 'ingest_sec_financials',
  description => 'Fetch all figures that a public company reported to the SEC, and keep the key ones per reporting period.',
  family => 'company_sec_facts_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
  request_schema => core.sec_request_schema(),
  response_schema => core.ingest_response_schema('{
    "domain": {"type": "string", "description": "The domain, normalised."},
    "cik": {"type": "string", "description": "Number at the SEC, ten digits."},
    "ticker": {"type": "string"},
    "sec_company_name": {"type": ["string", "null"], "description": "Name at the SEC."},
    "periods_extracted": {"type": "integer", "description": "Reporting periods stored."},
    "latest_period": {"type": ["object", "null"], "description": "period_end, fiscal_year, fiscal_period, revenue and net_income of the newest period."}
  }'),
  example => '{"domain": "acme.example"}'
);

select etl.produces('sec-financials-fetch',
  calls => $$
    select call.name, call.provider, call.path, call.keep_path, call.known, call.problem, call.code
      from source
     cross join lateral core.sec_calls(domain, results, 'facts', '/api/xbrl/companyfacts/CIK%s.json') as call
  $$,
  example_production => '{"results": {
    "company": {"known": {"ticker": "ACME", "cik": "0000001234", "sec_company_name": "Acme Example Inc."}},
    "facts": {"status": 200, "body": {"cik": 1234, "entityName": "Acme Example Inc.", "facts": {"us-gaap": {
      "Revenues": {"units": {"USD": [{"start": "2024-01-01", "end": "2024-12-31", "val": 1000000, "fy": 2024, "fp": "FY", "form": "10-K", "filed": "2025-03-01", "accn": "0000001234-25-000001"}]}},
      "NetIncomeLoss": {"units": {"USD": [{"start": "2024-01-01", "end": "2024-12-31", "val": 100000, "fy": 2024, "fp": "FY", "form": "10-K", "filed": "2025-03-01", "accn": "0000001234-25-000001"}]}},
      "EarningsPerShareBasic": {"units": {"USD/shares": [{"start": "2024-01-01", "end": "2024-12-31", "val": 1.25, "fy": 2024, "fp": "FY", "form": "10-K", "filed": "2025-03-01", "accn": "0000001234-25-000001"}]}}
    }}}}
  }}'
);

select core.extract_sec_company('sec-financials-fetch');
select etl.extracts('sec-financials-fetch', 'extracted.company_financials', key => '{domain,period_end,fiscal_period}', as_select => $$
  select domain, payload #>> '{results,company,known,cik}' as cik, payload #>> '{results,company,known,ticker}' as ticker, period.period_end, period.fiscal_year, period.fiscal_period,
         period.form_type, period.filed_date, period.accession_number, period.revenue, period.net_income, period.gross_profit, period.operating_income, period.total_assets,
         period.total_liabilities, period.stockholders_equity, period.eps_basic, period.eps_diluted, period.operating_cash_flow
    from source
   cross join lateral core.sec_financials(payload #> '{results,facts,body}') as period
$$);

select etl.responds('sec-financials-fetch', $$
  select source.raw_payload_id, domain, payload #>> '{results,company,known,cik}' as cik, payload #>> '{results,company,known,ticker}' as ticker,
         coalesce(payload #>> '{results,facts,body,entityName}', payload #>> '{results,company,known,sec_company_name}') as sec_company_name,
         found.periods as periods_extracted, found.latest as latest_period
    from source
   cross join lateral (
     select count(*)::integer as periods, (jsonb_agg(jsonb_build_object(
         'period_end', period.period_end, 'fiscal_year', period.fiscal_year, 'fiscal_period', period.fiscal_period, 'revenue', period.revenue, 'net_income', period.net_income
       ) order by period.period_end desc, period.fiscal_period)) -> 0 as latest
       from core.sec_financials(payload #> '{results,facts,body}') as period
   ) as found
$$);
