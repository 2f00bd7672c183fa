create or replace function etl.responses(workflow_slug text, payloads etl.landed_payload[], out ids uuid[], out responses jsonb[])
returns record language plpgsql stable set search_path = '' as $$
declare
  v_respond constant text := format('extracted.respond_%s', etl.compiled_name(responses.workflow_slug));
begin
  if to_regprocedure(v_respond || '(etl.landed_payload[])') is not null then
    execute format('select array_agg(answered.raw_payload_id), array_agg(answered.response) from %s($1) as answered', v_respond)
      into responses.ids, responses.responses using responses.payloads;
  end if;
end;
$$;
comment on function etl.responses(text, etl.landed_payload[]) is 'The response fields that a workflow declares, per payload; nulls when it declares none.';

create or replace function etl.processed_outcomes(workflow_slug text, payloads etl.landed_payload[], with_response boolean default true)
returns table (payload_id uuid, outcome jsonb) language plpgsql set search_path = '' as $$
#variable_conflict use_column
declare
  v_ids constant uuid[] := array(select (landed.item).raw_payload_id from (select unnest(processed_outcomes.payloads) as item) as landed);
  v_answered uuid[];
  v_responses jsonb[];
begin
  if with_response then
    select answered.ids, answered.responses into v_answered, v_responses
      from etl.responses(processed_outcomes.workflow_slug, processed_outcomes.payloads) as answered;
  end if;
  return query
    select landed.id,
           case
             when failure.payload_id is not null then
               etl.outcome(
                 case when failure.next_attempt_at is null then 500 else 503 end,
                 jsonb_strip_nulls(jsonb_build_object(
                   'success', false, 'raw_id', landed.id, 'raw_payload_id', landed.id, 'payload_id', landed.id, 'code', failure.sqlstate,
                   'detail', format('The payload is stored but could not be processed: %s', failure.message),
                   'error', failure.message, 'hint', failure.hint
                 )), landed.id)
             else
               etl.outcome(200, jsonb_build_object('success', true, 'raw_id', landed.id, 'raw_payload_id', landed.id) || coalesce(answered.response, '{}') || coalesce(warned.warnings, '{}'), landed.id)
           end
      from unnest(v_ids) as landed (id)
      left join unnest(v_answered, v_responses) as answered (id, response) on answered.id = landed.id
      left join etl.failures as failure on failure.payload_id = landed.id
      left join (
        select warning.payload_id,
               jsonb_build_object('warnings', jsonb_agg(
                 jsonb_build_object('field', warning.pointer, 'problem', warning.problem, 'found', warning.found) order by warning.pointer
               )) as warnings
          from etl.payload_warnings as warning
         where warning.payload_id = any (v_ids)
         group by warning.payload_id
      ) as warned on warned.payload_id = landed.id;
end;
$$;
comment on function etl.processed_outcomes(text, etl.landed_payload[], boolean) is 'The outcomes of payloads that were just processed: response fields (unless not wanted) with warnings, or the failure.';

create or replace function etl.payload_state(payload_id uuid)
returns text language sql stable as $$
  select case
    when exists (select from etl.pending_payloads as pending where pending.payload_id = payload_state.payload_id) then 'pending'
    when exists (select from etl.failures as failure where failure.payload_id = payload_state.payload_id) then 'failed'
    else 'processed'
  end;
$$;
comment on function etl.payload_state(uuid) is 'Where a payload that has landed stands: pending, failed or processed.';

create or replace function etl.payload_status(payload_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object(
      'payload_id', payload.id,
      'workflow_slug', payload.workflow_slug,
      'entity_key', payload.entity_key,
      'state', etl.payload_state(payload.id),
      'observed_at', payload.observed_at,
      'landed_at', payload.created_at,
      'error', case when failure.payload_id is not null then jsonb_build_object(
        'code', failure.sqlstate, 'detail', failure.message, 'hint', failure.hint, 'attempts', failure.attempts, 'next_attempt_at', failure.next_attempt_at
      ) end
    ))
    from raw.payloads as payload
    left join etl.failures as failure on failure.payload_id = payload.id
   where payload.id = payload_status.payload_id
   union all
  select jsonb_strip_nulls(jsonb_build_object(
      'payload_id', production.id,
      'workflow_slug', production.workflow_slug,
      'entity_key', production.entity_key,
      'state', production.state,
      'status_url', '/productions/' || production.id,
      'error', production.error - 'evidence'
    ))
    from etl.productions as production
   where production.id = payload_status.payload_id
     and not exists (select from raw.payloads as payload where payload.id = payload_status.payload_id);
$$;
comment on function etl.payload_status(uuid) is
  'Where a landed payload stands: pending, processed or failed, with its error; of a production that has not landed, its own state and its status_url. Null when it is not known.';
