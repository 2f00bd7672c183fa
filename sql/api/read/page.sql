create or replace function api.endpoint(name text)
returns api.endpoints language plpgsql stable set search_path = '' as $$
declare
  v_endpoint api.endpoints;
begin
  select declared.* into v_endpoint from api.endpoints as declared where declared.name = endpoint.name;
  if v_endpoint.name is null then
    raise exception 'There is no endpoint "%"', endpoint.name using errcode = 'UNKEY', hint = 'select name from api.endpoints lists them.';
  end if;
  return v_endpoint;
end;
$$;
comment on function api.endpoint(text) is 'The declaration of an endpoint. Raises UNKEY.';

create or replace function api.filters_hash(list api.endpoints, parameters jsonb)
returns text language sql immutable set search_path = '' as $$
  select left(md5((filters_hash.list).name || (filters_hash.parameters - '{limit,offset,cursor,count}'::text[])::text), 10);
$$;
comment on function api.filters_hash(api.endpoints, jsonb) is 'Tells a list with its filters from another, so that a cursor is not used with other filters than it was made for.';

create or replace function api.make_cursor(list api.endpoints, parameters jsonb, place jsonb)
returns text language sql immutable set search_path = '' as $$
  select translate(encode(convert_to(jsonb_build_array(api.filters_hash(make_cursor.list, make_cursor.parameters), make_cursor.place)::text, 'UTF8'), 'base64'), E'+/=\n', '-_');
$$;
comment on function api.make_cursor(api.endpoints, jsonb, jsonb) is 'The place of a row in a list as an opaque text (base64url).';

create or replace function api.read_cursor(list api.endpoints, parameters jsonb, cursor text)
returns jsonb language plpgsql immutable set search_path = '' as $$
declare
  v_read jsonb;
begin
  if read_cursor.cursor is null then
    return null;
  end if;
  begin
    v_read := convert_from(decode(rpad(translate(read_cursor.cursor, '-_', '+/'), ((length(read_cursor.cursor) + 3) / 4) * 4, '='), 'base64'), 'UTF8')::jsonb;
  exception when data_exception or character_not_in_repertoire or untranslatable_character then
    v_read := null;
  end;
  if v_read ->> 0 is distinct from api.filters_hash(read_cursor.list, read_cursor.parameters)
    or jsonb_typeof(v_read -> 1) is distinct from 'array'
    or jsonb_array_length(v_read -> 1) <> cardinality((read_cursor.list).order_by)
  then
    raise exception 'The cursor does not belong to this list with these filters'
      using errcode = 'BADRQ', detail = '[{"parameter": "cursor", "detail": "does not belong to this list with these filters"}]',
            hint = 'Send meta.next_cursor of the page before as it is, with the same filters, or begin without one.';
  end if;
  return v_read -> 1;
end;
$$;
comment on function api.read_cursor(api.endpoints, jsonb, text) is 'The place that a cursor stands for; null for no cursor. Raises BADRQ for one that was not made for this list and these filters.';

create or replace function api.selected_columns(list api.endpoints)
returns text language sql immutable set search_path = '' as $$
  select string_agg(format('%s as %I', field.definition ->> 'sql', field.definition ->> 'name'), ', ' order by field.place)
    from jsonb_array_elements((selected_columns.list).row_columns) with ordinality as field (definition, place);
$$;
comment on function api.selected_columns(api.endpoints) is 'The select list of a list.';

create or replace function api.expected_rows(list api.endpoints, parameters jsonb, conditions text)
returns bigint language sql volatile set search_path = '' as $$
  select api.estimated_rows('select 1' || E'\n' || api.matching_sql(expected_rows.list, expected_rows.parameters, expected_rows.conditions));
$$;
comment on function api.expected_rows(api.endpoints, jsonb, text) is
  'How many rows the planner expects to meet the conditions of a list (api.conditions_sql). Raises BADKY.';

create or replace function api.page_sql(list api.endpoints, parameters jsonb, conditions text, after jsonb, expected bigint)
returns text language sql stable set search_path = '' as $$
  -- A few thousand rows are sooner sorted than met in the order of an index that holds all, and then they are counted on the way. Where
  -- a text is compared by no index (api.condition_sql says so), though, that is because its rows are many, whatever the planner guesses.
  select api.list_sql(
    page_sql.list,
    concat_ws(', ', api.selected_columns(page_sql.list), api.order_key(page_sql.list) || ' as "~key"',
      case when choice.sorts and page_sql.after is null then 'count(*) over ()' else 'null::bigint' end || ' as "~total"'),
    page_sql.parameters, page_sql.conditions, page_sql.after, (page_sql.parameters ->> 'limit')::integer + 1,
    (page_sql.parameters ->> 'offset')::integer, choice.sorts
  )
    from (
      select page_sql.expected <= 3000 and page_sql.conditions not like '%/* by no index */%'
             and array_to_string((page_sql.list).order_by, ' ') like '%sort_name%' as sorts
    ) as choice;
