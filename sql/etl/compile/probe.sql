create or replace function etl.shape_of(object text)
returns text language sql stable set search_path = '' as $$
  -- A relation by its columns, a function (with parentheses in its name) by what it returns; what is gone has none.
  select coalesce(
    case when shape_of.object like '%(%' then
      pg_get_function_result(to_regprocedure(shape_of.object))
    else
      (select string_agg(attribute.attnum || ' ' || attribute.attname || ' ' || attribute.atttypid || ' ' || attribute.atttypmod, ',' order by attribute.attnum)
         from pg_attribute as attribute
        where attribute.attrelid = to_regclass(shape_of.object)
          and attribute.attnum > 0
          and not attribute.attisdropped)
    end, 'gone');
$$;
comment on function etl.shape_of(text) is 'What a query can see of a relation or function, as text: it changes when that changes its columns or result, or goes.';

create or replace function etl.forget_changed_probes()
returns void language sql set search_path = '' as $$
  with seen as materialized (
    select object.name, etl.shape_of(object.name) as shape
      from (select distinct named.name from etl.probed_queries as probed cross join lateral unnest(probed.objects) as named (name)) as object
  )
  delete from etl.probed_queries as probed
   -- nothing is believed for ever
   where probed.probed_at < now() - interval '30 days'
      or probed.shape is distinct from (
        select md5(string_agg(seen.shape, ';' order by seen.name))
          from unnest(probed.objects) as named (name)
          join seen using (name)
      );
$$;
comment on function etl.forget_changed_probes() is 'Deletes what was found out about queries that name something which is no longer as it was.';

create or replace function etl.objects_of_view(view_name text)
returns text[] language sql stable set search_path = '' as $$
  select array_agg(distinct
      case depended.refclassid
        when 'pg_proc'::regclass then depended.refobjid::regprocedure::text
        else depended.refobjid::regclass::text
      end)
    from pg_rewrite as rule
    join pg_depend as depended on depended.classid = 'pg_rewrite'::regclass and depended.objid = rule.oid
   where rule.ev_class = to_regclass(objects_of_view.view_name)
     and depended.refobjid <> rule.ev_class
     and depended.refclassid in ('pg_proc'::regclass, 'pg_class'::regclass);
$$;
comment on function etl.objects_of_view(text) is 'The relations and functions that a view names, those of Postgres itself left out.';

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
    insert into etl.probed_queries (query_hash, columns, objects, shape)
    select md5(probe.query), v_columns, seen.objects, (select md5(string_agg(etl.shape_of(object.name), ';' order by object.name)) from unnest(seen.objects) as object (name))
      from (select coalesce(etl.objects_of_view('pg_temp.etl_probe'), '{}') as objects) as seen
        on conflict do nothing;
    drop view pg_temp.etl_probe;
  end if;
  return query select item.name, item.type, item.place from jsonb_to_recordset(v_columns) as item (name text, type text, place integer);
exception
  when syntax_error_or_access_rule_violation or undefined_column or undefined_function or undefined_table or ambiguous_column then
    perform etl.refuse_declaration(format('%s is not a valid select: %s', probe.declared_as, sqlerrm), 'It reads from a relation named source; do not rename it.');
end;
$$;
comment on function etl.probe(text, text) is 'The output columns of a query, without running it. Raises BADDL, naming the declaration, when the query is not valid.';
