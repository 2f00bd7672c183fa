create or replace function api.list_keys()
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(
    jsonb_agg(
      jsonb_build_object(
        'id', stored.id,
        'name', stored.name,
        'scopes', to_jsonb(stored.scopes),
        'tenant', stored.tenant_domain,
        'key_prefix', stored.key_prefix,
        'created_at', stored.created_at,
        'revoked_at', stored.revoked_at,
        'last_used_at', stored.last_used_at
      ) order by stored.created_at, stored.id
    ),
    '[]'::jsonb
  )
    from api.api_keys as stored;
$$;
comment on function api.list_keys() is 'All API keys, revoked ones too, oldest first, without hashes.';
