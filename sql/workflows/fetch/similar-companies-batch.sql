select etl.workflow('company-enrich-similar-batch',
  type => 'update',
  entity => 'company',
  path => '/run/companies/companyenrich/similar-batch/fetch',
  provider => 'companyenrich',
  platform => 'companyenrich',
  legacy_function => 'find_similar_companies_batch',
  description => 'Start a batch that fetches the similar companies of each of a list of domains.',
  timeout_seconds => 60,
  request_schema => core.similar_request_schema('{
    "domains": {"type": "array", "items": {"type": ["string", "null"]}, "description": "Domains to compare with; each is asked about once."},
    "batch_name": {"type": ["string", "null"]}
  }', '["domains"]'),
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "batch_id": {"type": "string", "format": "uuid", "description": "The job: GET /jobs/{id} tells of it, too."},
      "total_domains": {"type": "integer"},
      "status": {"type": "string"},
      "status_url": {"type": "string"},
      "message": {"type": "string"}
    }
  }',
  example => '{"domains": ["acme.example", "rocketeer.example"], "batch_name": "competitors", "similarity_weight": 0, "country_code": "US"}'
);
select etl.answers('company-enrich-similar-batch', 'core.start_similar_batch');

select etl.workflow('process-similar-companies-queue',
  type => 'update',
  aliases => '{similar-companies-queue-process}',
  entity => 'company',
  path => '/run/IGNORE/IGNORE/IGNORE/process',
  provider => 'companyenrich',
  platform => 'companyenrich',
  legacy_function => 'process_similar_companies_queue',
  description => 'Start a batch with the oldest pending domains of the queue of similar companies.',
  timeout_seconds => 60,
  request_schema => core.similar_request_schema('{
    "batch_size": {"type": ["integer", "null"], "description": "At most so many domains; 300 unless given."},
    "webhook_url": {"type": ["string", "null"], "description": "Told when the batch has ended: a delivery of one row."}
  }', '[]'),
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "batch_id": {"type": ["string", "null"], "format": "uuid"},
      "domains_to_process": {"type": "integer"},
      "estimated_time_seconds": {"type": "number"},
      "webhook_url": {"type": ["string", "null"]},
      "message": {"type": "string"}
    }
  }',
  example => '{"batch_size": 100, "webhook_url": "https://hooks.acme.example/in/5", "similarity_weight": 0, "country_code": "US"}'
);
select etl.answers('process-similar-companies-queue', 'core.process_similar_queue');

select etl.workflow('similar-companies-queue-status',
  type => 'lookup',
  entity => 'company',
  path => '/run/companies/companyenrich/similar-queue/status',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'get_similar_companies_queue_status',
  description => 'Count the queue of similar companies by status.',
  timeout_seconds => 30,
  request_schema => '{"type": "object", "properties": {}}',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"}, "total": {"type": "integer"}, "pending": {"type": "integer"}, "processing": {"type": "integer"},
      "done": {"type": "integer"}, "error": {"type": "integer", "description": "Rows that failed."}
    }
  }',
  example => '{}'
);
select etl.answers('similar-companies-queue-status', 'core.similar_queue_status');

select etl.workflow('similar-companies-batch-status',
  type => 'lookup',
  entity => 'company',
  path => '/run/companies/companyenrich/similar-batch/status',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'get_similar_companies_batch_status',
  description => 'Say how far a batch of similar companies is, and once it has ended what it found.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["batch_id"],
    "properties": {"batch_id": {"type": "string", "description": "The batch_id that the batch was answered with."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "batch_id": {"type": "string", "format": "uuid"},
      "batch_name": {"type": ["string", "null"]},
      "status": {"type": "string", "enum": ["processing", "completed", "completed_with_errors", "cancelled", "failed"]},
      "total_domains": {"type": "integer"},
      "processed_domains": {"type": "integer"},
      "progress_percent": {"type": "number"},
      "created_at": {"type": "string", "format": "date-time"},
      "completed_at": {"type": ["string", "null"], "format": "date-time"},
      "error_message": {"type": ["string", "null"]},
      "results_summary": {"type": "object", "description": "Once it has ended: total_similar_companies, domains_with_results, per_domain_counts."},
      "similar_companies_found": {"type": "integer", "description": "Once it has ended."}
    }
  }',
  example => '{"batch_id": "01a2027a-fdc8-70dd-92f0-063ed7b723a0"}'
);
select etl.answers('similar-companies-batch-status', 'core.similar_batch_status', example_awaits => 'a batch of company-enrich-similar-batch');

-- Made by itself when a batch ends whose caller gave a webhook_url; asked for by hand it tells how far the batch is.
select etl.workflow('similar-companies-batch-completed',
  type => 'delivery',
  entity => 'company',
  path => '/run/companies/companyenrich/similar-batch/tell',
  provider => 'internal',
  platform => 'db',
  description => 'Tell a webhook what became of a batch of similar companies, in one row.',
  request_schema => '{
    "type": "object",
    "required": ["webhook_url", "batch_id"],
    "properties": {
      "webhook_url": {"type": "string", "description": "Webhook that receives the row."},
      "batch_id": {"type": "string", "description": "The batch."}
    }
  }',
  response_schema => etl.delivery_response_schema(),
  example => '{"webhook_url": "https://hooks.acme.example/in/5", "batch_id": "01a2027a-fdc8-70dd-92f0-063ed7b723a0"}'
);
select etl.delivers('similar-companies-batch-completed',
  as_select => $$
    select told.event, told.batch as batch_id, told.status, told.total, told.processed, told.errors, told.error_details
      from source
     cross join lateral core.similar_batch_event(core.as_uuid(request -> 'batch_id')) as told
  $$
);
