create or replace function etl.extracts(workflow_slug text, target text, key text[], as_select text, mode text default 'newest')
returns void language plpgsql set search_path = '' as $$
declare
  v_entity_column text;
begin
  select etl.entity_column(ingestion.entity_type)
    into v_entity_column
    from etl.ingestions as ingestion
   where ingestion.workflow_slug = extracts.workflow_slug;
  if not found then
    perform etl.refuse_declaration(
      format('Workflow "%s" lands no payloads', extracts.workflow_slug), 'Declare it first: select etl.workflow(..., type => ''ingest'').'
    );
  end if;
  if to_regclass(extracts.target) is null then
    perform etl.refuse_declaration(format('Table %s does not exist', extracts.target), 'Create it in a migration first.');
  end if;
  -- A payload newer than all others of its record then owns every row it brings (see etl.process_payloads).
  if not v_entity_column = any (extracts.key) then
    perform etl.refuse_declaration(format('The key of %s must contain %s, the key of the record', extracts.target, v_entity_column));
  end if;

  insert into etl.extractions as stored (workflow_slug, target, key, mode, as_select, position)
  values (
    extracts.workflow_slug, extracts.target, extracts.key, extracts.mode, btrim(extracts.as_select, E' \n'),
    (select coalesce(max(other.position), 0) + 1 from etl.extractions as other where other.workflow_slug = extracts.workflow_slug)
  )
      on conflict on constraint extractions_pkey do update
     set key = excluded.key,
         mode = excluded.mode,
         as_select = excluded.as_select;

  update reference.enrichment_workflow_registry as registered
     set extracted_table = extracts.target
   where registered.workflow_slug = extracts.workflow_slug
     and registered.extracted_table is null;
end;
$$;
comment on function etl.extracts(text, text, text[], text, text) is
  'Declares raw payload -> rows of one extracted table. as_select reads from source (raw_payload_id, domain or linkedin_url, payload, request, observed_at, workflow_slug); '
  'of rows with one key the newest payload wins, within a payload the highest ordinality (a column of that name that the table lacks) or else the greatest content. '
  'mode replace: the newest payload''s rows replace the record''s whole set. Raises BADDL.';
