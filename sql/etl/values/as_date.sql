create or replace function etl.as_date(input jsonb)
returns date language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_text text := etl.as_text(input);
  v_year integer;
  v_month integer;
  v_day integer;
begin
  -- Years start at 0001: make_date refuses year 0. Four digits only, as every provider writes them.
  if v_text !~ '^(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])([T ].*)?)?)?$' or v_text is null then
    return null;
  end if;
  v_year := substr(v_text, 1, 4)::integer;
  v_month := coalesce(nullif(substr(v_text, 6, 2), ''), '1')::integer;
  v_day := coalesce(nullif(substr(v_text, 9, 2), ''), '1')::integer;
  if v_day > etl.days_in_month(v_year, v_month) then
    return null;
  end if;
  return make_date(v_year, v_month, v_day);
end;
$$;
comment on function etl.as_date(jsonb) is
  'A date from "2021-05-03", with or without a time behind it; "2021-05" and "2021" give their first day. Null for anything else ("Present", "2021-13-45").';
