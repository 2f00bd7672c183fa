select etl.workflow('clay-company-location-lookup',
  type => 'update',
  entity => 'reference',
  path => '/run/companies/clay-native/location-lookup/upsert',
  provider => 'clay',
  platform => 'clay',
  legacy_function => 'ingest_clay_company_location_lookup',
  description => 'Add or replace the parsed form of a company location of Clay; the same table as location-lookup-update.',
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

select etl.answers('clay-company-location-lookup', 'reference.update_location');
