create or replace function etl.raw_view_sql(family etl.raw_families)
returns text language sql immutable set search_path = '' as $$
  select format(
    E'drop view if exists raw.%1$I;\ncreate view raw.%1$I as\n  select payload.id%2$s, payload.workflow_slug as landed_by, payload.observed_at, payload.created_at\n    from raw_partitions.%1$I as payload;\ncomment on view raw.%1$I is %3$L;',
    family.family,
    (select string_agg(format(', %s as %I', member.value, member.key), '' order by member.ordinality)
       from (select each.key, each.value, row_number() over () as ordinality from json_each_text(family.view_columns) as each) as member),
    'Payloads of raw.payloads under the column names of the old table.'
  );
$$;
comment on function etl.raw_view_sql(etl.raw_families) is 'SQL of the view raw.<family> over its partition.';

create or replace function etl.structure_sql()
returns setof text language sql stable set search_path = '' as $$
  -- Columns and keys that the engine needs and a table lacks: so that the author of a provider only writes its facts.
  with needed as (
    select distinct extraction.target, item.name, item.type, extraction.key
      from etl.extractions as extraction
     cross join (values ('id', 'uuid primary key'), ('raw_payload_id', 'uuid not null'), ('observed_at', 'timestamptz not null'), ('created_at', 'timestamptz not null default now()')) as item (name, type)
    union
    select golden.target, item.name, item.type, golden.key
      from etl.golden_tables as golden
     cross join (values
       ('id', 'uuid primary key'), ('source', 'text not null'), ('raw_payload_id', 'uuid'), ('observed_at', 'timestamptz not null default ''-infinity'''),
       ('created_at', 'timestamptz not null default now()'), ('updated_at', 'timestamptz not null default now()'), ('lineage', 'jsonb not null default ''{}''')
     ) as item (name, type)
     where (item.name <> 'lineage' or golden.survives = 'fill')
       and (item.name <> 'source' or golden.entity_type is not null)
  ), entity_columns as (
    select golden.target, golden.entity_column as name, golden.key from etl.golden_tables as golden where golden.entity_column is not null
    union
    select extraction.target, etl.entity_column(ingestion.entity_type), extraction.key
      from etl.extractions as extraction join etl.ingestions as ingestion using (workflow_slug)
  )
  select format('alter table %s add column if not exists %I %s', needed.target, needed.name, needed.type)
    from needed
   where not exists (select from etl.columns_of(needed.target) as found where found.name = needed.name)
     -- a table without id whose key is its primary key needs none
     and not (needed.name = 'id' and exists (
       select from pg_constraint as constraint_ where constraint_.conrelid = to_regclass(needed.target) and constraint_.contype = 'p'
     ))
  union all
  select format('create unique index if not exists %I on %s (%s) nulls not distinct',
      left(split_part(keyed.target, '.', 2), 50) || '_record_key', keyed.target, etl.column_list(keyed.key))
    from (select distinct needed.target, needed.key from needed) as keyed
   where not exists (
     select
       from pg_index as existing
      where existing.indrelid = to_regclass(keyed.target)
        and existing.indisunique
        and array(select attribute.attname::text from unnest(existing.indkey::smallint[]) with ordinality as item (attnum, position)
                    join pg_attribute as attribute on attribute.attrelid = existing.indrelid and attribute.attnum = item.attnum order by item.position) = keyed.key
        and (existing.indnullsnotdistinct or not exists (
          select from pg_attribute as attribute
           where attribute.attrelid = existing.indrelid and attribute.attnum = any (existing.indkey::smallint[]) and not attribute.attnotnull
        ))
   )
  union all
  select format('create index if not exists %I on %s (%I)', left(split_part(entity_columns.target, '.', 2), 50) || '_' || entity_columns.name || '_idx', entity_columns.target, entity_columns.name)
    from entity_columns
   where entity_columns.key[1] <> entity_columns.name;
$$;
comment on function etl.structure_sql() is 'Statements that add the columns and unique keys that the declarations need and the tables lack.';

