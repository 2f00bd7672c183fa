create or replace function etl.as_boolean(input jsonb)
returns boolean language sql immutable parallel safe as $$
  select case jsonb_typeof(input)
    when 'boolean' then (input #>> '{}')::boolean
    when 'string' then
      case lower(btrim(input #>> '{}')) when 'true' then true when 'yes' then true when '1' then true
        when 'false' then false when 'no' then false when '0' then false end
  end;
$$;
comment on function etl.as_boolean(jsonb) is 'true or false, also as "true", "yes", "1", "false", "no", "0" in any case; null for anything else.';
