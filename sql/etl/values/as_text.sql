create or replace function etl.as_text(input jsonb)
returns text language sql immutable parallel safe as $$
  select case
    when jsonb_typeof(input) = 'string'
     and btrim(input #>> '{}', E' \t\r\n') <> ''
     -- only short text can be "null", and lower() is the dear part
     and (length(input #>> '{}') > 20 or lower(btrim(input #>> '{}', E' \t\r\n')) <> 'null')
    then btrim(input #>> '{}', E' \t\r\n')
  end;
$$;
comment on function etl.as_text(jsonb) is
  'A JSON string without the white space around it; null for an empty string, for "null" in any case, and for anything that is not a string.';

create or replace function etl.as_text(input jsonb, max_length integer)
returns text language sql immutable parallel safe as $$
  select case when length(input #>> '{}') <= max_length then etl.as_text(input) end;
$$;
comment on function etl.as_text(jsonb, integer) is
  'As etl.as_text(jsonb), but null when longer than max_length characters: for text that becomes part of a key.';
