create or replace function etl.process_payloads(workflow_slug text, payload_ids uuid[])
returns void language plpgsql set search_path = '' as $$
declare
  v_ingestion etl.ingestions;
  v_name constant text := etl.compiled_name(workflow_slug);
  v_older uuid[];
begin
  select ingestion.* into strict v_ingestion from etl.ingestions as ingestion where ingestion.workflow_slug = process_payloads.workflow_slug;

  -- Locks every record of the batch, in key order, until the end of the transaction.
  execute format(
    $sql$
    insert into etl.records as known (entity_key, entity_type, newest_observed_at, newest_payload_id)
    select distinct on (payload.entity_key) payload.entity_key, $2, payload.observed_at, payload.id
      from raw_partitions.%I as payload
     where payload.id = any ($1)
     order by payload.entity_key, payload.observed_at desc, payload.id desc
        on conflict (entity_key) do update
       set newest_observed_at = excluded.newest_observed_at, newest_payload_id = excluded.newest_payload_id
     where (excluded.newest_observed_at, excluded.newest_payload_id) > (known.newest_observed_at, known.newest_payload_id)
    $sql$, v_ingestion.family
  ) using payload_ids, v_ingestion.entity_type;
  execute format(
    $sql$
    select array_agg(payload.id)
      from raw_partitions.%I as payload
      join etl.records as known using (entity_key)
     where payload.id = any ($1)
       and (known.newest_observed_at, known.newest_payload_id) > (payload.observed_at, payload.id)
    $sql$, v_ingestion.family
  ) into v_older using payload_ids;

  if to_regprocedure(format('extracted.extract_%s(uuid[])', v_name)) is not null then
    execute format('select extracted.extract_%s($1)', v_name) using payload_ids;
    -- What an older payload says may not have reached the extracted tables, so the triggers did not see it.
    if v_older is not null then
      execute format('select extracted.merge_older_%s($1)', v_name) using v_older;
    end if;
  end if;
  perform etl.record_findings(v_name, payload_ids);
end;
$$;
comment on function etl.process_payloads(text, uuid[]) is
  'Extracts and coalesces landed payloads of one workflow as one set. Idempotent, and indifferent to order and batching. Raises what a mapping raises; use etl.process_safely() to keep that apart.';

create or replace function etl.record_findings(compiled_name text, payload_ids uuid[])
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
  ) using payload_ids;
end;
$$;
comment on function etl.record_findings(text, uuid[]) is 'Notes unusable fields (etl.payload_warnings) and unknown ones (etl.unknown_fields) of processed payloads.';
