create or replace function etl.payload_of_change(old_row jsonb, new_row jsonb)
returns uuid language sql immutable parallel safe set search_path = '' as $$
  -- A table of the rule fill has lineage per value: then the newest of the values that changed.
  select coalesce(
    (
      select (value.origin ->> 'raw_payload_id')::uuid
        from jsonb_each(payload_of_change.new_row -> 'lineage') as value (name, origin)
       where jsonb_typeof(payload_of_change.new_row -> 'lineage') = 'object'
         and value.origin is distinct from payload_of_change.old_row -> 'lineage' -> value.name
       order by value.origin ->> 'observed_at' desc, value.origin ->> 'raw_payload_id' desc
       limit 1
    ),
    (payload_of_change.new_row ->> 'raw_payload_id')::uuid
  );
$$;
comment on function etl.payload_of_change(jsonb, jsonb) is 'The raw payload that made a row what it is now; null for a deletion and for derived rows.';

create or replace function etl.sequence_changes(
  waits boolean default false, max_notes integer default null, max_rows bigint default null, out done bigint, out remaining boolean
)
language plpgsql set search_path = '' as $$
declare
  v_tenant constant text := coalesce(current_setting('hq.client_domain', true), '');
  v_last_position bigint;
  v_told bigint;
begin
  done := 0;
  remaining := exists (select from etl.change_log);
  if not remaining
     or (sequence_changes.max_notes is not null and exists (select from etl.change_log offset sequence_changes.max_notes limit 1)) then
    return;
  end if;
  if sequence_changes.waits then
    select state.last_position into v_last_position from etl.feed_state as state for update;
  else
    select state.last_position into v_last_position from etl.feed_state as state for update skip locked;
    if not found then
      return;
    end if;
  end if;
  -- Whoever asks, rows of all tenants are told.
  perform set_config('hq.client_domain', '', true);
  select batch.noted, batch.told into done, v_told from core.sequence_changes(v_last_position, sequence_changes.max_rows) as batch;
  perform set_config('hq.client_domain', v_tenant, true);
  remaining := exists (select from etl.change_log);
  if done > 0 then
    update etl.feed_state as state set last_position = v_last_position + sequence_changes.done;
  end if;
  if v_told > 0 then
    perform pg_notify('hq_changes', '');
  end if;
end;
$$;
comment on function etl.sequence_changes(boolean, integer, bigint) is
  'Gives noted changes that are committed their positions in the change feed: all, or the transactions that came first, about max_rows rows of them (one transaction at least, and more of a long backlog). Gives how many notes of rows are done and whether any remain. '
  'One at a time: while another does it, does nothing, or with waits takes its turn. max_notes: where more notes (of statements, about up to 10,000 rows) wait, leaves them to who has the time (the worker). For transactions of isolation level read committed.';

create or replace function etl.keep_changes(target text, kept boolean)
returns void language plpgsql set search_path = '' as $$
declare
  v_object record;
begin
  if not exists (select from etl.kept_tables() as known where known.target = keep_changes.target) then
    raise exception using errcode = 'UNKEY', message = format('"%s" is no table of golden records', keep_changes.target),
      hint = 'select target from etl.kept_tables() lists them.';
  end if;
  perform pg_advisory_xact_lock(hashtext('etl.compile'));
  -- What was noted while the table was fed is still told.
  perform etl.sequence_changes(waits => true);
  if keep_changes.kept then
    delete from etl.unfed_tables as unfed where unfed.target = keep_changes.target;
  else
    insert into etl.unfed_tables (target) values (keep_changes.target) on conflict do nothing;
    for v_object in delete from etl.compiled_objects as known where known.name = 'note changes ' || keep_changes.target returning known.removal loop
      execute v_object.removal;
    end loop;
  end if;
  -- As etl.compile() does it, without looking at everything else.
  for v_object in select compiled.name, compiled.definition, compiled.removal from etl.compiled_change_feed() as compiled loop
    continue when exists (
      select from etl.compiled_objects as known where known.name = v_object.name and known.definition = v_object.definition
    );
    execute v_object.definition;
    insert into etl.compiled_objects as stored (name, definition, removal)
    values (v_object.name, v_object.definition, v_object.removal)
        on conflict on constraint compiled_objects_pkey do update
       set definition = excluded.definition, removal = excluded.removal, compiled_at = now();
  end loop;
end;
$$;
comment on function etl.keep_changes(text, boolean) is
  'Switches the change feed of one golden table on or off, from now on; locks the table for a moment. Raises UNKEY for a table that is none.';

create or replace function etl.prune_changes(kept interval default '7 days', max_changes integer default 10000)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_upto bigint;
  v_pruned bigint;
begin
  -- The feed is in order of time, up to the length of a transaction: the first that is young enough ends it.
  select max(oldest.position) filter (where oldest.changed_at < now() - prune_changes.kept) into v_upto
    from (select feed.position, feed.changed_at from etl.changes as feed order by feed.position limit prune_changes.max_changes) as oldest;
  if v_upto is null then
    return jsonb_build_object('pruned', 0, 'remaining', false);
  end if;
  update etl.feed_state as state set pruned_to = v_upto where state.pruned_to < v_upto;
  delete from etl.changes as feed where feed.position <= v_upto;
  get diagnostics v_pruned = row_count;
  return jsonb_build_object('pruned', v_pruned, 'remaining', v_pruned >= prune_changes.max_changes);
end;
$$;
comment on function etl.prune_changes(interval, integer) is
  'Ends the keeping of changes older than that, at most max_changes per call; the worker calls it daily until nothing remains. Gives {pruned, remaining}. A cursor before them is refused from then on (OLDCR).';
