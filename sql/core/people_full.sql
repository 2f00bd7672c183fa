create or replace view core.people_full as
  select person.id, person.linkedin_url, person.linkedin_slug, person.full_name, person.core_company_id, person.linkedin_url_type,
         person.linkedin_user_profile_urn, location.city as person_city, location.state as person_state, location.country as person_country,
         title.matched_cleaned_job_title, title.matched_job_function, title.matched_seniority, tenure.job_start_date,
         person.created_at, person.updated_at
    from core.people as person
    left join core.person_locations as location on location.linkedin_url = person.linkedin_url
    left join core.person_job_titles as title on title.linkedin_url = person.linkedin_url
    left join core.person_tenure as tenure on tenure.linkedin_url = person.linkedin_url;
comment on view core.people_full is 'One row per person with location, classified title and start of the current job.';
