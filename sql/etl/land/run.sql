create or replace function etl.run_batch(workflow_slug text, bodies jsonb[], options jsonb default '{}')
returns jsonb language plpgsql set search_path = '' set jit = off as $$
declare
  v_workflow reference.enrichment_workflow_registry;
  v_problem text;
  v_hint text;
  v_code text;
begin
  begin
    v_workflow := etl.find_workflow(run_batch.workflow_slug);
  exception
    when sqlstate 'UNKWF' or sqlstate 'INAWF' then
      get stacked diagnostics v_problem = message_text, v_hint = pg_exception_hint, v_code = returned_sqlstate;
      return coalesce((select jsonb_agg(etl.refusal(v_code, v_problem, v_hint)) from unnest(run_batch.bodies)), '[]');
  end;

  if coalesce((options ->> 'dry_run')::boolean, false) then
    return coalesce((
      select jsonb_agg(case when etl.is_producing(v_workflow.workflow_type) and not body.value ? 'production'
          then etl.planned_outcome(v_workflow, body.value) else etl.dry_run_outcome(v_workflow.workflow_slug, body.value) end order by body.position)
        from unnest(run_batch.bodies) with ordinality as body (value, position)
    ), '[]');
  end if;
  return case v_workflow.workflow_type
    when 'ingest' then etl.run_ingestion(v_workflow, run_batch.bodies, run_batch.options)
    when 'upsert' then etl.run_ingestion(v_workflow, run_batch.bodies, run_batch.options)
    when 'inference' then etl.run_producer(v_workflow, run_batch.bodies, run_batch.options)
    when 'fetch' then etl.run_producer(v_workflow, run_batch.bodies, run_batch.options)
    when 'backfill' then etl.run_backfill(v_workflow, run_batch.bodies)
    else etl.run_handler(v_workflow, run_batch.bodies)
  end;
end;
$$;
comment on function etl.run_batch(text, jsonb[], jsonb) is
  'Runs a workflow of any type on a list of bodies; gives a JSON array of outcomes (etl.outcome) in the same order. Bad input never raises. '
  'options: async (land only), only_requests and held_seconds (etl.run_producer), respond (false: without the workflow''s response fields), dry_run, observed_at, payload_ids (array, in the order of the bodies).';

create or replace function etl.run(workflow_slug text, body jsonb, options jsonb default '{}')
returns jsonb language sql set search_path = '' as $$
  select etl.run_batch(run.workflow_slug, array[run.body], run.options) -> 0;
$$;
comment on function etl.run(text, jsonb, jsonb) is 'etl.run_batch for one body: its outcome.';

-- One cached plan for one body and for thousands, and a batch in memory, as in etl.process_payloads.
create or replace function etl.run_ingestion(workflow reference.enrichment_workflow_registry, bodies jsonb[], options jsonb)
returns jsonb language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set work_mem = '32MB' as $$
declare
  v_ingestion etl.ingestions;
  v_positions bigint[];
  v_keys text[];
  v_payloads jsonb[];
  v_requests jsonb[];
  v_given_ids uuid[];
  v_ids uuid[];
  v_landed etl.landed_payload[];
  v_outcomes jsonb;
begin
  select ingestion.* into strict v_ingestion from etl.ingestions as ingestion where ingestion.workflow_slug = workflow.workflow_slug;
  -- A question may do without a key, what lands may not.
  v_ingestion.key_is_optional := false;
  select array_agg(accepted.place order by accepted.place) filter (where accepted.refused is null),
         array_agg(accepted.entity_key order by accepted.place) filter (where accepted.refused is null),
         array_agg(accepted.payload order by accepted.place) filter (where accepted.refused is null),
         array_agg(accepted.request order by accepted.place) filter (where accepted.refused is null),
         coalesce(jsonb_object_agg(accepted.place, accepted.refused) filter (where accepted.refused is not null), '{}')
    into v_positions, v_keys, v_payloads, v_requests, v_outcomes
    from etl.accept(workflow, v_ingestion, bodies) as accepted;

  if v_positions is not null then
    if options ? 'payload_ids' then
      v_given_ids := array(select (options -> 'payload_ids' ->> (position - 1)::integer)::uuid from unnest(v_positions) with ordinality as item (position, rank) order by item.rank);
    end if;
    select stored.ids, stored.landed into v_ids, v_landed
      from etl.land_batch(
        workflow, v_ingestion, v_keys, v_payloads, v_requests, v_given_ids,
        case when options ? 'observed_at' then array_fill((options ->> 'observed_at')::timestamptz, array[cardinality(v_keys)]) end
      ) as stored;
    if coalesce((options ->> 'async')::boolean, false) then
      insert into etl.pending_payloads (payload_id, workflow_slug)
      select id, workflow.workflow_slug
        from unnest(v_ids) as id
          on conflict do nothing;
      v_outcomes := v_outcomes || (
        select jsonb_object_agg(item.position, etl.outcome(202, jsonb_build_object(
          'success', true, 'raw_id', item.id, 'payload_id', item.id, 'state', 'pending', 'status_url', '/payloads/' || item.id
        ), item.id))
          from unnest(v_ids, v_positions) as item (id, position)
      );
    else
      perform etl.process_landed(workflow.workflow_slug, v_landed);
      v_outcomes := v_outcomes || (
        select jsonb_object_agg(item.position, answered.outcome)
          from unnest(v_ids, v_positions) as item (id, position)
          join etl.processed_outcomes(workflow.workflow_slug, v_landed, coalesce((options ->> 'respond')::boolean, true)) as answered on answered.payload_id = item.id
      );
    end if;
  end if;
  return coalesce((select jsonb_agg(v_outcomes -> position::text order by position) from generate_series(1, cardinality(bodies)) as position), '[]');
