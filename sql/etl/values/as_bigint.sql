create or replace function etl.as_bigint(input jsonb)
returns bigint language sql immutable parallel safe as $$
  select case jsonb_typeof(input)
    when 'number' then
      case when abs((input #>> '{}')::numeric) < 9223372036854775807 and trunc((input #>> '{}')::numeric) = (input #>> '{}')::numeric
        then (input #>> '{}')::numeric::bigint end
    when 'string' then
      -- two branches for the reason given in etl.as_numeric
      case
        when length(input #>> '{}') <= 18 and (input #>> '{}') ~ '^\s*[+-]?\d+\s*$' then (input #>> '{}')::bigint
        when length(input #>> '{}') > 18 and (input #>> '{}') ~ '^\s*[+-]?\d{1,18}\s*$' then (input #>> '{}')::bigint
      end
  end;
$$;
comment on function etl.as_bigint(jsonb) is 'A whole JSON number, or a string of digits, as bigint; null when it has a fraction, is out of range or is anything else.';
