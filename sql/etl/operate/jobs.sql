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
      select workflow.workflow_slug, workflow.workflow_slug, count(*)
        from etl.records as known
       where known.entity_type = any (etl.backfilled_entities(workflow.workflow_slug))
      returning started.id into v_job_id;
    end if;
    if coalesce(etl.as_boolean(v_body -> 'wait'), false) then
      loop
        v_step := etl.job_step(v_job_id);
        exit when not (v_step ->> 'remaining')::boolean;
        -- A worker is at it.
        if (v_step ->> 'worked')::bigint = 0 then
          perform pg_sleep(0.05);
        end if;
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

create or replace function etl.backfilled_entities(workflow_slug text)
returns text[] language sql stable set search_path = '' as $$
  -- Also people, when what profiles say of employers is to be offered to companies.
  select array_agg(distinct ingestion.entity_type)
    from etl.backfills as backfill
    join etl.coalescings as coalescing on coalescing.target = any (backfill.targets)
    join etl.extractions as extraction on extraction.target = coalescing.origin
    join etl.ingestions as ingestion on ingestion.workflow_slug = extraction.workflow_slug
   where backfill.workflow_slug = backfilled_entities.workflow_slug;
$$;
comment on function etl.backfilled_entities(text) is 'Entity types whose extracted rows a backfill offers again: those of its tables'' sources, which can speak of other records than their own.';

create or replace function etl.start_rebuild(workers integer default 2)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_job_id uuid;
begin
  if start_rebuild.workers not between 1 and 64 then
    raise exception 'workers must be from 1 to 64, not %', start_rebuild.workers using errcode = 'BADRQ', detail = '/workers';
  end if;
  perform pg_advisory_xact_lock(hashtext('etl.jobs'), hashtext('rebuild'));
  select job.id into v_job_id from etl.jobs as job where job.name = 'rebuild' and job.state in ('queued', 'running');
  if not found then
    perform etl.delete_unknown_rows();
    insert into etl.jobs as started (name, workers, total)
    select 'rebuild', start_rebuild.workers, count(*)
      from etl.records
    returning started.id into v_job_id;
  end if;
  return v_job_id;
end;
$$;
comment on function etl.start_rebuild(integer) is
  'Starts the job that makes core anew from raw, up to workers at once, or finds the one under way; gives its id. Reads every golden table. Raises BADRQ.';

create or replace function etl.cut_job(job_id uuid, max_records integer)
returns void language plpgsql set search_path = '' as $$
declare
  -- Cut ahead of the workers, and seldom: who cuts holds the row of the job until its own range is done.
  c_ranges constant integer := 32;
  v_job etl.jobs;
  v_cut record;
begin
  select job.* into v_job
    from etl.jobs as job
   where job.id = cut_job.job_id
     and job.state in ('queued', 'running')
     and not job.is_cut
     for update skip locked;
  if not found then
    return;
  end if;
  with next as (
    select known.entity_key, (row_number() over (order by known.entity_key) - 1) / cut_job.max_records as number
      from etl.records as known
     where known.entity_key > coalesce(v_job.cursor, '')
       and (v_job.workflow_slug is null or known.entity_type = any (etl.backfilled_entities(v_job.workflow_slug)))
     order by known.entity_key
     limit cut_job.max_records * c_ranges
  ), cut as (
    insert into etl.job_ranges as stored (job_id, first_key, last_key)
    select cut_job.job_id, min(next.entity_key), max(next.entity_key)
      from next
     group by next.number
    returning stored.last_key
  )
  select max(cut.last_key) as last_key, (select count(*) from next) as records into v_cut from cut;
  update etl.jobs as job
     set cursor = coalesce(v_cut.last_key, job.cursor),
         is_cut = v_cut.records < cut_job.max_records * c_ranges
   where job.id = cut_job.job_id;
end;
$$;
comment on function etl.cut_job(uuid, integer) is 'Cuts the next ranges of records off a job for its workers to claim; nothing while another cuts, or all is cut.';

create or replace function etl.recoalesce_keys(targets text[], entity_keys text[])
returns void language plpgsql set search_path = '' as $$
declare
  v_target text;
begin
  for v_attempt in 1..5 loop
    begin
      perform etl.take_turn(alone => v_attempt > 1);
      perform from etl.records as known where known.entity_key = any (recoalesce_keys.entity_keys) order by known.entity_key for update;
      foreach v_target in array recoalesce_keys.targets loop
        execute format('select core.recoalesce_%s($1)', split_part(v_target, '.', 2)) using recoalesce_keys.entity_keys;
      end loop;
      return;
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
comment on function etl.recoalesce_keys(text[], text[]) is 'Offers what is extracted about the given records to golden tables again. Raises 40P01 when it met other batches five times.';

create or replace function etl.job_step(job_id uuid, max_records integer default 500)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_job etl.jobs;
  v_range etl.job_ranges;
  v_keys text[];
  v_failed integer := 0;
  v_targets text[];
