create or replace function etl.delivery_response_schema()
returns jsonb language sql immutable parallel safe as $$
  select '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "delivery_id": {"type": "string", "format": "uuid"},
      "status_url": {"type": "string", "format": "uri-reference", "description": "GET it for counts, rate, time left and failures."},
      "total_rows": {"type": "integer", "description": "Rows of the delivery, skipped ones included."},
      "sent": {"type": "integer", "description": "0, as rows are sent after the answer; status_url counts them."},
      "skipped": {"type": "integer", "description": "Rows that are not sent, because they lack a required field."},
      "message": {"type": "string"},
      "errors": {"type": "array", "description": "Empty; a refused request is answered with a problem.", "items": {"type": "string"}}
    }
  }'::jsonb;
$$;
comment on function etl.delivery_response_schema() is 'JSON Schema of the answer to every delivery workflow (etl.finish_delivery).';