create or replace function etl.compiled_definitions()
returns table (name text, definition text, removal text) language sql set search_path = '' as $$
  select compiled.name, compiled.definition, compiled.removal
    from (
      select 'raw view ' || declared.family as name, etl.raw_view_sql(declared) as definition, format('drop view raw.%I', declared.family) as removal, 1 as stage
        from etl.raw_families as declared
      union all
      select 'observed_at ' || ingestion.workflow_slug, etl.observed_at_function_sql(ingestion),
             format('drop function extracted.observed_at_%s', etl.compiled_name(ingestion.workflow_slug)), 2
        from etl.ingestions as ingestion
      union all
      select 'key ' || ingestion.workflow_slug, etl.key_function_sql(ingestion), format('drop function extracted.key_%s', etl.compiled_name(ingestion.workflow_slug)), 2
        from etl.ingestions as ingestion
      union all
      select 'refuses ' || ingestion.workflow_slug, etl.refuses_function_sql(ingestion),
             format('drop function extracted.refuses_%s', etl.compiled_name(ingestion.workflow_slug)), 2
        from etl.ingestions as ingestion
      union all
      select 'coalesce ' || origin.target, etl.coalescing_function_sql(origin.target), format('drop function core.coalesce_%s cascade', split_part(origin.target, '.', 2)), 3
        from (select distinct extraction.target from etl.extractions as extraction) as origin
      union all
      select 'derive ' || derivation.target, etl.derivation_sql(derivation), format('drop function core.derive_%s cascade', split_part(derivation.target, '.', 2)), 4
        from etl.derivations as derivation
       where derivation.keeper is null
      union all
      select feed.name, feed.definition, feed.removal, 5 from etl.compiled_change_feed() as feed
      union all
      select 'recoalesce ' || golden.target, etl.recoalesce_function_sql(golden.target), format('drop function core.recoalesce_%s', split_part(golden.target, '.', 2)), 5
        from etl.golden_tables as golden
       where golden.target like 'core.%'
      union all
      select 'lookup ' || declared.lookup, etl.lookup_trigger_sql(declared),
             format('drop trigger _500_lookup_insert on %1$s; drop trigger _500_lookup_update on %1$s; drop trigger _500_lookup_delete on %1$s; drop trigger _500_lookup_truncate on %1$s', declared.lookup), 6
        from etl.lookups as declared
      union all
      select compiled.kind || ' ' || ingestion.workflow_slug, compiled.definition,
             format('drop function extracted.%s_%s', compiled.kind, etl.compiled_name(ingestion.workflow_slug)), 7
        from etl.ingestions as ingestion
       cross join lateral (values
         ('extract', etl.extraction_function_sql(ingestion.workflow_slug)),
         ('merge_older', etl.merge_older_function_sql(ingestion.workflow_slug)),
         ('merge_mentions', etl.merge_mentions_function_sql(ingestion.workflow_slug)),
         ('inspect', etl.inspection_function_sql(ingestion)),
         ('respond', etl.response_function_sql(ingestion))
       ) as compiled (kind, definition)
    ) as compiled
   where compiled.definition is not null
   order by compiled.stage, compiled.name;
$$;
comment on function etl.compiled_definitions() is 'Everything the declarations compile to: name, SQL that creates it, SQL that drops it. Raises BADDL for a declaration that does not fit its tables.';

create or replace function etl.compile_candidate_queries()
returns void language sql set search_path = '' as $$
  delete from etl.candidate_queries;
  insert into etl.candidate_queries (workflow_slug, family, origin, target, query)
  select ingestion.workflow_slug, ingestion.family, coalescing.origin, coalescing.target,
         etl.with_source(
           format(
             E'with %s\nselect %s(to_jsonb(candidate) || jsonb_build_object(''workflow_slug'', %L))\n  from candidate\n where %I = $2',
             etl.candidate_sql(coalescing),
             case when coalescing.source is not null then format('jsonb_build_object(''source'', %L) || ', coalescing.source) else '' end,
             ingestion.workflow_slug, golden.entity_column
           ),
           etl.extracted_rows_sql(extraction, '$1')
         )
    from etl.coalescings as coalescing
    join etl.golden_tables as golden using (target)
    join etl.extractions as extraction on extraction.target = coalescing.origin
    join etl.ingestions as ingestion using (workflow_slug)
   where golden.entity_column is not null;
$$;
comment on function etl.compile_candidate_queries() is 'Fills etl.candidate_queries from the declarations. Raises BADDL for a declaration that does not fit its tables.';

create or replace function etl.compile()
returns integer language plpgsql set search_path = '' as $$
declare
  v_statement text;
  v_object record;
  v_names text[] := '{}'::text[];
  v_changed integer := 0;
begin
  -- Two compilations at once would trip over each other's functions.
  perform pg_advisory_xact_lock(hashtext('etl.compile'));
  perform etl.ensure_partitions();
  delete from etl.probed_queries;
  for v_statement in select statement from etl.structure_sql() as statement loop
    execute v_statement;
  end loop;
  update etl.extractions as extraction set columns = etl.extraction_columns(extraction);
  update etl.coalescings as coalescing set columns = etl.coalescing_columns(coalescing);
  for v_object in select compiled.name, compiled.definition, compiled.removal from etl.compiled_definitions() as compiled loop
    v_names := v_names || v_object.name;
    continue when exists (
      select from etl.compiled_objects as known where known.name = v_object.name and known.definition = v_object.definition
    );
    execute v_object.definition;
    v_changed := v_changed + 1;
    insert into etl.compiled_objects as stored (name, definition, removal)
    values (v_object.name, v_object.definition, v_object.removal)
        on conflict on constraint compiled_objects_pkey do update
       set definition = excluded.definition, removal = excluded.removal, compiled_at = now();
  end loop;
  for v_object in select known.name, known.removal from etl.compiled_objects as known where not known.name = any (v_names) loop
    execute v_object.removal;
    delete from etl.compiled_objects as known where known.name = v_object.name;
    v_changed := v_changed + 1;
  end loop;
  perform etl.compile_candidate_queries();
  delete from etl.probed_queries;
  return v_changed;
end;
$$;
comment on function etl.compile() is
  'Turns the declarations into partitions, views, functions and triggers; touches only what changed. Gives the number of changed objects. Raises BADDL for a declaration that does not fit.';
