create or replace function etl.erase_keys(entity_keys text[])
returns bigint language plpgsql set search_path = '' as $$
declare
  v_ids uuid[];
  v_produced jsonb;
  v_table record;
begin
  perform from etl.records as known where known.entity_key = any (erase_keys.entity_keys) order by known.entity_key for update;
  select array_agg(payload.id), jsonb_agg(jsonb_build_object('pages', payload.payload -> 'pages', 'body', payload.request)) filter (where producer.workflow_slug is not null)
    into v_ids, v_produced
    from raw.payloads as payload
    left join etl.producers as producer on producer.workflow_slug = payload.workflow_slug
   where payload.entity_key = any (erase_keys.entity_keys);
  delete from etl.pending_payloads as pending where pending.payload_id = any (v_ids);
  delete from etl.failures as failure where failure.payload_id = any (v_ids);
  delete from etl.payload_warnings as warning where warning.payload_id = any (v_ids);
  delete from api.idempotency_keys as kept
   where exists (
     select
       from jsonb_array_elements(kept.outcomes) as outcome
      where (outcome ->> 'payload_id')::uuid = any (v_ids || array(
        select production.id from etl.productions as production where production.entity_key = any (erase_keys.entity_keys)
      ))
   );
  perform etl.erase_produced(erase_keys.entity_keys, v_produced);
  delete from etl.mentions as mention where mention.payload_id = any (v_ids) or mention.entity_key = any (erase_keys.entity_keys);
  delete from etl.lookup_uses as used where used.entity_key = any (erase_keys.entity_keys);
  delete from etl.stale_records as stale where stale.entity_key = any (erase_keys.entity_keys);
  delete from etl.records as known where known.entity_key = any (erase_keys.entity_keys);
  delete from raw.payloads as payload where payload.entity_key = any (erase_keys.entity_keys);
  for v_table in
    select kept.target, kept.entity_column as name from etl.kept_tables() as kept
    union
    select extraction.target, etl.entity_column(ingestion.entity_type)
      from etl.extractions as extraction
      join etl.ingestions as ingestion using (workflow_slug)
     order by 1
  loop
    execute format('delete from %s where %I = any ($1)', v_table.target, v_table.name) using entity_keys;
  end loop;
  return coalesce(cardinality(v_ids), 0);
end;
$$;
comment on function etl.erase_keys(text[]) is 'Deletes everything about the given records (normalised keys) from every layer. Gives the number of raw payloads deleted.';

create or replace function etl.forget(key text, reason text default null)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_entity record;
  v_mentioned text[];
  v_payload_ids text[];
  v_erased bigint;
  v_last_position bigint;
begin
  select entity.entity_type, entity.entity_key into v_entity from etl.require_entity(forget.key) as entity;
  insert into etl.suppressions as stored (entity_key, reason)
  values (v_entity.entity_key, forget.reason)
      on conflict on constraint suppressions_pkey do update
     set reason = coalesce(excluded.reason, stored.reason);
  -- Whoever lands an answer locks first its production and then the record.
  perform from etl.productions as production where production.entity_key = v_entity.entity_key order by production.id for update;
  -- The lock that processing takes too: it has either committed, and is erased below, or waits, and then finds the suppression.
  insert into etl.records (entity_key, entity_type) values (v_entity.entity_key, v_entity.entity_type) on conflict do nothing;
  perform from etl.records as known where known.entity_key = v_entity.entity_key for update;
  -- What its payloads said about other records (a person's employers) goes with the payloads.
  v_mentioned := array(
    select distinct mention.entity_key
      from raw.payloads as payload
      join etl.mentions as mention on mention.payload_id = payload.id and mention.family = payload.family
     where payload.entity_key = v_entity.entity_key
       and mention.entity_key <> v_entity.entity_key
  );
  perform from etl.records as known
    where known.entity_key = any (v_mentioned)
    order by known.entity_key
      for update;
  v_payload_ids := array(select payload.id::text from raw.payloads as payload where payload.entity_key = v_entity.entity_key);
  -- The change feed tells that the record is gone, and keeps nothing of what it was or said about others.
  perform etl.sequence_changes(waits => true);
  select state.last_position into v_last_position from etl.feed_state as state;
  perform set_config('hq.erased_key', v_entity.entity_key, true);
  v_erased := etl.erase_keys(array[v_entity.entity_key]);
  perform etl.erase_refused_lines(v_entity.entity_key);
  perform etl.erase_delivery_rows(array[v_entity.entity_key]);
  perform etl.rebuild_keys(v_mentioned);
  perform set_config('hq.erased_key', '', true);
  perform etl.sequence_changes(waits => true);
  delete from etl.changes as feed
   where feed.position <= v_last_position
     and (
       feed.entity_key = v_entity.entity_key
       or (
         feed.entity_key = any (v_mentioned)
         and exists (
           select from unnest(v_payload_ids) as payload (id) where position(payload.id in concat(feed.old_row, feed.new_row, feed.payload_id)) > 0
         )
       )
     );
  perform api.forget_reads(v_entity.entity_key, v_mentioned);
  return jsonb_build_object('entity', v_entity.entity_type, 'key', v_entity.entity_key, 'payloads_erased', v_erased);
end;
$$;
comment on function etl.forget(text, text) is
  'Erases a company or person from every layer and keeps them out: later payloads about them are refused (FORGT), mentions by others ignored; records that their payloads mention are coalesced again without those. Gives {entity, key, payloads_erased}. Raises BADKY.';
