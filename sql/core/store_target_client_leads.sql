create or replace function target_client.store_leads(workflow_slug text, leads target_client.leads[], payloads jsonb[])
returns setof target_client.leads language plpgsql set search_path = '' as $$
begin
  insert into raw.client_lead_payloads (id, workflow_slug, tenant_domain, lead_id, payload)
  select (leads[position]).raw_payload_id, store_leads.workflow_slug, (leads[position]).target_client_domain, (leads[position]).id, payloads[position]
    from generate_subscripts(leads, 1) as position;
  return query
  insert into target_client.leads as stored (
    id, target_client_domain, first_name, last_name, full_name, person_linkedin_url, work_email, company_domain, company_name,
    company_linkedin_url, source, form_id, form_title, core_company_id, core_person_id, raw_payload_id
  )
  -- One that comes twice in a batch is stored once, as it was said last. Sorted, so that concurrent batches lock in one order.
  select distinct on (lead.id)
         lead.id, lead.target_client_domain, lead.first_name, lead.last_name, lead.full_name, lead.person_linkedin_url, lead.work_email,
         lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.source, lead.form_id, lead.form_title,
         lead.core_company_id, lead.core_person_id, lead.raw_payload_id
    from unnest(leads) with ordinality as lead
   order by lead.id, lead.ordinality desc
      on conflict on constraint leads_pkey do update
     -- a field that is left out of a repeated call stays as it was
     set first_name = coalesce(excluded.first_name, stored.first_name),
         last_name = coalesce(excluded.last_name, stored.last_name),
         full_name = coalesce(excluded.full_name, stored.full_name),
         person_linkedin_url = coalesce(excluded.person_linkedin_url, stored.person_linkedin_url),
         work_email = coalesce(excluded.work_email, stored.work_email),
         company_domain = coalesce(excluded.company_domain, stored.company_domain),
         company_name = coalesce(excluded.company_name, stored.company_name),
         company_linkedin_url = coalesce(excluded.company_linkedin_url, stored.company_linkedin_url),
         form_title = coalesce(excluded.form_title, stored.form_title),
         core_company_id = coalesce(excluded.core_company_id, stored.core_company_id),
         core_person_id = coalesce(excluded.core_person_id, stored.core_person_id),
         raw_payload_id = excluded.raw_payload_id,
         updated_at = now()
  returning stored.*;
end;
$$;
comment on function target_client.store_leads(text, target_client.leads[], jsonb[]) is
  'Stores leads of target clients (id and raw_payload_id given) and, in the same places of payloads, what was received about them; gives the stored rows, each once.';