end;
$$;
comment on function etl.run_ingestion(reference.enrichment_workflow_registry, jsonb[], jsonb) is
  'Accepts, lands and (unless options.async) processes bodies of an ingest or upsert workflow; gives their outcomes in order.';

create or replace function etl.run_handler(workflow reference.enrichment_workflow_registry, bodies jsonb[])
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_call text;
  v_body record;
  v_answer jsonb;
  v_outcomes jsonb := '[]'::jsonb;
  v_problem text;
  v_hint text;
  v_detail text;
  v_code text;
begin
  if workflow.workflow_type = 'delivery' then
    v_call := format('etl.make_delivery(%L, $1)', workflow.workflow_slug);
  else
    select handled.handler || '($1)' into strict v_call from etl.handlers as handled where handled.workflow_slug = workflow.workflow_slug;
  end if;
  for v_body in
    select body.value, etl.request_errors(body.value, workflow.strict_schema) as errors
      from unnest(bodies) with ordinality as body (value, position)
     order by body.position
  loop
    if v_body.errors is not null then
      v_outcomes := v_outcomes || jsonb_build_array(etl.refusal('BADRQ', (
        select string_agg(format('%s: %s', coalesce(nullif(error ->> 'pointer', ''), 'body'), error ->> 'detail'), ' ') from jsonb_array_elements(v_body.errors) as error
      ), errors => v_body.errors));
      continue;
    end if;
    begin
      execute 'select ' || v_call into v_answer using v_body.value;
      v_outcomes := v_outcomes || jsonb_build_array(etl.outcome(200, v_answer || etl.body_warnings(workflow, v_body.value)));
    exception
      when sqlstate 'BADRQ' or sqlstate 'BADKY' or sqlstate 'UNKEY' then
        get stacked diagnostics v_problem = message_text, v_hint = pg_exception_hint, v_detail = pg_exception_detail, v_code = returned_sqlstate;
        v_outcomes := v_outcomes || jsonb_build_array(etl.refusal(
          v_code, v_problem, nullif(v_hint, ''),
          case when v_detail like '/%' then jsonb_build_array(jsonb_build_object('pointer', v_detail, 'detail', v_problem)) end
        ));
    end;
  end loop;
  return v_outcomes;
end;
$$;
comment on function etl.run_handler(reference.enrichment_workflow_registry, jsonb[]) is
  'Answers bodies of a lookup, check or update workflow by its handler, those of a delivery by making it; BADRQ, BADKY and UNKEY raised there (their detail may be a JSON pointer) become refusals.';

create or replace function etl.body_warnings(workflow reference.enrichment_workflow_registry, body jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select case when count(*) > 0 then
      jsonb_build_object('warnings', jsonb_agg(jsonb_build_object('field', finding.field, 'problem', finding.problem, 'found', finding.found)))
    else '{}' end
    from etl.inspect_value(body, workflow.request_schema, '') as finding
   where finding.problem <> 'unknown field';
$$;
comment on function etl.body_warnings(reference.enrichment_workflow_registry, jsonb) is '{warnings: [...]} for the unusable fields of a body that is not landed; {} when there are none.';

create or replace function etl.required_outcome(outcome jsonb)
returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  if (outcome ->> 'status')::integer between 400 and 499 then
    raise exception '%', outcome #>> '{body,detail}'
      using errcode = outcome #>> '{body,code}', hint = coalesce(outcome #>> '{body,hint}', ''), detail = coalesce(outcome #>> '{body,errors}', '');
  end if;
  return outcome;
end;
$$;
comment on function etl.required_outcome(jsonb) is 'The outcome itself, unless it is a refusal: that is raised under its code, with the field errors as detail.';

create or replace function etl.ingest(
  workflow_slug text,
  body jsonb,
  observed_at timestamptz default null,
  payload_id uuid default null
)
returns jsonb language sql set search_path = '' as $$
  select etl.required_outcome(
    etl.run_batch(ingest.workflow_slug, array[ingest.body], jsonb_strip_nulls(jsonb_build_object(
      'observed_at', ingest.observed_at, 'payload_ids', case when ingest.payload_id is not null then jsonb_build_array(ingest.payload_id) end
    ))) -> 0
  ) -> 'body';
$$;
comment on function etl.ingest(text, jsonb, timestamptz, uuid) is
  'Runs a workflow on one body and gives its response fields. A payload that is landed but cannot be processed answers success false with the error, and is listed in etl.failures. Raises UNKWF, INAWF, BADRQ, BADKY, FORGT.';

create or replace function etl.ingest_batch(workflow_slug text, bodies jsonb[], observed_at timestamptz default null)
returns setof jsonb language sql set search_path = '' as $$
  select outcome -> 'body'
    from jsonb_array_elements(
      etl.run_batch(ingest_batch.workflow_slug, ingest_batch.bodies, jsonb_strip_nulls(jsonb_build_object('observed_at', ingest_batch.observed_at)))
    ) with ordinality as item (outcome, position)
   order by position;
$$;
comment on function etl.ingest_batch(text, jsonb[], timestamptz) is
  'Runs a workflow on many bodies as one batch; one response per body, in order. A refused body gives {code, detail, errors} and holds up none of the others.';
