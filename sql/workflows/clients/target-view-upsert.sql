select etl.workflow('target-view-upsert',
  type => 'upsert',
  entity => 'company',
  path => '/run/target-client/views/upsert',
  provider => 'internal',
  platform => 'db',
  payload_type => 'target_client_view',
  legacy_function => null,
  description => 'Save the lead view of a company with filters of one''s own.',
  family => 'target_client_view_payloads',
  key_field => 'domain',
  timeout_seconds => 30,
  core_tables => '{core.target_client_view_settings}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "filters"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "name": {"type": ["string", "null"], "description": "Title; left out: as it was, at first the name of the company."},
      "filters": {"type": "object", "description": "Parameters of the endpoint."},
      "endpoint": {"type": ["string", "null"], "description": "Left out: as it was, at first /api/leads."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "data": {
        "type": "object",
        "properties": {
          "id": {"type": "string", "format": "uuid"},
          "domain": {"type": "string", "description": "The domain, normalised."},
          "name": {"type": ["string", "null"]},
          "slug": {"type": "string"},
          "filters": {"type": "object"},
          "endpoint": {"type": "string"},
          "created_at": {"type": "string", "format": "date-time"},
          "updated_at": {"type": "string", "format": "date-time"}
        }
      },
      "url": {"type": "string", "description": "/v/ and the slug."},
      "warnings": {
        "description": "Fields that could not be used: they became null.",
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"field": {"type": "string"}, "problem": {"type": "string"}, "found": {"type": ["string", "null"]}}
        }
      }
    }
  }',
  example => '{"domain": "acme.example", "name": "Acme leads", "filters": {"industry": "Software Development"}, "endpoint": "/api/leads"}'
);

select etl.extracts('target-view-upsert', 'extracted.target_client_view_requests', key => '{domain,workflow}', as_select => $$
  select domain, 'upsert' as workflow, etl.as_text(payload -> 'name') as name, payload -> 'filters' as filters, etl.as_text(payload -> 'endpoint') as endpoint
    from source
$$);

select etl.responds('target-view-upsert', $$
  select source.raw_payload_id, to_jsonb(saved) as data, '/v/' || saved.slug as url
    from source
    join core.target_client_views as saved on saved.domain = source.domain
$$);
