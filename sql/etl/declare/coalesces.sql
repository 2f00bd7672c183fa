create or replace function etl.coalesces(
  origin text,
  target text,
  as_select text,
  source text default null,
  is_foreign boolean default null
)
returns void language plpgsql set search_path = '' as $$
declare
  v_golden etl.golden_tables;
  v_origin_entity text;
begin
  select golden.* into v_golden from etl.golden_tables as golden where golden.target = coalesces.target;
  if not found then
    perform etl.refuse_declaration(
      format('%s is not a golden table', coalesces.target), format('Declare its rule first: select etl.golden(%L, ...).', coalesces.target)
    );
  end if;
  select ingestion.entity_type
    into v_origin_entity
    from etl.extractions as extraction
    join etl.ingestions as ingestion using (workflow_slug)
   where extraction.target = coalesces.origin
   order by extraction.workflow_slug
   limit 1;
  if not found then
    perform etl.refuse_declaration(
      format('Nothing extracts into %s', coalesces.origin), 'Declare the extraction first: select etl.extracts(...).'
    );
  end if;

  insert into etl.coalescings as stored (origin, target, source, as_select, is_foreign, position)
  values (
    coalesces.origin, coalesces.target, coalesces.source, btrim(coalesces.as_select, E' \n'),
    coalesce(coalesces.is_foreign, v_golden.entity_type is not null and v_golden.entity_type <> v_origin_entity),
    (select coalesce(max(other.position), 0) + 1 from etl.coalescings as other where other.origin = coalesces.origin)
  )
      on conflict on constraint coalescings_pkey do update
     set source = excluded.source,
         as_select = excluded.as_select,
         is_foreign = excluded.is_foreign;
end;
$$;
comment on function etl.coalesces(text, text, text, text, boolean) is
  'Declares extracted table -> candidate rows for one golden table. as_select reads from source (rows of the extracted table); the engine adds raw_payload_id and observed_at, '
  'and the column source where the parameter of that name is given. is_foreign: the candidates are about other records than the row''s own. Raises BADDL.';
