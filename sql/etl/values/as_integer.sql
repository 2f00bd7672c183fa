create or replace function etl.as_integer(input jsonb)
returns integer language sql immutable parallel safe as $$
  select case when etl.as_bigint(input) between -2147483648 and 2147483647 then etl.as_bigint(input)::integer end;
$$;
comment on function etl.as_integer(jsonb) is 'As etl.as_bigint(jsonb), for the range of integer.';
