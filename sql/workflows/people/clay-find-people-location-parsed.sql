-- As clay-find-people, with the location parsed upstream.
select etl.raw_family('person_discovery_location_parsed', '{
  "linkedin_url": "payload.entity_key",
  "workflow_slug": "coalesce(payload.request ->> ''workflow_slug'', payload.workflow_slug)",
  "provider": "payload.provider",
  "platform": "payload.platform",
  "payload_type": "payload.payload_type",
  "raw_person_payload": "payload.payload",
  "raw_person_parsed_location_payload": "payload.request -> ''raw_person_parsed_location_payload''",
  "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('clay-find-people-location-parsed',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/find-people-location-parsed/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'discovery',
  legacy_function => 'ingest_clay_find_ppl_lctn_prsd',
  description => 'Store a person found by Clay''s people search whose location was parsed upstream.',
  family => 'person_discovery_location_parsed',
  key_field => 'linkedin_url',
  payload_field => 'raw_person_payload',
  timeout_seconds => 60,
  core_tables => '{core.people,core.companies,core.company_names,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer}',
  request_schema => '{
    "type": "object",
    "required": ["linkedin_url", "workflow_slug", "raw_person_payload"],
    "properties": {
      "linkedin_url": {"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."},
      "workflow_slug": {"type": "string", "description": "A registered slug, normally clay-find-people-location-parsed."},
      "raw_person_payload": {
        "type": "object",
        "description": "The person as Clay found it, unchanged.",
        "properties": {
          "first_name": {"type": ["string", "null"]},
          "last_name": {"type": ["string", "null"]},
          "name": {"type": ["string", "null"], "description": "Full name."},
          "location_name": {"type": ["string", "null"], "description": "Looked up in reference.location_lookup when no parsed location came."},
          "domain": {"type": ["string", "null"], "description": "Domain of the current employer."},
          "latest_title": {"type": ["string", "null"], "description": "Looked up in reference.job_title_lookup."},
          "latest_experience_title": {"type": ["string", "null"], "description": "Used when latest_title is missing."},
          "latest_experience_company": {"type": ["string", "null"]},
          "latest_experience_start_date": {"type": ["string", "null"], "format": "date"},
          "company_table_id": {"type": ["string", "null"], "description": "Clay table of the company."},
          "company_record_id": {"type": ["string", "null"], "description": "Row of the company in that table."}
        }
      },
      "raw_person_parsed_location_payload": {
        "type": ["object", "null"],
        "description": "The location as an upstream step parsed it.",
        "properties": {
          "city": {"type": ["string", "null"]},
          "state": {"type": ["string", "null"]},
          "country": {"type": ["string", "null"], "maxLength": 500},
          "hasCity": {"type": ["boolean", "null"], "description": "Left out: false."},
          "hasState": {"type": ["boolean", "null"], "description": "Left out: false."},
          "hasCountry": {"type": ["boolean", "null"], "description": "Left out: false."}
        }
      },
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that the call came from."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.person_discovery_location_parsed."}
  }'),
  example => '{
    "linkedin_url": "https://www.linkedin.com/in/ada-example/",
    "workflow_slug": "clay-find-people-location-parsed",
    "raw_person_payload": {
      "first_name": "Ada",
      "last_name": "Example",
      "name": "Ada Example",
      "location_name": "Greater Springfield Area",
      "domain": "acme.example",
      "latest_title": "Software Engineer",
      "latest_experience_title": "Software Engineer",
      "latest_experience_company": "Acme Example",
      "latest_experience_start_date": "2022-03-01",
      "company_table_id": "t_abc",
      "company_record_id": "r_123"
    },
    "raw_person_parsed_location_payload": {
      "city": "Springfield",
      "state": "Illinois",
      "country": "United States",
      "hasCity": true,
      "hasState": true,
      "hasCountry": true
    },
    "clay_table_url": "https://app.clay.example/tables/t_1"
  }'
);

select etl.extracts('clay-find-people-location-parsed', 'extracted.person_discovery_location_parsed', key => '{linkedin_url}', as_select => $$
  select linkedin_url, person.first_name, person.last_name, person.full_name, person.location_name,
         etl.as_text(place -> 'city') as city, etl.as_text(place -> 'state') as state, etl.as_text(place -> 'country', 500) as country,
         coalesce(etl.as_boolean(place -> 'hasCity'), false) as has_city, coalesce(etl.as_boolean(place -> 'hasState'), false) as has_state,
         coalesce(etl.as_boolean(place -> 'hasCountry'), false) as has_country,
         person.company_domain, person.latest_title, person.latest_company, person.latest_start_date,
         person.clay_company_table_id, person.clay_company_record_id, etl.as_text(request -> 'clay_table_url') as clay_table_url
    from source
   cross join lateral (select request -> 'raw_person_parsed_location_payload' as place) as part
   cross join lateral core.clay_person(payload) as person
$$);

select core.declare_found_people('extracted.person_discovery_location_parsed', 'person_discovery');
select core.declare_parsed_people('extracted.person_discovery_location_parsed', 'person_discovery');

select etl.looks_up('extracted.person_discovery_location_parsed', 'latest_title', 'reference.job_title_lookup');

select etl.coalesces('extracted.person_discovery_location_parsed', 'core.person_job_titles', source => 'person_discovery', as_select => $$
  select linkedin_url, cleaned_job_title as matched_cleaned_job_title, job_function as matched_job_function, seniority_level as matched_seniority
    from source
    join reference.job_title_lookup on match_key = etl.fold(source.latest_title)
$$);

select etl.responds('clay-find-people-location-parsed', $$
  select source.raw_payload_id, etl.record_id('extracted.person_discovery_location_parsed', linkedin_url) as extracted_id
    from source
$$);
