create or replace function etl.indented(input text, blanks integer)
returns text language sql immutable parallel safe as $$
  select regexp_replace(input, '^(?=.)', repeat(' ', blanks), 'gn');
$$;
comment on function etl.indented(text, integer) is 'Every line that is not empty moved right by that many blanks.';

create or replace function etl.column_list(columns text[], alias text default null)
returns text language sql immutable parallel safe set search_path = '' as $$
  select string_agg(coalesce(column_list.alias || '.', '') || quote_ident(item.name), ', ' order by item.position)
    from unnest(column_list.columns) with ordinality as item (name, position);
$$;
comment on function etl.column_list(text[], text) is 'Column names quoted and joined by commas, each with the alias in front where one is given.';

create or replace function etl.row_text(columns text[], alias text default null)
returns text language sql immutable parallel safe set search_path = '' as $$
  select case
    when cardinality(row_text.columns) > 0 then format('row(%s)::text collate "C"', etl.column_list(row_text.columns, row_text.alias))
  end;
$$;
comment on function etl.row_text(text[], text) is 'SQL for the content of some columns as comparable text: the last resort that makes an order total. Null for no columns.';

create or replace function etl.record_id_sql(target text, key text[])
returns text language sql stable set search_path = '' as $$
  select format('etl.record_id(%L, %s)', record_id_sql.target, string_agg(
    case
      when found.type in ('text', 'uuid', 'integer', 'bigint', 'boolean') then
        -- U+001E stands for null, which no text column of a payload contains.
        format('coalesce(%I::text, E''\x1e'')', item.name)
      when found.type = 'date' then format('coalesce((%I - date ''2000-01-01'')::text, E''\x1e'')', item.name)
      when found.type like 'timestamp%' then format('coalesce(extract(epoch from %I)::text, E''\x1e'')', item.name)
      else format('coalesce(md5(%I::text), E''\x1e'')', item.name)
    end,
    ' || E''\x1f'' || ' order by item.position
  ))
    from unnest(record_id_sql.key) with ordinality as item (name, position)
    join etl.columns_of(record_id_sql.target) as found on found.name = item.name;
$$;
comment on function etl.record_id_sql(text, text[]) is
  'SQL that derives the id of a row of target from its key columns; dates and times by value, so that no session setting plays a part.';

create or replace function etl.without_repeats(names text[])
returns text[] language sql immutable parallel safe set search_path = '' as $$
  select array(
    select item.name
      from unnest(without_repeats.names) with ordinality as item (name, position)
     group by item.name
     order by min(item.position)
  );
$$;
comment on function etl.without_repeats(text[]) is 'Names in their order, each once.';
