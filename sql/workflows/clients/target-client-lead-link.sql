create or replace function target_client.link_lead(request jsonb)
returns jsonb language sql set search_path = '' as $$
  -- Nothing found is an answer, as in the old system: the caller goes on to enrich.
  select result - 'index'
    from jsonb_array_elements(target_client.link_leads(
      'target-client-lead-link', core.asked_tenant(request, 'target_client_domain'), jsonb_build_array(request),
      jsonb_build_object(
        'source', coalesce(etl.as_text(request -> 'source'), 'demo'), 'form_id', request -> 'form_id', 'form_title', request -> 'form_title'
      ), false
    )) as result;
$$;
comment on function target_client.link_lead(jsonb) is
  'Makes a lead of a person or company that core knows: {success, lead_id, core_company_id, core_person_id, company_found, person_found, error}; success false when neither is known. Raises BADKY.';

select etl.workflow('target-client-lead-link',
  type => 'update',
  entity => 'target-client',
  path => '/run/target-client/leads/link',
  provider => 'internal',
  platform => 'db',
  payload_type => 'lead',
  legacy_function => null,
  description => 'Create a lead for a prospect''s demo from a person or company that is already in core.',
  timeout_seconds => 30,
  family => 'client_lead_payloads',
  request_schema => '{
    "type": "object",
    "required": ["target_client_domain"],
    "properties": {
      "target_client_domain": {"type": "string", "description": "Domain of the prospect the demo is for."},
      "company_domain": {"type": ["string", "null"], "description": "Left out: the employer of the person."},
      "person_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn profile of the person; looked for first."},
      "person_email": {"type": ["string", "null"], "description": "Looked for when there is no such profile."},
      "source": {"type": ["string", "null"], "description": "How the lead came.", "default": "demo"},
      "form_id": {"type": ["string", "null"]},
      "form_title": {"type": ["string", "null"]}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean", "description": "Whether the lead was created: the company or the person was found."},
      "lead_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the lead; the same for a repeated call."},
      "core_company_id": {"type": ["string", "null"], "format": "uuid"},
      "core_person_id": {"type": ["string", "null"], "format": "uuid"},
      "company_found": {"type": "boolean"},
      "person_found": {"type": "boolean"},
      "error": {"type": ["string", "null"], "description": "Why there is no lead."}
    }
  }',
  example => '{
    "target_client_domain": "client.example",
    "company_domain": "acme.example",
    "person_linkedin_url": "https://www.linkedin.com/in/ada-example",
    "person_email": "ada@acme.example",
    "source": "demo",
    "form_id": "form_1",
    "form_title": "Talk to us"
  }'
);

select etl.answers('target-client-lead-link', 'target_client.link_lead');
