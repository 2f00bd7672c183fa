create or replace function api.given_values(parameter jsonb, value jsonb)
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_values text[] := case jsonb_typeof(given_values.value)
    when 'array' then array(select jsonb_array_elements_text(given_values.value))
    else array[given_values.value #>> '{}']
  end;
  v_normalised text[] := '{}';
  v_value text;
  v_key text;
begin
  if given_values.parameter ->> 'type' not in ('domain', 'person') then
    return v_values;
  end if;
  foreach v_value in array case when given_values.parameter -> 'list' = 'true' then string_to_array(array_to_string(v_values, ','), ',') else v_values end loop
    continue when btrim(v_value) = '';
    v_key := case given_values.parameter ->> 'type' when 'domain' then etl.normalize_domain(v_value) else etl.normalize_linkedin_url(v_value) end;
    if v_key is null then
      raise exception '% "%" is no %', given_values.parameter ->> 'name', left(v_value, 200),
          case given_values.parameter ->> 'type' when 'domain' then 'domain' else 'LinkedIn URL of a person' end
        using errcode = 'BADKY',
              hint = case given_values.parameter ->> 'type' when 'domain' then 'A domain looks like example.com.' else 'It looks like https://www.linkedin.com/in/name.' end;
    end if;
    v_normalised := v_normalised || v_key;
  end loop;
  return v_normalised;
end;
$$;
comment on function api.given_values(jsonb, jsonb) is 'The value or values of a parameter as text; domains and LinkedIn URLs normalised. Raises BADKY.';

create or replace function api.condition_sql(parameter jsonb, value jsonb)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_on constant text := condition_sql.parameter ->> 'on';
  v_field constant text := condition_sql.parameter ->> 'field';
  v_values text[] := api.given_values(condition_sql.parameter, condition_sql.value);
  v_first constant text := v_values[1];
  v_query tsquery;
  v_part text := '';
begin
  if v_first is null or (condition_sql.parameter ->> 'type' = 'text' and not exists (select from unnest(v_values) as each (value) where btrim(each.value) <> '')) then
    return null;
  end if;
  if condition_sql.parameter ? 'resolve' then
    execute format('select %s($1)', (condition_sql.parameter ->> 'resolve')::regproc) into v_values using v_first;
  end if;
  case condition_sql.parameter ->> 'match'
    when 'any', 'overlaps' then
      v_values := api.listed_values(v_field, v_values, splits => jsonb_typeof(condition_sql.value) <> 'array' or jsonb_array_length(condition_sql.value) = 1);
      return format(case condition_sql.parameter ->> 'match' when 'any' then '%s = any (%L::text[])' else '%s && %L::text[]' end, v_on, v_values);
    when 'contains' then
      v_values := api.values_containing(v_field, v_first);
      if v_values is null then
        -- So many that naming them would cost more, twice planned, than the planner takes to find them or to do without.
        return format('%s in (select known.value from api.vocabulary as known where known.field = %L and known.match_key like %L)', v_on, v_field, api.like_pattern(v_first));
      end if;
      return format('%s = any (%L::text[])', v_on, v_values);
    when 'part' then
      if to_regclass(condition_sql.parameter ->> 'trigrams') is null or etl.fold(v_first) !~ '[[:alnum:]]{3}' then
        v_query := api.word_query(v_first);
        v_part := case when v_query is null then ' /* by no index */' else format(' and %s @@ %L::tsquery', v_field, v_query) end;
      end if;
      return format('etl.fold(%s) like %L', v_on, api.like_pattern(v_first)) || v_part;
    when 'search' then
      v_query := api.search_query(v_first);
      return case when v_query is null then 'false' else format('%s @@ %L::tsquery', v_on, v_query) end;
    when 'equals' then
      return case when cardinality(v_values) = 1 then format('%s = %L', v_on, v_first) else format('%s = any (%L)', v_on, v_values) end;
    when 'from' then
      return format('%s >= %L', v_on, v_first);
    when 'to' then
      return format('%s <= %L', v_on, v_first);
    when 'within' then
      return format('%1$s >= current_date - %2$L::integer and %1$s <= current_date', v_on, v_first);
    when 'sql' then
      return replace(v_on, ':value', case when condition_sql.parameter -> 'list' = 'true' or condition_sql.parameter ? 'resolve' then quote_literal(v_values::text) || '::text[]' else quote_literal(v_first) end);
    else
      return null;
  end case;
end;
$$;
comment on function api.condition_sql(jsonb, jsonb) is 'The condition that a parameter of a list puts on its rows, with the value as a quoted literal; null for none. Raises BADKY.';

create or replace function api.order_key(list api.endpoints)
returns text language sql immutable set search_path = '' as $$
  select 'jsonb_build_array(' || array_to_string((order_key.list).order_by, ', ') || ')';
$$;
comment on function api.order_key(api.endpoints) is 'Expression for the place of a row in its list.';

create or replace function api.conditions_sql(list api.endpoints, parameters jsonb)
returns text language sql stable set search_path = '' as $$
  with stated as materialized (
    select api.condition_sql(declared.parameter, coalesce(conditions_sql.parameters -> (declared.parameter ->> 'name'), declared.parameter -> 'default')) as condition,
           declared.place, declared.parameter ? 'implies_always' as implies_always
      from jsonb_array_elements((conditions_sql.list).parameters) with ordinality as declared (parameter, place)
     where declared.parameter ? 'match'
       and coalesce(conditions_sql.parameters -> (declared.parameter ->> 'name'), declared.parameter -> 'default', 'null') <> 'null'
  )
  select coalesce(string_agg(each.condition, E'\n   and ' order by each.place), 'true')
    from (
      -- Said twice, the planner would take it for two conditions, and expect too few rows.
      select (conditions_sql.list).always as condition, 0 as place
       where not exists (select from stated where stated.implies_always and stated.condition is not null)
      union all
      select stated.condition, stated.place from stated
    ) as each
   where each.condition is not null;
$$;
comment on function api.conditions_sql(api.endpoints, jsonb) is 'All conditions on the rows of a list. Raises BADKY.';

create or replace function api.filled_sql(list api.endpoints, template text, parameters jsonb, after jsonb, most bigint)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_filled text := '';
  v_piece text;
  v_name text;
  v_declared jsonb;
  v_values text[];
  v_literal text;
begin
  -- In one pass: what a placeholder stands for is never searched for placeholders itself.
  for v_piece in select regexp_split_to_table(filled_sql.template, '(?<!:)(?=:[a-z_]+)') loop
    v_name := substring(v_piece from '^:([a-z_]+)');
    select declared into v_declared from jsonb_array_elements((filled_sql.list).parameters) as declared where declared ->> 'name' = v_name;
    if v_name = 'after' then
      v_literal := quote_nullable(filled_sql.after ->> 0);
    elsif v_name = 'fetch' then
      v_literal := coalesce(filled_sql.most::text, 'null');
    elsif v_declared is null then
      v_filled := v_filled || v_piece;
      continue;
    else
      v_values := array_remove(api.given_values(v_declared, coalesce(filled_sql.parameters -> v_name, v_declared -> 'default', 'null')), null);
      v_literal := case when v_declared -> 'list' = 'true' then quote_literal(v_values::text) else quote_nullable(v_values[1]) end;
    end if;
    v_filled := v_filled || v_literal || substr(v_piece, length(v_name) + 2);
  end loop;
  return v_filled;
end;
$$;
comment on function api.filled_sql(api.endpoints, text, jsonb, jsonb, bigint) is
  'Part of the query of a list, with quoted literals for its placeholders: :name of a parameter, :after, :fetch. Raises BADKY.';

create or replace function api.matching_sql(list api.endpoints, parameters jsonb, conditions text, after jsonb default null, most bigint default null)
returns text language sql stable set search_path = '' as $$
  select concat_ws(
    E'\n',
    '  from ' || api.filled_sql(matching_sql.list, (matching_sql.list).rows_from, matching_sql.parameters, matching_sql.after, matching_sql.most),
    ' where ' || matching_sql.conditions
  );
$$;
comment on function api.matching_sql(api.endpoints, jsonb, text, jsonb, bigint) is
  'From and where of the query of a list: all rows that meet its conditions (api.conditions_sql). Raises BADKY.';

create or replace function api.list_sql(
  list api.endpoints,
  selected text,
  parameters jsonb,
  conditions text,
  after jsonb default null,
  most bigint default null,
  skip bigint default null,
  sorts boolean default false
)
returns text language sql stable set search_path = '' as $$
  select concat_ws(
    E'\n',
    'select ' || api.filled_sql(list_sql.list, list_sql.selected, list_sql.parameters, null, null),
    api.matching_sql(list_sql.list, list_sql.parameters, list_sql.conditions, list_sql.after, list_sql.most + coalesce(list_sql.skip, 0)),
    case when list_sql.after is not null then format('   and (%s) > (%s)', array_to_string((list_sql.list).order_by, ', '),
      (select string_agg(quote_nullable(key.value), ', ' order by key.place) from jsonb_array_elements_text(list_sql.after) with ordinality as key (value, place))) end,
    ' order by ' || case when list_sql.sorts then regexp_replace(array_to_string((list_sql.list).order_by, ', '), '(\w+\.sort_name)', '(\1 || '''') collate "C"')
      else array_to_string((list_sql.list).order_by, ', ') end,
    ' limit ' || list_sql.most::text,
    'offset ' || nullif(list_sql.skip, 0)::text
  );
$$;
comment on function api.list_sql(api.endpoints, text, jsonb, text, jsonb, bigint, bigint, boolean) is
  'The query of a list. conditions: of api.conditions_sql. after: place of the row before the first. sorts: the rows that meet the conditions are so few that they are to be sorted, and the index that has their order is not to be read until they turn up. Raises BADKY.';

create or replace function api.estimated_rows(query text)
returns bigint language plpgsql volatile set search_path = '' as $$
declare
  v_plan json;
begin
  execute 'explain (format json) ' || estimated_rows.query into v_plan;
  return (v_plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric;
end;
$$;
comment on function api.estimated_rows(text) is 'How many rows the planner expects of a query.';
