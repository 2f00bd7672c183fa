-- A client's lead is stored, not coalesced: nothing it says changes core. So there is no payload family, and the type is update.
create or replace function client.ingest_lead(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_client constant text := core.asked_tenant(request, 'client_domain');
  v_payload_id constant uuid := etl.uuidv7();
  v_id uuid;
  v_lead client.leads;
  v_person_id uuid;
  v_company_id uuid;
begin
  select core.lead_id(
           'client.leads', v_client, lead.source, lead.form_id, lead.person_linkedin_url, lead.work_email, lead.first_name, lead.last_name,
           lead.full_name, lead.company_domain, lead.company_linkedin_url, lead.company_name
         )
    into v_id
    from core.lead_of(request) as lead;
  if v_id is null then
    raise exception 'Give a person or a company: LinkedIn URL, e-mail, name or domain.' using errcode = 'BADRQ', detail = '/person_linkedin_url';
  end if;
  perform core.require_not_erased(lead.person_linkedin_url, '/person_linkedin_url'), core.require_not_erased(lead.company_domain, '/company_domain')
     from core.lead_of(request) as lead;

  insert into raw.client_lead_payloads (id, workflow_slug, tenant_domain, lead_id, payload)
  values (v_payload_id, 'client-lead-ingest', v_client, v_id, request);

  -- A field that is left out of a repeated submission stays as it was.
  insert into client.leads as stored (
    id, client_domain, first_name, last_name, full_name, person_linkedin_url, work_email, company_domain, company_name,
    company_linkedin_url, source, client_form_id, client_form_title, raw_payload_id
  )
  select v_id, v_client, lead.first_name, lead.last_name, lead.full_name, lead.person_linkedin_url, lead.work_email, lead.company_domain,
         lead.company_name, lead.company_linkedin_url, lead.source, lead.form_id, lead.form_title, v_payload_id
    from core.lead_of(request) as lead
      on conflict on constraint leads_pkey do update
     set first_name = coalesce(excluded.first_name, stored.first_name),
         last_name = coalesce(excluded.last_name, stored.last_name),
         full_name = coalesce(excluded.full_name, stored.full_name),
         person_linkedin_url = coalesce(excluded.person_linkedin_url, stored.person_linkedin_url),
         work_email = coalesce(excluded.work_email, stored.work_email),
         company_domain = coalesce(excluded.company_domain, stored.company_domain),
         company_name = coalesce(excluded.company_name, stored.company_name),
         company_linkedin_url = coalesce(excluded.company_linkedin_url, stored.company_linkedin_url),
         client_form_title = coalesce(excluded.client_form_title, stored.client_form_title),
         raw_payload_id = excluded.raw_payload_id,
         updated_at = now()
  returning stored.* into v_lead;

  insert into client.leads_people as stored (
    id, lead_id, client_domain, first_name, last_name, full_name, person_linkedin_url, work_email, company_domain, source,
    client_form_id, client_form_title, raw_payload_id
  )
  values (
    etl.record_id('client.leads_people', v_id::text), v_id, v_client, v_lead.first_name, v_lead.last_name, v_lead.full_name,
    v_lead.person_linkedin_url, v_lead.work_email, v_lead.company_domain, v_lead.source, v_lead.client_form_id,
    v_lead.client_form_title, v_payload_id
  )
      on conflict on constraint leads_people_lead_id_key do update
     set first_name = excluded.first_name,
         last_name = excluded.last_name,
         full_name = excluded.full_name,
         person_linkedin_url = excluded.person_linkedin_url,
         work_email = excluded.work_email,
         company_domain = excluded.company_domain,
         client_form_title = excluded.client_form_title,
         raw_payload_id = excluded.raw_payload_id,
         updated_at = now()
  returning stored.id into v_person_id;

  insert into client.leads_companies as stored (
    id, lead_id, client_domain, company_domain, company_name, company_linkedin_url, source, client_form_id, client_form_title, raw_payload_id
  )
  select etl.record_id('client.leads_companies', v_id::text), v_id, v_client, v_lead.company_domain, v_lead.company_name,
         v_lead.company_linkedin_url, v_lead.source, v_lead.client_form_id, v_lead.client_form_title, v_payload_id
   where num_nonnulls(v_lead.company_domain, v_lead.company_name, v_lead.company_linkedin_url) > 0
      on conflict on constraint leads_companies_lead_id_key do update
     set company_domain = excluded.company_domain,
         company_name = excluded.company_name,
         company_linkedin_url = excluded.company_linkedin_url,
         client_form_title = excluded.client_form_title,
         raw_payload_id = excluded.raw_payload_id,
         updated_at = now()
  returning stored.id into v_company_id;

  return jsonb_build_object('success', true, 'lead_id', v_id, 'person_id', v_person_id, 'company_id', v_company_id) || core.lead_warnings(request);
end;
$$;
comment on function client.ingest_lead(jsonb) is
  'Stores a lead of a paying client with its person and company: {success, lead_id, person_id, company_id, warnings}. Raises BADKY for a client or key that is none or was erased, BADRQ for a lead without person and company.';

select etl.workflow('client-lead-ingest',
  type => 'update',
  entity => 'client',
  path => '/run/client/leads/ingest',
  provider => 'internal',
  platform => 'db',
  payload_type => 'lead',
  legacy_function => null,
  description => 'Store an inbound lead of a paying client.',
  family => 'client_lead_payloads',
  request_schema => core.lead_request_schema('client_domain', 'Domain of the client that owns the lead.', 'client_'),
  response_schema => core.lead_response_schema('{}'),
  example => core.lead_example('client_domain', 'client_')
);

select etl.answers('client-lead-ingest', 'client.ingest_lead');
