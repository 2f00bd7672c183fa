create or replace function etl.as_numeric(input jsonb)
returns numeric language sql immutable parallel safe as $$
  select case jsonb_typeof(input)
    when 'number' then (input #>> '{}')::numeric
    when 'string' then
      -- the bounds cost ten times as much as the rest of the expression, so they are only asked where they can matter
      case
        when length(input #>> '{}') <= 40 and (input #>> '{}') ~ '^\s*[+-]?\d+(\.\d+)?\s*$' then (input #>> '{}')::numeric
        when length(input #>> '{}') > 40 and (input #>> '{}') ~ '^\s*[+-]?\d{1,40}(\.\d{1,40})?\s*$' then (input #>> '{}')::numeric
      end
  end;
$$;
comment on function etl.as_numeric(jsonb) is 'A JSON number, or a plain decimal in a string, as numeric; null for anything else.';
