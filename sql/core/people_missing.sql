-- Work lists of people. They were stored once and aged; as views they show what is missing now.
create or replace view core.people_missing_country as
  select person.id, person.linkedin_url, person.full_name, profile.location_name as profile_location, discovered.location_name as discovery_location,
         scraped.location_raw as salesnav_location, person.created_at
    from core.people as person
    left join extracted.person_profile as profile on profile.linkedin_url = person.linkedin_url
    left join extracted.person_discovery as discovered on discovered.linkedin_url = person.linkedin_url
    left join extracted.salesnav_scrapes_person as scraped on scraped.linkedin_url = person.linkedin_url
   where not exists (
     select from core.person_locations as known where known.linkedin_url = person.linkedin_url and known.country is not null
   );
comment on view core.people_missing_country is 'People whose country is not known, with the location texts that no lookup knows yet.';

create or replace view core.persons_missing_cleaned_title as
  select person.id, person.linkedin_url, raw.title as raw_job_title, title.matched_cleaned_job_title as cleaned_job_title,
         title.matched_job_function, title.matched_seniority, person.created_at
    from core.people as person
    left join core.person_job_titles as title on title.linkedin_url = person.linkedin_url
    left join extracted.person_profile as profile on profile.linkedin_url = person.linkedin_url
    left join extracted.person_discovery as discovered on discovered.linkedin_url = person.linkedin_url
   cross join lateral (select coalesce(profile.latest_title, discovered.latest_title) as title) as raw
   where title.matched_cleaned_job_title is null;
comment on view core.persons_missing_cleaned_title is 'People whose title nobody has cleaned yet, with the title as it is written.';

create or replace view core.person_job_start_dates as
  select tenure.id, tenure.linkedin_url as person_linkedin_url, tenure.job_start_date, tenure.source, tenure.created_at
    from core.person_tenure as tenure;
comment on view core.person_job_start_dates is 'The older name of core.person_tenure.';
