create or replace function etl.workflow(
  slug text,
  type text,
  entity text,
  path text,
  description text,
  request_schema jsonb,
  example jsonb,
  provider text default null,
  platform text default null,
  payload_type text default null,
  aliases text[] default '{}',
  core_tables text[] default '{}',
  response_schema jsonb default '{"type": "object"}',
  timeout_seconds integer default 60,
  max_body_bytes integer default 10485760,
  usage_category text default 'internal-hq',
  legacy_function text default null,
  family text default null,
  key_field text default null,
  payload_field text default null,
  observed_at text default null,
  refuses text default null,
  key text default null
)
returns void language plpgsql set search_path = '' as $$
declare
  v_problem text;
begin
  v_problem := case
    when workflow.slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$' then format('"%s" is no workflow slug: use kebab-case', workflow.slug)
    when workflow.type not in ('ingest', 'upsert', 'inference', 'fetch', 'lookup', 'check', 'update', 'backfill', 'delivery') then
      format('Workflow type "%s" is unknown: use ingest, upsert, inference, fetch, lookup, check, update, backfill or delivery', workflow.type)
    when etl.lands_payloads(workflow.type) and (workflow.family is null or workflow.key_field is null) then
      format('Workflow "%s" lands payloads: name its family and key_field', workflow.slug)
    when etl.lands_payloads(workflow.type) and workflow.entity not in ('company', 'person') then
      format('Workflow "%s" lands payloads: its entity is company or person, not "%s"', workflow.slug, workflow.entity)
    when etl.is_producing(workflow.type) and workflow.payload_field is not null then
      format('Workflow "%s" has no payload field: what it produces lands under "production"', workflow.slug)
    when not etl.is_producing(workflow.type) and workflow.key is null and workflow.key_field is not null and not coalesce(workflow.request_schema -> 'required' ? workflow.key_field, false) then
      format('The request schema of "%s" does not require its key field "%s"', workflow.slug, workflow.key_field)
    when workflow.key is null and workflow.key_field is not null and workflow.example ->> workflow.key_field is null then
      format('The example of "%s" has no "%s"', workflow.slug, workflow.key_field)
  end;
  if v_problem is not null then
    perform etl.refuse_declaration(v_problem);
  end if;

  insert into reference.enrichment_workflow_registry as stored (
    workflow_slug, aliases, workflow_type, entity_type, provider, platform, payload_type, description, raw_table, core_table,
    core_tables, usage_category, api_endpoint_url, timeout, max_body_bytes, request_schema, strict_schema, response_schema,
    example_request, modal_function_name
  )
  values (
    workflow.slug, workflow.aliases, workflow.type, workflow.entity, workflow.provider, workflow.platform, workflow.payload_type,
    workflow.description, 'raw.' || workflow.family, workflow.core_tables[1], workflow.core_tables, workflow.usage_category,
    workflow.path, workflow.timeout_seconds, workflow.max_body_bytes, workflow.request_schema,
    etl.strict_schema(workflow.request_schema),
    case when etl.lands_payloads(workflow.type) then etl.with_raw_ids(workflow.response_schema) else workflow.response_schema end, workflow.example, workflow.legacy_function
  )
      on conflict on constraint enrichment_workflow_registry_workflow_slug_key do update
     set aliases = excluded.aliases,
         workflow_type = excluded.workflow_type,
         entity_type = excluded.entity_type,
         provider = excluded.provider,
         platform = excluded.platform,
         payload_type = excluded.payload_type,
         description = excluded.description,
         raw_table = excluded.raw_table,
         core_table = excluded.core_table,
         core_tables = excluded.core_tables,
         usage_category = excluded.usage_category,
         api_endpoint_url = excluded.api_endpoint_url,
         timeout = excluded.timeout,
         max_body_bytes = excluded.max_body_bytes,
         request_schema = excluded.request_schema,
         strict_schema = excluded.strict_schema,
         response_schema = excluded.response_schema,
         example_request = excluded.example_request,
         modal_function_name = excluded.modal_function_name,
         updated_at = now();

  if etl.lands_payloads(workflow.type) then
    insert into etl.ingestions as stored (workflow_slug, family, entity_type, key_field, key, payload_field, observed_at, refuses, key_is_optional)
    values (
      workflow.slug, workflow.family, workflow.entity, workflow.key_field, workflow.key,
      case when etl.is_producing(workflow.type) then 'production' else workflow.payload_field end, workflow.observed_at, workflow.refuses,
      etl.is_producing(workflow.type) and (workflow.key is not null or not coalesce(workflow.request_schema -> 'required' ? workflow.key_field, false))
    )
        on conflict on constraint ingestions_pkey do update
       set family = excluded.family,
           entity_type = excluded.entity_type,
           key_field = excluded.key_field,
           key = excluded.key,
           payload_field = excluded.payload_field,
           observed_at = excluded.observed_at,
           refuses = excluded.refuses,
           key_is_optional = excluded.key_is_optional;
  end if;
end;
$$;
comment on function etl.workflow(
  text, text, text, text, text, jsonb, jsonb, text, text, text, text[], text[], jsonb, integer, integer, text, text, text, text, text, text, text, text
) is
  'Declares a workflow: writes its row of reference.enrichment_workflow_registry and, for types that land payloads, how they land. '
  'key_field: body field with the domain or LinkedIn URL; key: SQL over body for it, where it can stand in several fields (key_field then names the first) or, for types that produce, in the answer (body #>> ''{production,answer,...}''); payload_field: body field with the provider''s object (null: the body itself); '
  'observed_at: SQL over payload and request for the provider''s own time; refuses: SQL over them that gives a JSON array of {pointer, detail} for a body that is not to be accepted. Raises BADDL when the parts do not fit together.';

create or replace function etl.with_raw_ids(response_schema jsonb)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select with_raw_ids.response_schema || jsonb_build_object(
    'properties',
    '{
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the landed payload in raw.payloads."},
      "raw_payload_id": {"type": "string", "format": "uuid", "description": "The same, under the name that some answers of the old system gave it."}
    }'::jsonb || coalesce(with_raw_ids.response_schema -> 'properties', '{}')
  );
$$;
comment on function etl.with_raw_ids(jsonb) is 'A response schema with the fields that the answer to every landed payload has.';
