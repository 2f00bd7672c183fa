create or replace function api.copy_sql(query text, format text)
returns text language sql immutable parallel safe set search_path = '' as $$
  select case copy_sql.format
    when 'csv' then E'copy (\n' || copy_sql.query || E'\n) to stdout with (format csv, header)'
    -- Lines as they are: JSON has no control characters but blanks between its parts, so nothing in it is quoted.
    when 'ndjson' then E'copy (\nselect translate(line.row, E''\\n\\r'', ''  '')\n  from (\n' || copy_sql.query || E'\n) as line (row)\n)'
      || E' to stdout with (format csv, delimiter E''\\x01'', quote E''\\x02'')'
  end;
$$;
comment on function api.copy_sql(text, text) is
  'The statement that writes a query as a file: csv (the fields as texts, with a header) or ndjson (one JSON text a row). Null for another format.';
