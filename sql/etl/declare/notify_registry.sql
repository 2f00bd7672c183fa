create or replace function etl.notify_registry()
returns trigger language plpgsql set search_path = '' as $$
begin
  perform pg_notify('hq_registry', coalesce(new.workflow_slug, old.workflow_slug));
  return null;
end;
$$;
comment on function etl.notify_registry() is 'Trigger function on the registry: tells running servers which workflow changed (channel hq_registry).';

create or replace trigger _900_notify after insert or update or delete on reference.enrichment_workflow_registry
for each row execute function etl.notify_registry();
