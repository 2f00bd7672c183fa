create or replace function reference.answer_location(field text, asked text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'match_status', place.location_name is not null, answer_location.field, answer_location.asked,
    'city', place.city, 'state', place.state, 'country', place.country,
    'has_city', place.has_city, 'has_state', place.has_state, 'has_country', place.has_country
  )
    from (select etl.fold(answer_location.asked) as match_key) as wanted
    left join reference.location_lookup as place using (match_key);
$$;
comment on function reference.answer_location(text, text) is
  'Whether a location text is already parsed, ignoring case and blanks: {match_status, <field>: the text as asked, city, state, country, has_city, has_state, has_country}.';

create or replace function reference.location_lookup_schema(field text, description text)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object(
    'type', 'object', 'required', jsonb_build_array(field),
    'properties', jsonb_build_object(field, jsonb_build_object('type', 'string', 'description', description))
  );
$$;
comment on function reference.location_lookup_schema(text, text) is 'JSON Schema of the body of a location lookup.';

create or replace function reference.location_lookup_response_schema(field text)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object('type', 'object', 'properties', jsonb_build_object(
    'match_status', '{"type": "boolean", "description": "Whether the text is known; all else is null when not."}'::jsonb,
    field, '{"type": "string", "description": "The text as it was asked."}'::jsonb,
    'city', '{"type": ["string", "null"]}'::jsonb, 'state', '{"type": ["string", "null"]}'::jsonb, 'country', '{"type": ["string", "null"]}'::jsonb,
    'has_city', '{"type": ["boolean", "null"]}'::jsonb, 'has_state', '{"type": ["boolean", "null"]}'::jsonb, 'has_country', '{"type": ["boolean", "null"]}'::jsonb
  ));
$$;
comment on function reference.location_lookup_response_schema(text) is 'JSON Schema of the answer of a location lookup.';
