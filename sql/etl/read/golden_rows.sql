create or replace function etl.golden_rows(entity_keys text[], targets text[] default null)
returns table (target text, entity_type text, entity_key text, row_key jsonb, golden_row jsonb) language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
  v_query text;
begin
  select string_agg(
    format(
      $sql$select %1$L, %2$L, stored.%3$I, jsonb_build_object(%4$s), to_jsonb(stored) - 'created_at' - 'updated_at' from %1$s as stored where stored.%3$I = any ($1)$sql$,
      kept.target, kept.entity_type, kept.entity_column,
      (select string_agg(format('%1$L, stored.%1$I', item.name), ', ' order by item.position) from unnest(kept.key) with ordinality as item (name, position))
    ), E'\nunion all\n' order by kept.target
  )
    into v_query
    from etl.kept_tables() as kept
   where (golden_rows.targets is null or kept.target = any (golden_rows.targets))
     -- Of the tables of the kinds asked for only, as planning the query takes longer than running it: a LinkedIn URL has slashes, a domain has none.
     and exists (
       select from unnest(golden_rows.entity_keys) as asked (key) where kept.entity_type = case when position('/' in asked.key) > 0 then 'person' else 'company' end
     );
  return query execute coalesce(v_query, 'select null::text, null::text, null::text, null::jsonb, null::jsonb where false') using entity_keys;
end;
$$;
comment on function etl.golden_rows(text[], text[]) is 'Every core row of the given records (normalised keys), of all tables or the given ones, with its table and key, as JSON without bookkeeping times. Times in UTC.';

create or replace function etl.kept_tables()
returns table (target text, entity_type text, entity_column text, key text[], rule text, kept_by text) language sql stable set search_path = '' as $$
  select golden.target, golden.entity_type, golden.entity_column, golden.key,
         case when golden.survives = 'fill' then 'fill, each value by ' || golden.fill_order else golden.survives end, golden.keeper
    from etl.golden_tables as golden
   where golden.entity_type is not null
  union all
  select derivation.target, derivation.entity_type, derivation.entity_column, derivation.key, 'derived from ' || derivation.origin, derivation.keeper
    from etl.derivations as derivation;
$$;
comment on function etl.kept_tables() is 'All tables that make up the golden records: declared ones and derived ones, with their rule.';

create or replace function etl.golden_records(entity_keys text[], fields text[] default null)
returns table (entity_key text, golden_record jsonb) language plpgsql stable set search_path = '' as $$
declare
  v_targets text[];
begin
  if golden_records.fields is not null then
    perform etl.require_fields(golden_records.fields);
    v_targets := array(select 'core.' || split_part(field, '.', 1) from unnest(golden_records.fields) as field);
  end if;
  return query
    select facts.entity_key,
           case when golden_records.fields is null then coalesce(etl.headline(facts.entity_type, facts.entity_key), '{}') else '{}' end
             || jsonb_build_object(
               'entity', facts.entity_type, 'key', facts.entity_key,
               'record', etl.picked_fields(jsonb_object_agg(facts.target, facts.content), golden_records.fields)
             )
      from (
        select stored.entity_key, stored.entity_type, split_part(stored.target, '.', 2) as target,
               case when kept.key = array[kept.entity_column] then (array_agg(stored.golden_row))[1]
                 else jsonb_agg(stored.golden_row order by stored.row_key) end as content
          from etl.golden_rows(golden_records.entity_keys, v_targets) as stored
          join etl.kept_tables() as kept on kept.target = stored.target and kept.entity_type = stored.entity_type
         group by stored.entity_key, stored.entity_type, stored.target, kept.key, kept.entity_column
      ) as facts
     group by facts.entity_key, facts.entity_type;
end;
$$;
comment on function etl.golden_records(text[], text[]) is
  'The golden records of keys (normalised): headline fields, and {entity, key, record: {table: row, or rows where there can be several}}, lineage included; nothing for a key of which nothing is known. '
  'fields (table or table.column, without core.) leaves only those, and no headline. Raises BADRQ for a field that no golden record has.';

create or replace function etl.require_fields(fields text[])
returns void language plpgsql stable set search_path = '' as $$
declare
  v_unknown text;
begin
  select field into v_unknown
    from unnest(require_fields.fields) as field
   where not exists (
     select
       from etl.kept_tables() as kept
      where kept.target = 'core.' || split_part(field, '.', 1)
        and (
          position('.' in field) = 0
          or exists (
            select from etl.columns_of(kept.target) as found where field = split_part(kept.target, '.', 2) || '.' || found.name and not found.name in ('created_at', 'updated_at')
          )
        )
   )
   limit 1;
  if found then
    raise exception using errcode = 'BADRQ', message = format('"%s" is no field of a golden record', left(v_unknown, 100)),
      hint = 'A field is a table of golden records, such as company_locations, or one of its columns, such as company_locations.city.';
  end if;
end;
$$;
comment on function etl.require_fields(text[]) is 'Nothing where all fields (table or table.column, without core.) are known. Raises BADRQ for one that is not.';

create or replace function etl.picked_fields(golden_record jsonb, fields text[])
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select case when picked_fields.fields is null then picked_fields.golden_record else (
    select coalesce(jsonb_object_agg(
        stored.target,
        case
          when stored.target = any (picked_fields.fields) then stored.content
          when jsonb_typeof(stored.content) = 'array' then (
            select jsonb_agg(etl.picked(item.content, wanted.columns) order by item.place) from jsonb_array_elements(stored.content) with ordinality as item (content, place)
          )
          else etl.picked(stored.content, wanted.columns)
        end
      ), '{}')
      from jsonb_each(picked_fields.golden_record) as stored (target, content)
      join (
        select split_part(field, '.', 1) as target, array_agg(split_part(field, '.', 2)) as columns
          from unnest(picked_fields.fields) as field
         group by split_part(field, '.', 1)
      ) as wanted using (target)
  ) end;
$$;
comment on function etl.picked_fields(jsonb, text[]) is 'Of the tables of a golden record only the fields asked for (table or table.column); all of them for null.';

create or replace function etl.golden_record(key text, fields text[] default null)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_entity record;
  v_record jsonb;
begin
  select entity.entity_type, entity.entity_key into v_entity from etl.require_entity(golden_record.key) as entity;
  select found.golden_record into v_record
    from etl.golden_records(array[v_entity.entity_key], golden_record.fields) as found;
  return v_record;
end;
$$;
comment on function etl.golden_record(text, text[]) is
  'The golden record of a domain or LinkedIn URL, as etl.golden_records gives it. Null when nothing is known. Raises BADKY, and BADRQ for an unknown field.';
