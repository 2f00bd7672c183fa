-- People whose title was cleaned and classified upstream. The classification is this person's: it is not made the rule for
-- everybody with the same title (reference-job-title-update does that).
select etl.raw_family('person_title_enrichment', '{
  "linkedin_url": "payload.entity_key",
  "workflow_slug": "coalesce(payload.payload ->> ''workflow_slug'', payload.workflow_slug)",
  "raw_payload": "payload.payload",
  "clay_table_url": "payload.payload ->> ''clay_table_url''"
}');

select etl.workflow('clay-find-people-title-enrichment',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/not-sure/job-title-clean/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'enrichment',
  aliases => '{person-title-enrichment}',
  legacy_function => 'ingest_ppl_title_enrich',
  description => 'Store a person whose title was cleaned and classified upstream.',
  family => 'person_title_enrichment',
  key_field => 'linkedin_url',
  timeout_seconds => 60,
  core_tables => '{core.people,core.companies,core.company_names,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer}',
  request_schema => '{
    "type": "object",
    "required": ["linkedin_url", "workflow_slug"],
    "properties": {
      "linkedin_url": {"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."},
      "workflow_slug": {"type": "string", "description": "A registered slug, normally clay-find-people-title-enrichment."},
      "first_name": {"type": ["string", "null"]},
      "last_name": {"type": ["string", "null"]},
      "full_name": {"type": ["string", "null"]},
      "cleaned_first_name": {"type": ["string", "null"], "description": "Name cleaned upstream."},
      "cleaned_last_name": {"type": ["string", "null"]},
      "cleaned_full_name": {"type": ["string", "null"], "description": "Preferred for core.people."},
      "location_name": {"type": ["string", "null"], "description": "Looked up in reference.location_lookup when no city, state or country came."},
      "city": {"type": ["string", "null"]},
      "state": {"type": ["string", "null"]},
      "country": {"type": ["string", "null"], "maxLength": 500},
      "has_city": {"type": ["boolean", "null"], "description": "Left out: false."},
      "has_state": {"type": ["boolean", "null"], "description": "Left out: false."},
      "has_country": {"type": ["boolean", "null"], "description": "Left out: false."},
      "company_domain": {"type": ["string", "null"], "description": "Domain of the current employer."},
      "latest_title": {"type": ["string", "null"], "description": "Title as it was found."},
      "cleaned_job_title": {"type": ["string", "null"], "description": "Title as it should be shown."},
      "latest_company": {"type": ["string", "null"]},
      "latest_start_date": {"type": ["string", "null"], "format": "date"},
      "clay_company_table_id": {"type": ["string", "null"], "description": "Clay table of the company."},
      "clay_company_record_id": {"type": ["string", "null"], "description": "Row of the company in that table."},
      "seniority_level": {"type": ["string", "null"]},
      "job_function": {"type": ["string", "null"]},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that the call came from."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.person_title_enrichment."}
  }'),
  example => '{
    "linkedin_url": "https://www.linkedin.com/in/ada-example/",
    "workflow_slug": "clay-find-people-title-enrichment",
    "first_name": "Ada",
    "last_name": "Example",
    "full_name": "Ada Example, MBA",
    "cleaned_first_name": "Ada",
    "cleaned_last_name": "Example",
    "cleaned_full_name": "Ada Example",
    "location_name": "Greater Springfield Area",
    "city": "Springfield",
    "state": "Illinois",
    "country": "United States",
    "has_city": true,
    "has_state": true,
    "has_country": true,
    "company_domain": "acme.example",
    "latest_title": "vp mktg",
    "cleaned_job_title": "VP of Marketing",
    "latest_company": "Acme Example",
    "latest_start_date": "2022-03-01",
    "clay_company_table_id": "t_abc",
    "clay_company_record_id": "r_123",
    "seniority_level": "VP",
    "job_function": "Marketing",
    "clay_table_url": "https://app.clay.example/tables/t_1"
  }'
);

select etl.extracts('clay-find-people-title-enrichment', 'extracted.person_title_enrichment', key => '{linkedin_url}', as_select => $$
  select linkedin_url,
         etl.as_text(payload -> 'first_name') as first_name, etl.as_text(payload -> 'last_name') as last_name,
         etl.as_text(payload -> 'full_name') as full_name, etl.as_text(payload -> 'cleaned_first_name') as cleaned_first_name,
         etl.as_text(payload -> 'cleaned_last_name') as cleaned_last_name, etl.as_text(payload -> 'cleaned_full_name') as cleaned_full_name,
         etl.as_text(payload -> 'location_name') as location_name, etl.as_text(payload -> 'city') as city,
         etl.as_text(payload -> 'state') as state, etl.as_text(payload -> 'country', 500) as country,
         coalesce(etl.as_boolean(payload -> 'has_city'), false) as has_city,
         coalesce(etl.as_boolean(payload -> 'has_state'), false) as has_state,
         coalesce(etl.as_boolean(payload -> 'has_country'), false) as has_country,
         etl.normalize_domain(etl.as_text(payload -> 'company_domain')) as company_domain,
         etl.as_text(payload -> 'latest_title') as latest_title, etl.as_text(payload -> 'cleaned_job_title') as cleaned_job_title,
         etl.as_text(payload -> 'latest_company') as latest_company, etl.as_date(payload -> 'latest_start_date') as latest_start_date,
         etl.as_text(payload -> 'clay_company_table_id') as clay_company_table_id,
         etl.as_text(payload -> 'clay_company_record_id') as clay_company_record_id,
         etl.as_text(payload -> 'seniority_level') as seniority_level, etl.as_text(payload -> 'job_function') as job_function,
         etl.as_text(payload -> 'clay_table_url') as clay_table_url
    from source
$$);

select core.declare_found_people('extracted.person_title_enrichment', 'person_title_enrichment', 'cleaned_full_name, full_name');
select core.declare_parsed_people('extracted.person_title_enrichment', 'person_title_enrichment');

select etl.coalesces('extracted.person_title_enrichment', 'core.person_job_titles', source => 'person_title_enrichment', as_select => $$
  select linkedin_url, coalesce(cleaned_job_title, latest_title) as matched_cleaned_job_title, job_function as matched_job_function,
         seniority_level as matched_seniority
    from source
   where num_nonnulls(cleaned_job_title, job_function, seniority_level) > 0
$$);

select etl.responds('clay-find-people-title-enrichment', $$
  select source.raw_payload_id, etl.record_id('extracted.person_title_enrichment', linkedin_url) as extracted_id
    from source
$$);
