-- Descriptions reach core as they arrive, under the rule of core.company_descriptions; the backfill is for companies from before.
select etl.workflow('backfill-company-descriptions',
  type => 'backfill',
  entity => 'company',
  path => '/run/companies/db/populate-description/backfill',
  provider => 'internal',
  platform => 'db',
  core_tables => '{core.company_descriptions}',
  legacy_function => 'backfill_company_descriptions',
  description => 'Offer the descriptions of every company from all sources to core.company_descriptions again.',
  timeout_seconds => 30,
  request_schema => core.backfill_request_schema('{
    "batch_size": {"type": ["integer", "null"], "description": "Of older callers, not used: the job chooses its chunks."},
    "dry_run": {"type": ["boolean", "null"], "description": "Of older callers, not used: the job only makes core what it should be, so there is nothing to try first."}
  }'),
  response_schema => core.backfill_response_schema(),
  example => '{"wait": true, "batch_size": 1000, "dry_run": false}'
);

select etl.backfills('backfill-company-descriptions', targets => '{core.company_descriptions}');
