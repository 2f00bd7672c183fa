create or replace function etl.responds(workflow_slug text, as_select text)
returns void language plpgsql set search_path = '' as $$
begin
  update etl.ingestions as ingestion
     set response = btrim(responds.as_select, E' \n')
   where ingestion.workflow_slug = responds.workflow_slug;
  if not found then
    perform etl.refuse_declaration(format('Workflow "%s" lands no payloads', responds.workflow_slug));
  end if;
end;
$$;
comment on function etl.responds(text, text) is
  'Declares the response fields of an ingest or upsert: a select from source (as in etl.extracts) with raw_payload_id and one column per field, after core is updated. success and raw_id are added. Raises BADDL.';
