create or replace function etl.is_filled_object(input jsonb)
returns boolean language sql immutable parallel safe as $$
  select coalesce(jsonb_typeof(input) = 'object' and input <> '{}'::jsonb, false);
$$;
comment on function etl.is_filled_object(jsonb) is 'True for a JSON object with at least one member.';
