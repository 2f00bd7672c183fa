-- Cleaned names reach core.companies as they arrive; the backfill is for companies from before.
select etl.workflow('backfill-cleaned-company-name',
  type => 'backfill',
  entity => 'company',
  path => '/run/companies/db/populate-name/backfill',
  provider => 'internal',
  platform => 'db',
  core_tables => '{core.companies}',
  legacy_function => 'backfill_cleaned_company_name',
  description => 'Offer the names of every company, cleaned ones included, to core.companies again.',
  timeout_seconds => 30,
  request_schema => core.backfill_request_schema('{
    "batch_size": {"type": ["integer", "null"], "description": "Of older callers, not used: the job chooses its chunks."},
    "max_batches": {"type": ["integer", "null"], "description": "Of older callers, not used: the job does all records."}
  }'),
  response_schema => core.backfill_response_schema(),
  example => '{"wait": true, "batch_size": 1000, "max_batches": 10}'
);

select etl.backfills('backfill-cleaned-company-name', targets => '{core.companies}');
