-- What Clay finds comes back through the e-mail ingest workflows (icypeas-email, leadmagic-email, anymailfinder-email).
select etl.workflow('email-waterfall',
  type => 'delivery',
  entity => 'person',
  path => '/run/people/clay/email-waterfall/to-clay',
  provider => 'clay',
  platform => 'clay',
  legacy_function => 'command_center_email_enrichment',
  description => 'Send records one by one, in order, to a Clay webhook that looks for e-mail addresses; each is sent as it came.',
  request_schema => '{
    "type": "object",
    "required": ["records", "clay_webhook_url"],
    "properties": {
      "records": {"type": "array", "description": "Sent unchanged, one POST each; may be empty.", "items": {"type": "object"}},
      "clay_webhook_url": {"type": "string", "description": "Webhook that receives the records."}
    }
  }',
  response_schema => jsonb_set(etl.delivery_response_schema(), '{properties}', etl.delivery_response_schema() -> 'properties' || '{
    "job_id": {"type": "string", "format": "uuid", "description": "The delivery; email-job-status takes it."},
    "total_records": {"type": "integer"}
  }'),
  max_body_bytes => 104857600,
  example => '{
    "clay_webhook_url": "https://hooks.acme.example/in/4",
    "records": [{"full_name": "Ada Example", "domain": "acme.example", "linkedin_url": "https://www.linkedin.com/in/ada-example"}]
  }'
);

select etl.delivers('email-waterfall',
  url_field => 'clay_webhook_url',
  also_as => '{"delivery_id": "job_id", "total_rows": "total_records"}',
  as_select => $$
    select item.element as body
      from source
     cross join lateral etl.elements(request -> 'records') with ordinality as item (element, place)
     order by item.place
  $$
);

select etl.workflow('email-job-status',
  type => 'lookup',
  entity => 'person',
  path => '/run/people/db/email-job/status',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'get_email_job',
  description => 'Say how far a delivery of the e-mail waterfall is.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["job_id"],
    "properties": {"job_id": {"type": "string", "description": "The job_id that email-waterfall answered with."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "job_id": {"type": "string", "format": "uuid"},
      "status": {"type": "string", "enum": ["pending", "processing", "paused", "completed", "cancelled"]},
      "total_records": {"type": "integer"},
      "sent_count": {"type": "integer"},
      "failed_count": {"type": "integer", "description": "Records that were given up; GET status_url lists them."},
      "created_at": {"type": "string", "format": "date-time"},
      "completed_at": {"type": ["string", "null"], "format": "date-time"},
      "status_url": {"type": "string"}
    }
  }',
  example => '{"job_id": "01a2027a-fdc8-70dd-92f0-063ed7b723a0"}'
);
select etl.answers('email-job-status', 'core.email_job_status', example_awaits => 'an upload of email-waterfall');
