-- Customers reach core as they arrive; the backfill is for those from before.
select etl.workflow('coalesce-company-customers',
  type => 'backfill',
  entity => 'company',
  path => '/run/companies/db/company-customers/backfill',
  provider => 'internal',
  platform => 'db',
  core_tables => '{core.company_customers}',
  legacy_function => null,
  description => 'Offer all extracted customers to core.company_customers again.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "properties": {"wait": {"type": ["boolean", "null"], "description": "true: answer when all is done."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "job_id": {"type": "string", "format": "uuid", "description": "Id of the job; a job that is under way is answered again."},
      "status_url": {"type": "string", "description": "Shows how far it is."},
      "state": {"type": "string", "description": "queued, running, done, failed or cancelled."},
      "done": {"type": "integer", "description": "Records done."},
      "total": {"type": ["integer", "null"], "description": "Records to do."}
    }
  }',
  example => '{"wait": true}'
);

select etl.backfills('coalesce-company-customers', targets => '{core.company_customers}');
