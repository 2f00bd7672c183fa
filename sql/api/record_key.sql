create or replace function api.record_key(entity_type text, key text)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_key constant text := etl.normalize_key(record_key.entity_type, record_key.key);
begin
  if v_key is null then
    raise exception '"%" is no %', left(record_key.key, 200), case record_key.entity_type when 'company' then 'domain' else 'LinkedIn URL' end
      using errcode = 'BADKY',
            hint = case record_key.entity_type
              when 'company' then 'A domain looks like example.com.'
              else 'A LinkedIn URL looks like https://www.linkedin.com/in/name.'
            end;
  end if;
  return v_key;
end;
$$;
comment on function api.record_key(text, text) is
  'The normalised key of a company (domain) or person (LinkedIn URL), so that a route for one kind never answers with the other. Raises BADKY.';
