create or replace function etl.fed_tables()
returns table (target text, entity_type text, entity_column text, key text[]) language sql stable set search_path = '' as $$
  select kept.target, kept.entity_type, kept.entity_column, kept.key
    from etl.kept_tables() as kept
   where kept.target like 'core.%'
     and not exists (select from etl.unfed_tables as unfed where unfed.target = kept.target);
$$;
comment on function etl.fed_tables() is 'The tables of golden records whose changes are fed, with the column of the record''s key and the row''s key.';

create or replace function etl.change_key_sql(key text[], alias text)
returns text language sql immutable set search_path = '' as $$
  select string_agg(format('coalesce(%s.%I::text, E''\x1e'')', change_key_sql.alias, item.name), ' || E''\x1f'' || ' order by item.position)
    from unnest(change_key_sql.key) with ordinality as item (name, position);
$$;
comment on function etl.change_key_sql(text[], text) is 'SQL of a row''s key as one text: columns joined by U+001F, null as U+001E, as in etl.record_id_sql.';

create or replace function etl.change_notes_sql(target text, key text[])
returns text language sql stable set search_path = '' as $$
  -- In portions, as one array holds at most 1 GB. Old rows are written in UTC, whoever writes; and so are times in keys, for which the
  -- function itself must be set, at a cost for every call.
  select format(
$sql$create or replace function core.note_changes_%1$s() returns trigger language plpgsql set search_path = ''%6$s as $body$
declare
  v_timezone text;
begin
  if tg_op = 'INSERT' then
    insert into etl.change_log (target, keys)
    select %2$L, array_agg(portion.key)
      from (select %3$s as key, (row_number() over () - 1) / 10000 as number from changed) as portion
     group by portion.number;
    return null;
  end if;
  if tg_op in ('UPDATE', 'DELETE') then
    -- Every "on conflict do update" ends here, mostly with nothing updated.
    if not exists (select from replaced) then
      return null;
    end if;
  end if;
  v_timezone := current_setting('timezone');
  if v_timezone <> 'UTC' then
    perform set_config('timezone', 'UTC', true);
  end if;
  if tg_op = 'TRUNCATE' then
    insert into etl.change_log (target, keys, rows_before)
    select %2$L, array_agg(portion.key), array_agg(portion.before)
      from (select %4$s as key, to_jsonb(replaced) as before, (row_number() over () - 1) / 10000 as number from %2$s as replaced) as portion
     group by portion.number;
  else
    insert into etl.change_log (target, keys, rows_before)
    select %2$L, array_agg(portion.key), array_agg(portion.before)
      from (select %4$s as key, to_jsonb(replaced) as before, (row_number() over () - 1) / 10000 as number from replaced) as portion
     group by portion.number;
  end if;
  if tg_op = 'UPDATE' then
    -- A row whose key was changed by hand is another row.
    insert into etl.change_log (target, keys)
    select %2$L, array_agg(%3$s)
      from changed
     where not exists (select from replaced where (%4$s) = (%3$s))
    having count(1) > 0;
  end if;
  if v_timezone <> 'UTC' then
    perform set_config('timezone', v_timezone, true);
  end if;
  return null;
end;
$body$;
comment on function core.note_changes_%1$s() is %5$L;

create or replace trigger _100_note_insert after insert on %2$s
referencing new table as changed for each statement execute function core.note_changes_%1$s();

create or replace trigger _100_note_update after update on %2$s
referencing old table as replaced new table as changed for each statement execute function core.note_changes_%1$s();

create or replace trigger _100_note_delete after delete on %2$s
referencing old table as replaced for each statement execute function core.note_changes_%1$s();

create or replace trigger _100_note_truncate before truncate on %2$s
for each statement execute function core.note_changes_%1$s();$sql$,
    split_part(change_notes_sql.target, '.', 2), change_notes_sql.target,
    etl.change_key_sql(change_notes_sql.key, 'changed'), etl.change_key_sql(change_notes_sql.key, 'replaced'),
    format('Compiled: notes for the change feed which rows of %s a statement wrote. Its triggers run before all others, which may write the table again.', change_notes_sql.target),
    case when exists (
      select
        from etl.columns_of(change_notes_sql.target) as found
       where found.name = any (change_notes_sql.key)
         and not found.type in ('text', 'uuid', 'integer', 'bigint', 'boolean')
    ) then ' set timezone = ''UTC'' set datestyle = ''ISO''' else '' end
  );
