create or replace function etl.claim_deliveries(worker uuid, lease interval, most integer, delivery_id uuid default null)
returns setof uuid language sql set search_path = '' as $$
  with due as materialized (
    select waiting.id
      from etl.deliveries as waiting
     where waiting.state = 'sending'
       and waiting.next_attempt_at <= now()
       and waiting.leased_until < now()
       and (claim_deliveries.delivery_id is null or waiting.id = claim_deliveries.delivery_id)
     -- The one that has waited longest for a worker comes first.
     order by waiting.leased_until, waiting.id
     limit claim_deliveries.most
       for update skip locked
  )
  update etl.deliveries as delivery
     set leased_by = claim_deliveries.worker, leased_until = clock_timestamp() + claim_deliveries.lease, started_at = coalesce(delivery.started_at, now())
    from due
   where delivery.id = due.id
  returning delivery.id;
$$;
comment on function etl.claim_deliveries(uuid, interval, integer, uuid) is
  'Gives a worker process deliveries that no other sends, for the time of the lease; it says that it is alive with etl.extend_leases.';

create or replace function etl.extend_leases(worker uuid, lease interval)
returns void language sql set search_path = '' as $$
  update etl.deliveries as delivery
     set leased_until = clock_timestamp() + extend_leases.lease
   where delivery.leased_by = extend_leases.worker
     and delivery.state in ('sending', 'paused');
$$;
comment on function etl.extend_leases(uuid, interval) is 'The heartbeat of a worker process: its deliveries stay its own.';

create or replace function etl.release_delivery(delivery_id uuid, worker uuid)
returns void language sql set search_path = '' as $$
  update etl.deliveries as delivery
     -- The time, and not -infinity: the order in which deliveries get their next turn.
     set leased_by = null, leased_until = now()
   where delivery.id = release_delivery.delivery_id
     and delivery.leased_by = release_delivery.worker;
$$;
comment on function etl.release_delivery(uuid, uuid) is 'Ends a lease: the worker has nothing of the delivery in flight.';

create or replace function etl.delivery_body(body json, added json, index_field text, index bigint)
returns text language sql immutable parallel safe set search_path = '' as $$
  with own as (
    select field.key, field.value, field.place
      from json_each(delivery_body.body) with ordinality as field (key, value, place)
     where (delivery_body.added -> field.key) is null
       and field.key is distinct from delivery_body.index_field
  ), fields as (
    select own.key, own.value, 1 as part, own.place from own
    union all
    select field.key, field.value, 2, field.place from json_each(delivery_body.added) with ordinality as field (key, value, place)
    union all
    select delivery_body.index_field, to_json(delivery_body.index), 3, 1 where delivery_body.index_field is not null
  )
  select coalesce(json_object_agg(fields.key, fields.value order by fields.part, fields.place), '{}')::text from fields;
$$;
comment on function etl.delivery_body(json, json, text, bigint) is 'The JSON text that is sent for a row: its own fields in their order, then those that the delivery adds, which win over equal names.';

create or replace function etl.next_delivery_row(delivery_id uuid, worker uuid, sends_per_second integer, hold interval)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_delivery etl.deliveries;
  v_row etl.delivery_rows;
  v_slot integer;
  v_wait interval;
