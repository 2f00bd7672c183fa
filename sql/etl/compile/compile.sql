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

create or replace function etl.compile_inputs()
returns table (kind text, subject text, inputs text) language sql stable set search_path = '' as $$
  -- Everything that a compiled text is made from, as a hash: the declarations, the columns of their tables, and the compiler.
  with compiler as (
    select md5(string_agg(engine.prosrc, '' order by engine.oid::regprocedure::text)) as version
      from pg_proc as engine
     where engine.pronamespace = 'etl'::regnamespace
  ), shaped as materialized (
    select relation.name, etl.shape_of(relation.name) as shape
      from (select extraction.target as name from etl.extractions as extraction union select golden.target from etl.golden_tables as golden) as relation
  ), extracted as materialized (
    select extraction.target, extraction.workflow_slug, extraction::text || ingestion::text as declared
      from etl.extractions as extraction
      join etl.ingestions as ingestion using (workflow_slug)
  ), golden as materialized (
    select golden_table.target, md5(concat(compiler.version, golden_table::text, shaped.shape, string_agg(
        concat(coalescing::text, brought.shape, brought.declared), '' order by coalescing.origin))) as inputs
      from etl.golden_tables as golden_table
     cross join compiler
      left join shaped on shaped.name = golden_table.target
      left join etl.coalescings as coalescing on coalescing.target = golden_table.target
      left join (
        select extracted.target, min(shaped.shape) as shape, string_agg(extracted.declared, '' order by extracted.workflow_slug) as declared
          from extracted
          join shaped on shaped.name = extracted.target
         group by extracted.target
      ) as brought on brought.target = coalescing.origin
     group by golden_table, golden_table.target, compiler.version, shaped.shape
  ), origin as materialized (
    select brought.target, md5(concat(compiler.version, shaped.shape, brought.declared, offered.declared, reader.declared)) as inputs
      from (
        select extracted.target, string_agg(extracted.declared, '' order by extracted.workflow_slug) as declared from extracted group by extracted.target
      ) as brought
     cross join compiler
      join shaped on shaped.name = brought.target
      left join (
        select coalescing.origin, string_agg(coalescing::text || golden.inputs, '' order by coalescing.position) as declared
          from etl.coalescings as coalescing
          join golden using (target)
         group by coalescing.origin
      ) as offered on offered.origin = brought.target
      left join (
        select reads.origin, string_agg(reads::text, '' order by reads.lookup, reads.origin_column) as declared from etl.lookup_readers as reads group by reads.origin
      ) as reader on reader.origin = brought.target
  )
  select 'golden', golden.target, golden.inputs from golden
  union all
  select 'origin', origin.target, origin.inputs from origin
  union all
  select 'workflow', ingestion.workflow_slug, md5(concat(compiler.version, ingestion::text, registered.request_schema::text, string_agg(
      extracted.declared || origin.inputs, '' order by extracted.target)))
    from etl.ingestions as ingestion
   cross join compiler
    join reference.enrichment_workflow_registry as registered using (workflow_slug)
    left join extracted using (workflow_slug)
    left join origin on origin.target = extracted.target
   group by ingestion, ingestion.workflow_slug, compiler.version, registered.request_schema;
$$;
comment on function etl.compile_inputs() is 'A hash of what each golden table, extracted table (origin) and workflow is compiled from.';

create or replace function etl.compiled_objects_of(kind text, subject text)
returns table (name text, removal text, stage integer) language sql immutable set search_path = '' as $$
  select item.name, format(item.removal, item.object), item.stage
    from (values
      ('origin', 'coalesce ', 'drop function core.coalesce_%s cascade', split_part(compiled_objects_of.subject, '.', 2), 3),
      ('golden', 'recoalesce ', 'drop function core.recoalesce_%s', split_part(compiled_objects_of.subject, '.', 2), 5),
      ('workflow', 'extract ', 'drop function extracted.extract_%s', etl.compiled_name(compiled_objects_of.subject), 7),
      ('workflow', 'inspect ', 'drop function extracted.inspect_%s', etl.compiled_name(compiled_objects_of.subject), 7),
      ('workflow', 'merge_mentions ', 'drop function extracted.merge_mentions_%s', etl.compiled_name(compiled_objects_of.subject), 7),
      ('workflow', 'merge_older ', 'drop function extracted.merge_older_%s', etl.compiled_name(compiled_objects_of.subject), 7)
    ) as member (kind, prefix, removal, object, stage)
   cross join lateral (select member.prefix || compiled_objects_of.subject as name, member.removal, member.object, member.stage) as item
   where member.kind = compiled_objects_of.kind;
