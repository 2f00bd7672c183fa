create or replace function etl.registered_workflow(slug text)
returns reference.enrichment_workflow_registry language plpgsql stable set search_path = '' as $$
declare
  v_workflow reference.enrichment_workflow_registry;
  v_suggestion text;
begin
  select registered.* into v_workflow
    from reference.enrichment_workflow_registry as registered
   where registered.workflow_slug = registered_workflow.slug;
  if not found then
    select registered.* into v_workflow
      from reference.enrichment_workflow_registry as registered
     where registered.aliases @> array[registered_workflow.slug];
  end if;
  if not found then
    select registered.workflow_slug into v_suggestion
      from reference.enrichment_workflow_registry as registered
     order by etl.text_distance(registered.workflow_slug, registered_workflow.slug), registered.workflow_slug
     limit 1;
    raise exception 'Unknown workflow "%"', left(coalesce(registered_workflow.slug, ''), 200)
      using errcode = 'UNKWF', hint = case when v_suggestion is null then 'No workflow is registered yet.' else format('Did you mean "%s"?', v_suggestion) end;
  end if;
  return v_workflow;
end;
$$;
comment on function etl.registered_workflow(text) is 'The registry row of a slug or alias, active or not. Raises UNKWF (with the nearest slug as hint).';

create or replace function etl.find_workflow(slug text)
returns reference.enrichment_workflow_registry language plpgsql stable set search_path = '' as $$
declare
  v_workflow constant reference.enrichment_workflow_registry := etl.registered_workflow(find_workflow.slug);
begin
  if not v_workflow.is_active then
    raise exception 'Workflow "%" is not active: %', v_workflow.workflow_slug, v_workflow.inactive_reason
      using errcode = 'INAWF', hint = 'Set is_active in reference.enrichment_workflow_registry to use it.';
  end if;
  return v_workflow;
end;
$$;
comment on function etl.find_workflow(text) is 'The registry row of a slug or alias that may run. Raises UNKWF (with the nearest slug as hint) or INAWF.';

create or replace function etl.text_distance(a text, b text)
returns integer language sql immutable parallel safe as $$
  -- Pairs of neighbouring letters that the two do not share: enough to suggest a slug, without an extension.
  select count(*)::integer
    from (
      (select substr(a, position, 2) from generate_series(1, length(a) - 1) as position
       except select substr(b, position, 2) from generate_series(1, length(b) - 1) as position)
      union all
      (select substr(b, position, 2) from generate_series(1, length(b) - 1) as position
       except select substr(a, position, 2) from generate_series(1, length(a) - 1) as position)
    ) as unshared;
$$;
comment on function etl.text_distance(text, text) is 'How unlike two words are: the number of letter pairs that only one of them has. 0 for equal words.';
