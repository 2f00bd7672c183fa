create or replace function etl.extraction_columns(extraction etl.extractions)
returns text[] language plpgsql set search_path = '' as $$
declare
  v_declared_as constant text := format('etl.extracts(%L, %L)', extraction.workflow_slug, extraction.target);
  v_engine_columns constant text[] := array['raw_payload_id', 'observed_at', 'ordinality'];
  v_columns text[];
  v_unknown text;
begin
  select array_agg(output.name order by output.place),
         min(output.name) filter (where not output.name = any (v_engine_columns) and target.name is null)
    into v_columns, v_unknown
    from etl.probe(
      format(E'with source as (\n%s\n)\n%s', etl.raw_source_sql(extraction.workflow_slug, 'null::etl.landed_payload[]'), extraction.as_select), v_declared_as
    ) as output
    left join etl.columns_of(extraction.target) as target on target.name = output.name;
  if v_unknown is not null then
    perform etl.refuse_declaration(format('%s gives a column "%s" that the table lacks', v_declared_as, v_unknown));
  end if;
  if not v_columns || array['raw_payload_id'] @> extraction.key then
    perform etl.refuse_declaration(format('%s does not give all columns of the key {%s}', v_declared_as, array_to_string(extraction.key, ', ')));
  end if;
  return v_columns;
end;
$$;
comment on function etl.extraction_columns(etl.extractions) is 'The output columns of an extraction''s select, checked against the table. Raises BADDL.';

create or replace function etl.extracted_sql(extraction etl.extractions, payloads_sql text)
returns text language sql set search_path = '' as $$
  select format(
E'source as not materialized (\n%s\n), extracted as (\n  select %s\n    from (\n%s\n    ) as computed\n  offset 0\n)',
    etl.indented(etl.raw_source_sql(extraction.workflow_slug, payloads_sql), 2),
    -- offset 0 again: an expression of the declaration is computed once per row, however often it is compared below
    etl.column_list(etl.without_repeats('{raw_payload_id,observed_at}'::text[] || extraction.columns)),
    etl.indented(
      etl.with_lineage(
        extraction.as_select, etl.raw_source_sql(extraction.workflow_slug, 'null::etl.landed_payload[]'),
        format('etl.extracts(%L, %L)', extraction.workflow_slug, extraction.target)
      ), 6
    )
  );
$$;
comment on function etl.extracted_sql(etl.extractions, text) is 'SQL of the two common table expressions source and extracted for the given payloads.';

create or replace function etl.extraction_sql(extraction etl.extractions)
returns text language plpgsql set search_path = '' as $$
declare
  v_output constant text[] := extraction.columns;
  v_stored constant text[] := array(select item.name from unnest(v_output) with ordinality as item (name, position)
    where not item.name = any ('{raw_payload_id,observed_at,ordinality}') order by item.position);
  v_facts constant text[] := array(select item.name from unnest(v_stored) with ordinality as item (name, position)
    where not item.name = any (extraction.key) order by item.position);
  -- Where the key is the record's alone, a payload brings one row, and time and id decide.
  v_tie_break constant text := case
    when 'ordinality' = any (v_output) then 'ordinality desc'
    when cardinality(extraction.key) > 1 then etl.row_text(v_facts) || ' desc'
  end;
  v_has_id constant boolean := exists (select from etl.columns_of(extraction.target) as found where found.name = 'id');
  v_id_column constant text := case when v_has_id then 'id, ' else '' end;
  v_id_value constant text := case when v_has_id then etl.record_id_sql(extraction.target, extraction.key) || ', ' else '' end;
  v_insert text;
  v_owner text[];
begin
  if extraction.mode = 'newest' then
    v_insert := format(
$sql$with %1$s
insert into %2$s as stored (%3$s%4$s, raw_payload_id, observed_at)
select distinct on (%5$s) %6$s%4$s, raw_payload_id, observed_at
  from extracted
 order by %5$s, observed_at desc, raw_payload_id desc%7$s$sql$,
      etl.extracted_sql(extraction, 'payloads'), extraction.target, v_id_column, etl.column_list(v_stored), etl.column_list(extraction.key),
      v_id_value, coalesce(', ' || v_tie_break, '')
    );
    return etl.unless_new_sql(v_insert || ';', v_insert || format(
$sql$
    on conflict (%1$s) do update
   set %2$sraw_payload_id = excluded.raw_payload_id, observed_at = excluded.observed_at
 where (excluded.observed_at, excluded.raw_payload_id) > (stored.observed_at, stored.raw_payload_id);$sql$,
      etl.column_list(extraction.key),
      coalesce((select string_agg(format('%1$I = excluded.%1$I, ', fact.name), '' order by fact.position) from unnest(v_facts) with ordinality as fact (name, position)), '')
    ));
  end if;

  -- replace: the set belongs to the columns of the key before raw_payload_id.
  v_owner := extraction.key[1:array_position(extraction.key, 'raw_payload_id') - 1];
  return format(
$sql$with %1$s, newest as (
  select distinct on (%5$s) %5$s, raw_payload_id
    from extracted
   order by %5$s, observed_at desc, raw_payload_id desc
)
insert into %2$s (%3$s%4$s, raw_payload_id, observed_at)
select distinct on (%7$s) %6$s%4$s, raw_payload_id, observed_at
  from extracted
  join newest using (%5$s, raw_payload_id)
 where not exists (
   select
     from %2$s as stored
    where %8$s
      and (stored.observed_at, stored.raw_payload_id) >= (extracted.observed_at, extracted.raw_payload_id)
 )
 order by %7$s%9$s;

delete from %2$s as stored
 where stored.%10$I = any (array(select (landed.item).entity_key from (select unnest(payloads) as item) as landed))
   and exists (
     select
       from %2$s as newer
      where %11$s
        and (newer.observed_at, newer.raw_payload_id) > (stored.observed_at, stored.raw_payload_id)
   );$sql$,
    etl.extracted_sql(extraction, 'payloads'), extraction.target, v_id_column, etl.column_list(v_stored), etl.column_list(v_owner),
    v_id_value, etl.column_list(extraction.key), 
    (select string_agg(format('stored.%1$I = extracted.%1$I', item.name), ' and ' order by item.position) from unnest(v_owner) with ordinality as item (name, position)),
    coalesce(', ' || v_tie_break, ''),
    (select etl.entity_column(ingestion.entity_type) from etl.ingestions as ingestion where ingestion.workflow_slug = extraction.workflow_slug),
    (select string_agg(format('newer.%1$I = stored.%1$I', item.name), ' and ' order by item.position) from unnest(v_owner) with ordinality as item (name, position))
  );
end;
$$;
comment on function etl.extraction_sql(etl.extractions) is 'PL/pgSQL that writes one extraction''s rows for the payloads in the parameter payloads: an upsert that keeps the newest, or the replacement of a whole set. Raises BADDL.';
