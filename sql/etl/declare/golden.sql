create or replace function etl.golden(
  target text,
  key text[],
  survives text,
  entity text default null,
  entity_column text default null,
  fill_order text default null,
  richness text[] default null,
  ranking text[] default null,
  owner text[] default null,
  keeper text default null
)
returns void language plpgsql set search_path = '' as $$
begin
  if to_regclass(golden.target) is null then
    perform etl.refuse_declaration(format('Table %s does not exist', golden.target), 'Create it in a migration first.');
  end if;
  insert into etl.golden_tables as stored (
    target, entity_type, entity_column, key, survives, fill_order, richness, ranking, owner, keeper, position
  )
  values (
    golden.target, golden.entity, coalesce(golden.entity_column, etl.entity_column(golden.entity)), golden.key, golden.survives,
    golden.fill_order, golden.richness, golden.ranking, golden.owner, golden.keeper,
    (select coalesce(max(other.position), 0) + 1 from etl.golden_tables as other)
  )
      on conflict on constraint golden_tables_pkey do update
     set entity_type = excluded.entity_type,
         entity_column = excluded.entity_column,
         key = excluded.key,
         survives = excluded.survives,
         fill_order = excluded.fill_order,
         richness = excluded.richness,
         ranking = excluded.ranking,
         owner = excluded.owner,
         keeper = excluded.keeper;
end;
$$;
comment on function etl.golden(text, text[], text, text, text, text, text[], text[], text[], text) is
  'Declares a golden table: its key, its survivorship rule, and whose record it belongs to (entity company or person in entity_column; none for reference tables). '
  'survives: first, latest, richest (richness: the columns counted), priority (ranking: sources best first, "*" for all others, " first" behind an entry keeps its earliest), '
  'fill (fill_order: first, latest or priority), set, replace (owner: columns that own a set), or a keeper: the hand-written trigger function. Raises BADDL.';
