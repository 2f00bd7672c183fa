create or replace function core.claygent_output(body jsonb)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(claygent_output.body -> 'claygent_output') = 'object' then claygent_output.body -> 'claygent_output'
    when jsonb_typeof(claygent_output.body -> 'customers_claygent') = 'object' then claygent_output.body -> 'customers_claygent'
  end;
$$;
comment on function core.claygent_output(jsonb) is 'The Claygent answer of a body: claygent_output, else customers_claygent. Null when neither is an object.';
