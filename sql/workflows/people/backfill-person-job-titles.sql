-- Titles are classified as payloads arrive and when a lookup changes; the backfill is for people from before.
select etl.workflow('backfill-person-job-titles',
  type => 'backfill',
  entity => 'person',
  path => '/run/people/db/person-job-titles/backfill',
  provider => 'internal',
  platform => 'db',
  core_tables => '{core.person_job_titles}',
  legacy_function => null,
  description => 'Give every person whose title is known and classified a row in core.person_job_titles.',
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

select etl.backfills('backfill-person-job-titles', targets => '{core.person_job_titles}');
