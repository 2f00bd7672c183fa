create or replace function etl.as_timestamptz(input jsonb)
returns timestamptz language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_text text;
  v_is_valid boolean;
begin
  if jsonb_typeof(input) is distinct from 'string' then
    return null;
  end if;
  v_text := btrim(input #>> '{}', E' \t\r\n');
  -- The usual spellings are recognised by their shape, which is much cheaper than by a regular expression.
  if translate(v_text, '123456789', '000000000') in ('0000-00-00T00:00:00Z', '0000-00-00T00:00:00.000Z') then
    v_is_valid := substr(v_text, 12, 2) <= '23' and substr(v_text, 15, 2) <= '59' and substr(v_text, 18, 2) <= '59'
      and substr(v_text, 6, 2) between '01' and '12' and substr(v_text, 9, 2) between '01' and '31';
  else
    v_is_valid := v_text ~ '^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?\s?(?:Z|z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$';
  end if;
  if not v_is_valid
    or left(v_text, 4) = '0000'
    or substr(v_text, 9, 2) > '28' and substr(v_text, 9, 2)::integer > etl.days_in_month(left(v_text, 4)::integer, substr(v_text, 6, 2)::integer)
  then
    return null;
  end if;
  -- Year first and an offset: so neither DateStyle nor TimeZone plays a part, and the function is immutable in fact.
  return case
    when right(v_text, 1) in ('Z', 'z') or v_text ~ ':.*[+-]' then v_text
    when length(v_text) = 10 then v_text || ' 00:00:00Z'
    else v_text || 'Z'
  end::timestamptz;
end;
$$;
comment on function etl.as_timestamptz(jsonb) is
  'A point in time from ISO 8601 text; a date alone is midnight, a time without offset is UTC. Null for anything else. The session''s time zone plays no part.';
