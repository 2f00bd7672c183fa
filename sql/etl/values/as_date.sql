create or replace function etl.as_date(input jsonb)
returns date language sql immutable parallel safe as $$
  -- As in etl.as_timestamptz: the usual spelling in place, all else the careful way.
  select case
    when (input #>> '{}') ~ '^(?:19|20)\d\d-(?:(?:0[1-9]|1[0-2])-(?:[01][1-9]|10|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)$'
      then make_date(substr(input #>> '{}', 1, 4)::integer, substr(input #>> '{}', 6, 2)::integer, substr(input #>> '{}', 9, 2)::integer)
    when jsonb_typeof(input) = 'string' then etl.parse_date(input #>> '{}')
  end;
$$;
comment on function etl.as_date(jsonb) is
  'A date from "2021-05-03", with or without a time behind it; "2021-05" and "2021" give their first day. Null for anything else ("Present", "2021-13-45").';

create or replace function etl.parse_date(input text)
returns date language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_text constant text := btrim(input, E' \t\r\n');
begin
  if coalesce(v_text !~ '^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:[T ].*)?)?)?$', true)
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
comment on function etl.parse_date(text) is 'etl.as_date(jsonb) for text: every spelling that it takes, white space around it included.';
