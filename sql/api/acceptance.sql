create or replace function api.acceptance(workflow_slug text, body text)
returns table (entity_key text, status integer, refused text) language sql stable set search_path = '' as $$
  select accepted.entity_key, (accepted.refused ->> 'status')::integer, accepted.refused ->> 'body'
    from reference.enrichment_workflow_registry as registered
    join etl.ingestions as ingestion on ingestion.workflow_slug = registered.workflow_slug
   cross join lateral etl.accept(registered, ingestion, array[acceptance.body::jsonb]) as accepted
   where registered.workflow_slug = acceptance.workflow_slug;
$$;
comment on function api.acceptance(text, text) is 'Whether a body would be accepted: its normalised key, or status and body of the refusal. Stores nothing.';
