create or replace function etl.probe(query text, declared_as text)
returns table (name text, type text, place integer) language plpgsql set search_path = '' as $$
declare
  v_columns jsonb;
begin
  -- A compilation asks for the same declaration several times, and a view costs milliseconds.
  select probed.columns into v_columns from etl.probed_queries as probed where probed.query_hash = md5(probe.query);
  if not found then
    execute 'create temporary view etl_probe as ' || probe.query;
    select jsonb_agg(jsonb_build_object('name', found.name, 'type', found.type, 'place', found.place)) into v_columns
      from etl.columns_of('pg_temp.etl_probe') as found;
    drop view pg_temp.etl_probe;
    insert into etl.probed_queries (query_hash, columns) values (md5(probe.query), v_columns) on conflict do nothing;
  end if;
  return query select item.name, item.type, item.place from jsonb_to_recordset(v_columns) as item (name text, type text, place integer);
exception
  when syntax_error_or_access_rule_violation or undefined_column or undefined_function or undefined_table or ambiguous_column then
    perform etl.refuse_declaration(format('%s is not a valid select: %s', probe.declared_as, sqlerrm), 'It reads from a relation named source; do not rename it.');
end;
$$;
comment on function etl.probe(text, text) is 'The output columns of a query, without running it. Raises BADDL, naming the declaration, when the query is not valid.';
