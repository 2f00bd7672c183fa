create or replace function etl.as_timestamptz(input jsonb)
returns timestamptz language sql stable parallel safe as $$
  -- The usual spelling, on a day that every month has, is read in place; all else takes the careful and dearer way.
  -- Stable only because casts from text are declared so: otherwise this would not be inlined.
  select case
    when (input #>> '{}') ~ '^(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:[01][1-9]|10|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d\d\d)?Z$' then (input #>> '{}')::timestamptz
    when jsonb_typeof(input) = 'string' then etl.parse_timestamptz(input #>> '{}')
  end;
$$;
comment on function etl.as_timestamptz(jsonb) is
  'A point in time from ISO 8601 text; a date alone is midnight, a time without offset is UTC. Null for anything else. The session''s time zone plays no part.';

create or replace function etl.parse_timestamptz(input text)
returns timestamptz language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_text constant text := btrim(input, E' \t\r\n');
begin
  if coalesce(v_text !~ '^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?\s?(?:Z|z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$', true)
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
comment on function etl.parse_timestamptz(text) is 'etl.as_timestamptz(jsonb) for text: every spelling that it takes, white space around it included.';
