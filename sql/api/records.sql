create or replace function api.record(entity_type text, key text, fields text[] default null, at timestamptz default null, with_explanation boolean default false)
returns jsonb language plpgsql volatile set search_path = '' as $$
declare
  v_key constant text := api.record_key(record.entity_type, record.key);
  v_record jsonb;
begin
  v_record := case when record.at is null then etl.golden_record(v_key, record.fields) else etl.as_of(v_key, record.at, record.fields) end;
  if v_record is not null and record.with_explanation then
    v_record := v_record || jsonb_build_object('explain', etl.explain(v_key));
  end if;
  return v_record;
end;
$$;
comment on function api.record(text, text, text[], timestamptz, boolean) is
  'The golden record of a company or person: all of it or some fields, as it is or as it was known at a time, with_explanation also where its values come from (etl.explain). Null when nothing is known. Raises BADKY, and BADRQ for an unknown field.';

create or replace function api.records(entity_type text, keys jsonb, fields text[] default null)
returns table (status integer, item jsonb) language plpgsql stable set search_path = '' as $$
begin
  return query
    with asked as materialized (
      select element.place, element.content,
             case when jsonb_typeof(element.content) = 'string' then etl.normalize_key(records.entity_type, element.content #>> '{}') end as entity_key
        from jsonb_array_elements(records.keys) with ordinality as element (content, place)
    ), known as materialized (
      select stored.entity_key, stored.golden_record
        from etl.golden_records(array(select distinct asked.entity_key from asked where asked.entity_key is not null), records.fields) as stored
    )
    select answer.status,
           jsonb_build_object('status', answer.status, 'asked', asked.content)
             || case answer.status
               when 200 then known.golden_record
               when 404 then jsonb_build_object('key', asked.entity_key, 'code', 'UNKEY', 'error', 'nothing is known about it')
               else jsonb_build_object('code', 'BADKY', 'error', case records.entity_type when 'company' then 'is no domain' else 'is no LinkedIn URL of a person' end)
             end
      from asked
      left join known using (entity_key)
     cross join lateral (values (case when asked.entity_key is null then 422 when known.entity_key is null then 404 else 200 end)) as answer (status)
     order by asked.place;
end;
$$;
comment on function api.records(text, jsonb, text[]) is
  'Golden records for an array of keys, in its order, one item per key: {status, asked} and the record (etl.golden_records) with 200; 404 for a key nothing is known about, 422 for what is no key. Raises BADRQ for an unknown field.';
