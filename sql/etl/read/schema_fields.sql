create or replace function etl.schema_fields(schema jsonb, pointer text default '')
returns table (field text, type text, required boolean, meaning text) language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_property record;
begin
  if schema ? 'items' then
    return query select nested.field, nested.type, nested.required, nested.meaning
      from etl.schema_fields(schema -> 'items', pointer || '/*') as nested;
  end if;
  -- jsonb keeps no order of its own: required fields first, then by name.
  for v_property in
    select property.key, property.value, coalesce(schema -> 'required' ? property.key, false) as is_required
      from jsonb_each(coalesce(schema -> 'properties', '{}')) as property
     order by 3 desc, 1
  loop
    return query select pointer || '/' || v_property.key, etl.type_name(v_property.value), v_property.is_required,
      concat_ws(' ', v_property.value ->> 'description',
        case when v_property.value ? 'default' then format('Default: %s.', v_property.value ->> 'default') end,
        case when v_property.value ? 'enum' then format('One of %s.', (
          select string_agg(allowed.value, ', ' order by allowed.position)
            from jsonb_array_elements_text(v_property.value -> 'enum') with ordinality as allowed (value, position))) end);
    return query select nested.field, nested.type, nested.required, nested.meaning
      from etl.schema_fields(v_property.value, pointer || '/' || v_property.key) as nested;
  end loop;
end;
$$;
comment on function etl.schema_fields(jsonb, text) is
  'The fields that a JSON Schema documents, nested ones after their parent, elements of an array as "*": JSON pointer, type, whether required, meaning (empty when none is given).';

create or replace function etl.type_names(type jsonb)
returns text language sql immutable parallel safe as $$
  select string_agg(name, ' or ' order by position)
    from jsonb_array_elements_text(case jsonb_typeof(type) when 'array' then type when 'string' then jsonb_build_array(type) else '[]' end)
      with ordinality as named (name, position)
   where name <> 'null';
$$;
comment on function etl.type_names(jsonb) is 'The keyword "type" of a JSON Schema for people: "string or integer". Null is left out; null where no type is given.';

create or replace function etl.type_name(schema jsonb)
returns text language sql immutable parallel safe set search_path = '' as $$
  select coalesce(etl.type_names(type_name.schema -> 'type'), 'any')
      || coalesce(' of ' || etl.type_names(type_name.schema #> '{items,type}'), '')
      || coalesce(' (' || (type_name.schema ->> 'format') || ')', '')
      || coalesce(', at most ' || length_limit.characters || ' characters' || length_limit.scope, '')
    from (
      select coalesce(type_name.schema ->> 'maxLength', type_name.schema #>> '{items,maxLength}') as characters,
             case when type_name.schema #> '{items,maxLength}' is not null then ' each' else '' end as scope
    ) as length_limit;
$$;
comment on function etl.type_name(jsonb) is 'What a JSON Schema asks of a value, for people: "string (date-time)", "array of string, at most 500 characters each".';

create or replace function etl.fields_document(schema jsonb)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select coalesce(jsonb_agg(
      jsonb_build_object('field', documented.field, 'type', documented.type, 'required', documented.required, 'meaning', documented.meaning)
      order by documented.position
    ), '[]')
    from etl.schema_fields(fields_document.schema) with ordinality as documented (field, type, required, meaning, position);
$$;
comment on function etl.fields_document(jsonb) is 'etl.schema_fields(jsonb) as a JSON array in its order.';
