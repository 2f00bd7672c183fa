create or replace function etl.derives(
  target text,
  origin text,
  entity text,
  origin_column text,
  as_select text,
  key text[] default null,
  entity_column text default null,
  keeper text default null
)
returns void language plpgsql set search_path = '' as $$
begin
  if to_regclass(derives.target) is null or to_regclass(derives.origin) is null then
    perform etl.refuse_declaration(format('Table %s or %s does not exist', derives.target, derives.origin), 'Create it in a migration first.');
  end if;
  insert into etl.derivations as stored (target, origin, entity_type, origin_column, entity_column, key, as_select, keeper)
  values (
    derives.target, derives.origin, derives.entity, derives.origin_column, coalesce(derives.entity_column, etl.entity_column(derives.entity)),
    coalesce(derives.key, array[coalesce(derives.entity_column, etl.entity_column(derives.entity))]), btrim(derives.as_select, E' \n'), derives.keeper
  )
      on conflict on constraint derivations_pkey do update
     set origin = excluded.origin,
         entity_type = excluded.entity_type,
         origin_column = excluded.origin_column,
         entity_column = excluded.entity_column,
         key = excluded.key,
         as_select = excluded.as_select,
         keeper = excluded.keeper;
end;
$$;
comment on function etl.derives(text, text, text, text, text, text[], text, text) is
  'Declares a core table that is a function of another one. as_select reads from source: all rows of origin for the records that changed (origin_column holds their key); '
  'its rows replace those of target (entity_column). keeper: a hand-written trigger function does it instead. Raises BADDL.';
