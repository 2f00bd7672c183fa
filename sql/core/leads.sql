create or replace view core.leads as
  select lead.person_id, lead.linkedin_url, lead.linkedin_slug, lead.full_name, lead.linkedin_url_type, lead.linkedin_user_profile_urn,
         lead.person_city, lead.person_state, lead.person_country, lead.matched_cleaned_job_title, lead.matched_job_function, lead.matched_seniority,
         lead.job_start_date, lead.company_id, lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.company_city,
         lead.company_state, lead.company_country, lead.matched_industry, lead.employee_range, lead.is_visible
    from api.lead_rows as lead;
comment on view core.leads is
  'One row per person with the current employer, from api.lead_rows: follows core within a second. is_visible: complete enough for the lists of leads.';

create or replace view core.leads_recently_promoted as
  select lead.person_id, lead.linkedin_url, lead.linkedin_slug, lead.full_name, lead.linkedin_url_type, lead.person_city, lead.person_state,
         lead.person_country, lead.matched_cleaned_job_title, lead.matched_job_function, lead.matched_seniority, lead.job_start_date,
         lead.company_id, lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.company_city, lead.company_state,
         lead.company_country, lead.matched_industry, lead.employee_range, lead.previous_title, lead.new_title, lead.promotion_date
    from api.lead_rows as lead
   where lead.promotion_date is not null;
comment on view core.leads_recently_promoted is 'Leads with their newest promotion at their present employer: one row per person who has one.';

create or replace view core.vc_portfolio_descriptions as
  select distinct on (portfolio.domain) portfolio.domain, coalesce(portfolio.short_description, portfolio.long_description) as description
    from extracted.vc_portfolio as portfolio
   where num_nonnulls(portfolio.short_description, portfolio.long_description) > 0
   order by portfolio.domain, portfolio.observed_at desc, portfolio.id;
comment on view core.vc_portfolio_descriptions is
  'What the newest portfolio of an investor that describes a company says of it, the short text if there is one: one row per company that has one.';

create or replace view core.leads_at_vc_portfolio as
  select lead.person_id, lead.linkedin_url, lead.linkedin_slug, lead.full_name, lead.linkedin_url_type, lead.person_city, lead.person_state,
         lead.person_country, lead.matched_cleaned_job_title, lead.matched_job_function, lead.matched_seniority, lead.job_start_date,
         lead.company_id, lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.company_city, lead.company_state,
         lead.company_country, lead.matched_industry, lead.employee_range, investor.vc_name,
         described.description as vc_company_description
    from api.lead_rows as lead
   cross join lateral unnest(lead.vc_names) as investor (vc_name)
    left join core.vc_portfolio_descriptions as described on described.domain = lead.company_domain;
comment on view core.leads_at_vc_portfolio is 'Leads at companies with an investor: one row per person and investor.';

-- Whoever works there now is no former employee, whatever other jobs they had there: readers compare with the present employer.
create or replace view core.former_employees as
  select job.linkedin_url, job.company_domain, job.company_name, job.matched_job_function, job.end_date
    from core.person_work_history as job
   where not job.is_current
  union all
  select employer.linkedin_url, employer.past_company_domain, employer.past_company_name, null, null
    from core.person_past_employer as employer
  union all
  select signal.linkedin_url, signal.previous_company_domain, null, null, signal.occurred_on
    from core.person_signals as signal
   where signal.kind = 'job_change'
     and signal.previous_company_domain is not null;
comment on view core.former_employees is
  'Who worked where before: one row per former job of core.person_work_history, per entry of core.person_past_employer, and per job change of core.person_signals that names the former company.';
