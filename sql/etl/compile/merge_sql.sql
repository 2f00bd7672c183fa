create or replace function etl.coalescing_columns(coalescing etl.coalescings)
returns text[] language plpgsql set search_path = '' as $$
declare
  v_declared_as constant text := format('etl.coalesces(%L, %L)', coalescing.origin, coalescing.target);
  v_golden etl.golden_tables;
  v_columns text[];
  v_unknown text;
begin
  select golden.* into strict v_golden from etl.golden_tables as golden where golden.target = coalescing.target;
  select array_agg(output.name order by output.place),
         min(output.name) filter (where target.name is null and not output.name = any ('{raw_payload_id,observed_at}'))
    into v_columns, v_unknown
    from etl.probe(
      format(E'with source as (select %s from %s)\n%s',
        (select string_agg(quote_ident(found.name), ', ' order by found.place) from etl.columns_of(coalescing.origin) as found),
        coalescing.origin, coalescing.as_select),
      v_declared_as
    ) as output
    left join etl.columns_of(coalescing.target) as target on target.name = output.name;
  if v_unknown is not null then
    perform etl.refuse_declaration(format('%s gives a column "%s" that the table lacks', v_declared_as, v_unknown));
  end if;
  v_columns := v_columns || case when coalescing.source is not null then '{source}' else '{}' end::text[];
  if v_golden.survives = 'replace' and exists (
    select
      from etl.coalescings as other
     where other.target = coalescing.target
       and other.origin <> coalescing.origin
       and (not 'source' = any (v_golden.owner) or other.source is not distinct from coalescing.source)
  ) then
    -- Which of two sets is the newer one is decided in the extracted table.
    perform etl.refuse_declaration(
      format('%s and another extracted table give sets of the same owner', v_declared_as), 'Extract them into one table, or make source a column of the owner.'
    );
  end if;
  if not v_columns @> v_golden.key then
    perform etl.refuse_declaration(format('%s does not give all columns of the key {%s}', v_declared_as, array_to_string(v_golden.key, ', ')));
  end if;
  if not 'source' = any (v_columns) and exists (select from etl.columns_of(coalescing.target) as found where found.name = 'source') then
    perform etl.refuse_declaration(format('%s gives no source', v_declared_as), 'Add the parameter source => ''...'', or select a column of that name.');
  end if;
  return v_columns;
end;
$$;
comment on function etl.coalescing_columns(etl.coalescings) is 'The columns that a coalescing offers, source included, checked against the golden table. Raises BADDL.';

create or replace function etl.candidate_sql(coalescing etl.coalescings)
returns text language sql set search_path = '' as $$
  select format(
    E'candidate as (\n  select %s\n    from (\n%s\n    ) as computed\n  offset 0\n)',
    etl.column_list(etl.without_repeats('{raw_payload_id,observed_at}'::text[] || case when coalescing.source is null then coalescing.columns
      else array_remove(coalescing.columns, 'source') end)),
    etl.indented(
      etl.with_lineage(
        coalescing.as_select,
        format('select %s from %s',
          (select string_agg(quote_ident(found.name), ', ' order by found.place) from etl.columns_of(coalescing.origin) as found), coalescing.origin),
        format('etl.coalesces(%L, %L)', coalescing.origin, coalescing.target)
      ), 6
    )
  );
$$;
comment on function etl.candidate_sql(etl.coalescings) is 'SQL of the common table expression candidate, which reads from source.';

create or replace function etl.brings_several_rows(target text)
returns boolean language sql stable set search_path = '' as $$
  select bool_or(cardinality(extraction.key) > 1)
    from etl.extractions as extraction
   where extraction.target = brings_several_rows.target;
$$;
comment on function etl.brings_several_rows(text) is 'Whether one payload can bring several rows of an extracted table: whether its key has more columns than the record''s.';