begin
  select job.* into v_job from etl.jobs as job where job.id = job_step.job_id;
  if not found then
    raise exception 'Unknown job %', job_step.job_id using errcode = 'UNKEY', hint = 'select id, name, state from etl.jobs;';
  end if;
  if v_job.state not in ('queued', 'running') then
    return etl.job(job_step.job_id) || jsonb_build_object('worked', 0, 'remaining', false);
  end if;
  select backfill.targets into v_targets from etl.backfills as backfill where backfill.workflow_slug = v_job.workflow_slug;
  if v_targets is null and v_job.workflow_slug is not null then
    raise exception 'There is no backfill "%"', v_job.workflow_slug using errcode = 'UNKWF', hint = 'select workflow_slug from etl.backfills;';
  end if;
  if not exists (select from generate_series(1, v_job.workers) as place where pg_try_advisory_xact_lock(hashtext(job_step.job_id::text), place)) then
    return etl.job(job_step.job_id) || jsonb_build_object('worked', 0, 'remaining', true);
  end if;

  for v_attempt in 1..2 loop
    select claimed.* into v_range
      from etl.job_ranges as claimed
     where claimed.job_id = job_step.job_id
     order by claimed.first_key
     limit 1
       for update skip locked;
    exit when found or v_attempt = 2;
    perform etl.cut_job(job_step.job_id, job_step.max_records);
  end loop;

  if v_range.job_id is not null then
    v_keys := array(
      select known.entity_key
        from etl.records as known
       where known.entity_key between v_range.first_key and v_range.last_key
         and (v_job.workflow_slug is null or known.entity_type = any (etl.backfilled_entities(v_job.workflow_slug)))
       order by known.entity_key
    );
    if v_job.workflow_slug is null then
      -- What cannot be rebuilt stays among the stale records, with its problem, and is tried again.
      insert into etl.stale_records (entity_key) select unnest(v_keys) on conflict do nothing;
      v_failed := etl.rebuild_safely(v_keys);
    else
      perform etl.recoalesce_keys(v_targets, v_keys);
    end if;
    delete from etl.job_ranges as done where done.job_id = v_range.job_id and done.first_key = v_range.first_key;
  end if;

  update etl.jobs as job
     set state = 'running',
         started_at = coalesce(job.started_at, now()),
         done = job.done + coalesce(cardinality(v_keys), 0),
         errors = job.errors + v_failed,
         last_error = case when v_failed > 0 then (
           select stale.problem from etl.stale_records as stale where stale.entity_key = any (v_keys) and stale.problem is not null order by stale.entity_key limit 1
         ) else job.last_error end
   where job.id = job_step.job_id
     and job.state in ('queued', 'running');
  -- A statement of its own: having waited for the row above, it sees what the others have done.
  update etl.jobs as job
     set state = 'done', finished_at = clock_timestamp()
   where job.id = job_step.job_id
     and job.state = 'running'
     and job.is_cut
     and not exists (select from etl.job_ranges as open where open.job_id = job.id);
  return (
    select etl.job(job.id) || jsonb_build_object('worked', coalesce(cardinality(v_keys), 0), 'remaining', job.state = 'running')
      from etl.jobs as job
     where job.id = job_step.job_id
  );
end;
$$;
comment on function etl.job_step(uuid, integer) is
  'Does the next range of a job in this transaction. Up to the job''s number of workers may call it at once; a crash gives the range back. Gives the job, worked (records of this step, 0 when all ranges are taken) and remaining. Raises UNKEY for an unknown job, UNKWF for one whose backfill is gone.';

create or replace function etl.fail_job(job_id uuid, problem text)
returns void language sql set search_path = '' as $$
  update etl.jobs as job
     set state = 'failed', errors = job.errors + 1, last_error = fail_job.problem, finished_at = now()
   where job.id = fail_job.job_id
     and job.state in ('queued', 'running');
  delete from etl.job_ranges as open
   where open.job_id = fail_job.job_id
     and open.first_key in (select claimed.first_key from etl.job_ranges as claimed where claimed.job_id = fail_job.job_id for update skip locked);
$$;
comment on function etl.fail_job(uuid, text) is 'Ends a job that cannot go on, with the reason.';

create or replace function etl.cancel_job(job_id uuid)
returns jsonb language plpgsql set search_path = '' as $$
begin
  update etl.jobs as job
     set state = 'cancelled', finished_at = now()
   where job.id = cancel_job.job_id
     and job.state in ('queued', 'running');
  -- Not the range that a worker is at: that one ends, and goes with it.
  delete from etl.job_ranges as open
   where open.job_id = cancel_job.job_id
     and open.first_key in (select claimed.first_key from etl.job_ranges as claimed where claimed.job_id = cancel_job.job_id for update skip locked);
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
