create or replace function api.run_batch(workflow_slug text, bodies text, options jsonb)
returns table (status integer, body text, payload_id uuid) language sql volatile set search_path = '' as $$
  select (outcome.value ->> 'status')::integer,
         outcome.value ->> 'body',
         (outcome.value ->> 'payload_id')::uuid
    from jsonb_array_elements(
           etl.run_batch(
             run_batch.workflow_slug,
             string_to_array(run_batch.bodies, e'\x1e')::jsonb[],
             run_batch.options
           )
         ) with ordinality as outcome (value, position)
   order by outcome.position;
$$;
comment on function api.run_batch(text, text, jsonb) is
  'etl.run_batch for the HTTP API: bodies are JSON texts joined by U+001E (which JSON text never holds unescaped: the cheapest way in, '
  'measured), outcomes come back as one row each, in order, with the body as text to pass on. Raises what etl.run_batch raises.';
