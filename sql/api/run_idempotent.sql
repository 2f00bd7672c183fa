create or replace function api.run_idempotent(
  owner uuid,
  key text,
  request_hash bytea,
  workflow_slug text,
  bodies text,
  options jsonb,
  time_to_live interval default '24 hours'
)
returns table (status integer, body text, payload_id uuid, is_replayed boolean)
language plpgsql volatile set search_path = '' as $$
declare
  v_claimed boolean;
  v_request_hash bytea;
  v_outcomes jsonb;
begin
  -- Waits for a concurrent claim of the same key to commit (its answer is then replayed) or to fail (then this one claims).
  insert into api.idempotency_keys as stored (owner, key, request_hash, workflow_slug, expires_at)
  values (
    run_idempotent.owner, run_idempotent.key, run_idempotent.request_hash, run_idempotent.workflow_slug,
    now() + run_idempotent.time_to_live
  )
      on conflict on constraint idempotency_keys_pkey do update
     set request_hash = excluded.request_hash,
         workflow_slug = excluded.workflow_slug,
         outcomes = null,
         created_at = excluded.created_at,
         expires_at = excluded.expires_at
   where stored.expires_at <= now()
  returning true into v_claimed;

  if v_claimed is null then
    select stored.request_hash, stored.outcomes
      into v_request_hash, v_outcomes
      from api.idempotency_keys as stored
     where stored.owner = run_idempotent.owner
       and stored.key = run_idempotent.key;
    if v_request_hash <> run_idempotent.request_hash then
      raise exception 'Idempotency-Key "%" was used before with another request', run_idempotent.key
        using errcode = 'IDEMP', hint = 'Use a new key for a new request, or send exactly the first request again.';
    end if;
  else
    v_outcomes := etl.run_batch(
      run_idempotent.workflow_slug,
      string_to_array(run_idempotent.bodies, e'\x1e')::jsonb[],
      run_idempotent.options
    );
    perform api.keep_outcomes(run_idempotent.owner, run_idempotent.key, v_outcomes);
  end if;

  return query
  select (outcome.value ->> 'status')::integer,
         outcome.value ->> 'body',
         (outcome.value ->> 'payload_id')::uuid,
         v_claimed is null
    from jsonb_array_elements(v_outcomes) with ordinality as outcome (value, position)
   order by outcome.position;
end;
$$;
comment on function api.run_idempotent(uuid, text, bytea, text, text, jsonb, interval) is
  'etl.run_batch once per key and caller: claim, work and answer are one transaction. The same request again gets the stored answer '
  '(is_replayed); bodies as in api.run_batch. Raises IDEMP when the key was used with another request.';
