create or replace function etl.delivery_document(delivery etl.deliveries)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', delivery.id, 'workflow_slug', delivery.workflow_slug, 'title', delivery.title, 'destination', delivery.host, 'state', delivery.state,
    'total', delivery.total, 'sent', delivery.sent, 'failed', delivery.failed, 'skipped', delivery.skipped, 'waiting', progress.waiting,
    'rate', progress.rate,
    'seconds_left', case when delivery.state = 'sending' then ceil(progress.waiting / nullif(progress.rate, 0)) end,
    'next_attempt_at', case when delivery.state = 'sending' and delivery.next_attempt_at > clock_timestamp() then delivery.next_attempt_at end,
    'problem', delivery.problem, 'created_at', delivery.created_at, 'started_at', delivery.started_at, 'finished_at', delivery.finished_at
  )
    from (
      select delivery.total - delivery.sent - delivery.failed - delivery.skipped as waiting,
             case
               when delivery.state = 'paused' then null
               when delivery.finished_at is not null then
                 round(((delivery.sent + delivery.failed) / greatest(extract(epoch from delivery.finished_at - delivery.started_at), 0.001))::numeric, 1)
               else coalesce(
                 delivery.rows_per_second,
                 round((nullif(delivery.measured_rows, 0) / greatest(extract(epoch from clock_timestamp() - delivery.measured_from), 1))::numeric, 1)
               )
             end as rate
    ) as progress;
$$;
comment on function etl.delivery_document(etl.deliveries) is
  'How far a delivery is: state, counts of rows, rate (rows a second, of late; of one that has ended, over all; null while it is paused), seconds_left at that rate. Only the host of its destination is told.';

create or replace function etl.delivery(delivery_id uuid, most_failures integer default 20)
returns jsonb language sql stable set search_path = '' as $$
  select etl.delivery_document(known) || jsonb_build_object('failures', coalesce((
      select jsonb_agg(jsonb_build_object(
          'position', listed.position, 'state', listed.state, 'attempts', listed.attempts, 'status', listed.status, 'problem', listed.problem, 'answer', listed.answer, 'attempted_at', listed.attempted_at
        ) order by listed.position)
        from (
          select failed.position, failed.state, failed.attempts, failed.status, failed.problem, failed.answer, failed.attempted_at
            from etl.delivery_rows as failed
           where failed.delivery_id = known.id
             and failed.state in ('failed', 'skipped')
           order by failed.position
           limit delivery.most_failures
        ) as listed
    ), '[]'))
    from etl.deliveries as known
   where known.id = delivery.delivery_id;
$$;
comment on function etl.delivery(uuid, integer) is 'etl.delivery_document with the first failures, failed and skipped rows: {position, state, attempts, status, problem, answer, attempted_at}. Null when unknown.';

create or replace function etl.list_deliveries(state text default null, before uuid default null, most integer default 50)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(etl.delivery_document(listed.delivery) order by listed.id desc), '[]')
    from (
      select known.id, known as delivery
        from etl.deliveries as known
       where (list_deliveries.state is null or known.state = list_deliveries.state)
         and (list_deliveries.before is null or known.id < list_deliveries.before)
       order by known.id desc
       limit list_deliveries.most
    ) as listed;
$$;
comment on function etl.list_deliveries(text, uuid, integer) is 'Deliveries, newest first, as etl.delivery_document has them; the next page begins before the last id.';
