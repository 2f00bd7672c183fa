select etl.workflow('client-leads-to-clay',
  type => 'delivery',
  entity => 'client',
  path => '/run/client/leads/to-clay',
  provider => 'clay',
  platform => 'clay',
  description => 'Send the leads of a client to a webhook, oldest first.',
  request_schema => '{
    "type": "object",
    "required": ["webhook_url", "client_domain"],
    "properties": {
      "webhook_url": {"type": "string", "description": "Webhook that receives the leads, one POST each."},
      "client_domain": {"type": "string", "description": "Domain of the client; a URL is reduced to its host."},
      "source": {"type": ["string", "null"], "description": "Only leads of this source."},
      "client_form_id": {"type": ["string", "null"], "description": "Only leads of this form."},
      "created_after": {"type": ["string", "null"], "format": "date-time", "description": "Only leads that came later."}
    }
  }',
  response_schema => etl.delivery_response_schema(),
  example => '{
    "webhook_url": "https://hooks.acme.example/in/4",
    "client_domain": "client.example",
    "source": "contact_form",
    "client_form_id": "form_1",
    "created_after": "2026-01-01T00:00:00Z"
  }'
);

select etl.delivers('client-leads-to-clay',
  tenant_field => 'client_domain',
  as_select => $$
    select lead.id as lead_id, lead.client_domain, lead.first_name, lead.last_name, lead.full_name, lead.person_linkedin_url, lead.work_email,
           lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.source, lead.client_form_id, lead.client_form_title, lead.created_at
      from source
      join client.leads as lead on lead.client_domain = core.asked_tenant(request, 'client_domain')
     where (etl.as_text(request -> 'source') is null or lead.source = etl.as_text(request -> 'source'))
       and (etl.as_text(request -> 'client_form_id') is null or lead.client_form_id = etl.as_text(request -> 'client_form_id'))
       and (etl.as_timestamptz(request -> 'created_after') is null or lead.created_at > etl.as_timestamptz(request -> 'created_after'))
     order by lead.created_at, lead.id
  $$
);
