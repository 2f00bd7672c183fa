create or replace function etl.refuse_declaration(problem text, advice text default null)
returns void language plpgsql immutable set search_path = '' as $$
begin
  raise exception '%', refuse_declaration.problem
    using errcode = 'BADDL', hint = coalesce(refuse_declaration.advice, 'See docs/adding-a-workflow.md.');
end;
$$;
comment on function etl.refuse_declaration(text, text) is 'Raises BADDL with the problem and, as hint, what to do.';
