create or replace function etl.distinct_elements(input jsonb)
returns jsonb language sql immutable parallel safe as $$
  select case when jsonb_typeof(input) = 'array' then (
    select coalesce(jsonb_agg(item.element order by item.place), '[]')
      from (select each.element, min(each.ordinality) as place from etl.elements(input) as each group by each.element) as item
  ) end;
$$;
comment on function etl.distinct_elements(jsonb) is 'A JSON array without repetitions, in its order; null when it is not an array.';
