create or replace function etl.answers(workflow_slug text, handler text, example_awaits text default null)
returns void language plpgsql set search_path = '' as $$
begin
  if to_regprocedure(answers.handler || '(jsonb)') is null then
    perform etl.refuse_declaration(format('Function %s(jsonb) does not exist', answers.handler));
  end if;
  insert into etl.handlers as stored (workflow_slug, handler, example_awaits)
  values (answers.workflow_slug, answers.handler, answers.example_awaits)
      on conflict on constraint handlers_pkey do update
     set handler = excluded.handler,
         example_awaits = excluded.example_awaits;
end;
$$;
comment on function etl.answers(text, text, text) is
  'Declares the function (request jsonb) -> response jsonb that answers a lookup, check or update workflow. example_awaits: what has to be started before the example, which asks for it, is answered other than 404. Raises BADDL.';
