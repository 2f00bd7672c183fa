create or replace function core.first_element(input jsonb)
returns text language plpgsql immutable parallel safe set search_path = '' as $$
begin
  if jsonb_typeof(input) = 'array' then
    return (select element.item from etl.text_elements(input) as element order by element.ordinality limit 1);
  end if;
  return etl.as_text(input, 500);
end;
$$;
comment on function core.first_element(jsonb) is
  'The first usable string of a JSON array, or the string itself, at most 500 characters; for names and titles, which may contain commas. Null for anything else.';

create or replace function core.first_listed(input jsonb)
returns text language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_list constant text := core.first_element(input);
begin
  if v_list is null or position(',' in v_list) = 0 then
    return v_list;
  end if;
  return (select part.item from etl.split_list(v_list) as part order by part.ordinality limit 1);
end;
$$;
comment on function core.first_listed(jsonb) is
  'The first item of a JSON array or of a comma-separated list, for values that contain no comma: domains, URLs, dates. Null when there is none.';
