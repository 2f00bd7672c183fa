create or replace function etl.backfills(workflow_slug text, targets text[])
returns void language plpgsql set search_path = '' as $$
begin
  if exists (select from unnest(backfills.targets) as named (target) where not exists (select from etl.golden_tables as golden where golden.target = named.target)) then
    perform etl.refuse_declaration(format('Not all of %s are golden tables', backfills.targets));
  end if;
  insert into etl.backfills as stored (workflow_slug, targets)
  values (backfills.workflow_slug, backfills.targets)
      on conflict on constraint backfills_pkey do update
     set targets = excluded.targets;
end;
$$;
comment on function etl.backfills(text, text[]) is 'Declares a backfill workflow: a job that coalesces everything extracted into the given golden tables again. Raises BADDL.';
