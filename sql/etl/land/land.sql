create or replace function etl.land_batch(
  workflow reference.enrichment_workflow_registry,
  ingestion etl.ingestions,
  entity_keys text[],
  payloads jsonb[],
  requests jsonb[],
  payload_ids uuid[],
  observed_at timestamptz[],
  out ids uuid[],
  out landed etl.landed_payload[]
)
returns record language plpgsql set search_path = '' as $$
declare
  v_landed_at constant timestamptz := clock_timestamp();
  v_times timestamptz[] := land_batch.observed_at;
  v_stored bigint;
begin
  if v_times is null and ingestion.observed_at is not null then
    execute format(
      'select array_agg(extracted.observed_at_%s(body.payload, body.request) order by body.position) from unnest($1, $2) with ordinality as body (payload, request, position)',
      etl.compiled_name(ingestion.workflow_slug)
    ) into v_times using land_batch.payloads, land_batch.requests;
  end if;
  -- Within a batch the later body is the newer one: a microsecond each keeps times and ids in order.
  select array_agg(item.id order by item.position),
         array_agg(row(item.id, item.entity_key, item.payload, item.request, least(coalesce(item.observed_at, item.at), item.at), workflow.workflow_slug)::etl.landed_payload
           order by item.position)
    into land_batch.ids, land_batch.landed
    from (
      select coalesce(land_batch.payload_ids[body.position], etl.uuidv7(body.at)) as id, body.entity_key, body.payload, body.request, body.observed_at, body.at, body.position
        from (
          select given.entity_key, given.payload, given.request, given.observed_at, given.position, v_landed_at + given.position * interval '1 microsecond' as at
            from unnest(land_batch.entity_keys, land_batch.payloads, land_batch.requests, v_times) with ordinality as given (entity_key, payload, request, observed_at, position)
        ) as body
      offset 0
    ) as item;
  insert into raw.payloads (family, id, workflow_slug, provider, platform, payload_type, entity_key, payload, request, observed_at, created_at)
  select ingestion.family, item.raw_payload_id, item.workflow_slug, workflow.provider, workflow.platform, workflow.payload_type,
         item.entity_key, item.payload, item.request, item.observed_at, v_landed_at + item.position * interval '1 microsecond'
    from unnest(land_batch.landed) with ordinality as item (raw_payload_id, entity_key, payload, request, observed_at, workflow_slug, position)
      on conflict do nothing;
  get diagnostics v_stored = row_count;
  if v_stored < cardinality(land_batch.ids) then
    -- Some were there already, and what is there counts.
    land_batch.landed := etl.landed_payloads(ingestion.family, land_batch.ids);
  end if;
end;
$$;
comment on function etl.land_batch(reference.enrichment_workflow_registry, etl.ingestions, text[], jsonb[], jsonb[], uuid[], timestamptz[]) is
  'Stores accepted payloads unchanged; gives their ids in order, and each payload as it is stored. A payload id that is already there is left alone. observed_at given here wins over the provider''s time; neither may lie after landing. payload_ids and observed_at may be null.';

create or replace function etl.land(
  workflow_slug text,
  body jsonb,
  observed_at timestamptz default null,
  payload_id uuid default null
)
returns uuid language sql set search_path = '' as $$
  select (etl.required_outcome(
    etl.run_batch(land.workflow_slug, array[land.body], jsonb_strip_nulls(jsonb_build_object(
      'async', true, 'observed_at', land.observed_at, 'payload_ids', case when land.payload_id is not null then jsonb_build_array(land.payload_id) end
    ))) -> 0
  ) ->> 'payload_id')::uuid;
$$;
comment on function etl.land(text, jsonb, timestamptz, uuid) is
  'Stores one body and leaves it pending; etl.process() or a worker takes it from there. Gives the payload id. observed_at and payload_id are for history: by default the provider''s time or now, and a new UUIDv7. Raises UNKWF, INAWF, BADRQ, BADKY, FORGT.';
