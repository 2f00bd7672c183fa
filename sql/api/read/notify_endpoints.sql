create or replace function api.notify_endpoints()
returns trigger language plpgsql set search_path = '' as $$
begin
  perform pg_notify('hq_endpoints', '');
  return null;
end;
$$;
comment on function api.notify_endpoints() is 'Trigger: tells running servers that endpoints were declared, changed or removed (channel hq_endpoints).';

create or replace trigger _900_notify after insert or update or delete on api.endpoints
for each statement execute function api.notify_endpoints();