create or replace function etl.fill_outranks_sql(golden etl.golden_tables, fact text)
returns text language sql immutable set search_path = '' as $$
  select case golden.fill_order
    when 'priority' then format(
      'etl.fills_by_rank(excluded.%1$I::text, excluded.lineage -> %1$L, %2$s, stored.%1$I::text, stored.lineage -> %1$L, %3$s, %4$s)',
      fact,
      etl.ranking_sql(golden.ranking, format('(excluded.lineage -> %L ->> ''source'')', fact), false),
      etl.ranking_sql(golden.ranking, format('(stored.lineage -> %L ->> ''source'')', fact), false),
      etl.ranking_sql(golden.ranking, format('(excluded.lineage -> %L ->> ''source'')', fact), true)
    )
    else format('etl.fills_%1$s(excluded.%2$I::text, excluded.lineage -> %2$L, stored.%2$I::text, stored.lineage -> %2$L)', golden.fill_order, fact)
  end;
$$;
comment on function etl.fill_outranks_sql(etl.golden_tables, text) is 'SQL that is true when the candidate''s value of one column survives under the rule fill.';

create or replace function etl.candidate_filter_sql(coalescing etl.coalescings, golden etl.golden_tables)
returns text language sql immutable set search_path = '' as $$
  select coalesce(quote_ident(golden.entity_column) || ' is not null', 'true')
    || case when coalescing.is_foreign then format(
      E'\n   and not exists (select from etl.suppressions as suppressed where suppressed.entity_key = candidate.%I)', golden.entity_column
    ) else '' end;
$$;
comment on function etl.candidate_filter_sql(etl.coalescings, etl.golden_tables) is
  'SQL condition on candidate: it names a record, and where it is about another record than the payload''s own, that one is not suppressed.';

create or replace function etl.mention_sql(coalescing etl.coalescings)
returns text language plpgsql set search_path = '' as $$
declare
  v_golden etl.golden_tables;
  v_families text[];
begin
  select golden.* into strict v_golden from etl.golden_tables as golden where golden.target = coalescing.target;
  v_families := array(
    select distinct ingestion.family
      from etl.extractions as extraction
      join etl.ingestions as ingestion using (workflow_slug)
     where extraction.target = coalescing.origin
  );
  return format(
$sql$with %1$s, mention as (
  insert into etl.mentions (entity_key, payload_id, family)
  select distinct candidate.%2$I, candidate.raw_payload_id, %3$s
    from candidate%4$s
   where %5$s
   order by 1, 2
      on conflict do nothing
)
insert into etl.records (entity_key, entity_type)
select distinct %2$I, %6$L
  from candidate
 where %5$s
 order by 1
    on conflict do nothing;$sql$,
    etl.candidate_sql(coalescing), v_golden.entity_column,
    case when cardinality(v_families) = 1 then quote_literal(v_families[1]) else 'payload.family' end,
    case when cardinality(v_families) = 1 then '' else format(
      E'\n    join raw.payloads as payload on payload.id = candidate.raw_payload_id and payload.family = any (%L)', v_families
    ) end,
    etl.candidate_filter_sql(coalescing, v_golden), v_golden.entity_type
  );
end;
$$;
comment on function etl.mention_sql(etl.coalescings) is
  'SQL that notes which payloads mention which other records, and makes those known: before core is written, so that the lock order is the same everywhere.';

create or replace function etl.offered_facts(golden etl.golden_tables)
returns text[] language sql set search_path = '' as $$
  select array(
    select found.name
      from etl.columns_of(offered_facts.golden.target) as found
     where not found.name = any (offered_facts.golden.key || '{source,raw_payload_id,observed_at}'::text[])
       and found.name in (
         select offered.name
           from etl.coalescings as coalescing
          cross join lateral unnest(coalescing.columns) as offered (name)
          where coalescing.target = offered_facts.golden.target
       )
     order by found.place
  );
$$;
comment on function etl.offered_facts(etl.golden_tables) is
  'The columns that any coalescing offers to a golden table, without key and lineage: a surviving row brings all of them, so that nothing of the loser stays beside it.';

create or replace function etl.coalesced_facts(coalescing etl.coalescings, golden etl.golden_tables)
returns text[] language sql immutable set search_path = '' as $$
  select array(
    select item.name
      from unnest((coalesced_facts.coalescing).columns) with ordinality as item (name, position)
     where not item.name = any ((coalesced_facts.golden).key || '{source,raw_payload_id,observed_at}'::text[])
     order by item.position
  );
