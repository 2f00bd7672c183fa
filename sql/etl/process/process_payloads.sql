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

-- Everything in here goes by key: one cached plan serves one payload and ten thousand, so it is never planned anew (that
-- would cost more than a payload), never scans a table (it may have been made while the table was small), and is not worth
-- compiling to machine code.
create or replace function etl.process_payloads(workflow_slug text, payloads etl.landed_payload[], is_rebuild boolean default false)
returns void language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_name constant text := etl.compiled_name(workflow_slug);
  v_ingestion etl.ingestions;
  v_erased text[];
  v_older etl.landed_payload[];
begin
  select ingestion.* into strict v_ingestion from etl.ingestions as ingestion where ingestion.workflow_slug = process_payloads.workflow_slug;

  -- The reason that the change feed gives.
  perform set_config('hq.workflow', process_payloads.workflow_slug, true);
  -- Locks every record of the batch, in key order, until the end of the transaction.
  insert into etl.records as known (entity_key, entity_type, newest_observed_at, newest_payload_id, families)
  select distinct on (landed.entity_key) landed.entity_key, v_ingestion.entity_type, landed.observed_at, landed.raw_payload_id, array[v_ingestion.family]
    from unnest(payloads) as landed
   order by landed.entity_key, landed.observed_at desc, landed.raw_payload_id desc
      on conflict (entity_key) do update
     set newest_observed_at = case when (excluded.newest_observed_at, excluded.newest_payload_id) > (known.newest_observed_at, known.newest_payload_id)
           then excluded.newest_observed_at else known.newest_observed_at end,
         newest_payload_id = case when (excluded.newest_observed_at, excluded.newest_payload_id) > (known.newest_observed_at, known.newest_payload_id)
           then excluded.newest_payload_id else known.newest_payload_id end,
         families = case when known.families @> excluded.families then known.families else known.families || excluded.families end
   where (excluded.newest_observed_at, excluded.newest_payload_id) > (known.newest_observed_at, known.newest_payload_id)
      or not known.families @> excluded.families;
  -- Erased (etl.forget) while this waited for the lock: nothing of it may come back.
  v_erased := array(
    select distinct landed.entity_key from unnest(payloads) as landed join etl.suppressions as suppressed using (entity_key)
  );
  if cardinality(v_erased) > 0 then
    perform etl.erase_keys(v_erased);
    payloads := array(select landed from unnest(payloads) as landed where not landed.entity_key = any (v_erased));
  end if;
  select array_agg(landed)
    into v_older
    from unnest(payloads) as landed
    join etl.records as known using (entity_key)
   where (known.newest_observed_at, known.newest_payload_id) > (landed.observed_at, landed.raw_payload_id);

  if to_regprocedure(format('extracted.extract_%s(etl.landed_payload[])', v_name)) is not null then
    execute format('select extracted.extract_%s($1)', v_name) using payloads;
    -- What an older payload says may not have reached the extracted tables, so the triggers did not see it.
    if v_older is not null then
      execute format('select extracted.merge_older_%s($1)', v_name) using v_older;
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
