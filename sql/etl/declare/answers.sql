create or replace function etl.answers(workflow_slug text, handler text)
returns void language plpgsql set search_path = '' as $$
begin
  if to_regprocedure(answers.handler || '(jsonb)') is null then
    perform etl.refuse_declaration(format('Function %s(jsonb) does not exist', answers.handler));
  end if;
  insert into etl.handlers as stored (workflow_slug, handler)
  values (answers.workflow_slug, answers.handler)
      on conflict on constraint handlers_pkey do update
     set handler = excluded.handler;
end;
$$;
comment on function etl.answers(text, text) is 'Declares the function (request jsonb) -> response jsonb that answers a lookup, check or update workflow. Raises BADDL.';