$$;
comment on function etl.coalesced_facts(etl.coalescings, etl.golden_tables) is 'The columns that one coalescing offers to its golden table, without key and lineage.';

create or replace function etl.lineage_columns(golden etl.golden_tables)
returns text[] language sql stable set search_path = '' as $$
  -- source is a fact of the row unless it is part of the key
  select case
    when not 'source' = any ((lineage_columns.golden).key)
      and exists (select from etl.columns_of((lineage_columns.golden).target) as found where found.name = 'source')
      then '{source,raw_payload_id,observed_at}'::text[]
    else '{raw_payload_id,observed_at}'
  end;
$$;
comment on function etl.lineage_columns(etl.golden_tables) is 'The columns of a golden table, besides its key, that say where a row comes from.';

create or replace function etl.offer_sql(coalescing etl.coalescings, keys_sql text default null, are_new boolean default false)
returns text language plpgsql set search_path = '' as $$
declare
  v_golden etl.golden_tables;
  v_facts text[];
  v_source constant text := coalesce(quote_literal(coalescing.source) || '::text', 'source');
  v_has_id constant boolean := exists (select from etl.columns_of(coalescing.target) as found where found.name = 'id');
  v_filter text;
  v_best_first text;
begin
  select golden.* into strict v_golden from etl.golden_tables as golden where golden.target = coalescing.target;
  v_facts := etl.coalesced_facts(coalescing, v_golden);
  v_filter := etl.candidate_filter_sql(coalescing, v_golden) || case when keys_sql is null then '' else format(E'\n   and %I = any (%s)', v_golden.entity_column, keys_sql) end;
  if v_golden.entity_type is null and v_golden.survives = 'first' then
    -- Catalogues are shared by all records: what is already there must not be locked by every batch that says it again.
    v_filter := v_filter || format(
      E'\n   and not exists (\n     select\n       from %s as known\n      where %s\n        and (known.observed_at, known.raw_payload_id) <= (candidate.observed_at, candidate.raw_payload_id)\n   )',
      coalescing.target,
      (select string_agg(format('known.%I = %s', item.name, case when item.name = 'source' then v_source else format('candidate.%I', item.name) end), ' and ' order by item.position)
         from unnest(v_golden.key) with ordinality as item (name, position))
    );
  end if;
  v_best_first := etl.best_first_sql(
    coalesce(v_golden.fill_order, v_golden.survives),
    -- what this feed does not offer is null
    array(select item.name from unnest(v_golden.richness) with ordinality as item (name, position) where item.name = any (coalescing.columns) order by item.position),
    v_golden.ranking,
    case when v_golden.survives = 'fill' then 'source' else v_source end,
    -- only rows of one payload can tie in time and id, and only where it brings several
    case when not v_golden.survives in ('set', 'fill') and etl.brings_several_rows(coalescing.origin) then etl.row_text(v_facts) end
  );

  -- offset 0 in witnessed: the origin is made once a row, not once for each column
  return format(E'with %s', etl.candidate_sql(coalescing))
    || case when v_golden.survives = 'fill' and are_new and v_golden.key = array[v_golden.entity_column] and not etl.brings_several_rows(coalescing.origin) then format(
-- One row for each new record: there is nothing to choose from. (Were there two, the second would raise 23505.)
$sql$, witnessed as (
  select %1$s, %2$s as source, raw_payload_id, observed_at, etl.origin(%2$s, observed_at, raw_payload_id) as origin
    from candidate
   where %3$s
  offset 0
)
insert into %4$s as stored (%5$s%6$s, source, raw_payload_id, observed_at, lineage)
select %7$s%6$s, source, raw_payload_id, observed_at,
       jsonb_strip_nulls(jsonb_build_object(%8$s))
  from witnessed
 order by %9$s$sql$,
      etl.column_list(v_golden.key || v_facts), v_source, v_filter, coalescing.target,
      case when v_has_id then 'id, ' else '' end, etl.column_list(v_golden.key || v_facts),
      case when v_has_id then etl.record_id_sql(coalescing.target, v_golden.key) || ', ' else '' end,
      (select string_agg(format('%1$L, case when %1$I is not null then origin end', fact.name), ', ' order by fact.position)
         from unnest(v_facts) with ordinality as fact (name, position)),
      etl.column_list(v_golden.key)
    )
    when v_golden.survives = 'fill' then format(
$sql$, witnessed as (
  select %1$s, %2$s as source, raw_payload_id, observed_at, etl.origin(%2$s, observed_at, raw_payload_id) as origin
    from candidate
   where %3$s
  offset 0
)
insert into %4$s as stored (%5$s%6$s, source, raw_payload_id, observed_at, lineage)
select %7$s%8$s
  from witnessed
 group by %9$s
 order by %9$s$sql$,
      etl.column_list(v_golden.key || v_facts), v_source, v_filter, coalescing.target,
      case when v_has_id then 'id, ' else '' end, etl.column_list(v_golden.key || v_facts),
      case when v_has_id then etl.record_id_sql(coalescing.target, v_golden.key) || ', ' else '' end,
      etl.column_list(v_golden.key) || coalesce((select string_agg(
        format(E',\n       (array_agg(%1$I order by %2$s, %1$I desc) filter (where %1$I is not null))[1]', fact.name, v_best_first), '' order by fact.position)
        from unnest(v_facts) with ordinality as fact (name, position)), '')
        || format(E',\n       (array_agg(source order by %1$s))[1],\n       (array_agg(raw_payload_id order by %1$s))[1],\n       (array_agg(observed_at order by %1$s))[1],\n       jsonb_strip_nulls(jsonb_build_object(%2$s))',
          v_best_first,
          (select string_agg(format(E'\n         %1$L, (array_agg(origin order by %2$s, %1$I desc) filter (where %1$I is not null))[1]', fact.name, v_best_first), ',' order by fact.position)
             from unnest(v_facts) with ordinality as fact (name, position))),
      etl.column_list(v_golden.key)
    )
    else format(
$sql$
insert into %1$s as stored (%2$s%3$s, %4$s)
select distinct on (%5$s) %6$s%7$s, %8$s
  from candidate
 where %9$s
 order by %5$s, %10$s$sql$,
      coalescing.target, case when v_has_id then 'id, ' else '' end,
      etl.column_list(v_golden.key || v_facts), etl.column_list(etl.lineage_columns(v_golden)),
      -- a key column "source" given as a parameter is a constant of the declaration
      etl.column_list(array(select item from unnest(v_golden.key) as item where item <> 'source' or coalescing.source is null)),
      case when v_has_id then replace(etl.record_id_sql(coalescing.target, v_golden.key), 'source::text', v_source) || ', ' else '' end,
      (select string_agg(case when item.name = 'source' then v_source else quote_ident(item.name) end, ', ' order by item.position)
         from unnest(v_golden.key || v_facts) with ordinality as item (name, position)),
      replace(etl.column_list(etl.lineage_columns(v_golden)), 'source', v_source), v_filter, v_best_first
    ) end;
