create or replace function etl.as_date(input jsonb)
returns date language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_text text;
begin
  if jsonb_typeof(input) is distinct from 'string' then
    return null;
  end if;
  v_text := btrim(input #>> '{}', E' \t\r\n');
  if v_text !~ '^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:[T ].*)?)?)?$'
    or left(v_text, 4) = '0000'
    or length(v_text) >= 10 and substr(v_text, 9, 2)::integer > etl.days_in_month(left(v_text, 4)::integer, substr(v_text, 6, 2)::integer)
  then
    return null;
  end if;
  return make_date(
    left(v_text, 4)::integer, coalesce(nullif(substr(v_text, 6, 2), ''), '1')::integer, coalesce(nullif(substr(v_text, 9, 2), ''), '1')::integer
  );
end;
$$;
comment on function etl.as_date(jsonb) is
  'A date from "2021-05-03", with or without a time behind it; "2021-05" and "2021" give their first day. Null for anything else ("Present", "2021-13-45").';
