create or replace function etl.processed_payloads(family text, entity_keys text[], landed_until timestamptz default 'infinity')
returns table (workflow_slug text, ids uuid[]) language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return query execute format(
    $sql$
    select payload.workflow_slug, array_agg(payload.id order by payload.id)
      from raw_partitions.%I as payload
     where payload.entity_key = any ($1)
       and payload.created_at <= $2
       and not exists (select from etl.pending_payloads as pending where pending.payload_id = payload.id)
       and not exists (select from etl.failures as failure where failure.payload_id = payload.id)
     group by payload.workflow_slug
    $sql$, processed_payloads.family
  ) using processed_payloads.entity_keys, processed_payloads.landed_until;
end;
$$;
comment on function etl.processed_payloads(text, text[], timestamptz) is
  'Ids of the processed payloads that one family holds about the given records, per workflow, landed until then. Reads only that family''s partitions.';

create or replace function etl.landed_by_workflow(family text, payload_ids uuid[], landed_until timestamptz default 'infinity')
returns table (workflow_slug text, ids uuid[]) language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return query execute format(
    $sql$
    select payload.workflow_slug, array_agg(payload.id order by payload.id)
      from raw_partitions.%I as payload
     where payload.id = any ($1)
       and payload.created_at <= $2
     group by payload.workflow_slug
    $sql$, landed_by_workflow.family
  ) using landed_by_workflow.payload_ids, landed_by_workflow.landed_until;
end;
$$;
comment on function etl.landed_by_workflow(text, uuid[], timestamptz) is 'Those of the given payloads of one family that had landed by then, per workflow.';

create or replace function etl.rebuild_keys(entity_keys text[], landed_until timestamptz default 'infinity')
returns integer language plpgsql set search_path = '' as $$
declare
  v_table record;
  v_batch record;
begin
  perform from etl.records as known
    where known.entity_key = any (rebuild_keys.entity_keys)
    order by known.entity_key
      for update;

  -- First all deletions, then all reading: a payload committed in between is then in what is read (read committed).
  for v_table in
    select golden.target, golden.entity_column as name from etl.golden_tables as golden where golden.entity_column is not null
    union
    select extraction.target, etl.entity_column(ingestion.entity_type)
      from etl.extractions as extraction
      join etl.ingestions as ingestion using (workflow_slug)
     order by 1
  loop
    execute format('delete from %s where %I = any ($1)', v_table.target, v_table.name) using entity_keys;
  end loop;
  delete from etl.lookup_uses as used where used.entity_key = any (rebuild_keys.entity_keys);
  update etl.records as known
     set newest_observed_at = default, newest_payload_id = default
   where known.entity_key = any (rebuild_keys.entity_keys);

  for v_batch in
    select read.workflow_slug, family.name as family, read.ids
      from (
        select distinct family.name
          from etl.records as known
         cross join lateral unnest(known.families) as family (name)
         where known.entity_key = any (rebuild_keys.entity_keys)
      ) as family
     cross join lateral etl.processed_payloads(family.name, rebuild_keys.entity_keys, rebuild_keys.landed_until) as read
     order by read.workflow_slug
  loop
    perform etl.process_payloads(v_batch.workflow_slug, etl.landed_payloads(v_batch.family, v_batch.ids), is_rebuild => true);
  end loop;

  for v_batch in
    select read.workflow_slug, mentioned.family, read.ids
      from (
        select mention.family, array_agg(distinct mention.payload_id) as payload_ids
          from etl.mentions as mention
         where mention.entity_key = any (rebuild_keys.entity_keys)
         group by mention.family
      ) as mentioned
     cross join lateral etl.landed_by_workflow(mentioned.family, mentioned.payload_ids, rebuild_keys.landed_until) as read
     order by read.workflow_slug
  loop
    if to_regprocedure(format('extracted.merge_mentions_%s(etl.landed_payload[], text[])', etl.compiled_name(v_batch.workflow_slug))) is not null then
      execute format('select extracted.merge_mentions_%s($1, $2)', etl.compiled_name(v_batch.workflow_slug)) using etl.landed_payloads(v_batch.family, v_batch.ids), entity_keys;
    end if;
  end loop;
  return cardinality(rebuild_keys.entity_keys);
end;
$$;
comment on function etl.rebuild_keys(text[], timestamptz) is
  'Makes extracted and core rows of the given records (normalised keys) anew from their raw payloads landed until then. Gives the number of records.';

create or replace function etl.delete_unknown_rows()
returns bigint language plpgsql set search_path = '' as $$
declare
  v_table record;
  v_deleted bigint;
  v_total bigint := 0;
begin
  for v_table in select golden.target, golden.entity_column as name from etl.golden_tables as golden where golden.entity_column is not null order by golden.target loop
    execute format('delete from %s as stored where not exists (select from etl.records as known where known.entity_key = stored.%I)', v_table.target, v_table.name);
    get diagnostics v_deleted = row_count;
    v_total := v_total + v_deleted;
  end loop;
  return v_total;
end;
$$;
comment on function etl.delete_unknown_rows() is 'Deletes core rows of records that no payload speaks of (written by hand); a whole rebuild begins with it. Gives their number. Reads every golden table.';

create or replace function etl.rebuild_keys_patiently(entity_keys text[])
returns integer language plpgsql set search_path = '' as $$
begin
  for v_attempt in 1..5 loop
    begin
      perform etl.take_turn(alone => v_attempt > 1);
      return etl.rebuild_keys(rebuild_keys_patiently.entity_keys);
    exception
      -- Met a batch in opposite order; rolled back to here, it goes again, alone.
      when deadlock_detected or serialization_failure then
        if v_attempt = 5 then
          raise;
        end if;
    end;
  end loop;
end;
$$;
comment on function etl.rebuild_keys_patiently(text[]) is 'etl.rebuild_keys, again up to five times when it and a running batch stand in each other''s way. Raises 40P01 after that.';

create or replace function etl.rebuild(key text default null)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_keys text[];
  v_last text := '';
  v_records bigint := 0;
begin
  if rebuild.key is not null then
    select array_agg(entity.entity_key) into v_keys from etl.require_entity(rebuild.key) as entity;
    perform etl.rebuild_keys_patiently(v_keys);
    return jsonb_build_object('records', 1);
  end if;

  perform etl.delete_unknown_rows();
  loop
    select array_agg(batch.entity_key), max(batch.entity_key)
      into v_keys, v_last
      from (
        select known.entity_key
          from etl.records as known
         where known.entity_key > v_last
         order by known.entity_key
         limit 500
      ) as batch;
    exit when v_keys is null;
    perform etl.rebuild_keys_patiently(v_keys);
    v_records := v_records + cardinality(v_keys);
  end loop;
  return jsonb_build_object('records', v_records);
end;
$$;
comment on function etl.rebuild(text) is
  'Makes core anew from raw: one record (domain or LinkedIn URL), or all of them in this one transaction (the command line does all in small ones). Gives {records}. Raises BADKY.';