end;
$$;
comment on function etl.offer_sql(etl.coalescings, text, boolean) is
  'SQL, without its end, that inserts one coalescing''s best candidate for each key into its golden table. It reads from source; keys_sql limits it to some records; are_new: these are new to the database. Raises BADDL.';

create or replace function etl.survival_sql(coalescing etl.coalescings, refreshes boolean default false)
returns text language plpgsql set search_path = '' as $$
declare
  v_golden etl.golden_tables;
  v_facts text[];
  v_touch constant text := case
    when exists (select from etl.columns_of(coalescing.target) as found where found.name = 'updated_at') then ', updated_at = now()' else '' end;
  v_row_outranks text;
begin
  select golden.* into strict v_golden from etl.golden_tables as golden where golden.target = coalescing.target;
  v_facts := etl.coalesced_facts(coalescing, v_golden);
  v_row_outranks := etl.outranks_sql(
    coalesce(v_golden.fill_order, v_golden.survives), v_golden.richness, v_golden.ranking, 'excluded', 'stored',
    case when v_golden.survives in ('set', 'fill') then '{}' else v_facts end
  );
  if refreshes then
    -- The stored row may come from the same payload, read with a lookup of before.
    v_row_outranks := format('(%s or (excluded.observed_at, excluded.raw_payload_id) = (stored.observed_at, stored.raw_payload_id))', v_row_outranks);
  end if;

  return case v_golden.survives
    -- the whole set was deleted before
    when 'replace' then ''
    when 'fill' then format(
$sql$
    on conflict (%1$s) do update
   set %2$slineage = stored.lineage || jsonb_strip_nulls(jsonb_build_object(%3$s)),
       source = case when %4$s then excluded.source else stored.source end,
       raw_payload_id = case when %4$s then excluded.raw_payload_id else stored.raw_payload_id end,
       observed_at = case when %4$s then excluded.observed_at else stored.observed_at end%5$s
 where %4$s%6$s$sql$,
      etl.column_list(v_golden.key),
      (select string_agg(format(E'%1$I = case when %2$s\n         then excluded.%1$I else stored.%1$I end,\n       ', fact.name, etl.fill_outranks_sql(v_golden, fact.name)), '' order by fact.position)
         from unnest(v_facts) with ordinality as fact (name, position)),
      (select string_agg(format(E'\n         %1$L, case when %2$s\n           then excluded.lineage -> %1$L end', fact.name, etl.fill_outranks_sql(v_golden, fact.name)), ',' order by fact.position)
         from unnest(v_facts) with ordinality as fact (name, position)),
      v_row_outranks, v_touch,
      (select string_agg(format(E'\n    or %s', etl.fill_outranks_sql(v_golden, fact.name)), '' order by fact.position)
         from unnest(v_facts) with ordinality as fact (name, position))
    )
    else format(
$sql$
    on conflict (%1$s) do update
   set %2$s%3$s
 where %4$s$sql$,
      etl.column_list(v_golden.key),
      (select string_agg(format('%1$I = excluded.%1$I', item.name), ', ' order by item.position)
         from unnest(etl.offered_facts(v_golden) || etl.lineage_columns(v_golden)) with ordinality as item (name, position)),
      v_touch, v_row_outranks
    )
  end;
