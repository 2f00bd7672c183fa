create or replace function api.check_existence(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  -- Data of companies and people only: not payloads of others' leads, keys or the catalogue.
  c_schemas constant text[] := '{raw,extracted,mapped,core,derived,reference,staging}';
  v_schema constant text := lower(etl.as_text(request -> 'schema_name'));
  v_table constant text := lower(etl.as_text(request -> 'table_name'));
  v_column constant text := coalesce(lower(etl.as_text(request -> 'column_name')), 'domain');
  v_stated constant text := etl.as_text(request -> 'domain');
  v_value text := v_stated;
  v_missing text;
  v_malformed text;
  v_relation record;
  v_exists boolean;
begin
  v_missing := case when v_stated is null then 'domain' when v_schema is null then 'schema_name' when v_table is null then 'table_name' end;
  if v_missing is not null then
    raise exception '% must be text and not blank.', v_missing using errcode = 'BADRQ', detail = '/' || v_missing;
  end if;
  v_malformed := (
    select named.field
      from (values (1, 'schema_name', v_schema), (2, 'table_name', v_table), (3, 'column_name', v_column)) as named (position, field, name)
     where named.name !~ '^[a-z0-9_]+$'
     order by named.position
     limit 1
  );
  if v_malformed is not null then
    raise exception '% must be a name of letters, digits and underscores.', v_malformed using errcode = 'BADRQ', detail = '/' || v_malformed;
  end if;
  if not v_schema = any (c_schemas) then
    raise exception 'Schema "%" cannot be asked.', v_schema
      using errcode = 'NOTOP', detail = '/schema_name', hint = 'One of ' || array_to_string(c_schemas, ', ') || '.';
  end if;
  -- Names are looked for in the catalogue, never pasted into SQL. A row is there for a table even when its column is not.
  select relation.oid::regclass as name, attribute.attname as column_name, attribute.atttypid::regtype as type
    into v_relation
    from pg_catalog.pg_class as relation
    join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
    left join pg_catalog.pg_attribute as attribute
      on attribute.attrelid = relation.oid and attribute.attnum > 0 and not attribute.attisdropped and attribute.attname = v_column
   where namespace.nspname = v_schema
     and relation.relname = v_table
     and relation.relkind in ('r', 'p', 'v', 'm')
     -- leads belong to their tenants
     and not relation.relrowsecurity;
  if v_relation.name is null then
    raise exception 'There is no table %.%.', v_schema, v_table using errcode = 'UNKEY', detail = '/table_name';
  end if;
  if v_relation.column_name is null or v_relation.type not in ('text'::regtype, 'character varying'::regtype) then
    raise exception '%.% has no text column "%".', v_schema, v_table, v_column using errcode = 'UNKEY', detail = '/column_name';
  end if;
  -- Columns of domains and of people's LinkedIn URLs hold normalised keys; any other is compared as it is, upper case included.
  if v_column ~ '(^|_)domain$' then
    v_value := etl.normalize_domain(v_stated);
    if v_value is null then
      raise exception '"%" is not a domain name.', left(v_stated, 200) using errcode = 'BADKY', detail = '/domain';
    end if;
  elsif v_column ~ 'linkedin_url$' then
    v_value := coalesce(etl.normalize_linkedin_url(v_stated), v_stated);
  end if;
  execute format('select exists (select from %s as stored where stored.%I = $1)', v_relation.name, v_relation.column_name) into v_exists using v_value;
  return jsonb_build_object(
    'success', true, 'exists', v_exists, 'domain', v_value, 'schema_name', v_schema, 'table_name', v_table, 'column_name', v_column, 'error', null
  );
end;
$$;
comment on function api.check_existence(jsonb) is
  'Whether a table has a row whose column (column_name, by default domain) equals a value (domain): {success, exists, domain, schema_name, table_name, column_name, error: null}. Raises BADRQ for a missing field or what is no name, NOTOP for a schema that may not be asked, BADKY for no domain, UNKEY for an unknown table or text column.';