begin
  select delivery.* into v_delivery
    from etl.deliveries as delivery
   where delivery.id = next_delivery_row.delivery_id
     and delivery.leased_by = next_delivery_row.worker
     and delivery.state = 'sending'
     for update;
  if not found then
    return '{"next": "stop"}';
  end if;
  -- Before PostgreSQL 17 nothing can be subtracted from -infinity.
  v_wait := greatest(v_delivery.next_attempt_at, now()) - clock_timestamp();
  if v_wait > interval '0' then
    return jsonb_build_object('next', 'wait', 'wait_ms', etl.milliseconds(v_wait));
  end if;
  -- One that is "sending" was in flight when its worker fell silent: it is sent again, under the same idempotency key.
  select waiting.* into strict v_row
    from etl.delivery_rows as waiting
   where waiting.delivery_id = v_delivery.id
     and waiting.state in ('pending', 'sending')
     and waiting.position >= v_delivery.next_position
   order by waiting.position
   limit 1;
  select taken.slot, taken.wait into v_slot, v_wait
    from etl.take_slot(v_delivery.host, v_delivery.id, next_delivery_row.sends_per_second, next_delivery_row.hold) as taken;
  if v_slot is null then
    return jsonb_build_object('next', 'wait', 'wait_ms', etl.milliseconds(v_wait));
  end if;

  update etl.delivery_rows as waiting
     set state = 'sending', attempts = v_row.attempts + 1, attempted_at = clock_timestamp()
   where waiting.delivery_id = v_row.delivery_id and waiting.position = v_row.position;
  update etl.deliveries as delivery set next_position = v_row.position where delivery.id = v_delivery.id and delivery.next_position <> v_row.position;
  return jsonb_build_object(
    'next', 'send', 'url', v_delivery.url, 'position', v_row.position, 'attempt', v_row.attempts + 1, 'slot', v_slot,
    'idempotency_key', format('%s-%s', v_row.delivery_id, v_row.position),
    'body', etl.delivery_body(v_row.body, v_delivery.added, v_delivery.index_field, v_row.position)
  );
end;
$$;
comment on function etl.next_delivery_row(uuid, uuid, integer, interval) is
  'What a worker does next with a delivery it has leased: {next: "send", url, position, attempt, slot, idempotency_key, body}, {next: "wait", wait_ms} (the pace, or the receiver''s wish), or {next: "stop"} (paused, cancelled, done, or the lease is lost). '
  'hold: longest time until etl.record_answer is called.';

create or replace function etl.milliseconds(duration interval)
returns bigint language sql immutable parallel safe as $$
  select ceil(extract(epoch from duration) * 1000)::bigint;
$$;
comment on function etl.milliseconds(interval) is 'A duration in whole milliseconds, rounded up.';

create or replace function etl.retry_delay(attempt integer, asked interval)
returns interval language sql volatile parallel safe set search_path = '' as $$
  -- Doubling from one second, up to five minutes, a quarter more or less so that deliveries do not come back together.
  select least(
    greatest(interval '1 second' * least(2 ^ (retry_delay.attempt - 1), 300) * (0.75 + random() / 2), coalesce(retry_delay.asked, interval '0')),
    interval '1 hour'
  );
$$;
comment on function etl.retry_delay(integer, interval) is 'How long to wait after a failed attempt: longer each time, and as long as the receiver asked for; an hour at most.';

create or replace function etl.record_answer(
  delivery_id uuid,
  worker uuid,
  row_position bigint,
  attempt integer,
  slot integer,
  outcome text,
  status integer default null,
  answer text default null,
  problem text default null,
  retry_after interval default null,
  most_attempts integer default 8
)
returns void language plpgsql set search_path = '' as $$
declare
  v_delivery etl.deliveries;
  v_row etl.delivery_rows;
  v_state text;
  v_on_sent text;
  v_problem text;
