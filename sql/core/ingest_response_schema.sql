create or replace function core.ingest_response_schema(properties jsonb)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object('type', 'object', 'properties',
    '{
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."}
    }'::jsonb || ingest_response_schema.properties || '{
      "warnings": {
        "description": "Fields that could not be used: they became null.",
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"field": {"type": "string"}, "problem": {"type": "string"}, "found": {"type": ["string", "null"]}}
        }
      }
    }'::jsonb
  );
$$;
comment on function core.ingest_response_schema(jsonb) is 'JSON Schema of the answer of an ingest: the given properties beside those that every ingest answers.';
