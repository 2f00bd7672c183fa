create or replace function etl.columns_of(relation text)
returns table (name text, type text, place integer) language sql stable set search_path = '' as $$
  select attribute.attname, format_type(attribute.atttypid, attribute.atttypmod), attribute.attnum::integer
    from pg_attribute as attribute
   where attribute.attrelid = to_regclass(columns_of.relation)
     and attribute.attnum > 0
     and not attribute.attisdropped
     and attribute.attgenerated = ''
   order by attribute.attnum;
$$;
comment on function etl.columns_of(text) is 'The writable columns of a table or view, in order; no rows when it does not exist.';
