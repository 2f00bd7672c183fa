-- The ticker as someone found it. Number and name at the SEC come from reference.sec_company_info, and are never mixed into
-- what is stored as received; readers of the raw view see them beside it.
select etl.raw_family('company_ticker_payloads', '{
  "domain": "payload.entity_key",
  "payload": "case jsonb_typeof(payload.payload) when ''object'' then payload.payload else jsonb_build_object(''ticker'', payload.payload) end || (select jsonb_build_object(''sec_cik'', max(known.cik), ''sec_company_name'', max(known.sec_company_name)) from reference.sec_company_info as known where known.match_key = etl.fold(reference.sent_ticker(payload.payload)))",
  "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('company-ticker',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/ticker/ingest',
  provider => 'sec',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_company_ticker',
  description => 'Store the stock ticker of a company.',
  family => 'company_ticker_payloads',
  key_field => 'domain',
  payload_field => 'ticker_payload',
  timeout_seconds => 30,
  refuses => $$
    case when reference.sent_ticker(payload) is null then
      jsonb_build_array(jsonb_build_object('pointer', '/ticker_payload', 'detail', 'Expected a ticker such as ACME, or an object with the key "ticker".'))
    end
  $$,
  core_tables => '{core.company_public}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "ticker_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "ticker_payload": {
        "type": ["string", "object"],
        "description": "The ticker itself, or an object with it; further keys are kept in raw.",
        "properties": {
          "ticker": {"type": "string", "description": "Exchange, $ and case do not matter; a class may stand behind a dot or a dash."}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "ticker": {"type": "string", "description": "The ticker in the spelling of the SEC."},
      "cik": {"type": ["string", "null"], "description": "Number at the SEC, ten digits; null while it is not known."},
      "sec_company_name": {"type": ["string", "null"], "description": "Name at the SEC; null while it is not known."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "domain": "acme.example",
    "workflow_slug": "company-ticker",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "ticker_payload": {"ticker": "NYSE: ACME.A"}
  }'
);

select etl.extracts('company-ticker', 'extracted.company_ticker', key => '{domain}', as_select => $$
  select domain, sent.ticker
    from source
   cross join lateral (select reference.sent_ticker(payload) as ticker) as sent
   where sent.ticker is not null
$$);

select etl.coalesces('extracted.company_ticker', 'core.company_public', source => 'sec', as_select => $$
  select domain, ticker
    from source
$$);

select etl.responds('company-ticker', $$
  select source.raw_payload_id, domain, sent.ticker, known.cik, known.sec_company_name
    from source
   cross join lateral (select reference.sent_ticker(payload) as ticker) as sent
    left join reference.sec_company_info as known on known.match_key = etl.fold(sent.ticker)
$$);
