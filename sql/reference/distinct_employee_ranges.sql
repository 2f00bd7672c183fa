create or replace function reference.distinct_employee_ranges(sizes jsonb)
returns jsonb language sql stable parallel safe set search_path = '' as $$
  select coalesce(jsonb_agg(known.name order by known.sort_order), '[]')
    from reference.employee_ranges as known
   where known.name in (select reference.known_employee_range(stated.item) from etl.text_elements(distinct_employee_ranges.sizes) as stated);
$$;
comment on function reference.distinct_employee_ranges(jsonb) is 'The names of reference.employee_ranges that the sizes of a JSON array mean, each once, by size; an empty array for none.';
