create or replace function reference.update_location(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_name constant text := etl.as_text(request -> 'location_name');
  v_stored reference.location_lookup;
begin
  if v_name is null then
    raise exception 'location_name must not be blank.' using errcode = 'BADRQ', detail = '/location_name';
  end if;
  if length(v_name) > 500 then
    raise exception 'location_name must not be longer than 500 characters.' using errcode = 'BADRQ', detail = '/location_name';
  end if;
  -- A parse is one statement: a city of the one before never stays beside a new country. A part that is missing cannot be present.
  insert into reference.location_lookup as stored (location_name, city, state, country, has_city, has_state, has_country)
  select v_name, part.city, part.state, part.country,
         part.city is not null and coalesce(etl.as_boolean(request -> 'has_city'), true),
         part.state is not null and coalesce(etl.as_boolean(request -> 'has_state'), true),
         part.country is not null and coalesce(etl.as_boolean(request -> 'has_country'), true)
    from (
      select etl.as_text(request -> 'city') as city, etl.as_text(request -> 'state') as state, etl.as_text(request -> 'country', 500) as country
    ) as part
      on conflict on constraint location_lookup_match_key_key do update
     set city = excluded.city,
         state = excluded.state,
         country = excluded.country,
         has_city = excluded.has_city,
         has_state = excluded.has_state,
         has_country = excluded.has_country,
         updated_at = now()
  returning stored.* into v_stored;
  return jsonb_build_object(
    'success', true, 'location_name', v_stored.location_name, 'city', v_stored.city, 'state', v_stored.state, 'country', v_stored.country,
    'has_city', v_stored.has_city, 'has_state', v_stored.has_state, 'has_country', v_stored.has_country
  );
end;
$$;
comment on function reference.update_location(jsonb) is
  'Adds or replaces the parsed form of a location text; records that use it are coalesced again by the worker. Gives the stored row. Raises BADRQ for a text that is blank or longer than 500 characters.';

create or replace function reference.update_location_request_schema()
returns jsonb language sql immutable parallel safe as $$
  select '{
    "type": "object",
    "required": ["location_name"],
    "properties": {
      "location_name": {"type": "string", "maxLength": 500, "description": "Location as free text; case and blanks do not matter."},
      "city": {"type": ["string", "null"]},
      "state": {"type": ["string", "null"]},
      "country": {"type": ["string", "null"], "maxLength": 500},
      "has_city": {"type": ["boolean", "null"], "description": "Left out: whether there is a city. True without a city counts as false."},
      "has_state": {"type": ["boolean", "null"], "description": "Left out: whether there is a state. True without a state counts as false."},
      "has_country": {"type": ["boolean", "null"], "description": "Left out: whether there is a country. True without a country counts as false."}
    }
  }'::jsonb;
$$;
comment on function reference.update_location_request_schema() is 'JSON Schema of the body of the workflows that reference.update_location answers.';

create or replace function reference.update_location_response_schema()
returns jsonb language sql immutable parallel safe as $$
  select '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "location_name": {"type": "string", "description": "The text as it is stored; an earlier spelling stays."},
      "city": {"type": ["string", "null"]},
      "state": {"type": ["string", "null"]},
      "country": {"type": ["string", "null"]},
      "has_city": {"type": "boolean"},
      "has_state": {"type": "boolean"},
      "has_country": {"type": "boolean"}
    }
  }'::jsonb;
$$;
comment on function reference.update_location_response_schema() is 'JSON Schema of what reference.update_location answers.';
