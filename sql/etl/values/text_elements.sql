create or replace function etl.text_elements(input jsonb, max_length integer default 500)
returns table (item text, ordinality bigint) language sql immutable parallel safe rows 20 as $$
  select usable.item, usable.ordinality
    from (
      select etl.as_text(element.value, max_length) as item, element.ordinality
        from jsonb_array_elements(case when jsonb_typeof(input) = 'array' then input end) with ordinality as element (value, ordinality)
      -- computed once, although it is both tested and given
      offset 0
    ) as usable
   where usable.item is not null;
$$;
comment on function etl.text_elements(jsonb, integer) is
  'The usable strings of a JSON array (not empty, not "null", at most max_length characters) with their position from 1; no rows when it is not an array.';
