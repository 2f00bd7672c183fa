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
  entity => 'company',
  path => '/run/IGNORE/IGNORE/IGNORE/process',
  provider => 'companyenrich',
  platform => 'companyenrich',
  legacy_function => 'process_similar_companies_queue',
  description => 'Start a batch with the oldest pending domains of the queue of similar companies.',
  timeout_seconds => 60,
  request_schema => core.similar_request_schema('{
    "batch_size": {"type": ["integer", "null"], "description": "At most so many domains; 300 unless given."},
    "webhook_url": {"type": ["string", "null"], "description": "No longer called; refused when given. Poll the batch."}
  }', '[]'),
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "batch_id": {"type": ["string", "null"], "format": "uuid"},
      "domains_to_process": {"type": "integer"},
      "estimated_time_seconds": {"type": "number"},
      "webhook_url": {"type": "null"},
      "message": {"type": "string"}
    }
  }',
  example => '{"batch_size": 100, "webhook_url": null, "similarity_weight": 0, "country_code": "US"}'
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
