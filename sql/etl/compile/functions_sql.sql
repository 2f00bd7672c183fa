create or replace function etl.compiled_name(slug text)
returns text language sql immutable parallel safe as $$
  select replace(slug, '-', '_');
$$;
comment on function etl.compiled_name(text) is 'A workflow slug as part of a function name.';

create or replace function etl.function_sql(name text, arguments text, body text, purpose text, declarations text default '')
returns text language sql immutable set search_path = '' as $$
  select format(
$sql$create or replace function %1$s(%2$s) returns void language plpgsql set search_path = '' as $body$
#variable_conflict use_column
%6$sbegin
%3$s
end;
$body$;
comment on function %1$s(%4$s) is %5$L;$sql$,
    function_sql.name, function_sql.arguments, etl.indented(function_sql.body, 2),
    (select string_agg(split_part(btrim(argument), ' ', 2), ', ') from unnest(string_to_array(function_sql.arguments, ',')) as argument),
    function_sql.purpose, function_sql.declarations
  );
$$;
comment on function etl.function_sql(text, text, text, text, text) is 'SQL that creates one compiled PL/pgSQL function without a result, with its comment.';

create or replace function etl.extraction_function_sql(workflow_slug text)
returns text language sql set search_path = '' as $$
  select etl.function_sql(
    'extracted.extract_' || etl.compiled_name(extraction_function_sql.workflow_slug), 'payloads etl.landed_payload[]',
    string_agg(format(E'-- %s\n%s', extraction.target, etl.extraction_sql(extraction)), E'\n\n' order by extraction.position),
    format('Compiled from etl.extracts(%L, ...): writes the extracted rows of the given landed payloads; triggers carry them on to core.', extraction_function_sql.workflow_slug),
    E'declare\n  v_are_new constant boolean := etl.records_are_new();\n'
  )
    from etl.extractions as extraction
   where extraction.workflow_slug = extraction_function_sql.workflow_slug;
$$;
comment on function etl.extraction_function_sql(text) is 'SQL of the function extracted.extract_<workflow>(payloads). Null when nothing is extracted. Raises BADDL.';

create or replace function etl.lookup_uses_sql(origin text)
returns text language sql stable set search_path = '' as $$
  select format(
$sql$insert into etl.lookup_uses (lookup, value, entity_key)
select distinct used.lookup, left(etl.fold(used.value), 500), %1$I
  from source
 cross join lateral (values
%2$s
 ) as used (lookup, value)
 where used.value is not null
 order by 1, 2, 3
    on conflict do nothing;$sql$,
    (select etl.entity_column(ingestion.entity_type) from etl.extractions as extraction join etl.ingestions as ingestion using (workflow_slug)
      where extraction.target = lookup_uses_sql.origin order by extraction.workflow_slug limit 1),
    string_agg(format('   (%L, %I)', reader.lookup, reader.origin_column), E',\n' order by reader.lookup, reader.origin_column)
  )
    from etl.lookup_readers as reader
   where reader.origin = lookup_uses_sql.origin
  having count(*) > 0;
$$;
comment on function etl.lookup_uses_sql(text) is 'SQL that notes which records look which values up, read from source. Null when nothing is looked up.';

create or replace function etl.replaced_sql(coalescing etl.coalescings, golden etl.golden_tables)
returns text language sql immutable set search_path = '' as $$
  select case when (replaced_sql.golden).survives = 'replace' then format(
      E'delete from %s as stored\n using (select distinct %s from source) as replaced\n where %s;',
      (replaced_sql.coalescing).target,
      (select string_agg(case
           -- The record's own column can have another name in core.
           when owner.name = (replaced_sql.golden).entity_column and owner.name <> etl.entity_column((replaced_sql.golden).entity_type)
             then format('%I as %I', etl.entity_column((replaced_sql.golden).entity_type), owner.name)
           else quote_ident(owner.name) end, ', ' order by owner.position)
         from unnest((replaced_sql.golden).owner) with ordinality as owner (name, position)
        where owner.name <> 'source'),
      (select string_agg(case when owner.name = 'source' then format('stored.source = %L', (replaced_sql.coalescing).source)
         else format('stored.%1$I = replaced.%1$I', owner.name) end, ' and ' order by owner.position)
         from unnest((replaced_sql.golden).owner) with ordinality as owner (name, position))
    ) end;
$$;
comment on function etl.replaced_sql(etl.coalescings, etl.golden_tables) is 'SQL that deletes the sets whose owners stand in source, before their rows are offered; null where the rule is not replace.';

