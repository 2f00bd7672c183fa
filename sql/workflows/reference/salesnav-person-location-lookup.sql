create or replace function reference.lookup_salesnav_location(request jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select reference.answer_location('location_raw', request ->> 'location_raw');
$$;
comment on function reference.lookup_salesnav_location(jsonb) is 'Answers salesnav-person-location-lookup: see reference.answer_location.';

select etl.workflow('salesnav-person-location-lookup',
  type => 'lookup',
  entity => 'reference',
  path => '/run/people/db/salesnav-person-location/lookup',
  provider => 'internal',
  platform => 'db',
  aliases => '{lookup-salesnav-location}',
  legacy_function => 'lookup_salesnav_location',
  description => 'Ask whether the location of a person in Sales Navigator is already parsed.',
  timeout_seconds => 30,
  request_schema => reference.location_lookup_schema('location_raw', 'Location as Sales Navigator shows it; case and blanks do not matter.'),
  response_schema => reference.location_lookup_response_schema('location_raw'),
  example => '{"location_raw": "San Francisco, California, United States"}'
);

select etl.answers('salesnav-person-location-lookup', 'reference.lookup_salesnav_location');

-- The path of the old system never got its first part.
select etl.also_at('salesnav-person-location-lookup', '/run/--/db/salesnav-person/lookup');
