create or replace function etl.golden_rows(entity_keys text[])
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
    from etl.kept_tables() as kept;
  return query execute coalesce(v_query, 'select null::text, null::text, null::text, null::jsonb, null::jsonb where false') using entity_keys;
end;
$$;
comment on function etl.golden_rows(text[]) is 'Every core row of the given records (normalised keys), with its table and key, as JSON without bookkeeping times. Times in UTC.';

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

create or replace function etl.golden_record(key text)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_entity record;
  v_record jsonb;
begin
  select entity.entity_type, entity.entity_key into v_entity from etl.require_entity(golden_record.key) as entity;
  select jsonb_object_agg(facts.target, facts.content)
    into v_record
    from (
      select split_part(stored.target, '.', 2) as target,
             case when kept.key = array[kept.entity_column] then (array_agg(stored.golden_row))[1]
               else jsonb_agg(stored.golden_row order by stored.row_key) end as content
        from etl.golden_rows(array[v_entity.entity_key]) as stored
        join etl.kept_tables() as kept on kept.target = stored.target and kept.entity_type = v_entity.entity_type
       group by stored.target, kept.key, kept.entity_column
    ) as facts;
  return case when v_record is not null then
    coalesce(etl.headline(v_entity.entity_type, v_entity.entity_key), '{}')
      || jsonb_build_object('entity', v_entity.entity_type, 'key', v_entity.entity_key, 'record', v_record)
  end;
end;
$$;
comment on function etl.golden_record(text) is
  'The golden record of a domain or LinkedIn URL: its headline fields, and {entity, key, record: {table: row, or rows where there can be several}}, lineage included. Null when nothing is known. Raises BADKY.';
