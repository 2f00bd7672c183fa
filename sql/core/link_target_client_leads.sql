-- Both link workflows: the same search and the same columns. What the caller says about a lead stands; core fills in the rest.
create or replace function target_client.link_leads(workflow_slug text, tenant text, items jsonb, shared jsonb, needs_person boolean)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_leads target_client.leads[];
  v_payloads jsonb[];
  v_results jsonb;
begin
  with item as (
    select element.ordinality - 1 as position, element.element as stated, jsonb_typeof(element.element) = 'object' as is_object, lead.*
      from etl.elements(items) as element
     cross join lateral core.lead_of(
       case when jsonb_typeof(element.element) = 'object' then element.element || jsonb_build_object('work_email', element.element -> 'person_email') else '{}' end || shared
     ) as lead
  ), found as (
    select item.position, item.stated, item.is_object, item.source, item.form_id, item.form_title,
           coalesce(item.first_name, person.first_name) as first_name,
           coalesce(item.last_name, person.last_name) as last_name,
           coalesce(item.full_name, person.full_name) as full_name,
           coalesce(item.person_linkedin_url, person.person_linkedin_url) as person_linkedin_url,
           coalesce(item.work_email, person.work_email) as work_email,
           coalesce(item.company_domain, person.company_domain) as company_domain,
           company.name as company_name, company.linkedin_url as company_linkedin_url,
           company.id as core_company_id, person.core_person_id,
           core.is_erased(array[item.person_linkedin_url, item.company_domain]) as is_erased
      from item
      left join lateral core.person_of(item.person_linkedin_url, item.work_email) as person on true
      left join core.companies_full as company on company.domain = coalesce(item.company_domain, person.company_domain)
  ), judged as (
    select found.*, case
        when not found.is_object then 'Expected an object.'
        when found.is_erased then 'The person or company was erased and is kept out.'
        when needs_person and found.core_person_id is null then 'The person is not in core.'
        when num_nonnulls(found.core_person_id, found.core_company_id) = 0 then 'Neither the company nor the person is in core.'
      end as problem,
      core.lead_id(
        'target_client.leads', tenant, found.source, found.form_id, found.person_linkedin_url, found.work_email, found.first_name,
        found.last_name, found.full_name, found.company_domain, found.company_linkedin_url, found.company_name
      ) as id
      from found
  )
  select array_agg(row(
           judged.id, tenant, judged.first_name, judged.last_name, judged.full_name, judged.person_linkedin_url, judged.work_email,
           judged.company_domain, judged.company_name, judged.company_linkedin_url, judged.source, judged.form_id, judged.form_title,
           judged.core_company_id, judged.core_person_id, etl.uuidv7(), now(), now()
         )::target_client.leads order by judged.position) filter (where judged.problem is null),
         array_agg(jsonb_strip_nulls(shared) || jsonb_build_object('target_client_domain', tenant) || judged.stated order by judged.position)
           filter (where judged.problem is null),
         coalesce(jsonb_agg(jsonb_build_object(
           'index', judged.position, 'success', judged.problem is null, 'lead_id', case when judged.problem is null then judged.id end,
           'core_company_id', judged.core_company_id, 'core_person_id', judged.core_person_id,
           'company_found', judged.core_company_id is not null, 'person_found', judged.core_person_id is not null, 'error', judged.problem
         ) order by judged.position), '[]')
    into v_leads, v_payloads, v_results
    from judged;
  perform target_client.store_leads(link_leads.workflow_slug, v_leads, v_payloads);
  return v_results;
end;
$$;
comment on function target_client.link_leads(text, text, jsonb, jsonb, boolean) is
  'Makes a lead of each item {company_domain, person_linkedin_url, person_email, names} whose person (or company, unless needs_person) is in core. shared: {source, form_id, form_title} of all. Gives, in order, [{index, success, lead_id, core_company_id, core_person_id, company_found, person_found, error}].';
