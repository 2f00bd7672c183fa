create or replace function core.backfill_request_schema(properties jsonb default '{}')
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object(
    'type', 'object',
    'properties', '{"wait": {"type": ["boolean", "null"], "description": "true: answer when all is done."}}'::jsonb || backfill_request_schema.properties
  );
$$;
comment on function core.backfill_request_schema(jsonb) is 'JSON Schema of the body of a backfill: wait, and the given older properties.';

create or replace function core.backfill_response_schema()
returns jsonb language sql immutable parallel safe as $$
  select '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "job_id": {"type": "string", "format": "uuid", "description": "Id of the job; a job that is under way is answered again."},
      "status_url": {"type": "string", "description": "Shows how far it is."},
      "state": {"type": "string", "description": "queued, running, done, failed or cancelled."},
      "done": {"type": "integer", "description": "Records done."},
      "total": {"type": ["integer", "null"], "description": "Records to do."}
    }
  }'::jsonb;
$$;
comment on function core.backfill_response_schema() is 'JSON Schema of the answer of a backfill.';
