-- What the read tables follow: the rows as core would give them now. Texts that are indexed there have a bound of 500 characters.
create or replace view api.company_facts as
  select company.domain, company.id, left(coalesce(company.cleaned_name, company.name), 500) as name, company.linkedin_url,
         left(full_row.company_city, 500) as company_city, left(full_row.company_state, 500) as company_state,
         left(full_row.company_country, 500) as company_country, left(full_row.matched_industry, 500) as matched_industry,
         full_row.employee_range, full_row.company_type, full_row.funding_range, full_row.revenue_range,
         model.is_b2b, model.is_b2c, invested.vc_names,
         api.sort_key(coalesce(company.cleaned_name, company.name)) as sort_name,
         api.search_vector(concat_ws(' ', coalesce(company.cleaned_name, company.name), company.domain)) as search
    from core.companies as company
   cross join lateral (
      select each.company_city, each.company_state, each.company_country, each.matched_industry, each.employee_range, each.company_type,
             each.funding_range, each.revenue_range
        from core.companies_full_v2 as each
       where each.domain = company.domain
      -- Looked up company by company: joined, it would be worked out for all companies first, being too many tables to be reordered.
      offset 0
    ) as full_row
    left join core.company_business_model as model on model.domain = company.domain
    left join lateral (
      select array_agg(investor.vc_name order by investor.vc_name) as vc_names
        from core.company_vc_investors as investor
       where investor.company_domain = company.domain
    ) as invested on true;
comment on view api.company_facts is 'What api.company_rows should be, from core as it is now. One row per company.';

create or replace view api.lead_facts as
  select person.linkedin_url, person.id as person_id, person.linkedin_slug, person.full_name, person.linkedin_url_type,
         person.linkedin_user_profile_urn, left(person.person_city, 500) as person_city, left(person.person_state, 500) as person_state,
         left(person.person_country, 500) as person_country, left(person.matched_cleaned_job_title, 500) as matched_cleaned_job_title,
         left(person.matched_job_function, 500) as matched_job_function, left(person.matched_seniority, 500) as matched_seniority,
         person.job_start_date, person.core_company_id,
         company.id as company_id, company.domain as company_domain, company.name as company_name, company.linkedin_url as company_linkedin_url,
         company.company_city, company.company_state, company.company_country, company.matched_industry, company.employee_range,
         company.company_type, company.funding_range, company.revenue_range, company.is_b2b, company.is_b2c, company.vc_names,
         promotion.previous_title, promotion.new_title, promotion.promotion_date, person.created_at, person.updated_at,
         num_nulls(
           company.name, company.company_country, person.person_country, person.matched_job_function, person.matched_seniority,
           person.matched_cleaned_job_title, company.matched_industry
         ) = 0 and person.matched_job_function <> 'Miscellaneous' as is_visible,
         api.sort_key(person.full_name) as sort_name,
         api.search_vector(concat_ws(' ', person.full_name, person.matched_cleaned_job_title, company.name)) as search, past.past_domains
    from core.people_full as person
    left join api.company_rows as company on company.id = person.core_company_id
    left join lateral (
      select array_agg(distinct former.company_domain order by former.company_domain) filter (
               where former.company_domain is not null and former.company_domain is distinct from company.domain
             ) as past_domains
        from core.former_employees as former
       where former.linkedin_url = person.linkedin_url
    ) as past on true
    left join lateral (
      select promoted.previous_title, promoted.new_title, promoted.promotion_date
        from core.person_promotions as promoted
       where promoted.linkedin_url = person.linkedin_url
         and promoted.company_domain = company.domain
       order by promoted.promotion_date desc, promoted.new_title, promoted.source
       limit 1
    ) as promotion on true;
comment on view api.lead_facts is
  'What api.lead_rows should be, from core as it is now and the companies as api.company_rows has them. One row per person.';
