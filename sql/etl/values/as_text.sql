create or replace function etl.as_text(input jsonb)
returns text language sql immutable parallel safe as $$
  -- One chain, so that the string is taken out of the JSON once: this runs for every field of every payload.
  select case when jsonb_typeof(input) = 'string' then
    nullif(nullif(nullif(nullif(btrim(input #>> '{}', E' \t\r\n'), ''), 'null'), 'NULL'), 'Null')
  end;
$$;
comment on function etl.as_text(jsonb) is
  'A JSON string without the white space around it; null for an empty string, for "null", "NULL" and "Null", and for anything that is not a string.';

create or replace function etl.as_text(input jsonb, max_length integer)
returns text language sql immutable parallel safe as $$
  select case when length(input #>> '{}') <= max_length then etl.as_text(input) end;
$$;
comment on function etl.as_text(jsonb, integer) is
  'As etl.as_text(jsonb), but null when longer than max_length characters: for text that becomes part of a key.';
