create or replace function etl.land_batch(
  workflow reference.enrichment_workflow_registry,
  ingestion etl.ingestions,
  entity_keys text[],
  payloads jsonb[],
  requests jsonb[],
  payload_ids uuid[] default null,
  observed_at timestamptz[] default null
)
returns uuid[] language plpgsql set search_path = '' as $$
declare
  v_landed_at constant timestamptz := clock_timestamp();
  v_ids uuid[];
begin
  -- Within a batch the later body is the newer one: a microsecond each keeps times and ids in order.
  v_ids := array(
    select coalesce(land_batch.payload_ids[item.position], etl.uuidv7(v_landed_at + item.position * interval '1 microsecond'))
      from generate_series(1, cardinality(land_batch.entity_keys)) as item (position)
     order by item.position
  );
  execute format(
    $sql$
    insert into raw.payloads (family, id, workflow_slug, provider, platform, payload_type, entity_key, payload, request, observed_at, created_at)
    select $1, landed.id, $2, $3, $4, $5, landed.entity_key, landed.payload, landed.request,
           least(coalesce(landed.observed_at, %s, landed.at), landed.at), landed.at
      from (
        select item.id, item.entity_key, item.payload, item.request, item.observed_at, $10 + item.position * interval '1 microsecond' as at
          from unnest($6, $7, $8, $9, $11) with ordinality as item (id, entity_key, payload, request, observed_at, position)
      ) as landed
        on conflict do nothing
    $sql$,
    case when ingestion.observed_at is null then 'null' else format('extracted.observed_at_%s(landed.payload, landed.request)', etl.compiled_name(ingestion.workflow_slug)) end
  )
    using ingestion.family, workflow.workflow_slug, workflow.provider, workflow.platform, workflow.payload_type,
      v_ids, land_batch.entity_keys, land_batch.payloads, land_batch.requests, v_landed_at, land_batch.observed_at;
  return v_ids;
end;
$$;
comment on function etl.land_batch(reference.enrichment_workflow_registry, etl.ingestions, text[], jsonb[], jsonb[], uuid[], timestamptz[]) is
  'Stores accepted payloads unchanged and gives their ids, in order. A payload id that is already there is left alone. observed_at given here wins over the provider''s time; neither may lie after landing.';

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
