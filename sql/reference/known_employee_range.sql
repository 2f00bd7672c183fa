create or replace function reference.known_employee_range(answer text)
returns text language sql stable parallel safe set search_path = '' as $$
  select coalesce(canonical.name, lookup.size_cleaned)
    from (select btrim(regexp_replace(translate(known_employee_range.answer, '–—,', '--'), 'employees\s*$', '', 'i')) as text) as written
    left join reference.employee_ranges as canonical on canonical.name = written.text
    left join reference.employee_range_lookup as lookup on lookup.match_key = etl.fold(known_employee_range.answer);
$$;
comment on function reference.known_employee_range(text) is
  'The name of reference.employee_ranges that a text means, whatever its dash, thousands separators or the word "employees", or as reference.employee_range_lookup has it. Null for anything else.';