create or replace function etl.coalescing_statements(origin text)
returns table (target text, survives text, statement text) language sql set search_path = '' as $$
  select coalescing.target, golden.survives,
         concat_ws(
           E'\n\n',
           format('-- %s, %s', coalescing.target, golden.survives),
           case when coalescing.is_foreign then etl.mention_sql(coalescing) end,
           etl.replaced_sql(coalescing, golden),
           case when etl.meets_no_rows(coalescing) then etl.unless_new_sql(etl.offer_sql(coalescing, are_new => true) || ';', etl.merge_sql(coalescing))
             else etl.merge_sql(coalescing) end
         )
    from etl.coalescings as coalescing
    join etl.golden_tables as golden using (target)
   where coalescing.origin = coalescing_statements.origin
     and golden.keeper is null
   order by coalescing.position;
$$;
comment on function etl.coalescing_statements(text) is 'The statements that carry rows of an extracted table (as source) to core, in order.';

create or replace function etl.coalescing_function_sql(origin text)
returns text language sql set search_path = '' as $$
  select format(
$sql$create or replace function core.coalesce_%1$s() returns trigger language plpgsql set search_path = '' as $body$
#variable_conflict use_column
declare
  v_are_new constant boolean := etl.records_are_new();
begin
  if not exists (select from source) then
    return null;
  end if;

%2$s
  return null;
end;
$body$;
comment on function core.coalesce_%1$s() is %3$L;

create or replace trigger _500_coalesce_insert after insert on %4$s
referencing new table as source for each statement execute function core.coalesce_%1$s();

create or replace trigger _500_coalesce_update after update on %4$s
referencing new table as source for each statement execute function core.coalesce_%1$s();$sql$,
    split_part(coalescing_function_sql.origin, '.', 2),
    etl.indented(concat_ws(E'\n\n', etl.lookup_uses_sql(coalescing_function_sql.origin), string_agg(compiled.statement, E'\n\n')), 2) || E'\n',
    format('Compiled from etl.coalesces(%L, ...): offers the new rows of the table to core.', coalescing_function_sql.origin),
    coalescing_function_sql.origin
  )
    from etl.coalescing_statements(coalescing_function_sql.origin) as compiled
  having count(*) > 0 or etl.lookup_uses_sql(coalescing_function_sql.origin) is not null;
$$;
comment on function etl.coalescing_function_sql(text) is 'SQL of the trigger function core.coalesce_<table>() and its triggers. Null when the table feeds nothing. Raises BADDL.';

create or replace function etl.extracted_rows_sql(extraction etl.extractions, payloads_sql text)
returns text language plpgsql set search_path = '' as $$
declare
  v_given constant text[] := extraction.columns || '{raw_payload_id,observed_at}'::text[];
begin
  -- Every column of the table, as its type: what the row would be if it were stored.
  return format(
$sql$with %1$s
select distinct on (raw_payload_id, %2$s) %3$s
  from extracted
 order by raw_payload_id, %2$s%4$s$sql$,
    etl.extracted_sql(extraction, payloads_sql),
    etl.column_list(array_remove(extraction.key, 'raw_payload_id')),
    (
      select string_agg(
        case
          when found.name = 'id' then etl.record_id_sql(extraction.target, extraction.key) || ' as id'
          when found.name = any (v_given) then format('%1$I::%2$s as %1$I', found.name, found.type)
          else format('null::%2$s as %1$I', found.name, found.type)
        end, ', ' order by found.place
      )
        from etl.columns_of(extraction.target) as found
    ),
    case when 'ordinality' = any (v_given) then ', ordinality desc'
      else coalesce(', ' || etl.row_text(array(
        select item.name from unnest(v_given) with ordinality as item (name, position)
         where not item.name = any (extraction.key || '{raw_payload_id,observed_at}'::text[]) order by item.position
      )) || ' desc', '') end
  );
end;
$$;
comment on function etl.extracted_rows_sql(etl.extractions, text) is 'SQL of an extraction''s rows for some payloads, computed from raw and not stored. Raises BADDL.';

