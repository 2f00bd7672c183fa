create or replace function etl.is_usable(input jsonb, schema jsonb)
returns boolean language plpgsql stable set search_path = '' as $$
declare
  v_types constant text[] := case jsonb_typeof(schema -> 'type')
    when 'array' then array(select jsonb_array_elements_text(schema -> 'type'))
    when 'string' then array[schema ->> 'type']
    else '{}'
  end;
begin
  if v_types = '{}' or input is null or jsonb_typeof(input) = 'null' then
    return true;
  end if;
  if jsonb_typeof(input) = 'string' and etl.as_text(input) is null then
    return true;
  end if;
  if 'string' = any (v_types) and jsonb_typeof(input) = 'string' then
    return length(input #>> '{}') <= coalesce((schema ->> 'maxLength')::integer, 2147483647)
      and case schema ->> 'format'
        when 'date' then etl.as_date(input) is not null
        when 'date-time' then etl.as_timestamptz(input) is not null
        else true
      end;
  end if;
  return jsonb_typeof(input) = any (v_types)
      and (jsonb_typeof(input) <> 'number' or 'number' = any (v_types))
    or 'number' = any (v_types) and etl.as_numeric(input) is not null
    or 'boolean' = any (v_types) and etl.as_boolean(input) is not null
    or 'integer' = any (v_types) and case schema ->> 'format' when 'int64' then etl.as_bigint(input) is not null else etl.as_integer(input) is not null end;
end;
$$;
comment on function etl.is_usable(jsonb, jsonb) is
  'Whether a value can be used as its JSON Schema (type, format date, date-time or int64, maxLength) says. Absent, null, empty and "null" are not unusable.';

create or replace function etl.inspect_value(input jsonb, schema jsonb, pointer text)
returns table (field text, problem text, found text) language plpgsql stable set search_path = '' as $$
declare
  v_item record;
begin
  if not etl.is_usable(input, schema) then
    return query select inspect_value.pointer,
      format('expected %s', concat_ws(' ', replace(btrim((schema -> 'type')::text, '["]'), '", "', ' or '), schema ->> 'format')),
      left(input::text, 200);
    return;
  end if;
  if jsonb_typeof(input) = 'object' and schema ? 'properties' then
    for v_item in select member.key, member.value from jsonb_each(input) as member loop
      if schema -> 'properties' ? v_item.key then
        return query select nested.field, nested.problem, nested.found
          from etl.inspect_value(v_item.value, schema -> 'properties' -> v_item.key, pointer || '/' || v_item.key) as nested;
      else
        return query select pointer || '/' || left(v_item.key, 200), 'unknown field'::text, jsonb_typeof(v_item.value);
      end if;
    end loop;
  elsif jsonb_typeof(input) = 'array' and schema ? 'items' then
    for v_item in select element.element, element.ordinality from etl.elements(input) as element limit 10000 loop
      return query select nested.field, nested.problem, nested.found
        from etl.inspect_value(
          v_item.element, schema -> 'items', pointer || '/' || (v_item.ordinality - 1)
        ) as nested;
    end loop;
  end if;
end;
$$;
comment on function etl.inspect_value(jsonb, jsonb, text) is
  'What a value has that its schema does not expect: one row per unusable value ("expected ...") and per unknown field, with a JSON pointer.';

create or replace function etl.type_schema(schema jsonb)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_object_agg(member.key, member.value) from jsonb_each(schema) as member where member.key in ('type', 'format', 'maxLength');
$$;
comment on function etl.type_schema(jsonb) is 'The members of a JSON Schema that etl.is_usable() looks at.';

create or replace function etl.is_clean_sql(schema jsonb, value_sql text, depth integer default 0)
returns text language plpgsql immutable set search_path = '' as $$
declare
  -- The fast twin of etl.inspect_value: one boolean expression, true only when that function would return no row. What is
  -- usual is decided by a branch per JSON type; all else (numbers as text, the wrong type) is left to etl.is_usable().
  v_types constant text[] := case jsonb_typeof(schema -> 'type')
    when 'array' then array(select jsonb_array_elements_text(schema -> 'type'))
    when 'string' then array[schema ->> 'type']
    else '{}'
  end;
  v_item constant text := 'item_' || depth;
  v_fallback constant text := format('etl.is_usable(%s, %L)', value_sql, etl.type_schema(schema));
  v_branches text := '';
  v_members text;
begin
  if v_types = '{}' then
    return 'true';
  end if;
  if 'string' = any (v_types) then
    v_branches := v_branches || format(E' when ''string'' then %s\n', case
      when schema ->> 'format' = 'date' then format('(etl.as_date(%s) is not null or %s)', value_sql, v_fallback)
      when schema ->> 'format' = 'date-time' then format('(etl.as_timestamptz(%s) is not null or %s)', value_sql, v_fallback)
      when schema ? 'maxLength' then format('(length(%s #>> ''{}'') <= %s)', value_sql, schema ->> 'maxLength')
      else 'true'
    end);
  end if;
  if 'number' = any (v_types) then
    v_branches := v_branches || E' when ''number'' then true\n';
  elsif 'integer' = any (v_types) then
    v_branches := v_branches || format(
      E' when ''number'' then etl.%s(%s) is not null\n', case schema ->> 'format' when 'int64' then 'as_bigint' else 'as_integer' end, value_sql
    );
  end if;
  if 'boolean' = any (v_types) then
    v_branches := v_branches || E' when ''boolean'' then true\n';
  end if;
  if 'object' = any (v_types) then
    select string_agg(etl.is_clean_sql(property.value, format('(%s -> %L)', value_sql, property.key), depth + 1), E'\n and ' order by property.key)
      into v_members
      from jsonb_each(schema -> 'properties') as property
     where property.value ? 'type';
    v_branches := v_branches || format(E' when ''object'' then %s\n', case
      when schema ? 'properties' then format(
        E'((%s - %L::text[]) = ''{}''\n and %s)', value_sql, array(select jsonb_object_keys(schema -> 'properties')), coalesce(v_members, 'true')
      )
      else 'true'
    end);
  end if;
  if 'array' = any (v_types) then
    v_branches := v_branches || format(E' when ''array'' then %s\n', case
      when schema ? 'items' then format(
        E'not exists (\n select from jsonb_array_elements(%1$s) as item (%2$s)\n  where not %3$s)',
        value_sql, v_item, etl.is_clean_sql(schema -> 'items', v_item, depth + 1)
      )
      else 'true'
    end);
  end if;
  return format(E'case coalesce(jsonb_typeof(%s), ''null'')\n%s when ''null'' then true else %s end', value_sql, v_branches, v_fallback);
end;
$$;
comment on function etl.is_clean_sql(jsonb, text, integer) is 'SQL that is true when a value has nothing that its schema does not expect. Compiled, it costs a few microseconds; only what fails it is looked at closely.';

create or replace function etl.inspection_function_sql(ingestion etl.ingestions)
returns text language sql stable set search_path = '' as $$
  select format(
$sql$create or replace function extracted.inspect_%1$s(payloads etl.landed_payload[])
returns void language plpgsql set search_path = '' as $body$
#variable_conflict use_column
begin
  with source as not materialized (
%2$s
  ), suspect as (
    select source.raw_payload_id, source.workflow_slug, source.payload, source.request, source.observed_at
      from source
     where not coalesce(
%3$s
       , true)
        or not coalesce(
%4$s
       , true)
  ), finding as materialized (
    select suspect.raw_payload_id, suspect.workflow_slug, found.field, found.problem, found.found, suspect.observed_at
      from suspect
     cross join lateral (
       select inspected.field, inspected.problem, inspected.found
         from etl.inspect_value(suspect.payload, %5$L, %6$L) as inspected
       union all
       select inspected.field, inspected.problem, inspected.found
         from etl.inspect_value(suspect.request, %7$L, '') as inspected
       limit 100
     ) as found
     where not exists (select from etl.payload_warnings as known where known.payload_id = suspect.raw_payload_id)
  ), drift as (
    insert into etl.unknown_fields (workflow_slug, pointer, payloads, first_seen_at, last_seen_at)
    select finding.workflow_slug, regexp_replace(finding.field, '/\d+(?=/|$)', '/*', 'g'), count(distinct finding.raw_payload_id),
           min(finding.observed_at), max(finding.observed_at)
      from finding
     where finding.problem = 'unknown field'
     group by 1, 2
  )
  insert into etl.payload_warnings (payload_id, workflow_slug, pointer, problem, found, seen_at)
  select finding.raw_payload_id, finding.workflow_slug, finding.field, finding.problem, finding.found, finding.observed_at
    from finding
   where finding.problem <> 'unknown field';
end;
$body$;
comment on function extracted.inspect_%1$s(etl.landed_payload[]) is %8$L;$sql$,
    etl.compiled_name(ingestion.workflow_slug),
    etl.indented(etl.raw_source_sql(ingestion.workflow_slug, 'inspect_' || etl.compiled_name(ingestion.workflow_slug) || '.payloads'), 4),
    etl.indented(etl.is_clean_sql(shape.payload, 'source.payload'), 7),
    etl.indented(etl.is_clean_sql(shape.request, 'source.request'), 7),
    shape.payload, coalesce('/' || ingestion.payload_field, ''), shape.request,
    format('Compiled from the request schema of %s: notes fields that could not be used (etl.payload_warnings) and fields that it does not know (etl.unknown_fields), at most 100 per payload.', ingestion.workflow_slug)
  )
    from reference.enrichment_workflow_registry as registered
   cross join lateral (
     select coalesce(etl.production_schema(ingestion.workflow_slug), registered.request_schema #> array['properties', ingestion.payload_field], registered.request_schema) as payload,
            case when ingestion.payload_field is null then '{}'::jsonb
              else registered.request_schema #- array['properties', ingestion.payload_field] end as request
   ) as shape
   where registered.workflow_slug = ingestion.workflow_slug;
$$;
comment on function etl.inspection_function_sql(etl.ingestions) is 'SQL of the function extracted.inspect_<workflow>(payloads), which notes unusable and unknown fields.';
