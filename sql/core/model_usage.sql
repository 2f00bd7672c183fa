create or replace function core.model_usage(production jsonb)
returns table (input_tokens integer, output_tokens integer, cost_usd numeric) language sql immutable parallel safe rows 1 set search_path = '' as $$
  select etl.as_integer(production -> 'input_tokens'), etl.as_integer(production -> 'output_tokens'), etl.as_numeric(production -> 'cost_usd');
$$;
comment on function core.model_usage(jsonb) is 'Tokens and cost (US dollars) of what a model was asked for a production; null where none was. Always one row.';
