create or replace function api.record_key(entity_type text, key text)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_key text := case record_key.entity_type
    when 'company' then etl.normalize_domain(record_key.key)
    when 'person' then etl.normalize_linkedin_url(record_key.key)
  end;
begin
  if v_key is null then
    raise exception '"%" is no %', record_key.key, case record_key.entity_type when 'company' then 'domain' else 'LinkedIn URL' end
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
