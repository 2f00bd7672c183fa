create or replace function reference.lookup_person_location(request jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select reference.answer_location('location_name', request ->> 'location_name');
$$;
comment on function reference.lookup_person_location(jsonb) is 'Answers lookup-person-location: see reference.answer_location.';

select etl.workflow('lookup-person-location',
  type => 'lookup',
  entity => 'reference',
  path => '/run/people/db/person-location/lookup',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'lookup_person_location',
  description => 'Ask whether a location of the people search in Clay is already parsed.',
  timeout_seconds => 30,
  request_schema => reference.location_lookup_schema('location_name', 'Location as free text; case and blanks do not matter.'),
  response_schema => reference.location_lookup_response_schema('location_name'),
  example => '{"location_name": "San Francisco, California, United States"}'
);

select etl.answers('lookup-person-location', 'reference.lookup_person_location');
