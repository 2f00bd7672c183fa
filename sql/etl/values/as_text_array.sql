create or replace function etl.as_text_array(input jsonb)
returns text[] language sql immutable parallel safe as $$
  select case when jsonb_typeof(input) = 'array' then
    array(
      select usable.item
        from (select etl.as_text(element.value) as item, element.ordinality from jsonb_array_elements(input) with ordinality as element (value, ordinality) offset 0) as usable
       where usable.item is not null
       order by usable.ordinality
    )
  end;
$$;
comment on function etl.as_text_array(jsonb) is 'The usable strings of a JSON array, in order; null when it is not an array.';
