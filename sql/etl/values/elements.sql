create or replace function etl.elements(input jsonb)
returns table (element jsonb, ordinality bigint) language sql immutable parallel safe rows 20 as $$
  select element, ordinality
    from jsonb_array_elements(case when jsonb_typeof(input) = 'array' then input end) with ordinality as item (element, ordinality);
$$;
comment on function etl.elements(jsonb) is 'The elements of a JSON array with their position from 1; no rows when it is not an array.';