begin
  select delivery.* into strict v_delivery from etl.deliveries as delivery where delivery.id = record_answer.delivery_id for update;
  perform etl.give_slot_back(v_delivery.host, record_answer.slot, v_delivery.id);
  v_state := case
    when record_answer.outcome = 'sent' then 'sent'
    when record_answer.outcome = 'refused' or record_answer.attempt >= record_answer.most_attempts then 'failed'
    else 'pending'
  end;
  update etl.delivery_rows as sending
     set state = v_state, status = record_answer.status, answer = left(record_answer.answer, 2000), problem = record_answer.problem
   where sending.delivery_id = v_delivery.id
     and sending.position = record_answer.row_position
     and sending.state = 'sending'
     and sending.attempts = record_answer.attempt
  returning sending.* into v_row;
  if not found then
    -- The lease was lost, and another worker has taken the row up: it will have its own answer.
    return;
  end if;
  if v_state = 'sent' and v_row.row_key is not null then
    select declared.on_sent into v_on_sent from etl.delivery_sources as declared where declared.workflow_slug = v_delivery.workflow_slug;
    if v_on_sent is not null then
      begin
        execute v_on_sent using v_row.row_key;
      exception
        when others then
          -- What can pass is left to the worker, which calls again. The rest must not make the row arrive again and again.
          if etl.is_transient(sqlstate) then
            raise;
          end if;
          v_state := 'failed';
          v_problem := format('The receiver accepted the row, but what had to follow failed: %s', sqlerrm);
          update etl.delivery_rows as accepted
             set state = v_state, problem = v_problem
           where accepted.delivery_id = v_delivery.id and accepted.position = record_answer.row_position;
      end;
    end if;
  end if;
  perform etl.count_answer(
    v_delivery, v_state, record_answer.outcome = 'sent' or (record_answer.outcome = 'refused' and record_answer.status is not null), coalesce(v_problem, record_answer.problem),
    etl.retry_delay(record_answer.attempt, record_answer.retry_after)
  );
end;
$$;
comment on function etl.record_answer(uuid, uuid, bigint, integer, integer, text, integer, text, text, interval, integer) is
  'Records what became of a row that etl.next_delivery_row gave. outcome: sent, refused (for good) or retry (back in line after a wait, until most_attempts are used up). '
  'An answer of an attempt that is no longer the row''s newest is dropped. A row whose on_sent fails has failed, although it was accepted.';

create or replace function etl.count_answer(delivery etl.deliveries, row_state text, is_settled_by_receiver boolean, problem text, delay interval)
returns void language sql set search_path = '' as $$
  update etl.deliveries as stored
     set sent = stored.sent + (row_state = 'sent')::integer,
         failed = stored.failed + (row_state = 'failed')::integer,
         next_attempt_at = case when row_state = 'pending' then clock_timestamp() + delay else stored.next_attempt_at end,
         exhausted_in_a_row = counted.exhausted_in_a_row,
         state = case
           when stored.state not in ('sending', 'paused') then stored.state
           when counted.is_last then 'done'
           when counted.exhausted_in_a_row >= 3 then 'paused'
           else stored.state
         end,
         finished_at = case when counted.is_last and stored.state in ('sending', 'paused') then clock_timestamp() else stored.finished_at end,
         problem = case
           when counted.exhausted_in_a_row >= 3 then format('Paused after three rows in a row could not be delivered: %s', count_answer.problem)
           else stored.problem
         end,
         measured_from = case when counted.is_measured then clock_timestamp() else coalesce(stored.measured_from, clock_timestamp()) end,
         measured_rows = case when counted.is_measured then 0 else stored.measured_rows + (row_state <> 'pending')::integer end,
         rows_per_second = case
           -- A third of it is new, so that a moment's rest does not make hours of minutes.
           when counted.is_measured then round((
             coalesce(2 * stored.rows_per_second, 0) + (stored.measured_rows + 1) / extract(epoch from clock_timestamp() - stored.measured_from)
           ) / case when stored.rows_per_second is null then 1 else 3 end, 1)
           else stored.rows_per_second
         end
    from (
      select (count_answer.delivery).sent + (count_answer.delivery).failed + (count_answer.delivery).skipped + (row_state <> 'pending')::integer
               = (count_answer.delivery).total as is_last,
             case when row_state = 'pending' then (count_answer.delivery).exhausted_in_a_row
               when not is_settled_by_receiver then (count_answer.delivery).exhausted_in_a_row + 1
               else 0 end as exhausted_in_a_row,
             coalesce(clock_timestamp() - (count_answer.delivery).measured_from >= interval '5 seconds', false) as is_measured
    ) as counted
   where stored.id = (count_answer.delivery).id;
$$;
comment on function etl.count_answer(etl.deliveries, text, boolean, text, interval) is
  'Counts the answer to a row of a delivery, which the caller has locked: its counts, its rate (measured every five seconds, and smoothed), its end. Three rows in a row that were given up although the receiver did not refuse them pause it: the receiver is away, or may not be called.';