$$;
comment on function api.page_sql(api.endpoints, jsonb, text, jsonb, bigint) is
  'The query of a page, with one row more than it shows, the place of each row (~key), and where it costs nothing the number of all rows (~total). conditions: of api.conditions_sql. expected: rows that meet them. Raises BADKY.';

-- Stable, so that the rows and their total are of one moment: each statement of a volatile function has its own.
create or replace function api.page_of(list api.endpoints, parameters jsonb, conditions text, after jsonb, expected bigint)
returns text language plpgsql stable set search_path = '' as $$
declare
  c_counted constant integer := 1000;
  v_limit constant integer := (page_of.parameters ->> 'limit')::integer;
  v_offset constant integer := coalesce((page_of.parameters ->> 'offset')::integer, 0);
  v_counts constant boolean := ((page_of.list).response_schema #> '{properties,meta,properties}') ? 'total';
  v_rows json;
  v_found integer;
  v_last jsonb;
  v_total bigint;
  v_is_estimated boolean := false;
begin
  execute format(
    $sql$
    with page as materialized (
      %1$s
    )
    select (select json_agg(row_to_json(item)) from (select %2$s from page where page."~place" <= $1 order by page."~place") as item),
           (select count(*) from page),
           (select page."~key" from page where page."~place" = $1),
           (select max(page."~total") from page)
    $sql$,
    'select numbered.*, row_number() over () as "~place" from (' || api.page_sql(page_of.list, page_of.parameters, page_of.conditions, page_of.after, page_of.expected) || ') as numbered',
    (select string_agg(format('page.%I', field.definition ->> 'name'), ', ' order by field.place) from jsonb_array_elements((page_of.list).row_columns) with ordinality as field (definition, place))
  ) into v_rows, v_found, v_last, v_total using v_limit;

  if not (page_of.list).is_wrapped then
    return coalesce(v_rows, '[]')::text;
  end if;
  if v_counts then
    if page_of.after is null and v_found <= v_limit and (v_found > 0 or v_offset = 0) then
      v_total := v_offset + v_found;
    elsif v_total is not null then
      null; -- counted on the way
    elsif page_of.parameters ->> 'count' = 'exact' then
      execute 'select count(*) from (select 1' || E'\n' || api.matching_sql(page_of.list, page_of.parameters, page_of.conditions) || ') as counted' into v_total;
    else
      -- Counting so far costs most where there is far more, so that is not tried.
      if page_of.expected <= 3 * c_counted then
        execute 'select count(*) from (select 1' || E'\n' || api.matching_sql(page_of.list, page_of.parameters, page_of.conditions, most => c_counted + 1)
          || format(' limit %s) as counted', c_counted + 1) into v_total;
      end if;
      if v_total is null or v_total > c_counted then
        v_total := greatest(page_of.expected, v_offset + v_found, v_total);
        v_is_estimated := true;
      end if;
    end if;
  end if;
  return json_build_object('data', coalesce(v_rows, '[]'), 'meta', jsonb_strip_nulls(jsonb_build_object(
      'total', case when v_counts then v_total end, 'total_is_estimated', case when v_counts then v_is_estimated end, 'limit', v_limit, 'offset', v_offset
    )) || jsonb_build_object('next_cursor', case when v_found > v_limit then api.make_cursor(page_of.list, page_of.parameters, v_last) end)
    || coalesce((select jsonb_object_agg(echo.key, (api.given_values(declared.parameter, page_of.parameters -> (echo.value)))[1])
                   from jsonb_each_text((page_of.list).meta) as echo
                   join jsonb_array_elements((page_of.list).parameters) as declared (parameter) on declared.parameter ->> 'name' = echo.value), '{}')
  )::text;
end;
$$;
comment on function api.page_of(api.endpoints, jsonb, text, jsonb, bigint) is
  'A page of a list as api.page() gives it. conditions: of api.conditions_sql. after: place of the row before the first. expected: rows that meet the conditions. Raises BADKY.';

create or replace function api.page(name text, parameters jsonb)
returns text language plpgsql volatile set search_path = '' as $$
declare
  v_list constant api.endpoints := api.endpoint(page.name);
  v_after constant jsonb := api.read_cursor(v_list, page.parameters, page.parameters ->> 'cursor');
  v_conditions constant text := api.conditions_sql(v_list, page.parameters);
  v_expected constant bigint := api.expected_rows(v_list, page.parameters, v_conditions);
begin
  return api.page_of(v_list, page.parameters, v_conditions, v_after, v_expected);
end;
$$;
comment on function api.page(text, jsonb) is
  'A page of a list as JSON text: {data, meta}, or the bare array. parameters: checked and typed values by name, limit among them. Raises BADRQ for a wrong cursor, BADKY.';

create or replace function api.export_sql(name text, parameters jsonb)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_list constant api.endpoints := api.endpoint(export_sql.name);
begin
  return api.list_sql(
    v_list, api.selected_columns(v_list), export_sql.parameters, api.conditions_sql(v_list, export_sql.parameters),
    api.read_cursor(v_list, export_sql.parameters, export_sql.parameters ->> 'cursor'),
    (export_sql.parameters ->> 'limit')::bigint, (export_sql.parameters ->> 'offset')::bigint
  );
end;
$$;
comment on function api.export_sql(text, jsonb) is 'The query that gives all rows of a list, in its order. Raises BADRQ for a wrong cursor, BADKY.';

create or replace function api.answered_rows_sql(endpoint api.endpoints, parameters jsonb, format text)
returns text language sql stable set search_path = '' as $$
  select format(
    E'select %s\n  from jsonb_array_elements(api.answer(%L, %L)::jsonb -> %L) with ordinality as item (value, place)\n order by item.place',
    case answered_rows_sql.format when 'ndjson' then 'item.value::text' else (
      select string_agg(
        api.cell_sql(format('(item.value ->> %L)', field.name), case when row.schema #> array['properties', field.name, 'type'] ?| '{integer,number,boolean}' then 'numeric' else 'text' end)
        || format(' as %I', field.name), ', ' order by field.place
      )
        from jsonb_array_elements_text(row.schema -> 'required') with ordinality as field (name, place)
    ) end,
    (answered_rows_sql.endpoint).name, answered_rows_sql.parameters, 'data'
  )
    from (select (answered_rows_sql.endpoint).response_schema #> '{properties,data,items}' as schema) as row;
$$;
comment on function api.answered_rows_sql(api.endpoints, jsonb, text) is
  'The query that gives the rows in data of what an endpoint answers, for a file of format csv or ndjson.';

create or replace function api.listed_rows_sql(list api.endpoints, parameters jsonb, format text)
returns text language sql stable set search_path = '' as $$
  select 'select ' || case listed_rows_sql.format when 'ndjson' then 'row_to_json(item)::text' else (
      select string_agg(api.cell_sql(format('item.%I', field.definition ->> 'name'), field.definition ->> 'type') || format(' as %I', field.definition ->> 'name'), ', ' order by field.place)
        from jsonb_array_elements((listed_rows_sql.list).row_columns) with ordinality as field (definition, place)
    ) end || E'\n  from (\n' || api.export_sql((listed_rows_sql.list).name, listed_rows_sql.parameters) || E'\n) as item';
$$;
comment on function api.listed_rows_sql(api.endpoints, jsonb, text) is 'The query that gives all rows of a list, for a file of format csv or ndjson. Raises BADRQ for a wrong cursor, BADKY.';

create or replace function api.file_sql(name text, parameters jsonb, format text)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_endpoint constant api.endpoints := api.endpoint(file_sql.name);
begin
  return api.copy_sql(case when v_endpoint.rows_from is null then api.answered_rows_sql(v_endpoint, file_sql.parameters, file_sql.format)
    else api.listed_rows_sql(v_endpoint, file_sql.parameters, file_sql.format) end, file_sql.format);
end;
$$;
comment on function api.file_sql(text, jsonb, text) is
  'The COPY statement that writes all rows of a list, or those in data of another answer, as a file of format csv or ndjson (api.copy_sql). Raises BADRQ for a wrong cursor, BADKY.';

create or replace function api.arguments_sql(endpoint api.endpoints, parameters jsonb)
returns text language sql stable set search_path = '' as $$
  select coalesce(string_agg(
      format('%I => %L::%s', given.key, case when jsonb_typeof(given.value) = 'array' and declared.parameter -> 'list' = 'true'
        then array(select jsonb_array_elements_text(given.value))::text else given.value #>> '{}' end, api.argument_type(declared.parameter)), ', '
    ), '')
    from jsonb_each(arguments_sql.parameters) as given
    join jsonb_array_elements((arguments_sql.endpoint).parameters) as declared (parameter) on declared.parameter ->> 'name' = given.key
   where given.value <> 'null';
$$;
comment on function api.arguments_sql(api.endpoints, jsonb) is 'The arguments of the function of an endpoint, by name, as quoted literals of their types.';

create or replace function api.argument_type(parameter jsonb)
returns text language sql immutable parallel safe set search_path = '' as $$
  select case argument_type.parameter ->> 'type' when 'integer' then 'integer' when 'boolean' then 'boolean' when 'date' then 'date' when 'object' then 'jsonb' else 'text' end
    || case when argument_type.parameter -> 'list' = 'true' then '[]' else '' end;
$$;
comment on function api.argument_type(jsonb) is 'The SQL type of a parameter.';

create or replace function api.answer(name text, parameters jsonb)
returns text language plpgsql volatile set search_path = '' as $$
declare
  v_endpoint constant api.endpoints := api.endpoint(answer.name);
  v_answer text;
begin
  execute format('select api.%I(%s)::text', v_endpoint.calls, api.arguments_sql(v_endpoint, answer.parameters)) into v_answer;
  return v_answer;
end;
$$;
comment on function api.answer(text, jsonb) is 'The answer of an endpoint that calls a function, as JSON text; null when there is nothing.';

create or replace function api.compile()
returns void language plpgsql set search_path = '' as $$
declare
  v_list api.endpoints;
  v_type text;
  v_arguments text;
  v_given text;
  v_old text;
begin
  for v_list in select declared.* from api.endpoints as declared where declared.rows_from is not null order by declared.name loop
    select string_agg(format('%I %s', field.definition ->> 'name', field.definition ->> 'type'), ', ' order by field.place)
      into v_type
      from jsonb_array_elements(v_list.row_columns) with ordinality as field (definition, place);
    if obj_description(to_regtype(format('api.%I', v_list.name || '_row')), 'pg_type') is distinct from v_type then
      execute format('drop type if exists api.%I cascade', v_list.name || '_row');
      execute format('create type api.%I as (%s)', v_list.name || '_row', v_type);
      execute format('comment on type api.%I is %L', v_list.name || '_row', v_type);
    end if;
    select coalesce(string_agg(format('%I %s default null, ', declared.parameter ->> 'name', api.argument_type(declared.parameter)), '' order by declared.place), ''),
           coalesce(string_agg(format('%L, %I.%I, ', declared.parameter ->> 'name', v_list.name, declared.parameter ->> 'name'), '' order by declared.place), '')
      into v_arguments, v_given
      from jsonb_array_elements(v_list.parameters) with ordinality as declared (parameter, place)
     where declared.parameter ->> 'name' not in ('limit', 'offset', 'cursor', 'count');
    for v_old in
      select existing.oid::regprocedure::text
        from pg_catalog.pg_proc as existing
       where existing.pronamespace = 'api'::regnamespace and existing.proname = v_list.name
    loop
      execute 'drop function ' || v_old;
    end loop;
    execute format(
      $sql$
      create function api.%1$I(%2$spage_limit bigint default %3$s, page_offset bigint default 0)
      returns setof api.%4$I language plpgsql stable set search_path = '' as $body$
      begin
        return query execute api.export_sql(%5$L, jsonb_strip_nulls(jsonb_build_object(%6$s'limit', %1$I.page_limit, 'offset', %1$I.page_offset)));
      end;
      $body$
      $sql$,
      v_list.name, v_arguments,
      (select declared ->> 'default' from jsonb_array_elements(v_list.parameters) as declared where declared ->> 'name' = 'limit'),
      v_list.name || '_row', v_list.name, v_given
    );
    execute format('comment on function api.%I is %L', v_list.name,
      v_list.summary || '. The same rows as ' || v_list.path || '; page_limit null gives all. Made by api.compile(). Raises BADKY.');
  end loop;
end;
$$;
comment on function api.compile() is
  'Makes, for every declared list, a function of its name with its parameters as arguments: select * from api.leads(job_function => ''{Sales}''). Run it after declaring lists.';