$$;
comment on function etl.compiled_objects_of(text, text) is 'What is compiled for a golden table, an extracted table (origin) or a workflow, and only when its inputs change: name, SQL that drops it, stage.';

create or replace function etl.definition_sql(name text)
returns text language sql set search_path = '' as $$
  select case split_part(definition_sql.name, ' ', 1)
      when 'coalesce' then etl.coalescing_function_sql(item.subject)
      when 'recoalesce' then case when item.subject like 'core.%' then etl.recoalesce_function_sql(item.subject) end
      when 'extract' then etl.extraction_function_sql(item.subject)
      when 'merge_older' then etl.merge_older_function_sql(item.subject)
      when 'merge_mentions' then etl.merge_mentions_function_sql(item.subject)
      when 'inspect' then (select etl.inspection_function_sql(ingestion) from etl.ingestions as ingestion where ingestion.workflow_slug = item.subject)
    end
    from (select split_part(definition_sql.name, ' ', 2) as subject) as item;
$$;
comment on function etl.definition_sql(text) is 'SQL that creates one of etl.compiled_objects_of(), by its name; null where the declarations come to nothing. Raises BADDL for a declaration that does not fit its tables.';

create or replace function etl.compiled_definitions()
returns table (name text, definition text, removal text, inputs text) language sql set search_path = '' as $$
  -- The definition of what has the inputs of last time is taken from there; the others are made.
  select compiled.name, compiled.definition, compiled.removal, compiled.inputs
    from (
      select 'raw view ' || declared.family as name, etl.raw_view_sql(declared) as definition, format('drop view raw.%I', declared.family) as removal, null as inputs, 1 as stage
        from etl.raw_families as declared
      union all
      select compiled.kind || ' ' || ingestion.workflow_slug, compiled.definition,
             format('drop function extracted.%s_%s', compiled.kind, etl.compiled_name(ingestion.workflow_slug)), null, compiled.stage
        from etl.ingestions as ingestion
       cross join lateral (values
         ('observed_at', etl.observed_at_function_sql(ingestion), 2),
         ('key', etl.key_function_sql(ingestion), 2),
         ('refuses', etl.refuses_function_sql(ingestion), 2),
         ('respond', etl.response_function_sql(ingestion), 7)
       ) as compiled (kind, definition, stage)
      union all
      select 'derive ' || derivation.target, etl.derivation_sql(derivation), format('drop function core.derive_%s cascade', split_part(derivation.target, '.', 2)), null, 4
        from etl.derivations as derivation
       where derivation.keeper is null
      union all
      select feed.name, feed.definition, feed.removal, null, 5 from etl.compiled_change_feed() as feed
      union all
      select 'lookup ' || declared.lookup, etl.lookup_trigger_sql(declared),
             format('drop trigger _500_lookup_insert on %1$s; drop trigger _500_lookup_update on %1$s; drop trigger _500_lookup_delete on %1$s; drop trigger _500_lookup_truncate on %1$s', declared.lookup), null, 6
        from etl.lookups as declared
      union all
      select object.name, case when known.inputs = declared.inputs then known.definition else etl.definition_sql(object.name) end,
             object.removal, declared.inputs, object.stage
        from etl.compile_inputs() as declared
       cross join lateral etl.compiled_objects_of(declared.kind, declared.subject) as object
        left join etl.compiled_objects as known on known.name = object.name
    ) as compiled
   order by compiled.stage, compiled.name;
$$;
comment on function etl.compiled_definitions() is
  'Everything the declarations compile to: name, SQL that creates it (null: nothing), SQL that drops it, hash of its inputs. Raises BADDL for a declaration that does not fit its tables.';

