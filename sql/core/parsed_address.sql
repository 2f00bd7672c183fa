create or replace function core.parsed_address(payload jsonb)
returns table (city text, state text, country text, has_city boolean, has_state boolean, has_country boolean)
language sql stable parallel safe rows 1 set search_path = '' as $$
  select part.city, part.state, part.country, part.city is not null, part.state is not null, part.country is not null
    from (select parsed_address.payload -> 'parsed_address' as answer) as answered
    left join reference.location_lookup as place
      on place.match_key = etl.fold(etl.as_text(parsed_address.payload -> 'company_registered_address'))
     and jsonb_typeof(answered.answer) is distinct from 'object'
   cross join lateral (
     -- a part that the model says is not there is not taken from it
     select coalesce(case when coalesce(etl.as_boolean(answer -> 'hasCity'), true) then etl.as_text(answer -> 'city') end, place.city) as city,
            coalesce(case when coalesce(etl.as_boolean(answer -> 'hasState'), true) then etl.as_text(answer -> 'state') end, place.state) as state,
            coalesce(case when coalesce(etl.as_boolean(answer -> 'hasCountry'), true) then etl.as_text(answer -> 'country', 500) end, place.country) as country
   ) as part;
$$;
comment on function core.parsed_address(jsonb) is
  'City, state and country of parsed_address {city, state, country, hasCity, hasState, hasCountry}, or where that is left out of company_registered_address as reference.location_lookup knows it; and which are there. Always one row.';

create or replace function core.address_body(payload jsonb, request jsonb)
returns jsonb language sql immutable parallel safe as $$
  -- Payloads from before a model was asked have the caller's body as payload.
  select case when request = '{}' then payload
    else request || case when coalesce(payload -> 'answer', 'null') in ('null', '{}') then '{}' else jsonb_build_object('parsed_address', payload -> 'answer') end
  end;
$$;
comment on function core.address_body(jsonb, jsonb) is 'What is known of a scraped company, as core.parsed_address takes it: the body of the call, with the answer of the model as parsed_address.';
