-- Clay people search: one row per person. Location and title are looked up here, so that the row shows them, and again when
-- a lookup changes.
select etl.raw_family('person_discovery', '{
  "linkedin_url": "payload.entity_key",
  "workflow_slug": "coalesce(payload.request ->> ''workflow_slug'', payload.workflow_slug)",
  "provider": "payload.provider",
  "platform": "payload.platform",
  "payload_type": "payload.payload_type",
  "raw_payload": "payload.payload",
  "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('clay-find-people',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/find-people/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'discovery',
  legacy_function => 'ingest_clay_find_people',
  description => 'Store a person found by Clay''s people search, flatten it, and match location and title against the lookups.',
  family => 'person_discovery',
  key_field => 'linkedin_url',
  payload_field => 'raw_payload',
  timeout_seconds => 60,
  core_tables => '{core.people,core.companies,core.company_names,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer}',
  request_schema => '{
    "type": "object",
    "required": ["linkedin_url", "raw_payload"],
    "properties": {
      "linkedin_url": {"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."},
      "workflow_slug": {"type": ["string", "null"], "description": "A registered slug.", "default": "clay-find-people"},
      "raw_payload": {
        "type": "object",
        "description": "The person as Clay found it, unchanged.",
        "properties": {
          "first_name": {"type": ["string", "null"]},
          "last_name": {"type": ["string", "null"]},
          "name": {"type": ["string", "null"], "description": "Full name."},
          "location_name": {"type": ["string", "null"], "description": "Looked up in reference.location_lookup."},
          "domain": {"type": ["string", "null"], "description": "Domain of the current employer."},
          "latest_title": {"type": ["string", "null"], "description": "Looked up in reference.job_title_lookup."},
          "latest_experience_title": {"type": ["string", "null"], "description": "Used when latest_title is missing."},
          "latest_experience_company": {"type": ["string", "null"]},
          "latest_experience_start_date": {"type": ["string", "null"], "format": "date"},
          "company_table_id": {"type": ["string", "null"], "description": "Clay table of the company."},
          "company_record_id": {"type": ["string", "null"], "description": "Row of the company in that table."}
        }
      },
      "cleaned_first_name": {"type": ["string", "null"], "description": "Name cleaned upstream."},
      "cleaned_last_name": {"type": ["string", "null"]},
      "cleaned_full_name": {"type": ["string", "null"], "description": "Preferred for core.people."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that the call came from."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.person_discovery."},
    "mapped_id": {"type": "string", "format": "uuid", "description": "Id of the row of mapped.person_discovery."},
    "matched_city": {"type": ["string", "null"]},
    "matched_state": {"type": ["string", "null"]},
    "matched_country": {"type": ["string", "null"]},
    "matched_cleaned_job_title": {"type": ["string", "null"]},
    "matched_seniority": {"type": ["string", "null"]},
    "matched_job_function": {"type": ["string", "null"]}
  }'),
  example => '{
    "linkedin_url": "https://www.linkedin.com/in/ada-example/",
    "workflow_slug": "clay-find-people",
    "raw_payload": {
      "first_name": "Ada",
      "last_name": "Example",
      "name": "Ada Example, MBA",
      "location_name": "San Francisco, California, United States",
      "domain": "acme.example",
      "latest_title": "Software Engineer",
      "latest_experience_title": "Software Engineer",
      "latest_experience_company": "Acme Example",
      "latest_experience_start_date": "2022-03-01",
      "company_table_id": "t_abc",
      "company_record_id": "r_123"
    },
    "cleaned_first_name": "Ada",
    "cleaned_last_name": "Example",
    "cleaned_full_name": "Ada Example",
    "clay_table_url": "https://app.clay.example/tables/t_1"
  }'
);

select etl.extracts('clay-find-people', 'extracted.person_discovery', key => '{linkedin_url}', as_select => $$
  select linkedin_url, person.first_name, person.last_name, person.full_name,
         etl.as_text(request -> 'cleaned_first_name') as cleaned_first_name, etl.as_text(request -> 'cleaned_last_name') as cleaned_last_name,
         etl.as_text(request -> 'cleaned_full_name') as cleaned_full_name,
         person.location_name, person.company_domain, person.latest_title, person.latest_company, person.latest_start_date,
         person.clay_company_table_id, person.clay_company_record_id, etl.as_text(request -> 'clay_table_url') as clay_table_url,
         place.city, place.state, place.country, place.has_city, place.has_state, place.has_country,
         place.city as matched_city, place.state as matched_state, place.country as matched_country,
         case when place.id is not null then source.observed_at end as location_matched_at,
         title.cleaned_job_title as matched_cleaned_job_title, title.job_function as matched_job_function, title.seniority_level as matched_seniority
    from source
   cross join lateral core.clay_person(payload) as person
    left join reference.location_lookup as place on place.match_key = etl.fold(person.location_name)
    left join reference.job_title_lookup as title on title.match_key = etl.fold(person.latest_title)
$$);

select etl.looks_up('extracted.person_discovery', 'location_name', 'reference.location_lookup');
select etl.looks_up('extracted.person_discovery', 'latest_title', 'reference.job_title_lookup');

select core.declare_found_people('extracted.person_discovery', 'person_discovery', 'cleaned_full_name, full_name');

select etl.coalesces('extracted.person_discovery', 'core.person_locations', source => 'person_discovery', as_select => $$
  select linkedin_url, matched_city as city, matched_state as state, matched_country as country
    from source
   where num_nonnulls(matched_city, matched_state, matched_country) > 0
$$);

select etl.coalesces('extracted.person_discovery', 'core.person_job_titles', source => 'person_discovery', as_select => $$
  select linkedin_url, matched_cleaned_job_title, matched_job_function, matched_seniority
    from source
   where matched_cleaned_job_title is not null
$$);

select etl.responds('clay-find-people', $$
  select source.raw_payload_id, etl.record_id('extracted.person_discovery', linkedin_url) as extracted_id,
         etl.record_id('mapped.person_discovery', linkedin_url) as mapped_id,
         place.city as matched_city, place.state as matched_state, place.country as matched_country,
         title.cleaned_job_title as matched_cleaned_job_title, title.seniority_level as matched_seniority, title.job_function as matched_job_function
    from source
   cross join lateral core.clay_person(payload) as person
    left join reference.location_lookup as place on place.match_key = etl.fold(person.location_name)
    left join reference.job_title_lookup as title on title.match_key = etl.fold(person.latest_title)
$$);
