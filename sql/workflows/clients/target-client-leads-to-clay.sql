select etl.workflow('target-client-leads-to-clay',
  type => 'delivery',
  entity => 'target-client',
  path => '/run/target-client/leads/to-clay',
  provider => 'clay',
  platform => 'clay',
  description => 'Send the leads of a target client to a webhook, oldest first.',
  request_schema => '{
    "type": "object",
    "required": ["webhook_url", "target_client_domain"],
    "properties": {
      "webhook_url": {"type": "string", "description": "Webhook that receives the leads, one POST each."},
      "target_client_domain": {"type": "string", "description": "Domain of the target client; a URL is reduced to its host."},
      "source": {"type": ["string", "null"], "description": "Only leads of this source."},
      "form_id": {"type": ["string", "null"], "description": "Only leads of this form."},
      "created_after": {"type": ["string", "null"], "format": "date-time", "description": "Only leads that came later."}
    }
  }',
  response_schema => etl.delivery_response_schema(),
  example => '{
    "webhook_url": "https://hooks.acme.example/in/5",
    "target_client_domain": "client.example",
    "source": "contact_form",
    "form_id": "form_1",
    "created_after": "2026-01-01T00:00:00Z"
  }'
);

select etl.delivers('target-client-leads-to-clay',
  tenant_field => 'target_client_domain',
  as_select => $$
    select lead.id as lead_id, lead.target_client_domain, lead.first_name, lead.last_name, lead.full_name, lead.person_linkedin_url, lead.work_email,
           lead.company_domain, lead.company_name, lead.company_linkedin_url,
           lead.core_company_id, lead.core_person_id, lead.source, lead.form_id, lead.form_title, lead.created_at
      from source
      join target_client.leads as lead on lead.target_client_domain = core.asked_tenant(request, 'target_client_domain')
     where (etl.as_text(request -> 'source') is null or lead.source = etl.as_text(request -> 'source'))
       and (etl.as_text(request -> 'form_id') is null or lead.form_id = etl.as_text(request -> 'form_id'))
       and (etl.as_timestamptz(request -> 'created_after') is null or lead.created_at > etl.as_timestamptz(request -> 'created_after'))
     order by lead.created_at, lead.id
  $$
);
