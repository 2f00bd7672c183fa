-- Revenue reaches core as it arrives; the backfill is for companies from before.
select etl.workflow('backfill-company-revenue',
  type => 'backfill',
  entity => 'company',
  path => '/run/companies/db/company-revenue/backfill',
  provider => 'internal',
  platform => 'db',
  core_tables => '{core.company_revenue}',
  legacy_function => null,
  description => 'Offer the revenue of every company from all sources to core.company_revenue again.',
  timeout_seconds => 30,
  request_schema => core.backfill_request_schema(),
  response_schema => core.backfill_response_schema(),
  example => '{"wait": true}'
);

select etl.backfills('backfill-company-revenue', targets => '{core.company_revenue}');
