create or replace function api.purge_idempotency_keys(max_keys integer default 10000)
returns integer language sql volatile set search_path = '' as $$
  with expired as (
    select stored.owner, stored.key
      from api.idempotency_keys as stored
     where stored.expires_at <= now()
     order by stored.expires_at
     limit purge_idempotency_keys.max_keys
       for update skip locked
  ),
  purged as (
    delete from api.idempotency_keys as stored
     using expired
     where stored.owner = expired.owner
       and stored.key = expired.key
    returning stored.key
  )
  select count(*)::integer from purged;
$$;
comment on function api.purge_idempotency_keys(integer) is 'Deletes expired idempotency keys, at most max_keys; returns how many. Safe from many processes.';
