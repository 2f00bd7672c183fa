create or replace function etl.with_lineage(as_select text, source_sql text, declared_as text)
returns text language plpgsql set search_path = '' as $$
declare
  v_lead constant text := '^\s*select(\s+distinct\s+on\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?\s';
begin
  if exists (
    select
      from etl.probe(format(E'with source as (\n%s\n)\n%s', with_lineage.source_sql, with_lineage.as_select), with_lineage.declared_as) as output
     where output.name = 'raw_payload_id'
  ) then
    return with_lineage.as_select;
  end if;
  if with_lineage.as_select !~* v_lead then
    perform etl.refuse_declaration(
      format('%s does not begin with select', with_lineage.declared_as),
      'Then put source.raw_payload_id and source.observed_at into its select list yourself.'
    );
  end if;
  return regexp_replace(with_lineage.as_select, v_lead, E'select\\1 source.raw_payload_id, source.observed_at, ', 'i');
end;
$$;
comment on function etl.with_lineage(text, text, text) is
  'A declaration''s select with source.raw_payload_id and source.observed_at put in front of its list, unless it has them. Raises BADDL when it is not valid.';
