create or replace function reference.lookup_salesnav_company_location(request jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select reference.answer_location('registered_address_raw', request ->> 'registered_address_raw');
$$;
comment on function reference.lookup_salesnav_company_location(jsonb) is 'Answers salesnav-company-location-lookup: see reference.answer_location.';

select etl.workflow('salesnav-company-location-lookup',
  type => 'lookup',
  entity => 'reference',
  path => '/run/companies/db/salesnav-company-location/lookup',
  provider => 'internal',
  platform => 'db',
  aliases => '{lookup-salesnav-company-location}',
  legacy_function => 'lookup_salesnav_company_location',
  description => 'Ask whether a registered address of Sales Navigator is already parsed.',
  timeout_seconds => 30,
  request_schema => reference.location_lookup_schema('registered_address_raw', 'Address as Sales Navigator shows it; case and blanks do not matter.'),
  response_schema => reference.location_lookup_response_schema('registered_address_raw'),
  example => '{"registered_address_raw": "Mountain View, CA"}'
);

select etl.answers('salesnav-company-location-lookup', 'reference.lookup_salesnav_company_location');
