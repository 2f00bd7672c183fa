create or replace function etl.as_text_array(input jsonb)
returns text[] language plpgsql immutable parallel safe set search_path = '' as $$
begin
  if jsonb_typeof(input) is distinct from 'array' then
    return null;
  end if;
  return array(
    select etl.as_text(item.element)
      from jsonb_array_elements(input) with ordinality as item (element, ordinality)
     where etl.as_text(item.element) is not null
     order by item.ordinality
  );
end;
$$;
comment on function etl.as_text_array(jsonb) is 'The usable strings of a JSON array, in order; null when it is not an array.';
