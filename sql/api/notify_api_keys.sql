create or replace function api.notify_api_keys()
returns trigger language plpgsql volatile set search_path = '' as $$
begin
  perform pg_notify('hq_api_keys', '');
  return null;
end;
$$;
comment on function api.notify_api_keys() is 'Tells every API process to forget the keys it remembers.';

create or replace trigger _900_notify_api_keys
  after insert or delete or update of name, scopes, tenant_domain, key_hash, revoked_at on api.api_keys
  for each statement execute function api.notify_api_keys();
