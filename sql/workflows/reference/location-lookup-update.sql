select etl.workflow('location-lookup-update',
  type => 'update',
  entity => 'reference',
  path => '/run/reference/location/update',
  provider => 'internal',
  platform => 'db',
  aliases => '{reference-location-update}',
  legacy_function => null,
  description => 'Add or replace the parsed form of a location text; records that use it follow by themselves.',
  timeout_seconds => 30,
  request_schema => reference.update_location_request_schema(),
  response_schema => reference.update_location_response_schema(),
  example => '{
    "location_name": "Springfield, IL",
    "city": "Springfield",
    "state": "Illinois",
    "country": "United States",
    "has_city": true,
    "has_state": true,
    "has_country": true
  }'
);

select etl.answers('location-lookup-update', 'reference.update_location');
