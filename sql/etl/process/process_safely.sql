create or replace function etl.is_transient(code text)
returns boolean language sql immutable parallel safe as $$
  -- Conflicts between transactions, lack of resources, locks, cancellation and shutdown: the same payload can succeed later.
  select left(code, 2) in ('40', '53', '57', '58') or code in ('55P03', '55006');
$$;
comment on function etl.is_transient(text) is 'Whether trying again can help against an error of this SQLSTATE.';

create or replace function etl.process_safely(workflow_slug text, payload_ids uuid[])
returns integer language sql set search_path = '' as $$
  select coalesce(etl.process_landed(process_safely.workflow_slug, etl.landed_payloads(ingestion.family, process_safely.payload_ids)), 0)
    from etl.ingestions as ingestion
   where ingestion.workflow_slug = process_safely.workflow_slug;
$$;
comment on function etl.process_safely(text, uuid[]) is 'etl.process_landed for payloads given by id. Gives the number of failures.';

create or replace function etl.process_landed(workflow_slug text, payloads etl.landed_payload[])
returns integer language plpgsql set search_path = '' as $$
declare
  v_ids constant uuid[] := array(select landed.raw_payload_id from unnest(payloads) as landed);
  v_middle constant integer := cardinality(payloads) / 2;
  -- Of few payloads little work is lost: they give way soon, as Postgres looks for a deadlock only after a second.
  c_few constant integer := 20;
  v_before constant text := current_setting('lock_timeout');
  v_attempt integer := 0;
  v_gives_way boolean;
  v_code text;
  v_message text;
  v_detail text;
  v_hint text;
  v_context text;
begin
  loop
    v_attempt := v_attempt + 1;
    v_gives_way := v_attempt <= 2 and cardinality(payloads) <= c_few;
    begin
      perform etl.take_turn(alone => v_attempt > 1 and not v_gives_way);
      if v_gives_way then
        perform set_config('lock_timeout', case v_attempt when 1 then '200ms' else '500ms' end, true);
      end if;
      perform etl.process_payloads(process_landed.workflow_slug, process_landed.payloads);
      perform set_config('lock_timeout', v_before, true);
      delete from etl.failures as failure where failure.payload_id = any (v_ids);
      delete from etl.pending_payloads as pending where pending.payload_id = any (v_ids);
      return 0;
    exception
      when query_canceled or others then
        get stacked diagnostics v_code = returned_sqlstate, v_message = message_text, v_detail = pg_exception_detail,
          v_hint = pg_exception_hint, v_context = pg_exception_context;
    end;
    -- Two batches met in opposite order, or one waits long: this one was rolled back, and goes again, in the end alone.
    exit when left(v_code, 2) <> '40' and not (v_gives_way and v_code = '55P03') or v_attempt >= 5;
    perform pg_sleep(random() * 0.01);
  end loop;

  if not etl.is_transient(v_code) and cardinality(payloads) > 1 then
    -- Something in here is poison; halves of halves find it, and all others go through.
    return etl.process_landed(workflow_slug, payloads[:v_middle]) + etl.process_landed(workflow_slug, payloads[v_middle + 1:]);
  end if;

  insert into etl.failures as stored (
    payload_id, workflow_slug, entity_key, sqlstate, message, detail, hint, context, attempts, next_attempt_at
  )
  select landed.raw_payload_id, process_landed.workflow_slug, landed.entity_key, v_code, v_message, nullif(v_detail, ''), nullif(v_hint, ''), v_context,
         1, case when etl.is_transient(v_code) then clock_timestamp() + etl.retry_delay(1) end
    from unnest(payloads) as landed
      on conflict on constraint failures_pkey do update
     set sqlstate = excluded.sqlstate,
         message = excluded.message,
         detail = excluded.detail,
         hint = excluded.hint,
         context = excluded.context,
         attempts = stored.attempts + 1,
         last_failed_at = now(),
         next_attempt_at = case when excluded.next_attempt_at is not null then clock_timestamp() + etl.retry_delay(stored.attempts + 1) end;
  delete from etl.pending_payloads as pending where pending.payload_id = any (v_ids);
  return cardinality(payloads);
end;
$$;
comment on function etl.process_landed(text, etl.landed_payload[]) is
  'etl.process_payloads in a sub-transaction: a payload that raises is set aside in etl.failures and stays landed, the others of its batch go through. Gives the number of failures. Raises nothing.';

create or replace function etl.retry_delay(attempts integer)
returns interval language sql immutable parallel safe as $$
  select least(interval '1 second' * power(2, least(attempts, 20) - 1), interval '1 hour');
$$;
comment on function etl.retry_delay(integer) is 'How long a transient failure rests after so many attempts: 1, 2, 4 … seconds, one hour at most.';
