create or replace function etl.written_tables(workflow_slug text)
returns jsonb language sql stable set search_path = '' as $$
  with fed as (
    select coalescing.target, jsonb_agg(coalescing.origin order by coalescing.origin) as origins
      from etl.extractions as extraction
      join etl.coalescings as coalescing on coalescing.origin = extraction.target
     where extraction.workflow_slug = written_tables.workflow_slug
     group by coalescing.target
  ), written as (
    select claimed.target
      from reference.enrichment_workflow_registry as registered
     cross join lateral unnest(registered.core_tables) as claimed (target)
     where registered.workflow_slug = written_tables.workflow_slug
    union
    select fed.target from fed
  )
  select coalesce(jsonb_agg(
      jsonb_strip_nulls(jsonb_build_object(
        'table', written.target,
        'about', obj_description(to_regclass(written.target)::oid, 'pg_class'),
        'key', coalesce(golden.key, derivation.key),
        'survives', coalesce(golden.survives, 'derived from ' || derivation.origin),
        'fill_order', golden.fill_order,
        'richness', golden.richness,
        'ranking', golden.ranking,
        'owner', golden.owner,
        'kept_by', coalesce(golden.keeper, derivation.keeper),
        'from', fed.origins
      )) order by written.target
    ), '[]')
    from written
    left join etl.golden_tables as golden on golden.target = written.target
    left join etl.derivations as derivation on derivation.target = written.target
    left join fed on fed.target = written.target;
$$;
comment on function etl.written_tables(text) is
  'The core and reference tables that a workflow writes, as the registry claims and the declarations say: [{table, about, key, survives, fill_order, richness, ranking, owner, kept_by, from: extracted tables}].';

create or replace function etl.workflow_document(workflow_slug text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
      'workflow_slug', registered.workflow_slug,
      'aliases', to_jsonb(registered.aliases),
      'workflow_type', registered.workflow_type,
      'entity_type', registered.entity_type,
      'provider', registered.provider,
      'platform', registered.platform,
      'payload_type', registered.payload_type,
      'description', registered.description,
      'path', registered.api_endpoint_url,
      'other_paths', to_jsonb(registered.other_paths),
      'is_active', registered.is_active,
      'inactive_reason', registered.inactive_reason,
      'legacy_function', registered.modal_function_name,
      'timeout_seconds', registered.timeout,
      'max_body_bytes', registered.max_body_bytes,
      'raw_table', registered.raw_table,
      'key_field', ingestion.key_field,
      'payload_field', ingestion.payload_field,
      'observed_at', ingestion.observed_at,
      'request_fields', etl.fields_document(registered.request_schema),
      'response_fields', etl.fields_document(registered.response_schema),
      'extracted_tables', coalesce((
        select jsonb_agg(jsonb_build_object('table', extraction.target, 'key', extraction.key, 'mode', extraction.mode) order by extraction.position)
          from etl.extractions as extraction
         where extraction.workflow_slug = registered.workflow_slug
      ), '[]'),
      'tables_written', etl.written_tables(registered.workflow_slug),
      'lookups', coalesce((
        select jsonb_agg(jsonb_build_object('column', reader.origin || '.' || reader.origin_column, 'lookup', reader.lookup) order by reader.origin, reader.origin_column)
          from etl.lookup_readers as reader
          join etl.extractions as extraction on extraction.target = reader.origin
         where extraction.workflow_slug = registered.workflow_slug
      ), '[]'),
      'handler', handled.handler,
      'backfills', to_jsonb(backfill.targets),
      'example_request', registered.example_request
    )
    from reference.enrichment_workflow_registry as registered
    left join etl.ingestions as ingestion on ingestion.workflow_slug = registered.workflow_slug
    left join etl.handlers as handled on handled.workflow_slug = registered.workflow_slug
    left join etl.backfills as backfill on backfill.workflow_slug = registered.workflow_slug
   where registered.workflow_slug = workflow_document.workflow_slug
      or registered.aliases @> array[workflow_document.workflow_slug];
$$;
comment on function etl.workflow_document(text) is
  'Everything that the registry and the declarations say about a workflow (slug or alias), as its catalogue page shows it. Null when it is not registered.';