end;
$$;
comment on function etl.survival_sql(etl.coalescings, boolean) is
  'The end of etl.offer_sql() that lets a candidate replace the stored row under the survivorship rule. refreshes: what a payload says now replaces what it said before. Raises BADDL.';

create or replace function etl.merge_sql(coalescing etl.coalescings, keys_sql text default null, refreshes boolean default false)
returns text language sql set search_path = '' as $$
  select etl.offer_sql(coalescing, merge_sql.keys_sql) || etl.survival_sql(coalescing, merge_sql.refreshes) || ';';
$$;
comment on function etl.merge_sql(etl.coalescings, text, boolean) is
  'SQL that merges one coalescing''s candidates into its golden table under the survivorship rule. It reads from source; keys_sql limits it to some records; refreshes: what a payload says now replaces what it said before. Raises BADDL.';

create or replace function etl.meets_no_rows(coalescing etl.coalescings)
returns boolean language sql stable set search_path = '' as $$
  -- Whether a record without any row before has none in the golden table either when this coalescing runs: the rows must be
  -- the record's own, and of no other extracted table that the same payload fills.
  select not (meets_no_rows.coalescing).is_foreign
     and coalesce(golden.entity_column = any (golden.key), false)
     and golden.survives <> 'replace'
     and not exists (
       select
         from etl.coalescings as other
         join etl.extractions as brought on brought.target = other.origin
         join etl.extractions as own using (workflow_slug)
        where other.target = golden.target
          and other.origin <> (meets_no_rows.coalescing).origin
          and own.target = (meets_no_rows.coalescing).origin
     )
    from etl.golden_tables as golden
   where golden.target = (meets_no_rows.coalescing).target;
$$;
comment on function etl.meets_no_rows(etl.coalescings) is 'Whether what a coalescing offers about a record new to the database meets no stored row.';

create or replace function etl.unless_new_sql(plain text, general text)
returns text language sql immutable set search_path = '' as $$
  select format(E'if v_are_new then\n%s\nelse\n%s\nend if;', etl.indented(plain, 2), etl.indented(general, 2));
$$;
comment on function etl.unless_new_sql(text, text) is 'PL/pgSQL that runs the plain statement for records new to the database and the general one for all others (see etl.records_are_new).';