create or replace function etl.merge_older_function_sql(workflow_slug text)
returns text language sql set search_path = '' as $$
  with step as (
    select extraction.position, 0 as rank,
           replace(etl.lookup_uses_sql(extraction.target), 'from source', format(E'from (\n%s\n) as source', etl.indented(etl.extracted_rows_sql(extraction, 'payloads'), 4))) as statement
      from etl.extractions as extraction
     where extraction.workflow_slug = merge_older_function_sql.workflow_slug
    union all
    select extraction.position, coalescing.position,
           format('-- %s, %s', coalescing.target, golden.survives) || E'\n'
             || case when coalescing.is_foreign then etl.with_source(etl.mention_sql(coalescing), etl.extracted_rows_sql(extraction, 'payloads')) || E'\n\n' else '' end
             || etl.with_source(etl.merge_sql(coalescing), etl.extracted_rows_sql(extraction, 'payloads'))
      from etl.extractions as extraction
      join etl.coalescings as coalescing on coalescing.origin = extraction.target
      join etl.golden_tables as golden on golden.target = coalescing.target
     where extraction.workflow_slug = merge_older_function_sql.workflow_slug
       and golden.keeper is null
       and golden.survives <> 'replace'
  )
  select etl.function_sql(
    'extracted.merge_older_' || etl.compiled_name(merge_older_function_sql.workflow_slug), 'payloads etl.landed_payload[]',
    coalesce(string_agg(step.statement, E'\n\n' order by step.position, step.rank), 'null;'),
    'Compiled: offers to core what payloads say that are not the newest of their record, and whose rows the extracted tables therefore no longer hold.'
  )
    from step
  having count(*) > 0;
$$;
comment on function etl.merge_older_function_sql(text) is 'SQL of the function extracted.merge_older_<workflow>(payloads). Raises BADDL.';

create or replace function etl.with_source(statement text, source_sql text)
returns text language sql immutable set search_path = '' as $$
  select format(E'with source as (\n%s\n), %s', etl.indented(with_source.source_sql, 2), substr(with_source.statement, length('with ') + 1));
$$;
comment on function etl.with_source(text, text) is 'A statement that begins with "with", bound to a relation source given as SQL.';

create or replace function etl.merge_mentions_function_sql(workflow_slug text)
returns text language sql set search_path = '' as $$
  select etl.function_sql(
    'extracted.merge_mentions_' || etl.compiled_name(merge_mentions_function_sql.workflow_slug), 'payloads etl.landed_payload[], entity_keys text[]',
    string_agg(
      format('-- %s', coalescing.target) || E'\n' || etl.with_source(etl.merge_sql(coalescing, 'entity_keys'), etl.extracted_rows_sql(extraction, 'payloads')),
      E'\n\n' order by extraction.position, coalescing.position
    ),
    'Compiled: offers to core what the given payloads say about the given other records (for a rebuild of those).'
  )
    from etl.extractions as extraction
    join etl.coalescings as coalescing on coalescing.origin = extraction.target
    join etl.golden_tables as golden on golden.target = coalescing.target
   where extraction.workflow_slug = merge_mentions_function_sql.workflow_slug
     and coalescing.is_foreign
     and golden.keeper is null
     and golden.survives <> 'replace'
  having count(*) > 0;
$$;
comment on function etl.merge_mentions_function_sql(text) is 'SQL of the function extracted.merge_mentions_<workflow>(payloads, entity_keys). Null when the workflow mentions no other records. Raises BADDL.';

create or replace function etl.recoalesce_function_sql(target text)
returns text language sql set search_path = '' as $$
  select etl.function_sql(
    'core.recoalesce_' || split_part(recoalesce_function_sql.target, '.', 2), 'entity_keys text[]',
    string_agg(
      format('-- from %s', coalescing.origin) || E'\n'
        || coalesce(format(E'with source as (\n%s\n)\n', etl.indented(read.rows_sql, 2)) || etl.replaced_sql(coalescing, golden) || E'\n\n', '')
        || etl.with_source(etl.merge_sql(coalescing, refreshes => true), read.rows_sql), E'\n\n' order by coalescing.origin
    ),
    'Compiled: offers what is extracted about the given records to this table again (for backfills).'
  )
    from etl.coalescings as coalescing
    join etl.golden_tables as golden using (target)
   cross join lateral (
     select format(E'select %s\n  from %s\n where %I = any (entity_keys)',
          (select string_agg(quote_ident(found.name), ', ' order by found.place) from etl.columns_of(coalescing.origin) as found), coalescing.origin,
          (select etl.entity_column(ingestion.entity_type) from etl.extractions as extraction join etl.ingestions as ingestion using (workflow_slug)
            where extraction.target = coalescing.origin order by extraction.workflow_slug limit 1)) as rows_sql
   ) as read
   where coalescing.target = recoalesce_function_sql.target
     and golden.keeper is null
  having count(*) > 0;
$$;
comment on function etl.recoalesce_function_sql(text) is 'SQL of the function core.recoalesce_<table>(entity_keys). Null when no declaration feeds the table. Raises BADDL.';