create or replace function etl.compile_candidate_queries()
returns void language sql set search_path = '' as $$
  with wanted as materialized (
    select ingestion.workflow_slug, ingestion.family, coalescing.origin, coalescing.target, compiled.inputs
      from etl.coalescings as coalescing
      join etl.golden_tables as golden using (target)
      join etl.extractions as extraction on extraction.target = coalescing.origin
      join etl.ingestions as ingestion using (workflow_slug)
      join etl.compiled_objects as compiled on compiled.name = 'extract ' || ingestion.workflow_slug
     where golden.entity_column is not null
  ), gone as (
    delete from etl.candidate_queries as stored
     where not exists (
       select
         from wanted
        where (wanted.workflow_slug, wanted.origin, wanted.target) = (stored.workflow_slug, stored.origin, stored.target)
     )
  )
  insert into etl.candidate_queries as stored (workflow_slug, family, origin, target, query, inputs)
  select wanted.workflow_slug, wanted.family, wanted.origin, wanted.target,
         etl.with_source(
           format(
             E'with %s\nselect %s(to_jsonb(candidate) || jsonb_build_object(''workflow_slug'', %L))\n  from candidate\n where %I = $2',
             etl.candidate_sql(coalescing),
             case when coalescing.source is not null then format('jsonb_build_object(''source'', %L) || ', coalescing.source) else '' end,
             wanted.workflow_slug, golden.entity_column
           ),
           etl.extracted_rows_sql(extraction, '$1')
         ), wanted.inputs
    from wanted
    join etl.coalescings as coalescing using (origin, target)
    join etl.golden_tables as golden using (target)
    join etl.extractions as extraction on extraction.target = wanted.origin and extraction.workflow_slug = wanted.workflow_slug
   where not exists (
     select
       from etl.candidate_queries as known
      where (known.workflow_slug, known.origin, known.target, known.inputs) = (wanted.workflow_slug, wanted.origin, wanted.target, wanted.inputs)
   )
      on conflict on constraint candidate_queries_pkey do update
     set family = excluded.family,
         query = excluded.query,
         inputs = excluded.inputs;
$$;
comment on function etl.compile_candidate_queries() is 'Fills etl.candidate_queries from the declarations, for workflows whose inputs (as their extraction was just compiled from them) have changed. Raises BADDL for a declaration that does not fit its tables.';

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
  for v_statement in select statement from etl.structure_sql() as statement loop
    execute v_statement;
  end loop;
  perform etl.forget_changed_probes();
  update etl.extractions as extraction set columns = computed.columns
    from (select declared.workflow_slug, declared.target, etl.extraction_columns(declared) as columns from etl.extractions as declared) as computed
   where (extraction.workflow_slug, extraction.target) = (computed.workflow_slug, computed.target)
     and extraction.columns is distinct from computed.columns;
  update etl.coalescings as coalescing set columns = computed.columns
    from (select declared.origin, declared.target, etl.coalescing_columns(declared) as columns from etl.coalescings as declared) as computed
   where (coalescing.origin, coalescing.target) = (computed.origin, computed.target)
     and coalescing.columns is distinct from computed.columns;
  for v_object in
    select compiled.name, compiled.definition, compiled.removal, compiled.inputs, known.definition as known_definition, known.inputs as known_inputs
      from etl.compiled_definitions() with ordinality as compiled (name, definition, removal, inputs, place)
      left join etl.compiled_objects as known using (name)
     order by compiled.place
  loop
    v_names := v_names || v_object.name;
    continue when v_object.definition is not distinct from v_object.known_definition and v_object.inputs is not distinct from v_object.known_inputs;
    if v_object.definition is distinct from v_object.known_definition then
      if v_object.definition is not null then
        execute v_object.definition;
      else
        execute (select known.removal from etl.compiled_objects as known where known.name = v_object.name);
      end if;
      v_changed := v_changed + 1;
    end if;
    insert into etl.compiled_objects as stored (name, definition, removal, inputs)
    values (v_object.name, v_object.definition, v_object.removal, v_object.inputs)
        on conflict on constraint compiled_objects_pkey do update
       set definition = excluded.definition, removal = excluded.removal, inputs = excluded.inputs, compiled_at = now();
  end loop;
  for v_object in select known.name, known.definition, known.removal from etl.compiled_objects as known where not known.name = any (v_names) loop
    if v_object.definition is not null then
      execute v_object.removal;
      v_changed := v_changed + 1;
    end if;
    delete from etl.compiled_objects as known where known.name = v_object.name;
  end loop;
  perform etl.compile_candidate_queries();
  return v_changed;
end;
$$;
comment on function etl.compile() is
  'Turns the declarations into partitions, views, functions and triggers; looks at and touches only what changed. Gives the number of changed objects. Raises BADDL for a declaration that does not fit.';
