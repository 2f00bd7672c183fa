create or replace function api.authenticate(key_hash bytea)
returns table (id uuid, name text, scopes text[], tenant text) language sql volatile set search_path = '' as $$
  with touched as (
    update api.api_keys as stored
       set last_used_at = now()
     where stored.key_hash = authenticate.key_hash
       and stored.revoked_at is null
       and coalesce(stored.last_used_at, '-infinity') < now() - interval '1 minute'
  )
  select stored.id, stored.name, stored.scopes, stored.tenant_domain
    from api.api_keys as stored
   where stored.key_hash = authenticate.key_hash
     and stored.revoked_at is null;
$$;
comment on function api.authenticate(bytea) is 'The live API key with this SHA-256, or no row. Notes its use at most once a minute.';
