create or replace function etl.process(workflow_slug text default null, max_payloads integer default 1000)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_slug text;
  v_ids uuid[];
  v_failed integer;
  v_gone integer;
begin
  perform etl.release_due_failures();
  select pending.workflow_slug into v_slug
    from etl.pending_payloads as pending
   where pending.workflow_slug = coalesce(process.workflow_slug, pending.workflow_slug)
     and pending.due_at <= now()
   limit 1
     for update skip locked;
  if not found then
    return jsonb_build_object('processed', 0, 'failed', 0, 'remaining', false);
  end if;

  with claimed as materialized (
    select pending.payload_id
      from etl.pending_payloads as pending
     where pending.workflow_slug = v_slug
       and pending.due_at <= now()
     order by pending.due_at, pending.payload_id
     limit process.max_payloads
       for update skip locked
  )
  select array_agg(claimed.payload_id) into v_ids from claimed;
  v_failed := etl.process_safely(v_slug, v_ids);
  -- What is still in line is no longer in raw.payloads, as its month was detached: it would be claimed again and again.
  delete from etl.pending_payloads as pending where pending.payload_id = any (v_ids);
  get diagnostics v_gone = row_count;
  return jsonb_build_object(
    'processed', cardinality(v_ids) - v_failed - v_gone, 'failed', v_failed,
    'remaining', exists (
      select
        from etl.pending_payloads as pending
       where pending.workflow_slug = coalesce(process.workflow_slug, pending.workflow_slug)
         and pending.due_at <= now()
    )
  );
end;
$$;
comment on function etl.process(text, integer) is
  'Processes up to max_payloads pending payloads of one workflow (given, or any) in this transaction; others may do the same at once. Gives {processed, failed, remaining}.';

create or replace function etl.release_due_failures()
returns integer language sql set search_path = '' as $$
  with due as (
    select failure.payload_id, failure.workflow_slug
      from etl.failures as failure
     where failure.next_attempt_at <= now()
     order by failure.payload_id
     limit 1000
       for update skip locked
  ), rested as (
    update etl.failures as failure
       set next_attempt_at = null
      from due
     where failure.payload_id = due.payload_id
  ), released as (
    insert into etl.pending_payloads (payload_id, workflow_slug)
    select due.payload_id, due.workflow_slug from due
        on conflict do nothing
    returning 1
  )
  select count(*)::integer from released;
$$;
comment on function etl.release_due_failures() is 'Puts transient failures whose rest is over back in line; their row in etl.failures goes when they succeed. Gives their number.';

create or replace function etl.pending_workflows()
returns setof text language sql stable set search_path = '' as $$
  -- One index probe per workflow, not a scan of what is pending.
  select registered.workflow_slug
    from reference.enrichment_workflow_registry as registered
   where exists (
     select
       from etl.pending_payloads as pending
      where pending.workflow_slug = registered.workflow_slug
        and pending.due_at <= now()
   )
      or exists (
     select
       from etl.failures as failure
      where failure.workflow_slug = registered.workflow_slug
        and failure.next_attempt_at <= now()
   );
$$;
comment on function etl.pending_workflows() is 'Workflows that have payloads to process now.';

create or replace function etl.retry(payload_ids uuid[] default null, workflow_slug text default null)
returns integer language plpgsql set search_path = '' as $$
declare
  v_retried integer;
begin
  insert into etl.pending_payloads (payload_id, workflow_slug)
  select failure.payload_id, failure.workflow_slug
    from etl.failures as failure
   where (retry.payload_ids is null or failure.payload_id = any (retry.payload_ids))
     and (retry.workflow_slug is null or failure.workflow_slug = retry.workflow_slug)
      on conflict do nothing;
  get diagnostics v_retried = row_count;
  return v_retried;
end;
$$;
comment on function etl.retry(uuid[], text) is 'Puts failed payloads (all, or the given ones, or those of a workflow) back in line, for after a fix. Gives their number; etl.process() or a worker does the rest.';
