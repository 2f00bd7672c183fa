create or replace function api.changes(after bigint default null, tables text[] default null, max_changes integer default 1000)
returns table (cursor bigint, change json) language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
  v_state etl.feed_state;
  v_unknown text;
begin
  select state.is_only, state.last_position, state.pruned_to into v_state from etl.feed_state as state;
  select asked.target into v_unknown
    from unnest(changes.tables) as asked (target)
   where not exists (select from etl.kept_tables() as kept where kept.target = asked.target)
   limit 1;
  if v_unknown is not null then
    raise exception using errcode = 'BADRQ', message = format('"%s" is no table of golden records', v_unknown), hint = 'Tables are named with their schema, such as core.companies.';
  end if;
  if changes.after < v_state.pruned_to then
    raise exception using errcode = 'OLDCR',
      message = format('The changes after %s are no longer kept; the oldest cursor that one can go on from is %s', changes.after, v_state.pruned_to),
      hint = 'Take a cursor with after=latest, copy the tables again, and go on from that cursor.';
  end if;
  if changes.after > v_state.last_position or changes.after < 0 then
    raise exception using errcode = 'BADRQ', message = format('The feed has not come to %s; its last position is %s', changes.after, v_state.last_position),
      hint = 'Go on from a cursor that this feed gave.';
  end if;
  return query
    select page.position,
           json_build_object(
             'cursor', page.position::text, 'at', page.changed_at, 'entity', page.entity_type, 'key', page.entity_key, 'table', page.target, 'op', page.op,
             'row_key', coalesce(page.row_key, etl.picked(coalesce(page.new_row, page.old_row), kept.key)), 'old', page.old_row, 'new', page.new_row, 'payload_id', page.payload_id, 'workflow', page.workflow_slug
           )
      from (
        select feed.position, feed.changed_at, feed.entity_type, feed.entity_key, feed.target, feed.op, feed.row_key, feed.old_row, feed.new_row, feed.payload_id,
               feed.workflow_slug
          from (
            (
              select everything.position
                from etl.changes as everything
               where changes.tables is null
                 and everything.position > coalesce(changes.after, v_state.pruned_to)
               order by everything.position
               limit changes.max_changes
            )
            union all
            -- Table by table: a rare one is found without reading the others.
            select of_table.position
              from (select distinct asked.target from unnest(changes.tables) as asked (target)) as asked
             cross join lateral (
               select feed.position
                 from etl.changes as feed
                where feed.target = asked.target
                  and feed.position > coalesce(changes.after, v_state.pruned_to)
                order by feed.position
                limit changes.max_changes
             ) as of_table
          ) as found
          join etl.changes as feed using (position)
         order by feed.position
         limit changes.max_changes
      ) as page
      left join etl.kept_tables() as kept on kept.target = page.target
     order by page.position;
end;
$$;
comment on function api.changes(bigint, text[], integer) is
  'Changes of golden records after a cursor (default: the oldest kept), in commit order, of all tables or some: {cursor, at, entity, key, table, op, row_key, old, new, payload_id, workflow}. '
  'Shows what etl.sequence_changes() has given a position. Raises OLDCR when changes after the cursor are no longer kept, BADRQ for a cursor the feed never gave or an unknown table.';

create or replace function api.change_page(after text default null, tables text[] default null, max_changes integer default 1000)
returns table (next_cursor text, changes text[]) language plpgsql stable set search_path = '' as $$
declare
  v_after bigint;
  v_last_position bigint;
  v_cursors bigint[];
  v_changes text[];
begin
  -- Stable: state and changes are of one snapshot.
  select state.last_position into v_last_position from etl.feed_state as state;
  if change_page.after = 'latest' then
    return query select v_last_position::text, '{}'::text[];
    return;
  end if;
  if change_page.after !~ '^\d{1,18}$' then
    raise exception using errcode = 'BADRQ', message = format('"%s" is no cursor of the change feed', left(change_page.after, 100)), hint = 'A cursor is one that this feed gave, or "latest".';
  end if;
  v_after := change_page.after::bigint;
  select array_agg(found.cursor order by found.cursor), array_agg(found.change::text order by found.cursor)
    into v_cursors, v_changes
    from api.changes(v_after, change_page.tables, change_page.max_changes) as found;
  return query
    select (case when cardinality(v_cursors) >= change_page.max_changes then v_cursors[cardinality(v_cursors)] else v_last_position end)::text,
           coalesce(v_changes, '{}');
end;
$$;
comment on function api.change_page(text, text[], integer) is
  'api.changes for a cursor given as text ("latest": no changes, only the newest cursor), as JSON texts, with the cursor to go on from, which moves on even where nothing of the asked tables has changed. Raises as api.changes.';
