-- Locations are looked up as payloads arrive and when a lookup changes; the backfill is for people from before.
select etl.workflow('backfill-person-location',
  type => 'backfill',
  entity => 'person',
  path => '/run/people/db/populate-location/backfill',
  provider => 'internal',
  platform => 'db',
  core_tables => '{core.person_locations}',
  legacy_function => 'backfill_person_location',
  description => 'Offer the location of every person to core.person_locations again.',
  timeout_seconds => 30,
  request_schema => core.backfill_request_schema('{
    "dry_run": {"type": ["boolean", "null"], "description": "Of older callers, not used: the job only makes core what it should be, so there is nothing to try first."},
    "limit": {"type": ["integer", "null"], "description": "Of older callers, not used: the job does all records, in chunks."}
  }'),
  response_schema => core.backfill_response_schema(),
  example => '{"wait": true, "dry_run": false, "limit": 50000}'
);

select etl.backfills('backfill-person-location', targets => '{core.person_locations}');
