create or replace function api.workflow_rows(
  entity_type text default null,
  coalesces_to_core boolean default null,
  payload_type text default null,
  usage_category text default null,
  workflow_type text default null,
  is_active text default 'true',
  has_api_wrapper boolean default null
)
returns setof reference.enrichment_workflow_registry language sql stable set search_path = '' as $$
  select registry
    from reference.enrichment_workflow_registry as registry
   where (workflow_rows.entity_type is null or replace(registry.entity_type, '-', '_') = replace(workflow_rows.entity_type, '-', '_'))
     and (workflow_rows.coalesces_to_core is null or registry.coalesces_to_core = workflow_rows.coalesces_to_core)
     -- What the registry leaves open is asked for under the names that the counts have for it.
     and (workflow_rows.payload_type is null or coalesce(registry.payload_type, 'unknown') = workflow_rows.payload_type)
     and (workflow_rows.usage_category is null or coalesce(registry.usage_category, 'internal-hq') = workflow_rows.usage_category)
     and (workflow_rows.workflow_type is null or registry.workflow_type = workflow_rows.workflow_type)
     and (workflow_rows.is_active = 'all' or registry.is_active = (workflow_rows.is_active = 'true'))
     and (workflow_rows.has_api_wrapper is null or (registry.api_endpoint_url is not null) = workflow_rows.has_api_wrapper);
$$;
comment on function api.workflow_rows(text, boolean, text, text, text, text, boolean) is
  'The registered workflows that meet the filters. is_active: true, false or all. entity_type with hyphens or underscores; no payload type is unknown, no usage internal-hq.';

create or replace function api.workflows(
  entity_type text default null,
  coalesces_to_core boolean default null,
  payload_type text default null,
  usage_category text default null,
  workflow_type text default null,
  is_active text default 'true',
  has_api_wrapper boolean default null
)
returns jsonb language sql stable set search_path = '' as $$
  with found as materialized (
    select registry.workflow_slug, registry.workflow_slug as new_workflow_slug, registry.provider, registry.platform, registry.payload_type, replace(registry.entity_type, '-', '_') as entity_type,
           registry.description, registry.raw_table, registry.extracted_table, registry.core_table, registry.coalesces_to_core, coalesce(registry.usage_category, 'internal-hq') as usage_category,
           registry.workflow_type, registry.is_active, registry.modal_function_name, registry.modal_endpoint_url,
           'POST ' || registry.api_endpoint_url as api_endpoint_url, registry.api_endpoint_url as api_endpoint_full_url
      from api.workflow_rows(workflows.entity_type, workflows.coalesces_to_core, workflows.payload_type, workflows.usage_category,
             workflows.workflow_type, workflows.is_active, workflows.has_api_wrapper) as registry
  )
  select jsonb_build_object(
    'data', coalesce(jsonb_agg(to_jsonb(found) order by found.workflow_slug), '[]'),
    'meta', jsonb_build_object(
      'total', count(*),
      'in_core_count', count(*) filter (where found.coalesces_to_core),
      'not_in_core_count', count(*) filter (where found.coalesces_to_core is not true),
      'client_count', count(*) filter (where found.usage_category = 'client'),
      'internal_hq_count', count(*) filter (where found.usage_category = 'internal-hq'),
      'with_api_wrapper_count', count(found.api_endpoint_url),
      'filters', jsonb_build_object(
        'entity_type', workflows.entity_type, 'coalesces_to_core', workflows.coalesces_to_core, 'payload_type', workflows.payload_type,
        'usage_category', workflows.usage_category, 'workflow_type', workflows.workflow_type,
        'is_active', case workflows.is_active when 'all' then 'null'::jsonb else to_jsonb(workflows.is_active = 'true') end,
        'has_api_wrapper', workflows.has_api_wrapper
      )
    )
  )
    from found;
$$;
comment on function api.workflows(text, boolean, text, text, text, text, boolean) is
  'The workflow registry with filters, ordered by slug: {data, meta: counts and the filters}. Ways into the old system are shown as registered; the full URL is relative to the server.';

