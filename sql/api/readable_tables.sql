create or replace function api.data_schemas()
returns text[] language sql immutable parallel safe as $$
  select '{raw,extracted,mapped,core,derived,reference,staging,testing,client,target_client}'::text[];
$$;
comment on function api.data_schemas() is 'The schemas that hold data and can be read over /api/tables; never the engine''s own, keys or job queues.';

create or replace function api.readable_tables(schema_name text default null, table_name text default null)
returns table (relation oid, schema text, name text, kind text, about text, estimated_rows bigint) language sql stable set search_path = '' as $$
  select readable.oid, namespace.nspname::text, readable.relname::text,
         case when readable.relkind in ('r', 'p') then 'table' else 'view' end,
         pg_catalog.obj_description(readable.oid, 'pg_class'),
         -- what the last vacuum or analyze counted; of a partitioned table, its parts
         case
           when readable.relkind = 'r' then greatest(readable.reltuples, 0)::bigint
           when readable.relkind = 'p' then (
             select sum(greatest(part.reltuples, 0))::bigint
               from pg_catalog.pg_partition_tree(readable.oid) as tree
               join pg_catalog.pg_class as part on part.oid = tree.relid
              where tree.isleaf
           )
         end
    from pg_catalog.pg_class as readable
    join pg_catalog.pg_namespace as namespace on namespace.oid = readable.relnamespace
   where namespace.nspname = any (api.data_schemas())
     and readable.relkind in ('r', 'p', 'v', 'm')
     and (readable_tables.schema_name is null or namespace.nspname = readable_tables.schema_name)
     and (readable_tables.table_name is null or readable.relname = readable_tables.table_name)
   order by namespace.nspname, readable.relname;
$$;
comment on function api.readable_tables(text, text) is 'Tables and views that can be read over /api/tables: all, or those of a name. estimated_rows is null for a view.';

create or replace function api.readable_columns(relation oid)
returns table (name text, type text, about text, is_nullable boolean, can_be_compared boolean, is_text boolean, key_place integer)
language sql stable set search_path = '' as $$
  select attribute.attname::text, pg_catalog.format_type(attribute.atttypid, attribute.atttypmod), pg_catalog.col_description(attribute.attrelid, attribute.attnum),
         not attribute.attnotnull,
         -- types with an order that every installation has
         coalesce(element.typcategory, type.typcategory) in ('B', 'D', 'N', 'S', 'T', 'E') or type.typname in ('uuid', 'jsonb'),
         type.typcategory = 'S',
         array_position(unique_key.columns, attribute.attnum)
    from pg_catalog.pg_attribute as attribute
    join pg_catalog.pg_type as type on type.oid = attribute.atttypid
    left join pg_catalog.pg_type as element on element.oid = type.typelem and type.typcategory = 'A'
    left join lateral (
      select index.indkey::smallint[] as columns
        from pg_catalog.pg_index as index
       where index.indrelid = attribute.attrelid
         and index.indisunique
         and index.indpred is null
         and index.indexprs is null
         and (index.indisprimary or index.indnullsnotdistinct)
       order by index.indisprimary desc, index.indexrelid
       limit 1
    ) as unique_key on true
   where attribute.attrelid = readable_columns.relation
     and attribute.attnum > 0
     and not attribute.attisdropped
   order by attribute.attnum;
$$;
comment on function api.readable_columns(oid) is
  'Columns of a table or view, in order: whether they can be compared and sorted by, and their place in its unique key (from 0; null: none).';

create or replace function api.tables()
returns json language sql stable set search_path = '' as $$
  select coalesce(
      json_agg(
        json_build_object('schema_name', readable.schema, 'table_name', readable.name, 'kind', readable.kind, 'description', readable.about, 'estimated_rows', readable.estimated_rows,
          'url', format('/api/tables/%s/%s', readable.schema, readable.name))
        order by readable.schema, readable.name
      ), '[]'
    )
    from api.readable_tables() as readable;
$$;
comment on function api.tables() is 'The tables and views that can be read, with their meaning and about how many rows they have (null for views).';

create or replace function api.table_columns(schema_name text, table_name text)
returns json language sql stable set search_path = '' as $$
  select json_build_object(
      'schema_name', readable.schema, 'table_name', readable.name, 'kind', readable.kind, 'description', readable.about, 'estimated_rows', readable.estimated_rows,
      'columns', (
        select json_agg(json_build_object('name', found.name, 'type', found.type, 'description', found.about, 'is_nullable', found.is_nullable))
          from api.readable_columns(readable.relation) as found
      )
    )
    from api.readable_tables(table_columns.schema_name, table_columns.table_name) as readable;
$$;
comment on function api.table_columns(text, text) is 'One readable table with its columns; null when there is none of that name.';
