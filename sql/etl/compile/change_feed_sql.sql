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
  v_keys text[];
begin
  if tg_op = 'INSERT' then
    -- Nearly always few rows, or none.
    v_keys := array(select %3$s from changed limit 10001);
    if cardinality(v_keys) <= 10000 then
      if v_keys <> '{}' then
        insert into etl.change_log (target, keys, row_count) values (%2$L, v_keys, cardinality(v_keys));
      end if;
      return null;
    end if;
    insert into etl.change_log (target, keys, row_count)
    select %2$L, array_agg(portion.key), count(1)
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
    insert into etl.change_log (target, keys, rows_before, row_count)
    select %2$L, array_agg(portion.key), array_agg(portion.before), count(1)
      from (select %4$s as key, to_jsonb(replaced) as before, (row_number() over () - 1) / 10000 as number from %2$s as replaced) as portion
     group by portion.number;
  else
    insert into etl.change_log (target, keys, rows_before, row_count)
    select %2$L, array_agg(portion.key), array_agg(portion.before), count(1)
      from (select %4$s as key, to_jsonb(replaced) as before, (row_number() over () - 1) / 10000 as number from replaced) as portion
     group by portion.number;
  end if;
  if tg_op = 'UPDATE' then
    -- A row whose key was changed by hand is another row.
    insert into etl.change_log (target, keys, row_count)
    select %2$L, array_agg(%3$s), count(1)
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
    E'when %L then (\n  select to_jsonb(stored)\n    from (select %s from %s as kept where %s) as stored\n)',
    current_row_sql.target,
    (
      select string_agg(format('kept.%I', attribute.attname), ', ' order by attribute.attnum)
        from pg_attribute as attribute
       where attribute.attrelid = to_regclass(current_row_sql.target)
         and attribute.attnum > 0
         and not attribute.attisdropped
         and attribute.attname not in ('created_at', 'updated_at')
    ),
    current_row_sql.target,
    string_agg(
      case when attribute.attnotnull then format('kept.%I = split_part(change.key, E''\x1f'', %s)::%s', item.name, item.position, format_type(attribute.atttypid, attribute.atttypmod))
        else format('kept.%I is not distinct from nullif(split_part(change.key, E''\x1f'', %s), E''\x1e'')::%s', item.name, item.position, format_type(attribute.atttypid, attribute.atttypmod))
      end, ' and ' order by item.position
    )
  )
    from unnest(current_row_sql.key) with ordinality as item (name, position)
    join pg_attribute as attribute on attribute.attrelid = to_regclass(current_row_sql.target) and attribute.attname = item.name;
$$;
comment on function etl.current_row_sql(text, text[]) is 'SQL of the branch of a case expression that reads a row as it stands by the key of a note.';

