create or replace function api.revoke_key(id uuid)
returns boolean language sql volatile set search_path = '' as $$
  with revoked as (
    update api.api_keys as stored
       set revoked_at = coalesce(stored.revoked_at, now())
     where stored.id = revoke_key.id
    returning stored.id
  )
  select exists (select from revoked);
$$;
comment on function api.revoke_key(uuid) is 'Ends an API key, everywhere at once (hq_api_keys is notified). False when there is no such key.';
