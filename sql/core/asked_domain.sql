create or replace function core.asked_domain(request jsonb)
returns text language plpgsql immutable parallel safe set search_path = '' as $$
begin
  if etl.normalize_domain(request ->> 'domain') is null then
    raise exception '"%" is not a domain name.', left(request ->> 'domain', 200) using errcode = 'BADKY', detail = '/domain';
  end if;
  return etl.normalize_domain(request ->> 'domain');
end;
$$;
comment on function core.asked_domain(jsonb) is 'The field domain of a request, normalised. Raises BADKY when it is no domain name.';
