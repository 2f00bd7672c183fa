create or replace function etl.lookup(lookup text, key_column text)
returns void language plpgsql set search_path = '' as $$
begin
  if to_regclass(lookup.lookup) is null then
    perform etl.refuse_declaration(format('Table %s does not exist', lookup.lookup), 'Create it in a migration first.');
  end if;
  insert into etl.lookups as stored (lookup, key_column)
  values (lookup.lookup, lookup.key_column)
      on conflict on constraint lookups_pkey do update
     set key_column = excluded.key_column;
end;
$$;
comment on function etl.lookup(text, text) is
  'Declares a lookup table: when a row of it is added, changed or removed, the records that asked for the value of key_column (folded) are coalesced again. Raises BADDL.';

create or replace function etl.looks_up(origin text, origin_column text, lookup text)
returns void language sql set search_path = '' as $$
  insert into etl.lookup_readers (origin, origin_column, lookup)
  values (looks_up.origin, looks_up.origin_column, looks_up.lookup)
      on conflict on constraint lookup_readers_pkey do nothing;
$$;
comment on function etl.looks_up(text, text, text) is 'Declares that coalescings of the extracted table look this column up there, so that its records follow when the lookup changes.';
