create or replace function etl.raw_family(family text, view_columns json)
returns void language plpgsql set search_path = '' as $$
begin
  if raw_family.family !~ '^[a-z][a-z0-9_]{0,50}$' then
    perform etl.refuse_declaration(
      format('"%s" cannot be a payload family', raw_family.family),
      'Use lower-case letters, digits and underscores, at most 51 characters, beginning with a letter.'
    );
  end if;
  insert into etl.raw_families as stored (family, view_columns)
  values (raw_family.family, raw_family.view_columns)
      on conflict on constraint raw_families_pkey do update
     set view_columns = excluded.view_columns;
end;
$$;
comment on function etl.raw_family(text, json) is
  'Declares a payload family: a partition of raw.payloads and a view raw.<family>. view_columns: old column name -> SQL expression over raw.payloads. Raises BADDL for an unusable name.';