create or replace function etl.response_function_sql(ingestion etl.ingestions)
returns text language plpgsql set search_path = '' as $$
begin
  if ingestion.response is null then
    return null;
  end if;
  perform etl.probe(format(E'with source as (\n%s\n)\n%s', etl.raw_source_sql(ingestion.workflow_slug, 'null::etl.landed_payload[]'), ingestion.response),
    format('etl.responds(%L)', ingestion.workflow_slug));
  return format(
$sql$create or replace function extracted.respond_%1$s(payloads etl.landed_payload[])
returns table (raw_payload_id uuid, response jsonb) language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan as $body$
#variable_conflict use_column
begin
  return query with source as not materialized (
%2$s
  ), answered as (
%3$s
  )
  select answered.raw_payload_id, to_jsonb(answered) - 'raw_payload_id'
    from answered;
end;
$body$;
comment on function extracted.respond_%1$s(etl.landed_payload[]) is %4$L;$sql$,
    etl.compiled_name(ingestion.workflow_slug), etl.indented(etl.raw_source_sql(ingestion.workflow_slug, 'respond_' || etl.compiled_name(ingestion.workflow_slug) || '.payloads'), 4),
    etl.indented(ingestion.response, 4), format('Compiled from etl.responds(%L, ...): the response fields of processed payloads.', ingestion.workflow_slug)
  );
end;
$$;
comment on function etl.response_function_sql(etl.ingestions) is 'SQL of the function extracted.respond_<workflow>(payloads). Null when no response is declared. Raises BADDL.';

create or replace function etl.observed_at_function_sql(ingestion etl.ingestions)
returns text language sql immutable set search_path = '' as $$
  select format(
$sql$create or replace function extracted.observed_at_%1$s(payload jsonb, request jsonb)
returns timestamptz language sql stable set search_path = '' as $body$
  select %2$s;
$body$;
comment on function extracted.observed_at_%1$s(jsonb, jsonb) is %3$L;$sql$,
    etl.compiled_name(ingestion.workflow_slug), ingestion.observed_at,
    format('Compiled from etl.workflow(%L, observed_at => ...): the provider''s own time, null when it gives none.', ingestion.workflow_slug)
  )
   where ingestion.observed_at is not null;
$$;
comment on function etl.observed_at_function_sql(etl.ingestions) is 'SQL of the function extracted.observed_at_<workflow>(payload, request). Null when the time of landing is meant.';

create or replace function etl.key_function_sql(ingestion etl.ingestions)
returns text language sql immutable set search_path = '' as $$
  select format(
$sql$create or replace function extracted.key_%1$s(body jsonb)
returns text language sql stable set search_path = '' as $body$
  select %2$s;
$body$;
comment on function extracted.key_%1$s(jsonb) is %3$L;$sql$,
    etl.compiled_name(ingestion.workflow_slug), ingestion.key,
    format('Compiled from etl.workflow(%L, key => ...): the domain or LinkedIn URL that a body is about, as sent; null when it names none.', ingestion.workflow_slug)
  )
   where ingestion.key is not null;
$$;
comment on function etl.key_function_sql(etl.ingestions) is 'SQL of the function extracted.key_<workflow>(body). Null when the key is a field of the body.';

create or replace function etl.refuses_function_sql(ingestion etl.ingestions)
returns text language sql immutable set search_path = '' as $$
  select format(
$sql$create or replace function extracted.refuses_%1$s(payload jsonb, request jsonb)
returns jsonb language sql stable set search_path = '' as $body$
  select %2$s;
$body$;
comment on function extracted.refuses_%1$s(jsonb, jsonb) is %3$L;$sql$,
    etl.compiled_name(ingestion.workflow_slug), ingestion.refuses,
    format('Compiled from etl.workflow(%L, refuses => ...): why a body is refused, [{pointer, detail}]; null when it is not.', ingestion.workflow_slug)
  )
   where ingestion.refuses is not null;
$$;
comment on function etl.refuses_function_sql(etl.ingestions) is 'SQL of the function extracted.refuses_<workflow>(payload, request). Null when only the request schema refuses.';

create or replace function etl.derivation_sql(derivation etl.derivations)
returns text language plpgsql set search_path = '' as $$
declare
  v_name constant text := 'core.derive_' || split_part(derivation.target, '.', 2);
  v_columns text[];
  v_facts text[];
