create or replace function etl.run_backfill(workflow reference.enrichment_workflow_registry, bodies jsonb[])
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_outcomes jsonb := '[]'::jsonb;
  v_job_id uuid;
  v_body jsonb;
  v_step jsonb;
begin
  foreach v_body in array bodies loop
    if jsonb_typeof(v_body) <> 'object' then
      v_outcomes := v_outcomes || jsonb_build_array(etl.refusal('BADRQ', 'The body must be an object.', errors => etl.request_errors(v_body, workflow.strict_schema)));
      continue;
    end if;
    -- One backfill of a kind at a time: a second call is answered with the job that is already under way.
    perform pg_advisory_xact_lock(hashtext('etl.jobs'), hashtext(workflow.workflow_slug));
    select job.id into v_job_id from etl.jobs as job where job.workflow_slug = workflow.workflow_slug and job.state in ('queued', 'running');
    if not found then
      insert into etl.jobs as started (name, workflow_slug, total)
      values (workflow.workflow_slug, workflow.workflow_slug, (
        select count(*)
          from etl.records as known
         where known.entity_type in (
           select golden.entity_type from etl.golden_tables as golden join etl.backfills as backfill on golden.target = any (backfill.targets)
            where backfill.workflow_slug = workflow.workflow_slug
         )
      ))
      returning started.id into v_job_id;
    end if;
    if coalesce(etl.as_boolean(v_body -> 'wait'), false) then
      loop
        v_step := etl.job_step(v_job_id);
        exit when not (v_step ->> 'remaining')::boolean;
      end loop;
    end if;
    v_outcomes := v_outcomes || jsonb_build_array(etl.outcome(
      case when coalesce(etl.as_boolean(v_body -> 'wait'), false) then 200 else 202 end,
      jsonb_build_object('success', true, 'job_id', v_job_id, 'status_url', '/jobs/' || v_job_id) || etl.job(v_job_id)
    ));
  end loop;
  return v_outcomes;
end;
$$;
comment on function etl.run_backfill(reference.enrichment_workflow_registry, jsonb[]) is
  'Starts a backfill job (or finds the one under way) and answers with its id; with {"wait": true} does all of it in this transaction first.';

create or replace function etl.job_step(job_id uuid, max_records integer default 500)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_job etl.jobs;
  v_targets text[];
  v_target text;
  v_keys text[];
begin
  select job.* into v_job from etl.jobs as job where job.id = job_step.job_id for update;
  if not found then
    raise exception 'Unknown job %', job_step.job_id using errcode = 'UNKEY', hint = 'select id, name, state from etl.jobs;';
  end if;
  if v_job.state not in ('queued', 'running') then
    return etl.job(job_step.job_id) || jsonb_build_object('remaining', false);
  end if;

  select backfill.targets into strict v_targets from etl.backfills as backfill where backfill.workflow_slug = v_job.workflow_slug;
  v_keys := array(
    select known.entity_key
      from etl.records as known
     where known.entity_key > coalesce(v_job.cursor, '')
       and known.entity_type in (select golden.entity_type from etl.golden_tables as golden where golden.target = any (v_targets))
     order by known.entity_key
     limit job_step.max_records
  );
  perform from etl.records as known where known.entity_key = any (v_keys) order by known.entity_key for update;
  foreach v_target in array v_targets loop
    execute format('select core.recoalesce_%s($1)', split_part(v_target, '.', 2)) using v_keys;
  end loop;
  update etl.jobs as job
     set state = case when cardinality(v_keys) < job_step.max_records then 'done' else 'running' end,
         started_at = coalesce(job.started_at, now()),
         finished_at = case when cardinality(v_keys) < job_step.max_records then now() end,
         done = job.done + cardinality(v_keys),
         cursor = coalesce(v_keys[cardinality(v_keys)], job.cursor)
   where job.id = job_step.job_id;
  return etl.job(job_step.job_id) || jsonb_build_object('remaining', cardinality(v_keys) = job_step.max_records);
end;
$$;
comment on function etl.job_step(uuid, integer) is
  'Does the next chunk of a job in this transaction, from its cursor on, so that a crash loses at most a chunk. Gives the job and remaining. Raises UNKEY.';

create or replace function etl.fail_job(job_id uuid, problem text)
returns void language sql set search_path = '' as $$
  update etl.jobs as job
     set state = 'failed', errors = job.errors + 1, last_error = fail_job.problem, finished_at = now()
   where job.id = fail_job.job_id
     and job.state in ('queued', 'running');
$$;
comment on function etl.fail_job(uuid, text) is 'Ends a job that cannot go on, with the reason.';

create or replace function etl.cancel_job(job_id uuid)
returns jsonb language plpgsql set search_path = '' as $$
begin
  update etl.jobs as job
     set state = 'cancelled', finished_at = now()
   where job.id = cancel_job.job_id
     and job.state in ('queued', 'running');
  update etl.productions as production
     set state = 'cancelled', finished_at = now()
   where production.job_id = cancel_job.job_id
     and production.state = 'pending';
  return etl.job(cancel_job.job_id);
end;
$$;
comment on function etl.cancel_job(uuid) is 'Cancels a job that has not ended; what it has done stays, what is under way ends. Gives the job, null when unknown.';

create or replace function etl.job(job_id uuid)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', known.id, 'name', known.name, 'workflow_slug', known.workflow_slug, 'state', known.state, 'done', known.done, 'total', known.total,
    'rate', round(known.done / greatest(extract(epoch from coalesce(known.finished_at, clock_timestamp()) - known.started_at), 0.001), 1),
    'errors', known.errors, 'last_error', known.last_error, 'created_at', known.created_at, 'started_at', known.started_at, 'finished_at', known.finished_at
  )
    from etl.jobs as known
   where known.id = job.job_id;
$$;
comment on function etl.job(uuid) is 'A job as JSON: state, done, total (records), rate (records a second), errors, times. Null when unknown.';

create or replace function etl.runnable_jobs()
returns setof uuid language sql stable set search_path = '' as $$
  select job.id
    from etl.jobs as job
   where job.state in ('queued', 'running')
     and job.kind = 'backfill'
   order by job.created_at;
$$;
comment on function etl.runnable_jobs() is 'Backfills that have not ended, oldest first.';
