create or replace function core.event_hash(variadic parts jsonb[])
returns text language sql immutable parallel safe as $$
  -- jsonb has one text per value, whatever the order of the keys.
  select md5(array_to_string(array(select nullif(part, 'null') from unnest(parts) as part), E'\x1f', ''));
$$;
comment on function core.event_hash(jsonb[]) is 'Tells events of unknown shape apart, by their whole content: the same for the same values, null and absent alike.';
