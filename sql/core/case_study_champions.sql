select etl.golden('core.case_study_champions', entity => 'company', entity_column => 'origin_company_domain',
  key => '{origin_company_domain,case_study_key,full_name_key}', survives => 'replace', owner => '{origin_company_domain,case_study_key}');

create schema if not exists mapped;
comment on schema mapped is 'Views under the names of the old tables that held rows beside their lookup results.';

create or replace view mapped.case_study_champions as
  select champion.id, champion.id as core_champion_id, champion.full_name, champion.company_domain, champion.origin_company_domain,
         champion.job_title as original_job_title, title.cleaned_job_title as matched_cleaned_job_title, title.seniority_level as matched_seniority,
         title.job_function as matched_job_function, case when title.id is not null then 'job_title_lookup' end as job_title_match_source,
         null::text as matched_city, null::text as matched_state, null::text as matched_country, null::text as location_match_source,
         null::text as linkedin_url, champion.core_person_id, champion.created_at, champion.updated_at
    from core.case_study_champions as champion
    left join reference.job_title_lookup as title on title.match_key = etl.fold(champion.job_title);
comment on view mapped.case_study_champions is 'core.case_study_champions with their titles classified by reference.job_title_lookup, always as it is now.';
