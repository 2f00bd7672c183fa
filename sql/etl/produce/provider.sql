create or replace function etl.provider(
  provider text, base_url text default null, headers jsonb default '{}', max_in_flight integer default 8, calls_per_minute integer default 300
)
returns void language plpgsql set search_path = '' as $$
begin
  if provider.provider !~ '^[a-z][a-z0-9_]*$' then
    perform etl.refuse_declaration(format('"%s" cannot be a provider: use lower-case letters, digits and underscores', provider.provider));
  end if;
  -- How much it may be asked is the operator's to change, so a limit that is there stays.
  insert into etl.providers as stored (provider, base_url, headers, max_in_flight, calls_per_minute)
  values (provider.provider, provider.base_url, provider.headers, provider.max_in_flight, provider.calls_per_minute)
      on conflict on constraint providers_pkey do update
     set base_url = excluded.base_url,
         headers = excluded.headers;
end;
$$;
comment on function etl.provider(text, text, jsonb, integer, integer) is
  'Declares an outside service: where it is, what headers it wants ({{ACME_API_KEY}} is the setting of that name), and how much it may be asked. Raises BADDL.';
