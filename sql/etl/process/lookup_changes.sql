create or replace function etl.note_lookup_changes()
returns trigger language plpgsql set search_path = '' as $$
begin
  if tg_op = 'TRUNCATE' then
    execute format(
      'insert into etl.lookup_changes (lookup, value) select distinct %1$L, left(etl.fold(removed.%2$I), 500) from %1$s as removed where removed.%2$I is not null',
      tg_argv[0], tg_argv[1]
    );
  elsif tg_op = 'UPDATE' then
    execute format(
      $sql$
      insert into etl.lookup_changes (lookup, value)
      select distinct %1$L, left(etl.fold(touched.%2$I), 500)
        from ((table before except table changed) union (table changed except table before)) as touched
       where touched.%2$I is not null
      $sql$, tg_argv[0], tg_argv[1]
    );
  else
    execute format(
      'insert into etl.lookup_changes (lookup, value) select distinct %1$L, left(etl.fold(changed.%2$I), 500) from changed where changed.%2$I is not null',
      tg_argv[0], tg_argv[1]
    );
  end if;
  return null;
end;
$$;
comment on function etl.note_lookup_changes() is
  'Trigger function on lookup tables: notes the values whose rows were added, changed or removed. Arguments: the lookup and its key column.';

create or replace function etl.follow_lookup_changes()
returns integer language plpgsql set search_path = '' as $$
declare
  v_followed bigint[];
  v_settled bigint[];
begin
  select array_agg(followed.id), array_agg(followed.id) filter (where followed.settles_at <= pg_snapshot_xmin(pg_current_snapshot()))
    into v_followed, v_settled
    from (
      select change.id, change.settles_at
        from etl.lookup_changes as change
       order by change.id
       limit 1000
         for update skip locked
    ) as followed;
  if v_followed is null then
    return 0;
  end if;

  insert into etl.stale_records as stored (entity_key)
  select distinct used.entity_key
    from etl.lookup_changes as change
    join etl.lookup_uses as used using (lookup, value)
   where change.id = any (v_followed)
   order by used.entity_key
      on conflict (entity_key) do update
     set due_at = least(stored.due_at, excluded.due_at);

  -- A payload being processed right now may still have read the old row, and its use is not visible yet. The change is
  -- followed again until every transaction that was running when it was first seen has ended. Those have smaller ids
  -- than this one, which got its id by locking the change; a snapshot's xmax alone misses the ones that started since
  -- the last commit.
  delete from etl.lookup_changes as change where change.id = any (v_settled);
  update etl.lookup_changes as change
     set settles_at = greatest(pg_snapshot_xmax(pg_current_snapshot()), pg_current_xact_id())
   where change.id = any (v_followed)
     and change.settles_at is null;
  return cardinality(v_followed);
end;
$$;
comment on function etl.follow_lookup_changes() is 'Marks the records stale that used changed lookup values. Gives the number of changes followed; a change is followed until it has settled.';

create or replace function etl.rebuild_safely(entity_keys text[])
returns integer language plpgsql set search_path = '' as $$
declare
  v_middle constant integer := cardinality(entity_keys) / 2;
  v_attempt integer := 0;
  v_code text;
  v_message text;
begin
  loop
    v_attempt := v_attempt + 1;
    begin
      perform etl.take_turn(alone => v_attempt > 1);
      perform etl.rebuild_keys(rebuild_safely.entity_keys);
      delete from etl.stale_records as stale where stale.entity_key = any (rebuild_safely.entity_keys);
      return 0;
    exception
      when query_canceled or others then
        get stacked diagnostics v_code = returned_sqlstate, v_message = message_text;
    end;
    exit when left(v_code, 2) <> '40' or v_attempt >= 5;
  end loop;
  if not etl.is_transient(v_code) and cardinality(entity_keys) > 1 then
    return etl.rebuild_safely(entity_keys[:v_middle]) + etl.rebuild_safely(entity_keys[v_middle + 1:]);
  end if;
  update etl.stale_records as stale
     set attempts = stale.attempts + 1, due_at = clock_timestamp() + etl.retry_delay(stale.attempts + 1), problem = v_code || ' ' || v_message
   where stale.entity_key = any (rebuild_safely.entity_keys);
  return cardinality(entity_keys);
end;
$$;
comment on function etl.rebuild_safely(text[]) is
  'etl.rebuild_keys in a sub-transaction for records in etl.stale_records: those that can be rebuilt leave the table, the others stay with their problem and a later due time. Gives the number of failures. Raises nothing.';

create or replace function etl.recoalesce(max_records integer default 200)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_keys text[];
  v_failed integer := 0;
begin
  perform etl.follow_lookup_changes();
  v_keys := array(
    select claimed.entity_key
      from (
        select waiting.entity_key
          from etl.stale_records as waiting
         where waiting.due_at <= now()
         order by waiting.due_at, waiting.entity_key
         limit recoalesce.max_records
           for update skip locked
      ) as claimed
     order by claimed.entity_key
  );
  if cardinality(v_keys) > 0 then
    v_failed := etl.rebuild_safely(v_keys);
  end if;
  return jsonb_build_object('records', cardinality(v_keys) - v_failed, 'failed', v_failed, 'remaining', etl.has_stale_records());
end;
$$;
comment on function etl.recoalesce(integer) is 'Coalesces up to max_records records again whose lookups have changed. Gives {records, failed, remaining}. Safe from many workers at once.';

create or replace function etl.has_stale_records()
returns boolean language sql stable set search_path = '' as $$
  select exists (select from etl.stale_records as stale where stale.due_at <= now())
      or exists (
        select
          from etl.lookup_changes as change
         where change.settles_at is null
            or change.settles_at <= pg_snapshot_xmin(pg_current_snapshot())
      );
$$;
comment on function etl.has_stale_records() is 'Whether etl.recoalesce() has something to do now.';
