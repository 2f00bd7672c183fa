create or replace function api.keep_outcomes(owner uuid, key text, outcomes jsonb)
returns void language plpgsql volatile set search_path = '' as $$
declare
  v_took_effect boolean := exists (
    select
      from jsonb_array_elements(keep_outcomes.outcomes) as outcome
     where (outcome ->> 'status')::integer < 400
        or outcome ->> 'payload_id' is not null
  );
begin
  if v_took_effect then
    update api.idempotency_keys as stored
       set outcomes = keep_outcomes.outcomes
     where stored.owner = keep_outcomes.owner
       and stored.key = keep_outcomes.key;
  else
    delete from api.idempotency_keys as stored
     where stored.owner = keep_outcomes.owner
       and stored.key = keep_outcomes.key;
  end if;
end;
$$;
comment on function api.keep_outcomes(uuid, text, jsonb) is
  'Stores the answer of a claimed idempotency key. An answer that changed nothing (all refused) frees the key, so the corrected state can be retried.';
