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

-- Everything in here goes by key. Cached plans must do so too, also those made while a table was still small; and what
-- remains to be scanned (payloads in memory, small lookups) is not worth compiling to machine code.
create or replace function etl.process_payloads(workflow_slug text, payload_ids uuid[], is_rebuild boolean default false)
returns void language plpgsql set search_path = '' set enable_seqscan = off set jit = off as $$
declare
  v_ingestion etl.ingestions;
  v_name constant text := etl.compiled_name(workflow_slug);
  v_payloads etl.landed_payload[];
  v_older etl.landed_payload[];
begin
  select ingestion.* into strict v_ingestion from etl.ingestions as ingestion where ingestion.workflow_slug = process_payloads.workflow_slug;
  v_payloads := etl.landed_payloads(v_ingestion.family, payload_ids);
  if v_payloads is null then
    return;
  end if;

  -- Locks every record of the batch, in key order, until the end of the transaction.
  insert into etl.records as known (entity_key, entity_type, newest_observed_at, newest_payload_id)
  select distinct on (payload.entity_key) payload.entity_key, v_ingestion.entity_type, payload.observed_at, payload.raw_payload_id
    from unnest(v_payloads) as payload
   order by payload.entity_key, payload.observed_at desc, payload.raw_payload_id desc
      on conflict (entity_key) do update
     set newest_observed_at = excluded.newest_observed_at, newest_payload_id = excluded.newest_payload_id
   where (excluded.newest_observed_at, excluded.newest_payload_id) > (known.newest_observed_at, known.newest_payload_id);
  select array_agg(landed)
    into v_older
    from unnest(v_payloads) as landed
    join etl.records as known using (entity_key)
   where (known.newest_observed_at, known.newest_payload_id) > (landed.observed_at, landed.raw_payload_id);

  if to_regprocedure(format('extracted.extract_%s(etl.landed_payload[])', v_name)) is not null then
    execute format('select extracted.extract_%s($1)', v_name) using v_payloads;
    -- What an older payload says may not have reached the extracted tables, so the triggers did not see it.
    if v_older is not null then
      execute format('select extracted.merge_older_%s($1)', v_name) using v_older;
    end if;
  end if;
  -- Findings belong to the payload and were noted when it was first processed.
  if not is_rebuild then
    perform etl.record_findings(v_name, v_payloads);
  end if;
end;
$$;
comment on function etl.process_payloads(text, uuid[], boolean) is
  'Extracts and coalesces landed payloads of one workflow as one set. Idempotent, and indifferent to order and batching. Raises what a mapping raises; use etl.process_safely() to keep that apart.';

create or replace function etl.record_findings(compiled_name text, payloads etl.landed_payload[])
returns void language plpgsql set search_path = '' as $$
begin
  execute format(
    $sql$
    with finding as materialized (
      select inspected.raw_payload_id, inspected.workflow_slug, inspected.field, inspected.problem, inspected.found, inspected.observed_at
        from extracted.inspect_%s($1) as inspected
       where not exists (select from etl.payload_warnings as known where known.payload_id = inspected.raw_payload_id)
    ), drift as (
      insert into etl.unknown_fields (workflow_slug, pointer, payloads, first_seen_at, last_seen_at)
      select finding.workflow_slug, regexp_replace(finding.field, '/\d+(?=/|$)', '/*', 'g'), count(distinct finding.raw_payload_id), min(finding.observed_at), max(finding.observed_at)
        from finding
       where finding.problem = 'unknown field'
       group by 1, 2
    )
    insert into etl.payload_warnings (payload_id, workflow_slug, pointer, problem, found, seen_at)
    select finding.raw_payload_id, finding.workflow_slug, finding.field, finding.problem, finding.found, finding.observed_at
      from finding
     where finding.problem <> 'unknown field'
    $sql$, compiled_name
  ) using payloads;
end;
$$;
comment on function etl.record_findings(text, etl.landed_payload[]) is 'Notes unusable fields (etl.payload_warnings) and unknown ones (etl.unknown_fields) of processed payloads.';
