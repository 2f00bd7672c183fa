create or replace function etl.destination_host(url text, field text default 'webhook_url')
returns text language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_authority constant text := (regexp_match(btrim(destination_host.url), '^https?://([^/?#\\\s]+)', 'i'))[1];
  v_host constant text := rtrim(lower(regexp_replace(v_authority, ':\d*$', '')), '.');
begin
  if v_host is null or v_host = '' then
    raise exception '% must be a URL such as https://hooks.example/in/1.', destination_host.field using errcode = 'BADRQ', detail = '/' || destination_host.field;
  end if;
  if v_authority like '%@%' then
    raise exception '% must not hold a user name or password before the host.', destination_host.field using errcode = 'BADRQ', detail = '/' || destination_host.field;
  end if;
  return v_host;
end;
$$;
comment on function etl.destination_host(text, text) is
  'The host of an http or https URL, in lower case and without its port: what the pace of deliveries is kept for. Whether it may be called is for the worker to judge, at every connection. field: its name in the request, for the message. Raises BADRQ.';