create or replace function api.workflows_summary()
returns jsonb language sql stable set search_path = '' as $$
  with active as (
    select replace(registry.entity_type, '-', '_') as entity_type, coalesce(registry.payload_type, 'unknown') as payload_type, registry.workflow_type,
           coalesce(registry.usage_category, 'internal-hq') as usage_category, registry.coalesces_to_core
      from api.workflow_rows() as registry
  ), by_type as (
    select active.kind, active.value, count(*) as total, count(*) filter (where active.coalesces_to_core) as in_core
      from (
        select 'entity_type' as kind, active.entity_type as value, active.coalesces_to_core from active
        union all
        select 'payload_type', active.payload_type, active.coalesces_to_core from active
        union all
        select 'workflow_type', active.workflow_type, active.coalesces_to_core from active
        union all
        select 'usage_category', active.usage_category, active.coalesces_to_core from active
      ) as active
     group by active.kind, active.value
  ), objects as (
    select by_type.kind, jsonb_object_agg(by_type.value, case when by_type.kind in ('entity_type', 'payload_type')
             then jsonb_build_object('total', by_type.total, 'in_core', by_type.in_core, 'not_in_core', by_type.total - by_type.in_core)
             else to_jsonb(by_type.total) end) as counts
      from by_type
     group by by_type.kind
  )
  select jsonb_build_object(
    'total_workflows', (select count(*) from active),
    'total_in_core', (select count(*) from active where active.coalesces_to_core),
    'total_not_in_core', (select count(*) from active where active.coalesces_to_core is not true),
    'by_entity_type', coalesce((select objects.counts from objects where objects.kind = 'entity_type'), '{}'),
    'by_payload_type', coalesce((select objects.counts from objects where objects.kind = 'payload_type'), '{}'),
    'by_workflow_type', coalesce((select objects.counts from objects where objects.kind = 'workflow_type'), '{}'),
    'by_usage_category', '{"client": 0, "internal-hq": 0}'::jsonb || coalesce((select objects.counts from objects where objects.kind = 'usage_category'), '{}')
  );
$$;
comment on function api.workflows_summary() is 'Active workflows counted by entity, payload type, workflow type and usage. No payload type counts as unknown, no usage as internal-hq.';

select api.call('workflows', '/api/enrichment/workflows', 'The workflow registry',
  jsonb_build_object('type', 'object', 'required', '["data", "meta"]'::jsonb, 'properties', jsonb_build_object(
    'data', jsonb_build_object('type', 'array', 'items', api.object_schema('workflow_slug', 'new_workflow_slug', 'provider', 'platform', 'payload_type', 'entity_type', 'description',
      'raw_table', 'extracted_table', 'core_table', 'coalesces_to_core boolean', 'usage_category', 'workflow_type', 'is_active boolean', 'modal_function_name', 'modal_endpoint_url',
      'api_endpoint_url -- Method and path.', 'api_endpoint_full_url -- Path on this server.')),
    'meta', api.object_schema('total integer', 'in_core_count integer', 'not_in_core_count integer', 'client_count integer', 'internal_hq_count integer', 'with_api_wrapper_count integer', 'filters json'))),
  jsonb_build_array(
    api.parameter('entity_type', 'text', 'company, person, target_client and so on, exactly.', more => '{"maxLength": 200}'),
    api.parameter('coalesces_to_core', 'boolean', 'Whether it writes core.'),
    api.parameter('payload_type', 'text', 'Kind of payload, exactly; unknown: none is stated.'),
    api.parameter('usage_category', 'text', 'client or internal-hq, exactly.', more => '{"maxLength": 200}'),
    api.parameter('workflow_type', 'text', 'ingest, upsert, lookup and so on, exactly.'),
    api.parameter('is_active', 'text', 'true, false, or all.', more => '{"default": "true", "enum": ["true", "false", "all"]}'),
    api.parameter('has_api_wrapper', 'boolean', 'Whether it has a path; all have.')),
  tag => 'enrichment');
select api.call('workflows_summary', '/api/enrichment/workflows/summary', 'Active workflows, counted',
  api.object_schema('total_workflows integer', 'total_in_core integer', 'total_not_in_core integer', 'by_entity_type json', 'by_payload_type json', 'by_workflow_type json', 'by_usage_category json'),
  tag => 'enrichment');

select api.call('top_vc_missing_customers', '/api/admin/top-vc-portfolio/missing-customers', 'Companies of top VC firms without known customers',
  (select jsonb_build_object('type', 'object', 'required', '["total", "limit", "offset", "meta", "data"]'::jsonb, 'properties', page.fields || jsonb_build_object(
      'meta', jsonb_build_object('type', 'object', 'required', '["total", "limit", "offset"]'::jsonb, 'properties', page.fields),
      'data', jsonb_build_object('type', 'array', 'items', api.object_schema('domain', 'name', 'top_vc_investors text[]', 'top_vc_domains text[]'))))
     from (select '{"total": {"type": "integer"}, "limit": {"type": "integer"}, "offset": {"type": "integer"}}'::jsonb as fields) as page),
  jsonb_build_array(
    api.parameter('vc_domain', 'text', 'Only those backed by this firm.'),
    api.parameter('limit', 'integer', 'Rows in a page.', more => '{"default": 50, "minimum": 1, "maximum": 500}'),
    api.parameter('offset', 'integer', 'Rows to leave out.', more => '{"default": 0, "minimum": 0, "maximum": 10000}')),
  tag => 'enrichment');
