create or replace function reference.technology_id(name text)
returns uuid language sql immutable parallel safe as $$
  select etl.record_id('reference.technologies', etl.fold(name));
$$;
comment on function reference.technology_id(text) is 'The id that reference.technologies has, or would have, for a name.';
