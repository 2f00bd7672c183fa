create or replace function etl.web_url(input text)
returns text language sql immutable parallel safe as $$
  -- No user:password@, which would make a harmless-looking address lead elsewhere.
  select case
    when length(input) > 2000 then null
    when btrim(input) ~* '^https?://[^\s/?#@\\]+([/?#][^\s]*)?$' then btrim(input)
    when btrim(input) ~* '^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](:[0-9]+)?([/?#][^\s]*)?$' then 'https://' || btrim(input)
  end;
$$;
comment on function etl.web_url(text) is 'A web address (http or https) as it can be fetched; https:// is put before a bare host. Null for anything else.';
