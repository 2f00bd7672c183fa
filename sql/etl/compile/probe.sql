create or replace function etl.probe(query text, declared_as text)
returns table (name text, type text, place integer) language plpgsql set search_path = '' as $$
begin
  execute 'create temporary view etl_probe as ' || probe.query;
  return query select found.name, found.type, found.place from etl.columns_of('pg_temp.etl_probe') as found;
  drop view pg_temp.etl_probe;
exception
  when syntax_error_or_access_rule_violation or undefined_column or undefined_function or undefined_table or ambiguous_column then
    perform etl.refuse_declaration(format('%s is not a valid select: %s', probe.declared_as, sqlerrm), 'It reads from a relation named source; do not rename it.');
end;
$$;
comment on function etl.probe(text, text) is 'The output columns of a query, without running it. Raises BADDL, naming the declaration, when the query is not valid.';