$$;
comment on function etl.change_notes_sql(text, text[]) is 'SQL of the trigger function core.note_changes_<table>() and its triggers.';

create or replace function etl.current_row_sql(target text, key text[])
returns text language sql stable set search_path = '' as $$
  select format(
    E'when %L then (\n  select to_jsonb(stored) - ''{created_at,updated_at}''::text[]\n    from %s as stored\n   where %s\n)',
    current_row_sql.target, current_row_sql.target,
    string_agg(
      case when attribute.attnotnull then format('stored.%I = split_part(noted.key, E''\x1f'', %s)::%s', item.name, item.position, format_type(attribute.atttypid, attribute.atttypmod))
        else format('stored.%I is not distinct from nullif(split_part(noted.key, E''\x1f'', %s), E''\x1e'')::%s', item.name, item.position, format_type(attribute.atttypid, attribute.atttypmod))
      end, E'\n     and ' order by item.position
    )
  )
    from unnest(current_row_sql.key) with ordinality as item (name, position)
    join pg_attribute as attribute on attribute.attrelid = to_regclass(current_row_sql.target) and attribute.attname = item.name;
$$;
comment on function etl.current_row_sql(text, text[]) is 'SQL of the branch of a case expression that reads a row as it stands by the key of a note.';

create or replace function etl.sequence_function_sql()
returns text language sql stable set search_path = '' as $$
  -- One statement, so that notes and rows are of one snapshot. Everything by key: see etl.process_payloads.
  select format(
$sql$create or replace function core.sequence_changes(after_position bigint)
returns bigint language plpgsql
set search_path = '' set timezone = 'UTC' set datestyle = 'ISO' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $body$
#variable_conflict use_column
declare
  v_sequenced bigint;
begin
  with taken as (
    delete from etl.change_log as log
    returning log.id, log.transaction_id, log.noted_at, log.workflow_slug, log.erased_key, log.target, log.keys, log.rows_before
  ), noted as (
    select taken.id, taken.transaction_id, taken.noted_at, taken.workflow_slug, taken.erased_key, taken.target, item.key,
           item.row_before - '{created_at,updated_at}'::text[] as row_before,
           max(taken.id) over (partition by taken.transaction_id) as ended_with
      from taken
     cross join lateral unnest(taken.keys, taken.rows_before) as item (key, row_before)
  ), chained as (
    select noted.id, noted.transaction_id, noted.noted_at, noted.workflow_slug, noted.erased_key, noted.target, noted.key, noted.row_before, noted.ended_with,
           row_number() over (partition by noted.target, noted.key, noted.transaction_id order by noted.id) = 1 as is_first,
           lead(noted.transaction_id) over chain is distinct from noted.transaction_id as is_last,
           lead(noted.id) over chain is null as is_newest,
           lead(noted.row_before) over chain as next_before
      from noted
    window chain as (partition by noted.target, noted.key order by noted.id)
  ), kept as (
    -- Of what one transaction did to one row, only the first note and the last matter.
    select noted.id, noted.transaction_id, noted.noted_at, noted.workflow_slug, noted.erased_key, noted.target, noted.key, noted.ended_with,
           case when noted.is_first then noted.row_before
             else (lag(noted.row_before) over (partition by noted.target, noted.key, noted.transaction_id order by noted.id)) end as old_row,
           noted.is_last,
           case when not noted.is_last then null
             when not noted.is_newest then noted.next_before
             else case noted.target
%1$s
             end
           end as new_row
      from chained as noted
     where noted.is_first
        or noted.is_last
  ), changed as (
    select kept.id, kept.ended_with, kept.noted_at, kept.workflow_slug, kept.erased_key, kept.target, fed.entity_type, fed.key_columns,
           coalesce(kept.new_row, kept.old_row) ->> fed.entity_column as entity_key, fed.entity_column, kept.old_row, kept.new_row
      from kept
      join (values
%2$s
      ) as fed (target, entity_type, entity_column, key_columns) using (target)
     where kept.is_last
       and kept.old_row is distinct from kept.new_row
  ), told as (
    -- What etl.forget() takes away is told once per table, and nothing is said of what was there.
    select min(changed.id) as id, changed.ended_with, changed.noted_at, null::text as workflow_slug, changed.target, changed.entity_type, changed.entity_key,
           'delete' as op, jsonb_build_object(changed.entity_column, changed.entity_key) as row_key, null::jsonb as old_row, null::jsonb as new_row
      from changed
     where changed.erased_key = changed.entity_key
     group by changed.ended_with, changed.noted_at, changed.target, changed.entity_type, changed.entity_key, changed.entity_column
    union all
    select changed.id, changed.ended_with, changed.noted_at, changed.workflow_slug, changed.target, changed.entity_type, changed.entity_key,
           case when changed.old_row is null then 'insert' when changed.new_row is null then 'delete' else 'update' end,
           (select jsonb_object_agg(item.name, coalesce(changed.new_row, changed.old_row) -> item.name) from unnest(changed.key_columns) as item (name)),
           case when changed.erased_key is null then changed.old_row end, changed.new_row
      from changed
     where changed.erased_key is distinct from changed.entity_key
  )
  insert into etl.changes (position, changed_at, target, entity_type, entity_key, op, row_key, old_row, new_row, payload_id, workflow_slug)
  select after_position + row_number() over (order by told.ended_with, told.id, told.target, told.entity_key, told.row_key),
         told.noted_at, told.target, told.entity_type, told.entity_key, told.op, told.row_key, told.old_row, told.new_row,
         case when told.new_row ? 'lineage' then etl.payload_of_change(told.old_row, told.new_row) else (told.new_row ->> 'raw_payload_id')::uuid end, told.workflow_slug
    from told;
  get diagnostics v_sequenced = row_count;
  return v_sequenced;
end;
$body$;
comment on function core.sequence_changes(bigint) is %3$L;$sql$,
    coalesce(string_agg(etl.indented(etl.current_row_sql(fed.target, fed.key), 15), E'\n' order by fed.target), 'when null then null'),
    coalesce(
      string_agg(format('        (%L, %L, %L, %L::text[])', fed.target, fed.entity_type, fed.entity_column, fed.key), E',\n' order by fed.target),
      '        (null::text, null::text, null::text, null::text[])'
    ),
    'Compiled: makes changes of all notes that are visible, numbered from after_position + 1. Gives their number. Called by etl.sequence_changes(), which holds the lock.'
  )
    from etl.fed_tables() as fed;
$$;
comment on function etl.sequence_function_sql() is 'SQL of the function core.sequence_changes(after_position) for the tables that are fed.';

create or replace function etl.compiled_change_feed()
returns table (name text, definition text, removal text) language sql stable set search_path = '' as $$
  select 'note changes ' || fed.target, etl.change_notes_sql(fed.target, fed.key), format('drop function core.note_changes_%s cascade', split_part(fed.target, '.', 2))
    from etl.fed_tables() as fed
  union all
  select 'sequence changes', etl.sequence_function_sql(), 'drop function core.sequence_changes';
$$;
comment on function etl.compiled_change_feed() is 'What the change feed compiles to: name, SQL that creates it, SQL that drops it.';
