create or replace function etl.landed_payloads(family text, payload_ids uuid[])
returns etl.landed_payload[] language plpgsql stable set search_path = '' as $$
declare
  v_payloads etl.landed_payload[];
begin
  -- The bounds let the planner leave out the partitions of other months. "#> '{}'" unpacks a stored (compressed) document
  -- once; otherwise every access to a field of it would.
  execute format(
    $sql$
    select array_agg(
        row(payload.id, payload.entity_key, payload.payload #> '{}', payload.request #> '{}', payload.observed_at, payload.workflow_slug)::etl.landed_payload
        order by payload.observed_at, payload.id
      )
      from raw_partitions.%I as payload
     where payload.id = any ($1)
       and payload.id between $2 and $3
    $sql$, family
  )
    into v_payloads
   using payload_ids, (select id from unnest(payload_ids) as id order by id limit 1), (select id from unnest(payload_ids) as id order by id desc limit 1);
  return v_payloads;
end;
$$;
comment on function etl.landed_payloads(text, uuid[]) is 'Payloads of one family by id, oldest observation first, unpacked for compiled functions. Null when none is there.';

create or replace function etl.some_payloads(payloads etl.landed_payload[], ids uuid[])
returns etl.landed_payload[] language sql immutable parallel safe set search_path = '' as $$
  -- unnest in the select list streams; in the from list all payloads would be copied first
  select array_agg(landed.item)
    from (select unnest(some_payloads.payloads) as item) as landed
   where (landed.item).raw_payload_id in (select unnest(some_payloads.ids));
$$;
comment on function etl.some_payloads(etl.landed_payload[], uuid[]) is 'Those of some payloads that have the given ids, in their order. Null when none has.';

create or replace function etl.extract(workflow_slug text, payloads etl.landed_payload[], are_new boolean)
returns void language plpgsql set search_path = '' as $$
declare
  v_extract constant text := format('select extracted.extract_%s($1)', etl.compiled_name(extract.workflow_slug));
begin
  if payloads is null then
    return;
  end if;
  if are_new then
    begin
      perform set_config('etl.records_are_new', 'on', true);
      execute v_extract using payloads;
      perform set_config('etl.records_are_new', 'off', true);
      return;
    exception
      when unique_violation then
        -- A row was there all the same (core holds some that were written by hand). Rolled back to here, setting and all.
        null;
    end;
  end if;
  execute v_extract using payloads;
end;
$$;
comment on function etl.extract(text, etl.landed_payload[], boolean) is
  'Runs the compiled extraction of a workflow, if there are payloads. are_new: tries plain inserts first, as nothing was known about the records before.';

-- Everything in here goes by key: one cached plan serves one payload and ten thousand, so it is never planned anew (that
-- would cost more than a payload), never scans a table (it may have been made while the table was small), and is not worth
-- compiling to machine code. The rows of a batch of a thousand payloads are 10 to 30 MB, which are sorted in memory, not in files.
create or replace function etl.process_payloads(workflow_slug text, payloads etl.landed_payload[], is_rebuild boolean default false)
returns void language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off
set work_mem = '32MB' as $$
declare
  v_name constant text := etl.compiled_name(workflow_slug);
  v_ingestion etl.ingestions;
  v_ids uuid[];
  v_keys text[];
  v_times timestamptz[];
  v_new_keys text[];
  v_erased text[];
  v_older uuid[];
  v_new uuid[];
  v_known uuid[];
begin
  select ingestion.* into strict v_ingestion from etl.ingestions as ingestion where ingestion.workflow_slug = process_payloads.workflow_slug;
  select array_agg((landed.item).raw_payload_id), array_agg((landed.item).entity_key), array_agg((landed.item).observed_at)
    into v_ids, v_keys, v_times
    from (select unnest(payloads) as item) as landed;

  -- The reason that the change feed gives.
  perform set_config('hq.workflow', process_payloads.workflow_slug, true);
  -- Locks every record of the batch, in key order, until the end of the transaction.
  with locked as (
    insert into etl.records as known (entity_key, entity_type, newest_observed_at, newest_payload_id, families)
    select distinct on (landed.entity_key) landed.entity_key, v_ingestion.entity_type, landed.observed_at, landed.id, array[v_ingestion.family]
      from unnest(v_ids, v_keys, v_times) as landed (id, entity_key, observed_at)
     order by landed.entity_key, landed.observed_at desc, landed.id desc
        on conflict (entity_key) do update
       set newest_observed_at = case when (excluded.newest_observed_at, excluded.newest_payload_id) > (known.newest_observed_at, known.newest_payload_id)
             then excluded.newest_observed_at else known.newest_observed_at end,
           newest_payload_id = case when (excluded.newest_observed_at, excluded.newest_payload_id) > (known.newest_observed_at, known.newest_payload_id)
             then excluded.newest_payload_id else known.newest_payload_id end,
           families = case when known.families @> excluded.families then known.families else known.families || excluded.families end
     where (excluded.newest_observed_at, excluded.newest_payload_id) > (known.newest_observed_at, known.newest_payload_id)
        or not known.families @> excluded.families
    -- An updated row has this transaction's lock in xmax, an inserted one nothing. Only speed hangs on it (see etl.extract).
    returning known.entity_key, known.xmax = 0 as is_new
  )
  select array_agg(locked.entity_key) into v_new_keys from locked where locked.is_new;

  select array_agg(distinct landed.entity_key) filter (where suppressed.entity_key is not null),
         array_agg(landed.id order by landed.position) filter (
           where suppressed.entity_key is null and (known.newest_observed_at, known.newest_payload_id) > (landed.observed_at, landed.id)),
         array_agg(landed.id) filter (where suppressed.entity_key is null and added.entity_key is not null),
         array_agg(landed.id) filter (where suppressed.entity_key is null and added.entity_key is null)
    into v_erased, v_older, v_new, v_known
    from unnest(v_ids, v_keys, v_times) with ordinality as landed (id, entity_key, observed_at, position)
    join etl.records as known using (entity_key)
    left join etl.suppressions as suppressed using (entity_key)
    left join unnest(v_new_keys) as added (entity_key) using (entity_key);
  -- Erased (etl.forget) while this waited for the lock: nothing of it may come back.
  if v_erased is not null then
    perform etl.erase_keys(v_erased);
    payloads := etl.some_payloads(payloads, v_new || v_known);
  end if;
  if payloads is null then
    return;
  end if;

  if to_regprocedure(format('extracted.extract_%s(etl.landed_payload[])', v_name)) is not null then
    if v_new is null or v_known is null then
      perform etl.extract(workflow_slug, payloads, are_new => v_new is not null);
    -- Where other records are written too, that is done once for the whole batch, in the order of their keys.
    elsif etl.mentions_others(workflow_slug) then
      perform etl.extract(workflow_slug, payloads, are_new => false);
    else
      perform etl.extract(workflow_slug, etl.some_payloads(payloads, v_new), are_new => true);
      perform etl.extract(workflow_slug, etl.some_payloads(payloads, v_known), are_new => false);
    end if;
    -- What an older payload says may not have reached the extracted tables, so the triggers did not see it.
    if v_older is not null then
      execute format('select extracted.merge_older_%s($1)', v_name) using etl.some_payloads(payloads, v_older);
    end if;
  end if;
  -- Findings belong to the payload and were noted when it was first processed.
  if not is_rebuild then
    execute format('select extracted.inspect_%s($1)', v_name) using payloads;
  end if;
  perform set_config('hq.workflow', '', true);
end;
$$;
comment on function etl.process_payloads(text, etl.landed_payload[], boolean) is
  'Extracts and coalesces landed payloads of one workflow as one set. Idempotent, and indifferent to order and batching. Raises what a mapping raises; use etl.process_safely() to keep that apart.';

create or replace function etl.mentions_others(workflow_slug text)
returns boolean language sql stable set search_path = '' as $$
  select exists (
    select
      from etl.extractions as extraction
      join etl.coalescings as coalescing on coalescing.origin = extraction.target
     where extraction.workflow_slug = mentions_others.workflow_slug
       and coalescing.is_foreign
  );
$$;
comment on function etl.mentions_others(text) is 'Whether payloads of a workflow offer anything about other records than their own.';
