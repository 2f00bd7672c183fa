select etl.workflow('clay-person-location-lookup',
  type => 'update',
  entity => 'reference',
  path => '/run/people/clay-native/location-lookup/upsert',
  provider => 'clay',
  platform => 'clay',
  legacy_function => 'ingest_clay_person_location_lookup',
  description => 'Add or replace the parsed form of a person location of Clay; the same table as location-lookup-update.',
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

select etl.answers('clay-person-location-lookup', 'reference.update_location');
