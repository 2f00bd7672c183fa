create or replace function api.parameter(
  name text,
  type text,
  description text,
  match text default null,
  "on" text default null,
  field text default null,
  is_list boolean default false,
  place text default 'query',
  required boolean default false,
  more jsonb default '{}'
)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'name', parameter.name, 'in', parameter.place, 'type', parameter.type, 'description', parameter.description, 'match', parameter.match,
    'on', parameter."on", 'field', parameter.field, 'list', nullif(parameter.is_list, false), 'required', nullif(parameter.required, false)
  )) || parameter.more;
$$;
comment on function api.parameter(text, text, text, text, text, text, boolean, text, boolean, jsonb) is
  'One parameter of an endpoint. type: text, integer, boolean, date, domain, person or object. place: path, query or body. more: default, minimum, maximum, minLength, enum, example; resolve: a function that gives the list of texts that the value stands for; implies_always: what it asks implies what the list always asks. For lists, match says how it filters the expression "on": any, contains (both look up the spelling in api.vocabulary, field), part (on names the column, the search vector stands in field; trigrams in more names the index over the folded column that is used where it is there), search, equals, overlaps, from, to, within (days until today), sql ("on" is a condition with :value), or null (only used in rows_from as :name).';

create or replace function api.field_schema(type text, description text)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object('description', field_schema.description)) || case
    when field_schema.type = 'json' then '{}'::jsonb
    when field_schema.type ~ '\[\]$' then '{"type": ["array", "null"], "items": {"type": "string"}}'::jsonb
    when field_schema.type in ('integer', 'bigint') then '{"type": ["integer", "null"]}'::jsonb
    when field_schema.type = 'numeric' then '{"type": ["number", "null"]}'::jsonb
    when field_schema.type = 'boolean' then '{"type": ["boolean", "null"]}'::jsonb
    when field_schema.type in ('json', 'jsonb') then '{}'::jsonb
    else '{"type": ["string", "null"]}'::jsonb || coalesce(
      (select jsonb_build_object('format', format.name)
         from (values ('uuid', 'uuid'), ('date', 'date'), ('timestamptz', 'date-time')) as format (type, name)
        where format.type = field_schema.type), '{}'
    )
  end;
$$;
comment on function api.field_schema(text, text) is 'JSON Schema of a field of a row: of its type or null.';

create or replace function api.list(
  name text,
  path text,
  summary text,
  rows_from text,
  columns jsonb,
  order_by text[],
  parameters jsonb default '[]',
  always text default null,
  default_limit integer default 50,
  max_limit integer default 100,
  tag text default 'lists',
  meta jsonb default null,
  is_wrapped boolean default true,
  is_counted boolean default true
)
returns void language sql set search_path = '' as $$
  insert into api.endpoints (name, path, tag, summary, parameters, response_schema, rows_from, row_columns, order_by, always, meta, is_wrapped)
  select list.name, list.path, list.tag, list.summary,
         list.parameters || jsonb_build_array(
           api.parameter('limit', 'integer', 'Most rows of a page.',
             more => jsonb_build_object('default', list.default_limit, 'minimum', 1, 'maximum', list.max_limit)),
           api.parameter('offset', 'integer', 'Rows to leave out; further on, use cursor.', more => '{"default": 0, "minimum": 0, "maximum": 10000}'),
           api.parameter('cursor', 'text', 'meta.next_cursor of the page before, with the same filters.')
         ) || case when list.is_wrapped and list.is_counted then jsonb_build_array(
           api.parameter('count', 'text',
             'exact: meta.total is counted, however long it takes; estimated: up to 1,000 it is counted, above that it may be the planner''s estimate.',
             more => '{"default": "estimated", "enum": ["exact", "estimated"]}')
         ) else '[]' end,
         case when list.is_wrapped then jsonb_build_object(
           'type', 'object',
           'required', '["data", "meta"]'::jsonb,
           'properties', jsonb_build_object(
             'data', jsonb_build_object('type', 'array', 'items', item.schema),
             'meta', jsonb_build_object(
               'type', 'object',
               'properties', jsonb_strip_nulls(jsonb_build_object(
                 'total', case when list.is_counted then '{"type": "integer", "description": "Rows that meet the filters."}'::jsonb end,
                 'total_is_estimated', case when list.is_counted then '{"type": "boolean"}'::jsonb end,
                 'limit', '{"type": "integer"}'::jsonb, 'offset', '{"type": "integer"}'::jsonb,
                 'next_cursor', '{"type": ["string", "null"], "description": "Gives the next page; null on the last one."}'::jsonb
               )) || coalesce((select jsonb_object_agg(echo.key, '{"type": ["string", "null"]}'::jsonb) from jsonb_each(list.meta) as echo), '{}')
             )
           )
         ) else jsonb_build_object('type', 'array', 'items', item.schema) end,
         list.rows_from, list.columns, list.order_by, list.always, list.meta, list.is_wrapped
    from (
      select jsonb_build_object(
        'type', 'object', 'required', jsonb_agg(field ->> 'name'),
        'properties', jsonb_object_agg(field ->> 'name', api.field_schema(field ->> 'type', field ->> 'description'))
      ) as schema
        from jsonb_array_elements(list.columns) as field
    ) as item
      on conflict on constraint endpoints_pkey do update
     set path = excluded.path, tag = excluded.tag, summary = excluded.summary, parameters = excluded.parameters,
         response_schema = excluded.response_schema, rows_from = excluded.rows_from, row_columns = excluded.row_columns,
         order_by = excluded.order_by, always = excluded.always, meta = excluded.meta, is_wrapped = excluded.is_wrapped;
