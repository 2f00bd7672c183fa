create or replace function etl.as_array(input jsonb)
returns jsonb language sql immutable parallel safe as $$
  select case when jsonb_typeof(input) = 'array' then input end;
$$;
comment on function etl.as_array(jsonb) is 'The JSON array itself; null when it is anything else.';
