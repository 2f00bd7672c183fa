-- People reach core as they arrive; the backfill is for those from before.
select etl.workflow('coalesce-case-study-champions',
  type => 'backfill',
  entity => 'company',
  path => '/run/people/db/case-study-champions/backfill',
  provider => 'internal',
  platform => 'db',
  core_tables => '{core.case_study_champions}',
  legacy_function => null,
  description => 'Offer all people of extracted case studies to core.case_study_champions again.',
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

select etl.backfills('coalesce-case-study-champions', targets => '{core.case_study_champions}');
