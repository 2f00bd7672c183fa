-- People of Apollo whose name and title were cleaned in Clay. The employer is known by its name only, so no company follows.
select etl.raw_family('apollo_people_cleaned', '{
  "linkedin_url": "payload.entity_key",
  "raw_payload": "payload.payload"
}');

select etl.workflow('apollo-people-cleaned',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/apollo/people-cleaned/ingest',
  provider => 'apollo',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_apollo_people_cleaned',
  description => 'Store an Apollo person whose name and title were cleaned in Clay.',
  family => 'apollo_people_cleaned',
  key_field => 'linkedin_url',
  timeout_seconds => 60,
  core_tables => '{core.people,core.person_locations,core.person_job_titles,core.person_current_employer}',
  request_schema => '{
    "type": "object",
    "required": ["linkedin_url"],
    "properties": {
      "linkedin_url": {"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."},
      "apollo_person_url": {"type": ["string", "null"]},
      "photo_url": {"type": ["string", "null"]},
      "full_name": {"type": ["string", "null"]},
      "cleaned_first_name": {"type": ["string", "null"]},
      "cleaned_last_name": {"type": ["string", "null"]},
      "cleaned_full_name": {"type": ["string", "null"], "description": "Preferred for core.people."},
      "cleaned-job-title": {"type": ["string", "null"], "description": "With hyphens, as Clay sends it."},
      "cleaned_job_title": {"type": ["string", "null"], "description": "Used when cleaned-job-title is missing."},
      "job_title": {"type": ["string", "null"], "description": "Looked up in reference.job_title_lookup."},
      "company_name": {"type": ["string", "null"]},
      "person_location": {"type": ["string", "null"], "description": "Looked up in reference.location_lookup."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.apollo_people_cleaned."}
  }'),
  example => '{
    "linkedin_url": "http://www.linkedin.com/in/ada-example",
    "apollo_person_url": "https://app.apollo.example/people/1",
    "photo_url": "https://media.example/ada.jpg",
    "full_name": "Ada Example, MBA",
    "cleaned_first_name": "Ada",
    "cleaned_last_name": "Example",
    "cleaned_full_name": "Ada Example",
    "cleaned-job-title": "Software Engineer",
    "cleaned_job_title": "Software Engineer",
    "job_title": "Software Engineer",
    "company_name": "Acme Example",
    "person_location": "San Francisco, California, United States"
  }'
);

select etl.extracts('apollo-people-cleaned', 'extracted.apollo_people_cleaned', key => '{linkedin_url}', as_select => $$
  select linkedin_url,
         etl.as_text(payload -> 'apollo_person_url') as apollo_person_url, etl.as_text(payload -> 'photo_url') as photo_url,
         etl.as_text(payload -> 'full_name') as full_name, etl.as_text(payload -> 'cleaned_first_name') as cleaned_first_name,
         etl.as_text(payload -> 'cleaned_last_name') as cleaned_last_name, etl.as_text(payload -> 'cleaned_full_name') as cleaned_full_name,
         etl.as_text(payload -> 'job_title') as job_title, etl.as_text(payload -> 'company_name') as company_name,
         etl.as_text(payload -> 'person_location') as person_location,
         coalesce(etl.as_text(payload -> 'cleaned-job-title'), etl.as_text(payload -> 'cleaned_job_title')) as cleaned_job_title
    from source
$$);

select etl.looks_up('extracted.apollo_people_cleaned', 'job_title', 'reference.job_title_lookup');
select etl.looks_up('extracted.apollo_people_cleaned', 'person_location', 'reference.location_lookup');

select etl.coalesces('extracted.apollo_people_cleaned', 'core.people', source => 'apollo_people_cleaned', as_select => $$
  select linkedin_url, coalesce(cleaned_full_name, nullif(concat_ws(' ', cleaned_first_name, cleaned_last_name), ''), full_name) as full_name,
         case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source
$$);

select etl.coalesces('extracted.apollo_people_cleaned', 'core.person_locations', source => 'apollo_people_cleaned', as_select => $$
  select linkedin_url, city, state, country
    from source
    join reference.location_lookup on match_key = etl.fold(person_location)
   where num_nonnulls(city, state, country) > 0
$$);

select etl.coalesces('extracted.apollo_people_cleaned', 'core.person_job_titles', source => 'apollo_people_cleaned', as_select => $$
  select linkedin_url, title.cleaned_job_title as matched_cleaned_job_title, title.job_function as matched_job_function,
         title.seniority_level as matched_seniority
    from source
    join reference.job_title_lookup as title on title.match_key = etl.fold(source.job_title)
$$);

select core.offer_current_employer('extracted.apollo_people_cleaned', 'apollo_people_cleaned', company_name => 'company_name');

select etl.responds('apollo-people-cleaned', $$
  select source.raw_payload_id, etl.record_id('extracted.apollo_people_cleaned', linkedin_url) as id
    from source
$$);
