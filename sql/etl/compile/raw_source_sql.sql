create or replace function etl.raw_source_sql(workflow_slug text, payloads_sql text)
returns text language sql stable set search_path = '' as $$
  -- unnest in the select list streams; in the from list it would be copied first.
  select format(
$sql$select (landed.item).raw_payload_id, (landed.item).entity_key as %I, (landed.item).payload, (landed.item).request,
       (landed.item).observed_at, (landed.item).workflow_slug
  from (select unnest(%s) as item) as landed
offset 0$sql$,
    etl.entity_column(ingestion.entity_type), raw_source_sql.payloads_sql
  )
    from etl.ingestions as ingestion
   where ingestion.workflow_slug = raw_source_sql.workflow_slug;
$$;
comment on function etl.raw_source_sql(text, text) is
  'SQL of the relation source that extractions and responses read, from SQL of an array of etl.landed_payload. offset 0 keeps it a step of its own, so that each payload is taken apart once.';
