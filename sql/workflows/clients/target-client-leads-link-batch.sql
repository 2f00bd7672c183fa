create or replace function target_client.link_lead_batch(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_client constant text := core.asked_tenant(request, 'target_client_domain');
  v_count constant integer := jsonb_array_length(request -> 'leads');
  v_results jsonb;
begin
  if not v_count between 1 and 10000 then
    raise exception 'leads must have 1 to 10000 items, not %.', v_count using errcode = 'BADRQ', detail = '/leads';
  end if;
  v_results := target_client.link_leads(
    'target-client-leads-link-batch', v_client, request -> 'leads',
    jsonb_build_object(
      'source', coalesce(etl.as_text(request -> 'source'), 'csv_import'), 'form_id', request -> 'form_id', 'form_title', request -> 'form_title'
    ), true
  );
  return (
    select jsonb_build_object(
        'success', true, 'total', v_count,
        'linked', count(*) filter (where (result ->> 'success')::boolean),
        'failed', count(*) filter (where not (result ->> 'success')::boolean),
        'results', v_results
      )
      from jsonb_array_elements(v_results) as result
  );
end;
$$;
comment on function target_client.link_lead_batch(jsonb) is
  'Makes a lead of each listed person that core knows: {success, total, linked, failed, results}; an item that fails holds up no other. Raises BADKY for the target client, BADRQ for a list of no or over 10000 items.';

select etl.workflow('target-client-leads-link-batch',
  type => 'update',
  entity => 'target-client',
  path => '/run/target-client/leads/link-batch',
  provider => 'internal',
  platform => 'db',
  payload_type => 'lead',
  legacy_function => null,
  description => 'Create a lead for a prospect''s demo of each listed person that is already in core.',
  family => 'client_lead_payloads',
  request_schema => '{
    "type": "object",
    "required": ["target_client_domain", "leads"],
    "properties": {
      "target_client_domain": {"type": "string", "description": "Domain of the prospect the demo is for."},
      "leads": {
        "type": "array",
        "description": "1 to 10000 people.",
        "items": {
          "type": "object",
          "properties": {
            "company_domain": {"type": ["string", "null"], "description": "Left out: the employer of the person."},
            "person_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn profile; looked for first."},
            "person_email": {"type": ["string", "null"], "description": "Looked for when there is no such profile."},
            "first_name": {"type": ["string", "null"], "description": "Left out: as in core; so the other names."},
            "last_name": {"type": ["string", "null"]},
            "full_name": {"type": ["string", "null"]}
          }
        }
      },
      "source": {"type": ["string", "null"], "description": "How the leads came.", "default": "csv_import"},
      "form_id": {"type": ["string", "null"]},
      "form_title": {"type": ["string", "null"]}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean", "description": "Whether the list was gone through, even if nobody was found."},
      "total": {"type": "integer", "description": "Items in the request."},
      "linked": {"type": "integer", "description": "Items that have a lead; an item that comes twice has the same one."},
      "failed": {"type": "integer", "description": "Items that have none."},
      "results": {
        "type": "array",
        "description": "One per item, in order.",
        "items": {
          "type": "object",
          "properties": {
            "index": {"type": "integer", "description": "Place in the request, from 0."},
            "success": {"type": "boolean"},
            "lead_id": {"type": ["string", "null"], "format": "uuid"},
            "core_company_id": {"type": ["string", "null"], "format": "uuid"},
            "core_person_id": {"type": ["string", "null"], "format": "uuid"},
            "company_found": {"type": "boolean"},
            "person_found": {"type": "boolean"},
            "error": {"type": ["string", "null"], "description": "Why there is no lead."}
          }
        }
      },
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used."}
    }
  }',
  example => '{
    "target_client_domain": "client.example",
    "leads": [
      {
        "company_domain": "acme.example",
        "person_linkedin_url": "https://www.linkedin.com/in/ada-example",
        "person_email": "ada@acme.example",
        "first_name": "Ada",
        "last_name": "Example",
        "full_name": "Ada Example"
      }
    ],
    "source": "csv_import",
    "form_id": "import_1",
    "form_title": "Guests of the demo"
  }'
);

select etl.answers('target-client-leads-link-batch', 'target_client.link_lead_batch');
