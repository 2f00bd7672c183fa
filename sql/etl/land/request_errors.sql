create or replace function etl.request_errors(body jsonb, strict_schema jsonb)
returns jsonb language plpgsql immutable parallel safe set search_path = '' as $$
begin
  return case
    when jsonb_typeof(body) is distinct from 'object' then
      jsonb_build_array(jsonb_build_object('pointer', '', 'detail', format('The body must be an object, not %s.', coalesce(jsonb_typeof(body), 'nothing'))))
    else (
      select jsonb_agg(
        jsonb_build_object('pointer', '/' || field.name, 'detail', case
          when body -> field.name is null then 'This field is required.'
          when jsonb_typeof(body -> field.name) = 'string' and property.schema ->> 'type' = 'string' then 'This field must not be empty.'
          else format('This field must be %s, not %s.', property.schema ->> 'type', jsonb_typeof(body -> field.name))
        end) order by field.position
      )
        from jsonb_array_elements_text(strict_schema -> 'required') with ordinality as field (name, position)
       cross join lateral (select strict_schema -> 'properties' -> field.name as schema) as property
       where body -> field.name is null
          or property.schema ? 'type' and not case property.schema ->> 'type'
            when 'integer' then etl.as_bigint(body -> field.name) is not null
            else jsonb_typeof(body -> field.name) = property.schema ->> 'type'
          end
          or property.schema ->> 'type' = 'string' and btrim(body ->> field.name) = ''
    )
  end;
end;
$$;
comment on function etl.request_errors(jsonb, jsonb) is
  'Why a body is refused under a strict schema: a JSON array of {pointer, detail}; null when it is not. The same rules as the validator of the HTTP layer.';
