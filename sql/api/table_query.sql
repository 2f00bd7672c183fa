create or replace function api.filter_sql(name text, type text, can_be_compared boolean, is_text boolean, operator text, value jsonb)
returns text language plpgsql immutable set search_path = '' as $$
declare
  v_column constant text := format('stored.%I', name);
  v_is_array constant boolean := type like '%[]';
  v_base constant text := format('(%L)::%s', value #>> '{}', type);
  v_pattern constant text := '%' || regexp_replace(value #>> '{}', '([\\%_])', '\\\1', 'g') || '%';
  v_values text[];
begin
  if operator in ('eq', 'in') then
    v_values := case when operator = 'eq' then array[value #>> '{}'] else array(select jsonb_array_elements_text(value)) end;
    if is_text and name ~ '(^|_)domain$' then
      -- Keys are stored normalised; other spellings must not silently match nothing.
      v_values := v_values || array(select etl.normalize_domain(item) from unnest(v_values) as item where etl.normalize_domain(item) <> item);
    elsif is_text and name ~ 'linkedin_url$' then
      v_values := v_values || array(select etl.normalize_linkedin_url(item) from unnest(v_values) as item where etl.normalize_linkedin_url(item) <> item);
    end if;
    if v_is_array or not can_be_compared then
      return '(' || (select string_agg(format('%s::text = (%L)::%s::text', v_column, item, case when v_is_array then type else 'text' end), ' or ') from unnest(v_values) as item) || ')';
    end if;
    if cardinality(v_values) = 1 then
      return format('%s = (%L)::%s', v_column, v_values[1], type);
    end if;
    return format('%s = any (%L::text[]::%s[])', v_column, v_values, type);
  end if;
  return case operator
    when 'contains' then
      case when v_is_array then format('%L = any (%s::text[])', value #>> '{}', v_column)
        else format('%s ilike %L', case when is_text then v_column else v_column || '::text' end, v_pattern) end
    when 'gte' then format('%s >= %s', v_column, v_base)
    when 'gt' then format('%s > %s', v_column, v_base)
    when 'lte' then format('%s <= %s', v_column, v_base)
    when 'lt' then format('%s < %s', v_column, v_base)
    when 'null' then format('%s is %s null', v_column, case when value = 'true' then '' else 'not' end)
    when 'filled' then format('coalesce(%s::text, '''') %s ''''', v_column, case when value = 'true' then '<>' else '=' end)
  end;
end;
$$;
comment on function api.filter_sql(text, text, boolean, boolean, text, jsonb) is
  'SQL of one filter on a column of stored. Operators: eq, in, contains (any case; an element of an array), gte, gt, lte, lt, null, filled (not null and not empty). Null for another operator.';

create or replace function api.keyset_sql(names text[], types text[], nullable boolean[], descending boolean[], last_values text[])
returns text language plpgsql immutable set search_path = '' as $$
declare
  v_same constant boolean := not (true = any (nullable)) and (not (true = any (descending)) or not (false = any (descending)));
  v_row text;
  v_last text;
  v_terms text[] := '{}';
  v_equal text := '';
begin
  if v_same then
    -- The form that an index answers with one descent.
    select string_agg(format('stored.%I', item.name), ', ' order by item.place), string_agg(format('(%L)::%s', item.value, item.type), ', ' order by item.place)
      into v_row, v_last
      from unnest(names, types, last_values) with ordinality as item (name, type, value, place);
    return format('(%s) %s (%s)', v_row, case when descending[1] then '<' else '>' end, v_last);
  end if;
  -- Nulls come last in both directions: nothing of a column comes after a null.
  for v_place in 1..cardinality(names) loop
    if last_values[v_place] is not null then
      v_terms := v_terms || format(
        '(%s(stored.%I %s (%L)::%s%s))', v_equal, names[v_place], case when descending[v_place] then '<' else '>' end, last_values[v_place], types[v_place],
        case when nullable[v_place] then format(' or stored.%I is null', names[v_place]) else '' end
      );
      v_equal := v_equal || format('stored.%I = (%L)::%s and ', names[v_place], last_values[v_place], types[v_place]);
    else
      v_equal := v_equal || format('stored.%I is null and ', names[v_place]);
    end if;
  end loop;
  return case when v_terms = '{}' then 'false' else '(' || array_to_string(v_terms, ' or ') || ')' end;
end;
$$;
comment on function api.keyset_sql(text[], text[], boolean[], boolean[], text[]) is 'SQL condition on stored: after the row with these values in the sort order, nulls last.';

create or replace function api.table_query(schema_name text, table_name text, request jsonb)
returns table (page_query text, count_query text, sort text[]) language plpgsql stable set search_path = '' as $$
declare
  c_ranges constant text[] := '{gte,gt,lte,lt}';
  v_table record;
  v_known text;
  v_problem record;
  v_columns text[] := coalesce(array(select jsonb_array_elements_text(nullif(request -> 'columns', 'null'))), '{}');
  v_sort text[] := coalesce(array(select jsonb_array_elements_text(nullif(request -> 'sort', 'null'))), '{}');
  v_where text;
  v_order text;
  v_keys text;
  v_after jsonb := nullif(request -> 'after', 'null');
begin
  select readable.relation, readable.schema, readable.name into v_table
    from api.readable_tables(table_query.schema_name, table_query.table_name) as readable;
  if not found then
    raise exception using errcode = 'UNKEY', message = format('There is no readable table %s.%s', left(table_query.schema_name, 100), left(table_query.table_name, 100)), hint = '/api/tables lists them.';
  end if;
  select string_agg(found.name, ', ') into v_known from api.readable_columns(v_table.relation) as found;

  select asked.name, asked.problem into v_problem
    from (
      select named.name, format('%s.%s has no column "%s"', v_table.schema, v_table.name, left(named.name, 100)) as problem
        from (
          select unnest(v_columns) union all select ltrim(item, '-') from unnest(v_sort) as item
          union all select filter ->> 'column' from jsonb_array_elements(request -> 'filters') as filter
        ) as named (name)
       where not exists (select from api.readable_columns(v_table.relation) as found where found.name = named.name)
      union all
      select found.name, format('Column "%s" of type %s has no order', found.name, found.type)
        from api.readable_columns(v_table.relation) as found
       where not found.can_be_compared
         and (
           found.name in (select ltrim(item, '-') from unnest(v_sort) as item)
           or exists (select from jsonb_array_elements(request -> 'filters') as filter where filter ->> 'column' = found.name and filter ->> 'operator' = any (c_ranges))
         )
    ) as asked
   limit 1;
  if found then
    raise exception using errcode = 'BADRQ', message = v_problem.problem, hint = format('Its columns are %s.', v_known);
  end if;

  if v_columns = '{}' then
    v_columns := array(select found.name from api.readable_columns(v_table.relation) as found);
  end if;
  -- The order ends with a unique key, so that pages neither overlap nor skip; a view without one is ordered by all that can be.
  v_sort := v_sort || array(
    select found.name
      from api.readable_columns(v_table.relation) as found
     where found.can_be_compared
       and not found.name in (select ltrim(item, '-') from unnest(v_sort) as item)
       and (found.key_place is not null or not exists (select from api.readable_columns(v_table.relation) as other where other.key_place is not null))
     order by found.key_place, found.name <> 'id'
  );
  if v_after is not null and (
    v_after -> 'sort' is distinct from to_jsonb(v_sort) or jsonb_typeof(v_after -> 'values') is distinct from 'array' or jsonb_array_length(v_after -> 'values') <> cardinality(v_sort)
  ) then
    raise exception using errcode = 'BADRQ', message = 'The cursor belongs to another table or order', hint = 'Begin without a cursor, and keep table, sort and filters the same from page to page.';
  end if;

  select string_agg(api.filter_sql(found.name, found.type, found.can_be_compared, found.is_text, filter ->> 'operator', filter -> 'value'), E'\n   and ')
    into v_where
    from jsonb_array_elements(request -> 'filters') as filter
    join api.readable_columns(v_table.relation) as found on found.name = filter ->> 'column';
  select string_agg(format('stored.%I%s', found.name, case when item.sort like '-%' then ' desc nulls last' else '' end), ', ' order by item.place),
         string_agg(format('stored.%I::text', found.name), ', ' order by item.place)
    into v_order, v_keys
    from unnest(v_sort) with ordinality as item (sort, place)
    join api.readable_columns(v_table.relation) as found on found.name = ltrim(item.sort, '-');

  count_query := format(E'select count(*) as total\n  from %I.%I as stored\n where %s', v_table.schema, v_table.name, coalesce(v_where, 'true'));
  page_query := format(
    E'select %s\n  from %I.%I as stored\n where %s%s\n order by %s%s%s',
    case coalesce(request ->> 'format', 'json')
      when 'csv' then (
        select string_agg(api.cell_sql(format('stored.%I', item.name), found.type) || format(' as %I', item.name), ', ' order by item.place)
          from unnest(v_columns) with ordinality as item (name, place)
          join api.readable_columns(v_table.relation) as found on found.name = item.name
      )
      else format('(select row_to_json(shown) from (select %s) as shown)::text as row', etl.column_list(v_columns, 'stored'))
        || case when request ->> 'format' = 'ndjson' then '' else format(', json_build_array(%s)::text as keys', v_keys) end
    end,
    v_table.schema, v_table.name, coalesce(v_where, 'true'),
    (
      select E'\n   and ' || api.keyset_sql(
          array_agg(found.name order by item.place), array_agg(found.type order by item.place), array_agg(found.is_nullable order by item.place),
          array_agg(item.sort like '-%' order by item.place), array_agg(v_after -> 'values' ->> (item.place - 1)::integer order by item.place)
        )
        from unnest(v_sort) with ordinality as item (sort, place)
        join api.readable_columns(v_table.relation) as found on found.name = ltrim(item.sort, '-')
       where v_after is not null
      having count(*) > 0
    ),
    v_order,
    E'\n limit ' || (request ->> 'limit')::bigint, E'\noffset ' || (request ->> 'offset')::bigint
  );
  page_query := coalesce(api.copy_sql(page_query, request ->> 'format'), page_query);
  sort := v_sort;
  return next;
end;
$$;
comment on function api.table_query(text, text, jsonb) is
  'The query that reads a table as asked, built from names of the catalogue and quoted values only: request {columns, filters: [{column, operator, value}], sort: ["-column"], limit, offset, after: {sort, values}, format}. '
  'page_query gives each row as JSON text with the values to go on from; with format csv or ndjson it writes all rows as a file (api.copy_sql). count_query counts. Raises UNKEY for a table that cannot be read, BADRQ for an unknown column, a column without an order, or a cursor of another request.';

create or replace function api.estimated_count(count_query text)
returns bigint language plpgsql volatile set search_path = '' as $$
declare
  v_plan json;
begin
  execute 'explain (format json) ' || regexp_replace(estimated_count.count_query, '^select count\(\*\) as total', 'select 1') into v_plan;
  return (v_plan -> 0 -> 'Plan' ->> 'Plan Rows')::bigint;
end;
$$;
comment on function api.estimated_count(text) is 'About how many rows a count_query of api.table_query would count, from the planner''s statistics, in the time of a plan.';

create or replace function api.affordable_count(count_query text, most bigint default 100000)
returns table (total bigint, total_is text) language plpgsql volatile set search_path = '' as $$
begin
  total := api.estimated_count(affordable_count.count_query);
  total_is := 'estimated';
  if total <= affordable_count.most then
    execute affordable_count.count_query into total;
    total_is := 'exact';
  end if;
  return next;
end;
$$;
comment on function api.affordable_count(text, bigint) is
  'How many rows a count_query of api.table_query counts: exact, unless the planner expects more than most; then what it expects. total_is says which.';

create or replace function api.table_page(schema_name text, table_name text, request jsonb default '{}')
returns setof json language plpgsql stable set search_path = '' as $$
declare
  v_query text;
begin
  select query.page_query into v_query
    from api.table_query(table_page.schema_name, table_page.table_name, jsonb_build_object('filters', '[]'::jsonb, 'limit', 100) || table_page.request) as query;
  return query execute format('select page.row::json from (%s) as page', v_query);
end;
$$;
comment on function api.table_page(text, text, jsonb) is 'Rows of a table as /api/tables gives them (api.table_query), 100 unless request says otherwise. Raises as api.table_query.';
