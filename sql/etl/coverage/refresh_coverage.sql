create or replace function etl.written_rows(tables text[])
returns bigint language sql stable set search_path = '' as $$
  select coalesce(sum(pg_stat_get_tuples_inserted(written.oid) + pg_stat_get_tuples_updated(written.oid) + pg_stat_get_tuples_deleted(written.oid)), 0)::bigint
    from (select to_regclass(name)::oid as oid from unnest(tables) as name) as written
   where written.oid is not null;
$$;
comment on function etl.written_rows(text[]) is 'How many rows of some tables were written since the server began to count: a different number means that they may have changed.';

create or replace function etl.coverage_subjects()
returns table (subject text, tables text[]) language sql stable set search_path = '' as $$
  select kept.target, array[kept.target] from etl.kept_tables() as kept
  union all
  select 'gap ' || recipe.id, array[recipe.source_table, recipe.target_table] || case when recipe.has_country then '{core.company_locations}' else '{}' end::text[]
    from api.gap_recipes() as recipe
   where to_regclass(recipe.source_table) is not null
     and to_regclass(recipe.target_table) is not null;
$$;
comment on function etl.coverage_subjects() is 'What etl.refresh_coverage counts: golden tables, and gap recipes whose tables are there; with the tables it reads.';

create or replace function etl.count_coverage(target text)
returns void language plpgsql set search_path = '' as $$
declare
  v_entity_column text;
  v_columns text[];
begin
  select kept.entity_column into strict v_entity_column from etl.kept_tables() as kept where kept.target = count_coverage.target;
  v_columns := array(select found.name from etl.columns_of(count_coverage.target) as found);
  delete from etl.coverage as counted where counted.target = count_coverage.target;
  execute format(
    $sql$
    insert into etl.coverage (target, source, records, row_count, newest_observed_at)
    select %L, case when grouping(%2$s) = 1 then '*' else coalesce(nullif(%2$s, '*'), 'unknown') end, count(distinct stored.%3$I), count(1), max(%4$s)
      from %5$s as stored
     group by grouping sets ((), (%2$s))
        on conflict (target, source) do nothing
    $sql$,
    count_coverage.target, case when 'source' = any (v_columns) then 'stored.source' else 'null::text' end, v_entity_column,
    case when 'observed_at' = any (v_columns) then 'case when isfinite(stored.observed_at) then stored.observed_at end' else 'null::timestamptz' end,
    count_coverage.target
  );
end;
$$;
comment on function etl.count_coverage(text) is 'Counts one golden table for etl.coverage. Reads it whole.';

create or replace function etl.count_gap(recipe_id text)
returns void language plpgsql set search_path = '' as $$
declare
  v_recipe record;
  v_country text;
  v_keys text;
begin
  select recipe.source_table, recipe.source_column, recipe.target_table, recipe.target_column, recipe.filled_column, recipe.has_country into strict v_recipe
    from api.gap_recipes() as recipe
   where recipe.id = count_gap.recipe_id;
  delete from etl.gap_counts as counted where counted.recipe_id = count_gap.recipe_id;
  foreach v_country in array case when v_recipe.has_country then '{*,United States,not United States,unknown}' else '{*}' end::text[] loop
    v_keys := format(
      $sql$
      select distinct lacking.%1$I as key
        from %2$s as lacking
       where lacking.%1$I <> ''
         and not exists (select from %3$s as filled where filled.%4$I = lacking.%1$I and filled.%5$I is not null)%6$s
      $sql$,
      v_recipe.source_column, v_recipe.source_table, v_recipe.target_table, v_recipe.target_column, v_recipe.filled_column,
      case when v_country = '*' then '' else format(
        E'\n         and %s (select from core.company_locations as location where location.domain = lacking.%I and location.country %s)',
        case when v_country = 'unknown' then 'not exists' else 'exists' end, v_recipe.source_column,
        case v_country when 'United States' then '= ''United States''' when 'unknown' then 'is not null' else '<> ''United States''' end
      ) end
    );
    execute format(
      $sql$
      insert into etl.gap_counts (recipe_id, country, keys, sample)
      select $1, $2, (select count(1) from (%1$s) as gap), array(select gap.key from (%1$s) as gap order by gap.key limit 100)
      $sql$, v_keys
    ) using count_gap.recipe_id, v_country;
  end loop;
end;
$$;
comment on function etl.count_gap(text) is 'Counts the keys that a gap recipe finds, and keeps the first hundred. Reads its tables whole.';

create or replace function etl.refresh_coverage(older_than interval default '1 hour')
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_subject text;
  v_writes bigint;
  v_counted bigint;
begin
  -- One at a time; who comes second finds the work done.
  if not pg_try_advisory_xact_lock(hashtext('etl.refresh_coverage')) then
    return jsonb_build_object('counted', 0, 'remaining', false);
  end if;
  delete from etl.coverage as counted where not exists (select from etl.coverage_subjects() as subject where subject.subject = counted.target);
  -- What was not written since it was counted is as counted now.
  update etl.coverage_refreshes as known
     set as_of = now()
    from etl.coverage_subjects() as subject
   where subject.subject = known.subject
     and known.as_of < now() - refresh_coverage.older_than
     and known.writes = etl.written_rows(subject.tables);
  select subject.subject, etl.written_rows(subject.tables) into v_subject, v_writes
    from etl.coverage_subjects() as subject
    left join etl.coverage_refreshes as known using (subject)
   where known.as_of is null
      or known.as_of < now() - refresh_coverage.older_than
   order by known.as_of nulls first, subject.subject
   limit 1;
  if v_subject is null then
    return jsonb_build_object('counted', 0, 'remaining', false);
  end if;
  if v_subject like 'gap %' then
    perform etl.count_gap(substr(v_subject, 5));
  else
    perform etl.count_coverage(v_subject);
  end if;
  insert into etl.coverage_refreshes as known (subject, as_of, writes)
  values (v_subject, now(), v_writes)
      on conflict (subject) do update
     set as_of = excluded.as_of, writes = excluded.writes;
  return jsonb_build_object('counted', 1, 'remaining', true);
end;
$$;
comment on function etl.refresh_coverage(interval) is
  'Counts the golden table or gap recipe whose count is oldest, unless none is older than that; the worker calls it until nothing remains, each time in a transaction of its own. Gives {counted, remaining}.';
