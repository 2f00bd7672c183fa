create or replace function reference.employee_range_of(employee_count integer)
returns text language sql stable parallel safe set search_path = '' as $$
  select known.name
    from reference.employee_ranges as known
   where employee_range_of.employee_count >= known.min_employees
     and (known.max_employees is null or employee_range_of.employee_count <= known.max_employees)
   order by known.sort_order
   limit 1;
$$;
comment on function reference.employee_range_of(integer) is 'The canonical range (a name of reference.employee_ranges) that a number of employees falls into; null for none.';
