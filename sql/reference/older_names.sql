-- Tables of the old system that held what others hold here.
create or replace view reference.target_clients as
  select setting.id, coalesce(setting.name, company.cleaned_name, company.name) as company_name, setting.domain, company.linkedin_url as company_linkedin_url,
         coalesce(setting.slug, core.slug(setting.domain)) as slug, setting.created_at, setting.updated_at
    from core.target_client_view_settings as setting
    left join core.companies as company on company.domain = setting.domain;
comment on view reference.target_clients is 'Companies that have a lead view: those of core.target_client_views.';

create or replace view reference.people_job_functions as
  select etl.record_id('reference.people_job_functions', known.job_function) as id, known.job_function as name, 'job_title_lookup' as source,
         min(known.created_at) as created_at, max(known.updated_at) as updated_at
    from reference.job_title_lookup as known
   where known.job_function is not null
   group by known.job_function;
comment on view reference.people_job_functions is 'Job functions that reference.job_title_lookup gives.';

create or replace view reference.people_seniority as
  select etl.record_id('reference.people_seniority', known.seniority_level) as id, known.seniority_level as name, 'job_title_lookup' as source,
         min(known.created_at) as created_at, max(known.updated_at) as updated_at
    from reference.job_title_lookup as known
   where known.seniority_level is not null
   group by known.seniority_level;
comment on view reference.people_seniority is 'Levels of seniority that reference.job_title_lookup gives.';
