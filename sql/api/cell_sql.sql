create or replace function api.cell_sql(expression text, type text)
returns text language sql immutable parallel safe set search_path = '' as $$
  select format(
    case
      when cell_sql.type like '%[]' then 'to_json(%1$s)::text'
      when cell_sql.type ~ '^timestamp' then 'to_json(%1$s) #>> ''{}'''
      when cell_sql.type ~ '^(smallint|integer|bigint|numeric|real|double precision|boolean|date|uuid|jsonb?)' then '(%1$s)::text'
      -- A spreadsheet runs what begins like a formula; an apostrophe in front makes it text.
      else $case$case when left((%1$s)::text, 1) in ('=', '+', '-', '@', e'\t', e'\r') then '''' || (%1$s)::text else (%1$s)::text end$case$
    end,
    cell_sql.expression
  );
$$;
comment on function api.cell_sql(text, text) is
  'The expression for a CSV cell: the value as text, times in ISO 8601, arrays as JSON, and texts that a spreadsheet would run as a formula with an apostrophe before them. type: of the expression, as format_type() names it.';
