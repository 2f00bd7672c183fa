-- The filters are not stored: they are read from what is known, so that the view follows it.
select etl.raw_family('target_client_view_payloads', '{"domain": "payload.entity_key", "payload": "payload.payload"}');

select etl.workflow('create-target-client-view',
  type => 'upsert',
  entity => 'company',
  path => '/run/target-client/views/create',
  provider => 'internal',
  platform => 'db',
  payload_type => 'target_client_view',
  legacy_function => 'create_target_client_view',
  description => 'Save a lead view of a company that can be shared, with filters by whom it sells to; filters of one''s own stay.',
  family => 'target_client_view_payloads',
  key_field => 'domain',
  refuses => $$ core.slug_taken(etl.as_text(payload -> 'slug', 200), etl.as_text(payload -> 'domain')) $$,
  timeout_seconds => 30,
  core_tables => '{core.target_client_view_settings}',
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company that sells; a URL is reduced to its host."},
      "slug": {"type": ["string", "null"], "maxLength": 200, "description": "Name in the link, cleaned; left out: as it was, at first made of the domain."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "view_id": {"type": "string", "format": "uuid", "description": "Id of the row of core.target_client_views."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "company_name": {"type": ["string", "null"]},
      "slug": {"type": "string"},
      "shareable_url": {"type": "string", "description": "/leads?view= and the slug."},
      "filters": {
        "type": "object",
        "additionalProperties": true,
        "properties": {
          "customer_domains": {"type": "array", "items": {"type": "string"}},
          "icp_industries": {"type": ["array", "null"], "items": {"type": "string"}},
          "icp_job_titles": {"type": ["array", "null"], "items": {"type": "string"}}
        }
      },
      "value_proposition": {"type": ["string", "null"]},
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
  example => '{"domain": "acme.example", "slug": "Acme Example"}'
);

select etl.extracts('create-target-client-view', 'extracted.target_client_view_requests', key => '{domain,workflow}', as_select => $$
  select domain, 'create' as workflow, core.slug(etl.as_text(payload -> 'slug', 200)) as slug
    from source
$$);

select etl.coalesces('extracted.target_client_view_requests', 'core.target_client_view_settings', as_select => $$
  select domain, name, slug, filters, endpoint, 'target_client_view_' || workflow as source
    from source
$$);

select etl.responds('create-target-client-view', $$
  select source.raw_payload_id, saved.id as view_id, saved.domain, etl.as_text(icp.answer -> 'company_name') as company_name, saved.slug,
         '/leads?view=' || saved.slug as shareable_url, saved.filters, icp.answer ->> 'value_proposition' as value_proposition
    from source
    join core.target_client_views as saved on saved.domain = source.domain
   cross join lateral (select core.lookup_company_icp(jsonb_build_object('domain', source.domain)) as answer) as icp
$$);
