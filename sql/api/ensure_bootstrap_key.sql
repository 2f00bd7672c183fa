create or replace function api.ensure_bootstrap_key(key text)
returns uuid language plpgsql volatile set search_path = '' as $$
declare
  v_hash bytea := api.hash_key(ensure_bootstrap_key.key);
  v_id uuid;
begin
  if coalesce(length(ensure_bootstrap_key.key), 0) < 16 then
    raise exception 'The bootstrap API key is too short: % characters', coalesce(length(ensure_bootstrap_key.key), 0)
      using errcode = 'BADRQ', hint = 'Use at least 16 random characters.';
  end if;

  update api.api_keys as stored
     set revoked_at = now()
   where stored.name = 'bootstrap'
     and stored.key_hash <> v_hash
     and stored.revoked_at is null;

  insert into api.api_keys as stored (name, scopes, key_prefix, key_hash)
  values ('bootstrap', '{admin}', left(ensure_bootstrap_key.key, 4), v_hash)
      on conflict on constraint api_keys_key_hash_key do update
     set name = 'bootstrap',
         scopes = '{admin}',
         revoked_at = null
  returning stored.id into v_id;
  return v_id;
end;
$$;
comment on function api.ensure_bootstrap_key(text) is
  'Makes the given key the one bootstrap admin key; an earlier bootstrap key is revoked. Repeating it changes nothing. Raises BADRQ below 16 characters.';
