create or replace function etl.picked(input jsonb, names text[])
returns jsonb language sql immutable parallel safe as $$
  select jsonb_object_agg(item.name, input -> item.name) from unnest(names) as item (name);
$$;
comment on function etl.picked(jsonb, text[]) is 'An object with only the named members of an object; null where it lacks one. Null for no names.';
