create or replace function api.hash_key(key text)
returns bytea language sql immutable parallel safe as $$
  select sha256(convert_to(hash_key.key, 'UTF8'));
$$;
comment on function api.hash_key(text) is
  'SHA-256 of an API key. Keys are random and long, so a plain hash is enough (a slow one would only slow every request).';