begin
  select array_agg(output.name order by output.place)
    into v_columns
    from etl.probe(format('with source as (select %s from %s) %s',
      (select string_agg(quote_ident(found.name), ', ' order by found.place) from etl.columns_of(derivation.origin) as found), derivation.origin, derivation.as_select),
      format('etl.derives(%L)', derivation.target)) as output;
  v_facts := array(select item.name from unnest(v_columns) with ordinality as item (name, position) where not item.name = any (derivation.key) order by item.position);
  return format(
$sql$create or replace function %1$s() returns trigger language plpgsql set search_path = '' as $body$
#variable_conflict use_column
declare
  -- An array is looked up by index however many records there are; a kept plan that joins changed may read them all.
  v_keys constant text[] := array(select distinct changed.%2$I from changed);
  v_had_rows boolean;
begin
  if cardinality(v_keys) = 0 then
    return null;
  end if;

  -- One at a time for each record: the second to come then reads what the first has committed.
  perform from etl.records as record
    where record.entity_key = any (v_keys)
    order by record.entity_key
      for update;
  v_had_rows := exists (select from %6$s as stored where stored.%14$I = any (v_keys));

  with source as (
    select %3$s
      from %4$s
     where %2$I = any (v_keys)
  ), derived as (
%5$s
  )
  insert into %6$s as stored (%7$s%8$s)
  select %9$s%8$s
    from derived
   order by %10$s
      on conflict (%10$s) do update
     set %11$s
   where (%12$s) is distinct from (%13$s);

  if v_had_rows then
    delete from %6$s as stored
     where stored.%14$I = any (v_keys)
       and not exists (
         with source as (
           select %3$s
             from %4$s
            where %2$I = stored.%14$I
         ), derived as (
%15$s
         )
         select
           from derived
          where %16$s
       );
  end if;
  return null;
end;
$body$;
comment on function %1$s() is %17$L;

create or replace trigger _600_derive_%18$s_insert after insert on %4$s
referencing new table as changed for each statement execute function %1$s();

create or replace trigger _600_derive_%18$s_update after update on %4$s
referencing new table as changed for each statement execute function %1$s();

create or replace trigger _600_derive_%18$s_delete after delete on %4$s
referencing old table as changed for each statement execute function %1$s();$sql$,
    v_name, derivation.origin_column,
    (select string_agg(quote_ident(found.name), ', ' order by found.place) from etl.columns_of(derivation.origin) as found), derivation.origin,
    etl.indented(derivation.as_select, 4), derivation.target,
    case when exists (select from etl.columns_of(derivation.target) as found where found.name = 'id') then 'id, ' else '' end, etl.column_list(v_columns),
    case when exists (select from etl.columns_of(derivation.target) as found where found.name = 'id') then etl.record_id_sql(derivation.target, derivation.key) || ', ' else '' end,
    etl.column_list(derivation.key),
    (select string_agg(format('%1$I = excluded.%1$I', fact.name), ', ' order by fact.position) from unnest(v_facts) with ordinality as fact (name, position))
      || case when exists (select from etl.columns_of(derivation.target) as found where found.name = 'updated_at') then ', updated_at = now()' else '' end,
    etl.column_list(v_facts, 'stored'), etl.column_list(v_facts, 'excluded'), derivation.entity_column, etl.indented(derivation.as_select, 11),
    (select string_agg(format('derived.%1$I is not distinct from stored.%1$I', item.name), ' and ' order by item.position) from unnest(derivation.key) with ordinality as item (name, position)),
    format('Compiled from etl.derives(%L, ...): keeps it equal to what %s says.', derivation.target, derivation.origin),
    split_part(derivation.target, '.', 2)
  );
end;
$$;
comment on function etl.derivation_sql(etl.derivations) is 'SQL of the trigger function core.derive_<table>() and its triggers. Raises BADDL.';

create or replace function etl.lookup_trigger_sql(lookup etl.lookups)
returns text language sql immutable set search_path = '' as $$
  select format(
$sql$create or replace trigger _500_lookup_insert after insert on %1$s
referencing new table as changed for each statement execute function etl.note_lookup_changes(%2$L, %3$L);

create or replace trigger _500_lookup_update after update on %1$s
referencing old table as before new table as changed for each statement execute function etl.note_lookup_changes(%2$L, %3$L);

create or replace trigger _500_lookup_delete after delete on %1$s
referencing old table as changed for each statement execute function etl.note_lookup_changes(%2$L, %3$L);

create or replace trigger _500_lookup_truncate before truncate on %1$s
for each statement execute function etl.note_lookup_changes(%2$L, %3$L);$sql$,
    lookup.lookup, lookup.lookup, lookup.key_column
  );
$$;
comment on function etl.lookup_trigger_sql(etl.lookups) is 'SQL of the triggers that note changes of a lookup table.';
