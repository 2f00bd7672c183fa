create or replace function etl.production_outcome(production_id uuid)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_production etl.productions;
  v_ids jsonb;
  v_outcome jsonb;
begin
  select production.* into v_production from etl.productions as production where production.id = production_outcome.production_id;
  if not found then
    return null;
  end if;
  v_ids := jsonb_build_object('production_id', v_production.id, 'raw_id', v_production.id, 'raw_payload_id', v_production.id);
  if v_production.state = 'done' then
    select answered.outcome into v_outcome
      from etl.processed_outcomes(v_production.workflow_slug, etl.produced_payload(v_production)) as answered;
    return v_outcome;
  elsif v_production.state in ('failed', 'cancelled') then
    return etl.outcome(
      etl.production_status(coalesce(v_production.error ->> 'code', 'CANCD')),
      jsonb_strip_nulls(v_ids || jsonb_build_object(
        'success', false, 'code', coalesce(v_production.error ->> 'code', 'CANCD'), 'detail', coalesce(v_production.error ->> 'detail', 'It was cancelled.'),
        'domain', v_production.entity_key, 'state', v_production.state, 'status_url', '/productions/' || v_production.id
      ))
    );
  end if;
  return etl.outcome(202, v_ids || jsonb_build_object('success', true, 'state', v_production.state, 'status_url', '/productions/' || v_production.id), v_production.id);
end;
$$;
comment on function etl.production_outcome(uuid) is 'What a production came to, as an outcome for its caller: the response fields, the failure, or 202 while it is under way. Null when it is not known.';

create or replace function etl.produced_payload(production etl.productions)
returns etl.landed_payload[] language sql stable set search_path = '' as $$
  select case when (produced_payload.production).entity_key is null
    then array[row((produced_payload.production).id, null, (produced_payload.production).result, (produced_payload.production).body, (produced_payload.production).finished_at, (produced_payload.production).workflow_slug)::etl.landed_payload]
    else (
      select etl.landed_payloads(ingestion.family, array[(produced_payload.production).id])
        from etl.ingestions as ingestion
       where ingestion.workflow_slug = (produced_payload.production).workflow_slug
    ) end;
$$;
comment on function etl.produced_payload(etl.productions) is 'What a production that is done has landed; what was produced without a key, as if it had landed.';

create or replace function etl.production_status(code text)
returns integer language sql immutable parallel safe as $$
  select case code
    when 'UNKEY' then 404 when 'OUTTM' then 504 when 'BUDGT' then 503 when 'NOCFG' then 503 when 'OUTRF' then 422 when 'FORGT' then 410 when 'INAWF' then 409 when 'CANCD' then 409
    else 502 end;
$$;
comment on function etl.production_status(text) is 'HTTP status of a failed production by the code of its failure (docs/errors.md).';

create or replace function etl.production(production_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
      'id', production.id, 'workflow_slug', production.workflow_slug, 'entity_key', production.entity_key, 'state', production.state,
      'attempts', production.attempts, 'created_at', production.created_at, 'started_at', production.started_at, 'finished_at', production.finished_at
    ) || jsonb_strip_nulls(jsonb_build_object(
      'payload_id', case when production.state = 'done' and production.entity_key is not null then production.id end,
      'job_id', production.job_id,
      'next_attempt_at', case when production.state = 'pending' then production.next_attempt_at end,
      'error', production.error - 'evidence',
      'response', case when production.state = 'done' then etl.production_outcome(production.id) -> 'body' end
    ))
    from etl.productions as production
   where production.id = $1;
$$;
comment on function etl.production(uuid) is 'A production as JSON: state (pending, running, done, failed, cancelled), attempts, times, its response or its error. Null when it is not known.';
