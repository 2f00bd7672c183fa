create or replace function api.create_key(name text, scopes text[], tenant text default null)
returns jsonb language plpgsql volatile set search_path = '' as $$
declare
  v_tenant constant text := etl.normalize_domain(create_key.tenant);
  v_unknown text;
  v_key text;
  v_answer jsonb;
begin
  if coalesce(btrim(create_key.name), '') = '' then
    raise exception 'An API key needs a name'
      using errcode = 'BADRQ', hint = 'Name the program that will use it, such as "clay".';
  end if;
  select string_agg(coalesce(quote_literal(scope), 'null'), ', ')
    into v_unknown
    from unnest(create_key.scopes) as scope
   where coalesce(scope, '') <> all (array['ingest', 'read', 'admin']);
  if v_unknown is not null or coalesce(cardinality(create_key.scopes), 0) = 0 then
    raise exception 'An API key cannot have these scopes: %', coalesce(v_unknown, 'none')
      using errcode = 'BADRQ', hint = 'Choose one or more of ingest, read and admin.';
  end if;

  if create_key.tenant is not null and v_tenant is null then
    raise exception '"%" is no domain', left(create_key.tenant, 200) using errcode = 'BADKY', hint = 'The tenant is the domain of a client, such as client.example.';
  end if;
  if v_tenant is not null and create_key.scopes <> array['read'] then
    raise exception 'A key with a tenant can only read' using errcode = 'BADRQ', hint = 'Give it the scope read alone, or no tenant.';
  end if;

  v_key := api.new_key();
  insert into api.api_keys as stored (name, scopes, tenant_domain, key_prefix, key_hash)
  values (btrim(create_key.name), create_key.scopes, v_tenant, left(v_key, 9), api.hash_key(v_key))
  returning jsonb_build_object(
    'id', stored.id,
    'name', stored.name,
    'scopes', to_jsonb(stored.scopes),
    'tenant', stored.tenant_domain,
    'key_prefix', stored.key_prefix,
    'created_at', stored.created_at,
    'key', v_key
  ) into v_answer;
  return v_answer;
end;
$$;
comment on function api.create_key(text, text[], text) is
  'Makes an API key and returns its row with the key itself, which cannot be read again. Scopes: ingest, read, admin. tenant: domain of the client whose rows of tenants it sees, and no others. Raises BADRQ, BADKY.';
