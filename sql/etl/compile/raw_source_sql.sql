create or replace function etl.raw_source_sql(workflow_slug text, payload_ids_sql text)
returns text language sql stable set search_path = '' as $$
  -- "#> '{}'" unpacks a stored (compressed) document once; without it every field access would. offset 0 keeps it a step of its own.
  select format(
$sql$select payload.id as raw_payload_id, payload.entity_key as %I, payload.payload #> '{}' as payload,
       payload.request #> '{}' as request, payload.observed_at, payload.workflow_slug
  from raw_partitions.%I as payload
 where payload.id = any (%s)
offset 0$sql$,
    etl.entity_column(ingestion.entity_type), ingestion.family, raw_source_sql.payload_ids_sql
  )
    from etl.ingestions as ingestion
   where ingestion.workflow_slug = raw_source_sql.workflow_slug;
$$;
comment on function etl.raw_source_sql(text, text) is 'SQL of the relation source that extractions and responses read: the landed payloads with the given ids.';
