create or replace function core.asked_tenant(request jsonb, field text)
returns text language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_tenant constant text := etl.normalize_domain(request ->> asked_tenant.field);
begin
  if v_tenant is null then
    raise exception '"%" is not a domain name.', left(request ->> asked_tenant.field, 200) using errcode = 'BADKY', detail = '/' || asked_tenant.field;
  end if;
  return v_tenant;
end;
$$;
comment on function core.asked_tenant(jsonb, text) is 'The domain of the client or target client that a request names in the given field, normalised. Raises BADKY.';
