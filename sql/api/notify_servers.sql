create or replace function api.notify_servers()
returns trigger language plpgsql set search_path = '' as $$
begin
  perform pg_notify(tg_argv[0], '');
  return null;
end;
$$;
comment on function api.notify_servers() is 'Trigger function: tells every API process, on the channel that is its argument, to read again what it remembers of the table.';

create or replace trigger _900_notify_api_keys
  after insert or delete or update of name, scopes, tenant_domain, key_hash, revoked_at on api.api_keys
  for each statement execute function api.notify_servers('hq_api_keys');

create or replace trigger _900_notify after insert or update or delete on api.endpoints
for each statement execute function api.notify_servers('hq_endpoints');