create or replace function etl.sequence_function_sql()
returns text language sql stable set search_path = '' as $$
  -- One statement, so that notes and rows are of one snapshot. Rows are read by key, see etl.process_payloads; notes are joined by hash, as
  -- nobody can tell beforehand how many there are.
  select format(
$sql$create or replace function core.sequence_changes(after_position bigint, max_rows bigint, out noted bigint, out told bigint)
language plpgsql
set search_path = '' set timezone = 'UTC' set datestyle = 'ISO' set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off
set enable_mergejoin = off set jit = off set work_mem = '64MB' as $body$
#variable_conflict use_column
begin
  with waiting as (
    select log.transaction_id, max(log.id) as ended_with, sum(log.row_count) as row_count
      from etl.change_log as log
     group by log.transaction_id
  ), batch as materialized (
    -- Transactions whole, the first ones, at least one. A twenty-fifth of a long backlog: what is left of it is read in each turn.
    select counted.transaction_id, counted.ended_with, counted.row_count
      from (
        select waiting.transaction_id, waiting.ended_with, waiting.row_count, sum(waiting.row_count) over (order by waiting.ended_with) - waiting.row_count as before,
               sum(waiting.row_count) over () / 25 as share
          from waiting
      ) as counted
     where max_rows is null
        or counted.before < greatest(max_rows, counted.share)
  ), taken as (
    delete from etl.change_log as log
     using batch
     where batch.transaction_id = log.transaction_id
    returning log.id, log.noted_at, log.workflow_slug, log.erased_key, log.target, log.keys, log.rows_before, log.row_count, batch.ended_with
  ), ordered as materialized (
    select taken.id, taken.noted_at, taken.workflow_slug, taken.erased_key, taken.target, taken.keys, taken.rows_before, taken.ended_with,
           sum(taken.row_count) over (order by taken.ended_with, taken.id) - taken.row_count as before
      from taken
  ), noted as (
    select ordered.id, ordered.ended_with, ordered.target, item.key, ordered.before + item.place as place, hashtextextended(item.key, 0) as hash,
           item.row_before - '{created_at,updated_at}'::text[] as row_before
      from ordered
     cross join lateral unnest(ordered.keys, ordered.rows_before) with ordinality as item (key, row_before, place)
  ), chained as (
    -- Of what one transaction did to one row, only what it was before and the last note matter.
    select noted.id, noted.target, noted.key, noted.place,
           first_value(noted.row_before) over of_one as old_row,
           lead(noted.ended_with) over chain is distinct from noted.ended_with as is_last,
           lead(noted.place) over chain is null as is_newest,
           lead(noted.row_before) over chain as next_before
      from noted
    window chain as (partition by noted.hash, noted.key, noted.target order by noted.ended_with, noted.place),
           of_one as (partition by noted.hash, noted.key, noted.target, noted.ended_with order by noted.place)
  ), ended as materialized (
    -- In the order of the feed, in which rows were written and will be read.
    select chained.id, chained.target, chained.key, chained.place, chained.old_row, chained.is_newest, chained.next_before
      from chained
     where chained.is_last
     order by chained.place
  ), later as materialized (
    -- What a row was before the first transaction that is left for the next batch.
    select distinct on (rest.target, rest.key) rest.target, rest.key, rest.row_before - '{created_at,updated_at}'::text[] as row_before
      from (
        select log.id, log.target, item.key, item.row_before
          from etl.change_log as log
         cross join lateral unnest(log.keys, log.rows_before) as item (key, row_before)
         where not exists (select from batch where batch.transaction_id = log.transaction_id)
      ) as rest
      join ended using (target, key)
     where ended.is_newest
     order by rest.target, rest.key, rest.id
  ), known as (
    select change.id, change.target, change.key, change.place, change.old_row,
           case when not change.is_newest then change.next_before
             when later.key is not null then later.row_before
             else case change.target
%1$s
             end
           end as new_row
      from ended as change
      left join later using (target, key)
    -- A row is read once, whatever is made of it.
    offset 0
  ), changed as (
    select known.place, ordered.ended_with, ordered.noted_at, ordered.workflow_slug, ordered.erased_key, known.target, fed.entity_type, fed.entity_column,
           known.old_row, known.new_row, coalesce(known.new_row, known.old_row) ->> fed.entity_column as entity_key
      from known
      join ordered using (id)
      join (values
%2$s
      ) as fed (target, entity_type, entity_column) on fed.target = known.target
     where known.old_row is distinct from known.new_row
  ), inserted as (
    insert into etl.changes (position, changed_at, target, entity_type, entity_key, op, row_key, old_row, new_row, payload_id, workflow_slug)
    select after_position + told.place, told.noted_at, told.target, told.entity_type, told.entity_key,
           case when told.old_row is null then 'insert' when told.new_row is null then 'delete' else 'update' end, null,
           case when told.erased_key is null then told.old_row end, told.new_row,
           case when told.new_row ? 'lineage' then etl.payload_of_change(told.old_row, told.new_row) else (told.new_row ->> 'raw_payload_id')::uuid end,
           told.workflow_slug
      from changed as told
     where told.erased_key is distinct from told.entity_key
    union all
    -- What etl.forget() takes away is told once per table, and nothing is said of what was there.
    select after_position + min(changed.place), changed.noted_at, changed.target, changed.entity_type, changed.entity_key,
           'delete', jsonb_build_object(changed.entity_column, changed.entity_key), null, null, null, null
      from changed
     where changed.erased_key = changed.entity_key
     group by changed.ended_with, changed.noted_at, changed.target, changed.entity_type, changed.entity_key, changed.entity_column
    returning position
  )
  select coalesce((select sum(batch.row_count) from batch), 0), (select count(*) from inserted) into noted, told;
end;
$body$;
comment on function core.sequence_changes(bigint, bigint) is %3$L;$sql$,
    coalesce(string_agg(etl.indented(etl.current_row_sql(fed.target, fed.key), 15), E'\n' order by fed.target), 'when null then null'),
    coalesce(
      string_agg(format('        (%L, %L, %L)', fed.target, fed.entity_type, fed.entity_column), E',\n' order by fed.target),
      '        (null::text, null::text, null::text)'
    ),
    'Compiled: makes changes of notes that are visible, of all transactions or of so many that they have about max_rows rows, numbered from after_position + 1. Gives how many rows were noted, which is how many numbers are used up, and how many changes came of them. Called by etl.sequence_changes(), which holds the lock.'
  )
    from etl.fed_tables() as fed;
$$;
comment on function etl.sequence_function_sql() is 'SQL of the function core.sequence_changes(after_position, max_rows) for the tables that are fed.';

create or replace function etl.compiled_change_feed()
returns table (name text, definition text, removal text) language sql stable set search_path = '' as $$
  select 'note changes ' || fed.target, etl.change_notes_sql(fed.target, fed.key), format('drop function core.note_changes_%s cascade', split_part(fed.target, '.', 2))
    from etl.fed_tables() as fed
  union all
  select 'sequence changes', etl.sequence_function_sql(), 'drop function core.sequence_changes(bigint, bigint)';
$$;
comment on function etl.compiled_change_feed() is 'What the change feed compiles to: name, SQL that creates it, SQL that drops it.';
