-- The two ingest workflows take the same fields; they differ in what they call tenant and form.
create or replace function core.lead_request_schema(tenant_field text, tenant_description text, form_prefix text)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object(
    'type', 'object',
    'required', jsonb_build_array(tenant_field),
    'properties', jsonb_build_object(
      tenant_field, jsonb_build_object('type', 'string', 'description', tenant_description),
      form_prefix || 'form_id', '{"type": ["string", "null"], "description": "Form that was filled in; another form makes another lead."}'::jsonb,
      form_prefix || 'form_title', '{"type": ["string", "null"], "description": "Title of that form."}'::jsonb
    ) || '{
      "first_name": {"type": ["string", "null"]},
      "last_name": {"type": ["string", "null"]},
      "full_name": {"type": ["string", "null"]},
      "person_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn profile of the person, in any of its spellings."},
      "work_email": {"type": ["string", "null"], "description": "Stored in lower case."},
      "company_domain": {"type": ["string", "null"], "description": "A URL is reduced to its host."},
      "company_name": {"type": ["string", "null"]},
      "company_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
      "source": {"type": ["string", "null"], "description": "How the lead came, such as contact_form or csv_upload; another source makes another lead."}
    }'
  );
$$;
comment on function core.lead_request_schema(text, text, text) is 'JSON Schema of the body of an ingest of leads.';

create or replace function core.lead_example(tenant_field text, form_prefix text)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object(tenant_field, 'client.example', form_prefix || 'form_id', 'form_1', form_prefix || 'form_title', 'Talk to us') || '{
    "first_name": "Ada",
    "last_name": "Example",
    "full_name": "Ada Example",
    "person_linkedin_url": "https://www.linkedin.com/in/ada-example",
    "work_email": "Ada@acme.example",
    "company_domain": "www.acme.example",
    "company_name": "Acme Example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "source": "contact_form"
  }'::jsonb;
$$;
comment on function core.lead_example(text, text) is 'An invented body of an ingest of leads.';

create or replace function core.lead_response_schema(more jsonb)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object('type', 'object', 'properties', '{
      "success": {"type": "boolean"},
      "lead_id": {"type": "string", "format": "uuid", "description": "Id of the lead; the same for a repeated submission."},
      "person_id": {"type": "string", "format": "uuid", "description": "Id of its row in leads_people."},
      "company_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of its row in leads_companies; null when the lead names no company."}
    }'::jsonb || more || '{"warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}}');
$$;
comment on function core.lead_response_schema(jsonb) is 'JSON Schema of the answer of an ingest of leads, with further properties.';
