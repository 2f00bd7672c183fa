create or replace function etl.as_date(input jsonb)
returns date language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_text text;
  v_is_valid boolean;
begin
  if jsonb_typeof(input) is distinct from 'string' then
    return null;
  end if;
  v_text := btrim(input #>> '{}', E' \t\r\n');
  -- The usual spelling is recognised by its shape, which is much cheaper than by a regular expression.
  if translate(v_text, '123456789', '000000000') = '0000-00-00' then
    v_is_valid := substr(v_text, 6, 2) between '01' and '12' and substr(v_text, 9, 2) between '01' and '31';
  else
    v_is_valid := v_text ~ '^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:[T ].*)?)?)?$';
  end if;
  if not v_is_valid
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
