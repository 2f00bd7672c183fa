create or replace function target_client.list_leads(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_client constant text := core.asked_tenant(request, 'target_client_domain');
  v_source constant text := etl.as_text(request -> 'source');
  v_limit constant integer := etl.as_integer(request -> 'limit');
  v_offset constant integer := coalesce(etl.as_integer(request -> 'offset'), 0);
  v_total integer;
  v_leads jsonb;
begin
  if v_limit < 1 then
    raise exception 'limit must be at least 1.' using errcode = 'BADRQ', detail = '/limit';
  end if;
  if v_offset < 0 then
    raise exception 'offset must not be negative.' using errcode = 'BADRQ', detail = '/offset';
  end if;
  select count(*)
    into v_total
    from target_client.leads as lead
   where lead.target_client_domain = v_client
     and (v_source is null or lead.source = v_source);
  with page as (
    select lead.*
      from target_client.leads as lead
     where lead.target_client_domain = v_client
       and (v_source is null or lead.source = v_source)
     order by lead.created_at desc, lead.id
     limit v_limit
    offset v_offset
  )
  -- Company and person are looked for again, so that those that core has learned of since the lead came are shown too.
  select coalesce(jsonb_agg(
           jsonb_build_object(
             'id', page.id, 'target_client_domain', page.target_client_domain, 'first_name', page.first_name, 'last_name', page.last_name,
             'full_name', page.full_name, 'person_linkedin_url', page.person_linkedin_url, 'work_email', page.work_email,
             'company_domain', page.company_domain, 'company_name', page.company_name, 'company_linkedin_url', page.company_linkedin_url,
             'source', page.source, 'form_id', page.form_id, 'form_title', page.form_title, 'created_at', page.created_at,
             'core_company_id', company.id, 'core_person_id', person.core_person_id,
             'enriched_company', case when company.id is not null then jsonb_build_object(
               'id', company.id, 'domain', company.domain, 'name', company.name, 'linkedin_url', company.linkedin_url,
               'industry', company.matched_industry, 'employee_count', size.raw_employee_count, 'employee_range', company.employee_range,
               'city', company.company_city, 'state', company.company_state, 'country', company.company_country
             ) end,
             'enriched_person', case when person.core_person_id is not null then jsonb_build_object(
               'id', person.core_person_id, 'full_name', person.full_name, 'linkedin_url', person.person_linkedin_url,
               'title', title.matched_cleaned_job_title, 'seniority', title.matched_seniority, 'department', title.matched_job_function
             ) end
           ) order by page.created_at desc, page.id
         ), '[]')
    into v_leads
    from page
    left join core.companies_full as company on company.domain = page.company_domain
    left join lateral core.person_of(page.person_linkedin_url, page.work_email) as person on true
    left join core.person_job_titles as title on title.linkedin_url = person.person_linkedin_url
    left join lateral (
      select known.raw_employee_count
        from core.company_employee_ranges as known
       where known.domain = company.domain
         and known.raw_employee_count is not null
       order by known.observed_at desc, known.source
       limit 1
    ) as size on true;
  return jsonb_build_object('success', true, 'count', jsonb_array_length(v_leads), 'total', v_total, 'leads', v_leads);
end;
$$;
comment on function target_client.list_leads(jsonb) is
  'The leads of a target client, newest first, with what core knows about company and person now: {success, count, total, leads}. Raises BADKY, and BADRQ for an impossible page.';

select etl.workflow('target-client-leads-list',
  type => 'lookup',
  entity => 'target-client',
  path => '/run/target-client/leads/list',
  provider => 'internal',
  platform => 'db',
  payload_type => 'lead',
  legacy_function => null,
  description => 'List the leads of a target client with what is known about their companies and people.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["target_client_domain"],
    "properties": {
      "target_client_domain": {"type": "string", "description": "Domain of the prospect the demo is for."},
      "source": {"type": ["string", "null"], "description": "Only leads of exactly this source."},
      "limit": {"type": ["integer", "null"], "description": "Most leads to give. Left out: all."},
      "offset": {"type": ["integer", "null"], "description": "Leads to leave out at the start.", "default": 0}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "count": {"type": "integer", "description": "Leads in this answer."},
      "total": {"type": "integer", "description": "Leads there are, on all pages."},
      "leads": {
        "type": "array",
        "description": "Newest first.",
        "items": {
          "type": "object",
          "properties": {
            "id": {"type": "string", "format": "uuid"},
            "target_client_domain": {"type": "string"},
            "first_name": {"type": ["string", "null"]},
            "last_name": {"type": ["string", "null"]},
            "full_name": {"type": ["string", "null"]},
            "person_linkedin_url": {"type": ["string", "null"]},
            "work_email": {"type": ["string", "null"]},
            "company_domain": {"type": ["string", "null"]},
            "company_name": {"type": ["string", "null"]},
            "company_linkedin_url": {"type": ["string", "null"]},
            "source": {"type": ["string", "null"]},
            "form_id": {"type": ["string", "null"]},
            "form_title": {"type": ["string", "null"]},
            "created_at": {"type": "string", "format": "date-time"},
            "core_company_id": {"type": ["string", "null"], "format": "uuid"},
            "core_person_id": {"type": ["string", "null"], "format": "uuid"},
            "enriched_company": {
              "type": ["object", "null"],
              "description": "Null while core does not know the company.",
              "properties": {
                "id": {"type": "string", "format": "uuid"},
                "domain": {"type": "string"},
                "name": {"type": ["string", "null"]},
                "linkedin_url": {"type": ["string", "null"]},
                "industry": {"type": ["string", "null"]},
                "employee_count": {"type": ["integer", "null"], "description": "The newest count that a source gave."},
                "employee_range": {"type": ["string", "null"]},
                "city": {"type": ["string", "null"]},
                "state": {"type": ["string", "null"]},
                "country": {"type": ["string", "null"]}
              }
            },
            "enriched_person": {
              "type": ["object", "null"],
              "description": "Null while core does not know the person.",
              "properties": {
                "id": {"type": "string", "format": "uuid"},
                "full_name": {"type": ["string", "null"]},
                "linkedin_url": {"type": "string"},
                "title": {"type": ["string", "null"], "description": "The cleaned job title."},
                "seniority": {"type": ["string", "null"]},
                "department": {"type": ["string", "null"], "description": "The job function."}
              }
            }
          }
        }
      },
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used."}
    }
  }',
  example => '{"target_client_domain": "client.example", "source": "contact_form", "limit": 100, "offset": 0}'
);

select etl.answers('target-client-leads-list', 'target_client.list_leads');
