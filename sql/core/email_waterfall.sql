create or replace view raw.email_waterfall_jobs as
  select delivery.id,
         case delivery.state
           when 'done' then 'completed'
           when 'cancelled' then 'cancelled'
           when 'paused' then 'paused'
           else case when delivery.started_at is null then 'pending' else 'processing' end
         end as status,
         delivery.total as total_records, delivery.sent as sent_count, delivery.failed + delivery.skipped as failed_count, delivery.url as clay_webhook_url,
         delivery.created_at, delivery.finished_at as completed_at
    from etl.deliveries as delivery
   where delivery.workflow_slug = 'email-waterfall';
comment on view raw.email_waterfall_jobs is 'Deliveries of the e-mail waterfall under the names of the old table; counts as of now.';

create or replace function core.email_job_status(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_answer jsonb;
begin
  select jsonb_build_object(
      'success', true, 'job_id', job.id, 'status', job.status, 'total_records', job.total_records, 'sent_count', job.sent_count, 'failed_count', job.failed_count,
      'created_at', job.created_at, 'completed_at', job.completed_at, 'status_url', '/deliveries/' || job.id
    )
    into v_answer
    from raw.email_waterfall_jobs as job
   where job.id = core.as_uuid(request -> 'job_id');
  if not found then
    raise exception 'There is no e-mail job "%".', left(request ->> 'job_id', 100) using errcode = 'UNKEY', detail = '/job_id';
  end if;
  return v_answer;
end;
$$;
comment on function core.email_job_status(jsonb) is
  'How far a delivery of the e-mail waterfall is: {success, job_id, status (pending, processing, paused, completed, cancelled), total_records, sent_count, failed_count, created_at, completed_at, status_url}. Raises UNKEY.';
