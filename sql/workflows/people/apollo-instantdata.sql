-- One browser-scraped row of Apollo: a person and, by its Apollo URL, a company, both tied to the search that found them.
-- The company has no domain, so core hears of the person only.
select etl.raw_family('apollo_instantdata_scrapes', '{
  "linkedin_url": "payload.entity_key",
  "scrape_settings_id": "payload.payload ->> ''scrape_settings_id''",
  "raw_payload": "payload.payload"
}');

select etl.workflow('apollo-instantdata',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/apollo/instantdata/ingest',
  provider => 'apollo',
  platform => 'apollo',
  payload_type => 'enrichment',
  legacy_function => 'extract_apollo_instantdata',
  description => 'Split one browser-scraped Apollo row into a person and a company, tied to the search that found them.',
  family => 'apollo_instantdata_scrapes',
  key_field => 'linkedin_url',
  observed_at => $$etl.as_timestamptz(payload -> 'created_at')$$,
  refuses => $$
    case when core.as_uuid(payload -> 'scrape_settings_id') is null
    then '[{"pointer": "/scrape_settings_id", "detail": "scrape_settings_id must be a UUID."}]'::jsonb end
  $$,
  timeout_seconds => 60,
  core_tables => '{core.people,core.person_locations,core.person_job_titles,core.person_current_employer}',
  request_schema => '{
    "type": "object",
    "required": ["scrape_settings_id", "linkedin_url"],
    "properties": {
      "scrape_settings_id": {"type": "string", "description": "UUID of the search that found the person."},
      "linkedin_url": {"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."},
      "id": {"type": ["string", "null"], "description": "UUID of the raw record; anything else becomes null."},
      "full_name": {"type": ["string", "null"]},
      "job_title": {"type": ["string", "null"], "description": "Looked up in reference.job_title_lookup."},
      "person_location": {"type": ["string", "null"], "description": "Looked up in reference.location_lookup."},
      "photo_url": {"type": ["string", "null"]},
      "apollo_person_url": {"type": ["string", "null"]},
      "apollo_company_url": {"type": ["string", "null"], "maxLength": 500, "description": "Identifies the company; without it none is stored."},
      "company_name": {"type": ["string", "null"]},
      "company_headcount": {"type": ["string", "null"]},
      "industry": {"type": ["string", "null"]},
      "created_at": {"type": ["string", "null"], "format": "date-time", "description": "When the record was scraped; decides which payload is newer."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "person_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.apollo_instantdata_people."},
    "company_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of extracted.apollo_instantdata_companies, null without apollo_company_url."}
  }'),
  example => '{
    "scrape_settings_id": "0b9e5a52-7d0a-4c8e-9a60-000000000003",
    "linkedin_url": "http://www.linkedin.com/in/ada-example",
    "id": "0b9e5a52-7d0a-4c8e-9a60-000000000004",
    "full_name": "Ada Example",
    "job_title": "Software Engineer",
    "person_location": "San Francisco, California, United States",
    "photo_url": "https://media.example/ada.jpg",
    "apollo_person_url": "https://app.apollo.example/people/1",
    "apollo_company_url": "https://app.apollo.example/companies/1",
    "company_name": "Acme Example",
    "company_headcount": "450",
    "industry": "Computer Software",
    "created_at": "2026-01-10T12:00:00Z"
  }'
);

select etl.extracts('apollo-instantdata', 'extracted.apollo_instantdata_people', key => '{linkedin_url,scrape_settings_id}', as_select => $$
  select linkedin_url,
         core.as_uuid(payload -> 'scrape_settings_id') as scrape_settings_id, core.as_uuid(payload -> 'id') as raw_record_id,
         etl.as_text(payload -> 'full_name') as full_name, etl.as_text(payload -> 'job_title') as job_title,
         etl.as_text(payload -> 'person_location') as person_location, etl.as_text(payload -> 'photo_url') as photo_url,
         etl.as_text(payload -> 'apollo_person_url') as apollo_person_url, etl.as_text(payload -> 'company_name') as company_name,
         etl.as_text(payload -> 'company_headcount') as company_headcount, etl.as_text(payload -> 'industry') as industry,
         etl.as_text(payload -> 'apollo_company_url') as apollo_company_url,
         etl.as_timestamptz(payload -> 'created_at') as source_created_at
    from source
$$);

select etl.extracts('apollo-instantdata', 'extracted.apollo_instantdata_companies', key => '{linkedin_url,scrape_settings_id,apollo_company_url}', as_select => $$
  select linkedin_url, etl.as_text(payload -> 'apollo_company_url', 500) as apollo_company_url,
         core.as_uuid(payload -> 'scrape_settings_id') as scrape_settings_id, core.as_uuid(payload -> 'id') as raw_record_id,
         etl.as_text(payload -> 'company_name') as company_name, etl.as_text(payload -> 'company_headcount') as company_headcount,
         etl.as_text(payload -> 'industry') as industry, etl.as_timestamptz(payload -> 'created_at') as source_created_at
    from source
   where etl.as_text(payload -> 'apollo_company_url', 500) is not null
$$);

select etl.looks_up('extracted.apollo_instantdata_people', 'job_title', 'reference.job_title_lookup');
select etl.looks_up('extracted.apollo_instantdata_people', 'person_location', 'reference.location_lookup');

select etl.coalesces('extracted.apollo_instantdata_people', 'core.people', source => 'apollo_instantdata', as_select => $$
  select linkedin_url, full_name as full_name,
         case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source
$$);

select etl.coalesces('extracted.apollo_instantdata_people', 'core.person_locations', source => 'apollo_instantdata', as_select => $$
  select linkedin_url, city, state, country
    from source
    join reference.location_lookup on match_key = etl.fold(person_location)
   where num_nonnulls(city, state, country) > 0
$$);

select etl.coalesces('extracted.apollo_instantdata_people', 'core.person_job_titles', source => 'apollo_instantdata', as_select => $$
  select linkedin_url, title.cleaned_job_title as matched_cleaned_job_title, title.job_function as matched_job_function,
         title.seniority_level as matched_seniority
    from source
    join reference.job_title_lookup as title on title.match_key = etl.fold(source.job_title)
$$);

select core.offer_current_employer('extracted.apollo_instantdata_people', 'apollo_instantdata', company_name => 'company_name');

select etl.responds('apollo-instantdata', $$
  select source.raw_payload_id,
         (
           select person.id
             from extracted.apollo_instantdata_people as person
            where person.linkedin_url = source.linkedin_url
              and person.scrape_settings_id = core.as_uuid(payload -> 'scrape_settings_id')
         ) as person_id,
         (
           select company.id
             from extracted.apollo_instantdata_companies as company
            where company.linkedin_url = source.linkedin_url
              and company.scrape_settings_id = core.as_uuid(payload -> 'scrape_settings_id')
              and company.apollo_company_url = etl.as_text(payload -> 'apollo_company_url', 500)
         ) as company_id
    from source
$$);
