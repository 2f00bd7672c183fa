-- There is one table of parsed locations, reference.location_lookup, and one of titles. These are the names that the
-- earlier generations of both had; each shows the same rows under its own columns.
create or replace view reference.clay_find_people_location_lookup as
  select place.id, place.location_name, place.city, place.state, place.country, place.has_city, place.has_state, place.has_country, place.created_at
    from reference.location_lookup as place;
comment on view reference.clay_find_people_location_lookup is 'An older name of reference.location_lookup.';

create or replace view reference.clay_find_companies_location_lookup as
  select place.id, place.location_name, place.city, place.state, place.country, place.has_city, place.has_state, place.has_country, place.created_at
    from reference.location_lookup as place;
comment on view reference.clay_find_companies_location_lookup is 'An older name of reference.location_lookup.';

create or replace view reference.company_location_lookup as
  select place.id, place.location_name as location, place.city, place.state, place.country, place.has_city, place.has_state, place.created_at
    from reference.location_lookup as place;
comment on view reference.company_location_lookup is 'An older name of reference.location_lookup.';

create or replace view reference.clay_enriched_company_location_lookup as
  select place.id, place.location_name as locality, place.city, place.state, place.country, place.country as country_full, place.created_at
    from reference.location_lookup as place;
comment on view reference.clay_enriched_company_location_lookup is 'An older name of reference.location_lookup; country is the name too, where the old table had the code.';

create or replace view reference.salesnav_location_lookup as
  select place.id, place.location_name as location_raw, place.city, place.state, place.country, place.has_city, place.has_state, place.has_country, place.created_at
    from reference.location_lookup as place;
comment on view reference.salesnav_location_lookup is 'An older name of reference.location_lookup.';

create or replace view reference.salesnav_company_location_lookup as
  select place.id, place.location_name as registered_address_raw, place.city, place.state, place.country, place.has_city, place.has_state, place.has_country, place.created_at
    from reference.location_lookup as place;
comment on view reference.salesnav_company_location_lookup is 'An older name of reference.location_lookup.';

create or replace view reference.location_parsed as
  select place.id, place.location_name as raw_location, 'location-lookup'::text as source, place.city, place.state, place.country,
         place.has_city, place.has_state, place.has_country, place.created_at
    from reference.location_lookup as place;
comment on view reference.location_parsed is 'reference.location_lookup under the columns of the copy that merged seven lookups.';

create or replace view reference.job_title_parsed as
  select title.id, title.latest_title as raw_job_title, 'job-title-lookup'::text as source, title.cleaned_job_title,
         title.seniority_level as seniority, title.job_function, title.created_at
    from reference.job_title_lookup as title;
comment on view reference.job_title_parsed is 'reference.job_title_lookup under the columns of the copy that merged two lookups.';

create or replace view reference.salesnav_people_job_title_lookup as
  select title.id, title.latest_title as job_title_raw, title.cleaned_job_title as job_title_cleaned, title.seniority_level as seniority,
         title.job_function, title.created_at
    from reference.job_title_lookup as title;
comment on view reference.salesnav_people_job_title_lookup is 'An older name of reference.job_title_lookup.';
