create or replace function etl.load_reference(target text, rows jsonb)
returns integer language plpgsql set search_path = '' as $$
declare
  v_columns text[];
  v_loaded integer;
begin
  select array_agg(found.name order by found.place)
    into v_columns
    from etl.columns_of(load_reference.target) as found
   where load_reference.rows -> 0 ? found.name;
  if load_reference.target !~ '^reference\.[a-z_]+$' or v_columns is null then
    raise exception 'Reference data cannot be loaded into "%"', load_reference.target
      using errcode = 'BADRQ', hint = 'Name a table of schema reference, and give its columns.';
  end if;
  execute format(
    'insert into %1$s (%2$s) select %3$s from jsonb_populate_recordset(null::%1$s, $1) on conflict do nothing',
    load_reference.target, etl.column_list(v_columns),
    -- a CSV file has JSON as text
    (
      select string_agg(
        case when found.type = 'jsonb' then format('case jsonb_typeof(%1$I) when ''string'' then (%1$I #>> ''{}'')::jsonb else %1$I end', found.name)
          else quote_ident(found.name) end, ', ' order by found.place
      )
        from etl.columns_of(load_reference.target) as found
       where found.name = any (v_columns)
    )
  ) using load_reference.rows;
  get diagnostics v_loaded = row_count;
  return v_loaded;
end;
$$;
comment on function etl.load_reference(text, jsonb) is
  'Adds the rows of a versioned reference file (JSON objects) that are not there yet; what people have corrected stays as it is. Gives the number added. Raises BADRQ.';
