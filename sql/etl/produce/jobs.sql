create or replace function etl.start_productions(workflow_slug text, bodies jsonb[], name text default null)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_workflow constant reference.enrichment_workflow_registry := etl.find_workflow(workflow_slug);
  v_job_id uuid;
  v_outcomes jsonb;
  v_errors jsonb;
begin
  if not etl.is_producing(v_workflow.workflow_type) then
    raise exception 'Workflow "%" asks nothing outside', v_workflow.workflow_slug
      using errcode = 'BADRQ', detail = '/workflow_slug', hint = 'Send its bodies to its own path as a JSON array or NDJSON.';
  end if;
  if coalesce(cardinality(bodies), 0) = 0 then
    raise exception 'There is nothing to do: the list is empty.' using errcode = 'BADRQ', detail = '/bodies';
  end if;
  insert into etl.jobs as started (name, workflow_slug, kind, state, total, started_at)
  values (coalesce(start_productions.name, v_workflow.workflow_slug), v_workflow.workflow_slug, 'productions', 'running', cardinality(bodies), now())
  returning started.id into v_job_id;
  v_outcomes := etl.request_productions(v_workflow, bodies, jsonb_build_object('job_id', v_job_id));
  select jsonb_agg(jsonb_build_object('position', refused.position, 'detail', refused.value #>> '{body,detail}') order by refused.position) into v_errors
    from jsonb_array_elements(v_outcomes) with ordinality as refused (value, position)
   where (refused.value ->> 'status')::integer >= 400;
  if jsonb_array_length(v_errors) = cardinality(bodies) then
    raise exception 'None of the % bodies can be accepted: %', cardinality(bodies), v_errors #>> '{0,detail}' using errcode = 'BADRQ', detail = '/bodies';
  end if;
  if v_errors is not null then
    perform etl.count_ended(v_job_id, jsonb_array_length(v_errors), jsonb_array_length(v_errors), format('body %s: %s', v_errors #>> '{0,position}', v_errors #>> '{0,detail}'));
  end if;
  return v_job_id;
end;
$$;
comment on function etl.start_productions(text, jsonb[], text) is
  'Starts a job of one production per body, which workers do; gives its id (etl.job tells how far it is). Bodies that are refused count as its errors. Raises UNKWF, INAWF, and BADRQ when none is accepted.';

create or replace function etl.count_ended(job_id uuid, ended integer, failed integer, problem text default null)
returns void language sql set search_path = '' as $$
  update etl.jobs as job
     set done = job.done + count_ended.ended,
         errors = job.errors + count_ended.failed,
         last_error = coalesce(count_ended.problem, job.last_error),
         state = case when job.state = 'cancelled' then job.state when job.done + count_ended.ended >= job.total then 'done' else 'running' end,
         finished_at = case when job.state = 'cancelled' then job.finished_at when job.done + count_ended.ended >= job.total then now() end
   where job.id = count_ended.job_id;
$$;
comment on function etl.count_ended(uuid, integer, integer, text) is 'Adds productions that have ended (negative: that are tried again) to their job; it is done when all have.';

create or replace function etl.ask_again(workflow_slug text)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_bodies jsonb[];
begin
  v_bodies := array(
    select newest.request
      from (
        select distinct on (payload.entity_key) payload.entity_key, payload.request, payload.payload ->> 'prompt_version' as prompt_version
          from raw.payloads as payload
          join etl.ingestions as ingestion on ingestion.family = payload.family and ingestion.workflow_slug = ask_again.workflow_slug
         where payload.workflow_slug = ask_again.workflow_slug
         order by payload.entity_key, payload.id desc
      ) as newest
      join etl.producers as producer on producer.workflow_slug = ask_again.workflow_slug
     where newest.prompt_version is distinct from producer.prompt_version
     order by newest.entity_key
  );
  return case when cardinality(v_bodies) > 0 then etl.start_productions(ask_again.workflow_slug, v_bodies, 'ask again') end;
end;
$$;
comment on function etl.ask_again(text) is
  'Starts a job that asks a workflow''s question again about every record whose newest answer came from another version of it; null when all are up to date. Raises UNKWF, INAWF, BADRQ.';
