-- The same fact as company-ticker states, so it lands in the same family and table: the ticker has one home, and the newest wins.
select etl.workflow('public-ticker-backfill',
  type => 'upsert',
  entity => 'company',
  path => '/run/companies/db/public-ticker/backfill',
  provider => 'clay',
  platform => 'db',
  payload_type => 'enrichment',
  legacy_function => null,
  description => 'Set the stock ticker of a public company.',
  family => 'company_ticker_payloads',
  key_field => 'domain',
  payload_field => 'ticker',
  timeout_seconds => 30,
  refuses => $$
    case when reference.sent_ticker(payload) is null then
      jsonb_build_array(jsonb_build_object('pointer', '/ticker', 'detail', 'Expected a ticker such as ACME.'))
    end
  $$,
  core_tables => '{core.company_public}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "ticker"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "ticker": {"type": "string", "description": "Exchange, $ and case do not matter; a class may stand behind a dot or a dash."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "ticker": {"type": "string", "description": "The ticker in the spelling of the SEC."}
    }
  }',
  example => '{"domain": "acme.example", "ticker": "acme"}'
);

select etl.extracts('public-ticker-backfill', 'extracted.company_ticker', key => '{domain}', as_select => $$
  select domain, sent.ticker
    from source
   cross join lateral (select reference.sent_ticker(payload) as ticker) as sent
   where sent.ticker is not null
$$);

select etl.responds('public-ticker-backfill', $$
  select source.raw_payload_id, domain, reference.sent_ticker(payload) as ticker
    from source
$$);
