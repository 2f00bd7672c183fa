create or replace function etl.also_at(workflow_slug text, path text)
returns void language plpgsql set search_path = '' as $$
declare
  v_taken text;
begin
  if also_at.path !~ '^/(run|api)/[^?#\s]+$' then
    perform etl.refuse_declaration(format('"%s" is no path below /run/ or /api/', also_at.path));
  end if;
  select registered.workflow_slug into v_taken
    from reference.enrichment_workflow_registry as registered
   where registered.api_endpoint_url = also_at.path
      or registered.workflow_slug <> also_at.workflow_slug and registered.other_paths @> array[also_at.path];
  if found then
    perform etl.refuse_declaration(format('Workflow "%s" is already at %s', v_taken, also_at.path));
  end if;
  update reference.enrichment_workflow_registry as registered
     set other_paths = array(select distinct other from unnest(registered.other_paths || also_at.path) as other order by other)
   where registered.workflow_slug = also_at.workflow_slug;
  if not found then
    perform etl.refuse_declaration(format('There is no workflow "%s"', also_at.workflow_slug));
  end if;
end;
$$;
comment on function etl.also_at(text, text) is
  'Declares another path of a workflow, for callers that know it by an older one; docs recommend the path of etl.workflow. Raises BADDL for no path below /run/ or /api/, one that is taken, or an unknown workflow.';
