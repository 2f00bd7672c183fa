create or replace function target_client.ingest_lead(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_client constant text := core.asked_tenant(request, 'target_client_domain');
  v_lead target_client.leads;
  v_person_id uuid;
  v_company_id uuid;
begin
  select core.lead_id(
           'target_client.leads', v_client, lead.source, lead.form_id, lead.person_linkedin_url, lead.work_email, lead.first_name,
           lead.last_name, lead.full_name, lead.company_domain, lead.company_linkedin_url, lead.company_name
         ),
         v_client, lead.first_name, lead.last_name, lead.full_name, lead.person_linkedin_url, lead.work_email, lead.company_domain,
         lead.company_name, lead.company_linkedin_url, lead.source, lead.form_id, lead.form_title, company.id, person.core_person_id,
         etl.uuidv7()
    into v_lead.id, v_lead.target_client_domain, v_lead.first_name, v_lead.last_name, v_lead.full_name, v_lead.person_linkedin_url,
         v_lead.work_email, v_lead.company_domain, v_lead.company_name, v_lead.company_linkedin_url, v_lead.source, v_lead.form_id,
         v_lead.form_title, v_lead.core_company_id, v_lead.core_person_id, v_lead.raw_payload_id
    from core.lead_of(request) as lead
    left join core.companies as company on company.domain = lead.company_domain
    left join lateral core.person_of(lead.person_linkedin_url, lead.work_email) as person on true;
  if v_lead.id is null then
    raise exception 'Give a person or a company: LinkedIn URL, e-mail, name or domain.' using errcode = 'BADRQ', detail = '/person_linkedin_url';
  end if;
  perform core.require_not_erased(v_lead.person_linkedin_url, '/person_linkedin_url');
  perform core.require_not_erased(v_lead.company_domain, '/company_domain');

  select stored.* into v_lead from target_client.store_leads('target-client-lead-ingest', array[v_lead], array[request]) as stored;

  insert into target_client.leads_people as stored (
    id, lead_id, target_client_domain, first_name, last_name, full_name, person_linkedin_url, work_email, company_domain, source,
    form_id, form_title, raw_payload_id
  )
  values (
    etl.record_id('target_client.leads_people', v_lead.id::text), v_lead.id, v_client, v_lead.first_name, v_lead.last_name, v_lead.full_name,
    v_lead.person_linkedin_url, v_lead.work_email, v_lead.company_domain, v_lead.source, v_lead.form_id, v_lead.form_title,
    v_lead.raw_payload_id
  )
      on conflict on constraint leads_people_lead_id_key do update
     set first_name = excluded.first_name,
         last_name = excluded.last_name,
         full_name = excluded.full_name,
         person_linkedin_url = excluded.person_linkedin_url,
         work_email = excluded.work_email,
         company_domain = excluded.company_domain,
         form_title = excluded.form_title,
         raw_payload_id = excluded.raw_payload_id,
         updated_at = now()
  returning stored.id into v_person_id;

  insert into target_client.leads_companies as stored (
    id, lead_id, target_client_domain, company_domain, company_name, company_linkedin_url, source, form_id, form_title, raw_payload_id
  )
  select etl.record_id('target_client.leads_companies', v_lead.id::text), v_lead.id, v_client, v_lead.company_domain, v_lead.company_name,
         v_lead.company_linkedin_url, v_lead.source, v_lead.form_id, v_lead.form_title, v_lead.raw_payload_id
   where num_nonnulls(v_lead.company_domain, v_lead.company_name, v_lead.company_linkedin_url) > 0
      on conflict on constraint leads_companies_lead_id_key do update
     set company_domain = excluded.company_domain,
         company_name = excluded.company_name,
         company_linkedin_url = excluded.company_linkedin_url,
         form_title = excluded.form_title,
         raw_payload_id = excluded.raw_payload_id,
         updated_at = now()
  returning stored.id into v_company_id;

  return jsonb_build_object(
    'success', true, 'lead_id', v_lead.id, 'person_id', v_person_id, 'company_id', v_company_id,
    'core_company_id', v_lead.core_company_id, 'core_person_id', v_lead.core_person_id
  ) || core.lead_warnings(request);
end;
$$;
comment on function target_client.ingest_lead(jsonb) is
  'Stores a lead for a demo, pointing at company and person in core where they are known: {success, lead_id, person_id, company_id, core_company_id, core_person_id, warnings}. Raises BADKY for a client or key that is none or was erased, BADRQ for a lead without person and company.';

select etl.workflow('target-client-lead-ingest',
  type => 'update',
  entity => 'target-client',
  path => '/run/target-client/leads/ingest',
  provider => 'internal',
  platform => 'db',
  payload_type => 'lead',
  legacy_function => null,
  description => 'Store a lead for a prospect''s demo, linked to company and person in core where they are known.',
  family => 'client_lead_payloads',
  request_schema => core.lead_request_schema('target_client_domain', 'Domain of the prospect the demo is for.', ''),
  response_schema => core.lead_response_schema('{
    "core_company_id": {"type": ["string", "null"], "format": "uuid", "description": "The company in core; null while it is not known."},
    "core_person_id": {"type": ["string", "null"], "format": "uuid", "description": "The person in core, by LinkedIn URL, else by e-mail; null while they are not known."}
  }'),
  example => core.lead_example('target_client_domain', '')
);

select etl.answers('target-client-lead-ingest', 'target_client.ingest_lead');