$$;
comment on function api.list(text, text, text, text, jsonb, text[], jsonb, text, integer, integer, text, jsonb, boolean, boolean) is
  'Declares a list: an endpoint that gives rows, in pages or as a whole file. rows_from is a from clause, in which :name stands for a parameter, :after for the first order key to go on after (or null) and :fetch for the number of rows wanted (or null). columns: see api.columns(). api.compile() makes a function of the same name for psql.';

create or replace function api.columns(variadic stated text[])
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select jsonb_agg(
    jsonb_strip_nulls(jsonb_build_object('name', part[1], 'type', part[2], 'sql', part[3], 'description', nullif(btrim(part[4]), ''))) order by item.place
  )
    from unnest(columns.stated) with ordinality as item (text, place)
   cross join lateral regexp_match(item.text, '^(\w+) ([\w\[\]]+) = (.*?)(?: -- (.*))?$') as part;
$$;
comment on function api.columns(text[]) is 'Columns of a list, each as "name type = expression" with an optional " -- description".';

create or replace function api.columns_from(alias text, variadic stated text[])
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select api.columns(variadic array(
    select format('%s %s = %s.%s', split_part(item.text, ' ', 1), coalesce(nullif(split_part(item.text, ' ', 2), ''), 'text'), columns_from.alias, split_part(item.text, ' ', 1))
      from unnest(columns_from.stated) with ordinality as item (text, place)
     order by item.place
  ));
$$;
comment on function api.columns_from(text, text[]) is 'Columns of a list that are columns of one relation, each as "name" (text) or "name type".';

create or replace function api.call(
  name text,
  path text,
  summary text,
  response_schema jsonb,
  parameters jsonb default '[]',
  method text default 'get',
  calls text default null,
  missing text default null,
  scope text default 'read',
  tag text default 'lists'
)
returns void language sql set search_path = '' as $$
  insert into api.endpoints (name, method, path, tag, summary, parameters, response_schema, calls, missing, scope)
  values (
    call.name, call.method, call.path, call.tag, call.summary, call.parameters, call.response_schema, coalesce(call.calls, call.name), call.missing,
    call.scope
  )
      on conflict on constraint endpoints_pkey do update
     set method = excluded.method, path = excluded.path, tag = excluded.tag, summary = excluded.summary, parameters = excluded.parameters,
         response_schema = excluded.response_schema, calls = excluded.calls, missing = excluded.missing, scope = excluded.scope;
$$;
comment on function api.call(text, text, text, jsonb, jsonb, text, text, text, text, text) is
  'Declares an endpoint that one function of schema api answers, called with the parameters by name; null is answered 404, with the text of missing.';

create or replace function api.object_schema(variadic stated text[])
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select jsonb_build_object(
    'type', 'object', 'required', jsonb_agg(part[1] order by item.place),
    'properties', jsonb_object_agg(part[1], api.field_schema(part[2], part[3]))
  )
    from unnest(object_schema.stated) with ordinality as item (text, place)
   cross join lateral regexp_match(item.text, '^(\w+)(?: ([\w\[\]]+))?(?: -- (.*))?$') as matched
   cross join lateral (select array[matched[1], coalesce(matched[2], 'text'), matched[3]] as part) as stated_part;
$$;
comment on function api.object_schema(text[]) is 'JSON Schema of an answer: each field as "name" (text), "name type" or either with " -- description".';
