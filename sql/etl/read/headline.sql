create or replace function etl.headline(entity_type text, entity_key text)
returns jsonb language sql stable set search_path = '' as $$
  select case headline.entity_type
    when 'company' then (
      select jsonb_build_object(
          'id', company.id, 'domain', asked.domain, 'name', company.name, 'linkedin_url', company.linkedin_url,
          'company_city', company.company_city, 'company_state', company.company_state, 'company_country', company.company_country,
          'matched_industry', company.matched_industry, 'employee_range', company.employee_range,
          'description', description.description, 'tagline', description.tagline,
          'lead_count', coalesce((select counted.leads from api.lead_counts as counted where counted.company_domain = headline.entity_key), 0)
        )
        from (select headline.entity_key as domain) as asked
        left join core.companies_full as company on company.domain = asked.domain
        left join core.company_descriptions as description on description.domain = asked.domain
    )
    when 'person' then (
      select jsonb_build_object(
          'id', person.id, 'linkedin_url', asked.linkedin_url, 'linkedin_slug', person.linkedin_slug, 'full_name', person.full_name,
          'person_city', location.city, 'person_state', location.state, 'person_country', location.country,
          'matched_cleaned_job_title', title.matched_cleaned_job_title, 'matched_job_function', title.matched_job_function,
          'matched_seniority', title.matched_seniority, 'job_start_date', tenure.job_start_date, 'company_domain', company.domain, 'company_name', company.name
        )
        from (select headline.entity_key as linkedin_url) as asked
        left join core.people as person on person.linkedin_url = asked.linkedin_url
        left join core.person_locations as location on location.linkedin_url = asked.linkedin_url
        left join core.person_job_titles as title on title.linkedin_url = asked.linkedin_url
        left join core.person_tenure as tenure on tenure.linkedin_url = asked.linkedin_url
        left join core.companies as company on company.id = person.core_company_id
    )
  end;
$$;
comment on function etl.headline(text, text) is
  'The fields that readers of the old system know a company or person by, flat, from their golden tables; lead_count is what GET /api/leads?company_domain= counts. What is known by other tables only (its ads, say) has nulls.';
