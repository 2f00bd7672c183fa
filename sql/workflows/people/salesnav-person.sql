-- People scraped from Sales Navigator. Their URL is a hash, not the public profile: core.people.linkedin_url_type keeps the two apart.
select etl.raw_family('salesnav_scrapes_person_payloads', '{
  "person_linkedin_sales_nav_url": "payload.payload ->> ''person_linkedin_sales_nav_url''",
  "linkedin_user_profile_urn": "payload.payload ->> ''linkedin_user_profile_urn''",
  "domain": "payload.payload ->> ''domain''",
  "workflow_slug": "coalesce(payload.payload ->> ''workflow_slug'', payload.workflow_slug)",
  "raw_payload": "payload.payload"
}');

select etl.workflow('salesnav-person',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/salesnav/scraped-data/ingest',
  provider => 'salesnav',
  platform => 'salesnav',
  payload_type => 'enrichment',
  legacy_function => 'ingest_salesnav_person',
  description => 'Store one person scraped from Sales Navigator, with location and title looked up.',
  family => 'salesnav_scrapes_person_payloads',
  key_field => 'person_linkedin_sales_nav_url',
  observed_at => $$etl.as_timestamptz(payload -> 'source_created_at')$$,
  timeout_seconds => 60,
  core_tables => '{core.people,core.companies,core.company_names,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer}',
  request_schema => '{
    "type": "object",
    "required": ["person_linkedin_sales_nav_url"],
    "properties": {
      "person_linkedin_sales_nav_url": {"type": "string", "description": "Sales Navigator URL of the person, the key; a public profile URL is taken too."},
      "workflow_slug": {"type": ["string", "null"], "default": "salesnav-person", "description": "A registered slug."},
      "first_name": {"type": ["string", "null"]},
      "last_name": {"type": ["string", "null"]},
      "cleaned_first_name": {"type": ["string", "null"], "description": "Name cleaned upstream."},
      "cleaned_last_name": {"type": ["string", "null"]},
      "cleaned_full_name": {"type": ["string", "null"], "description": "Preferred for core.people."},
      "email": {"type": ["string", "null"]},
      "phone_number": {"type": ["string", "null"]},
      "profile_headline": {"type": ["string", "null"]},
      "profile_summary": {"type": ["string", "null"]},
      "job_title": {"type": ["string", "null"], "description": "Looked up in reference.job_title_lookup."},
      "cleaned_job_title": {"type": ["string", "null"], "description": "Title cleaned upstream."},
      "job_description": {"type": ["string", "null"]},
      "job_started_on": {"type": ["string", "null"], "description": "Text; MM-YYYY as in exports, or a date, counts for core.person_tenure."},
      "linkedin_user_profile_urn": {"type": ["string", "null"]},
      "location": {"type": ["string", "null"], "description": "Looked up in reference.location_lookup."},
      "company_name": {"type": ["string", "null"]},
      "domain": {"type": ["string", "null"], "description": "Domain of the employer."},
      "company_linkedin_url": {"type": ["string", "null"]},
      "source_id": {"type": ["string", "null"], "description": "A UUID; anything else becomes null."},
      "upload_id": {"type": ["string", "null"], "description": "A UUID; anything else becomes null."},
      "notes": {"type": ["string", "null"]},
      "matching_filters": {"type": ["boolean", "null"], "description": "Whether the person matched the filters of the search."},
      "source_created_at": {"type": ["string", "null"], "format": "date-time", "description": "When the row was scraped; decides which payload is newer."},
      "clay_batch_number": {"type": ["string", "null"]},
      "sent_to_clay_at": {"type": ["string", "null"], "format": "date-time"},
      "export_title": {"type": ["string", "null"]},
      "export_timestamp": {"type": ["string", "null"]}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.salesnav_scrapes_person."},
    "location_matched": {"type": "boolean", "description": "Whether the lookup knows the location."}
  }'),
  example => '{
    "person_linkedin_sales_nav_url": "https://www.linkedin.com/sales/lead/ACwAAExample,NAME_SEARCH,x1",
    "workflow_slug": "salesnav-person",
    "first_name": "Ada",
    "last_name": "Example",
    "cleaned_first_name": "Ada",
    "cleaned_last_name": "Example",
    "cleaned_full_name": "Ada Example",
    "email": "ada@acme.example",
    "phone_number": "+1 555 0100",
    "profile_headline": "Folding paper rockets",
    "profile_summary": "Twenty years of folding.",
    "job_title": "Software Engineer",
    "cleaned_job_title": "Software Engineer",
    "job_description": "Builds folding machines.",
    "job_started_on": "03-2022",
    "linkedin_user_profile_urn": "urn:li:fsd_profile:ACoAAExample",
    "location": "San Francisco, California, United States",
    "company_name": "Acme Example",
    "domain": "acme.example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "source_id": "0b9e5a52-7d0a-4c8e-9a60-000000000001",
    "upload_id": "0b9e5a52-7d0a-4c8e-9a60-000000000002",
    "notes": "Met at the fair",
    "matching_filters": true,
    "source_created_at": "2026-01-10T12:00:00Z",
    "clay_batch_number": "7",
    "sent_to_clay_at": "2026-01-10T12:05:00Z",
    "export_title": "VPs in Springfield",
    "export_timestamp": "2026-01-10 12:00"
  }'
);

select etl.extracts('salesnav-person', 'extracted.salesnav_scrapes_person', key => '{linkedin_url}', as_select => $$
  select linkedin_url,
         etl.as_text(payload -> 'person_linkedin_sales_nav_url') as person_linkedin_sales_nav_url,
         etl.as_text(payload -> 'first_name') as first_name, etl.as_text(payload -> 'last_name') as last_name,
         etl.as_text(payload -> 'cleaned_first_name') as cleaned_first_name,
         etl.as_text(payload -> 'cleaned_last_name') as cleaned_last_name, etl.as_text(payload -> 'cleaned_full_name') as cleaned_full_name,
         etl.as_text(payload -> 'email') as email, etl.as_text(payload -> 'phone_number') as phone_number,
         etl.as_text(payload -> 'profile_headline') as profile_headline, etl.as_text(payload -> 'profile_summary') as profile_summary,
         etl.as_text(payload -> 'job_title') as job_title, etl.as_text(payload -> 'cleaned_job_title') as cleaned_job_title,
         etl.as_text(payload -> 'job_description') as job_description, etl.as_text(payload -> 'job_started_on') as job_started_on,
         etl.as_text(payload -> 'linkedin_user_profile_urn') as linkedin_user_profile_urn,
         etl.as_text(payload -> 'location') as location_raw, etl.as_text(payload -> 'company_name') as company_name,
         etl.normalize_domain(etl.as_text(payload -> 'domain')) as domain,
         etl.as_text(payload -> 'company_linkedin_url') as company_linkedin_url, core.as_uuid(payload -> 'source_id') as source_id,
         core.as_uuid(payload -> 'upload_id') as upload_id, etl.as_text(payload -> 'notes') as notes,
         etl.as_boolean(payload -> 'matching_filters') as matching_filters,
         etl.as_timestamptz(payload -> 'source_created_at') as source_created_at,
         etl.as_text(payload -> 'clay_batch_number') as clay_batch_number,
         etl.as_timestamptz(payload -> 'sent_to_clay_at') as sent_to_clay_at, etl.as_text(payload -> 'export_title') as export_title,
         etl.as_text(payload -> 'export_timestamp') as export_timestamp,
         place.city, place.state, place.country, coalesce(place.has_city, false) as has_city, coalesce(place.has_state, false) as has_state,
         coalesce(place.has_country, false) as has_country,
         title.cleaned_job_title as matched_cleaned_job_title, title.job_function as matched_job_function, title.seniority_level as matched_seniority
    from source
    left join reference.location_lookup as place on place.match_key = etl.fold(etl.as_text(payload -> 'location'))
    left join reference.job_title_lookup as title on title.match_key = etl.fold(etl.as_text(payload -> 'job_title'))
$$);

select etl.looks_up('extracted.salesnav_scrapes_person', 'location_raw', 'reference.location_lookup');
select etl.looks_up('extracted.salesnav_scrapes_person', 'job_title', 'reference.job_title_lookup');

select etl.coalesces('extracted.salesnav_scrapes_person', 'core.people', source => 'salesnav_scrapes_person', as_select => $$
  select linkedin_url, coalesce(cleaned_full_name, nullif(concat_ws(' ', first_name, last_name), '')) as full_name,
         case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type, linkedin_user_profile_urn
    from source
$$);

select etl.coalesces('extracted.salesnav_scrapes_person', 'core.companies', source => 'salesnav_scrapes_person', as_select => $$
  select domain, company_name as name, company_linkedin_url as linkedin_url
    from source
   where domain is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_person', 'core.company_names', source => 'salesnav_scrapes_person', as_select => $$
  select domain, company_name as raw_name, company_linkedin_url as linkedin_url
    from source
   where domain is not null
     and company_name is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_person', 'core.person_locations', source => 'salesnav_scrapes_person', as_select => $$
  select linkedin_url, city, state, country
    from source
   where num_nonnulls(city, state, country) > 0
$$);

select etl.coalesces('extracted.salesnav_scrapes_person', 'core.person_tenure', source => 'salesnav_scrapes_person', as_select => $$
  select linkedin_url, core.salesnav_month(job_started_on) as job_start_date
    from source
   where core.salesnav_month(job_started_on) is not null
$$);

select etl.coalesces('extracted.salesnav_scrapes_person', 'core.person_job_titles', source => 'salesnav_scrapes_person', as_select => $$
  select linkedin_url, matched_cleaned_job_title, matched_job_function, matched_seniority
    from source
   where matched_cleaned_job_title is not null
$$);

select core.offer_current_employer('extracted.salesnav_scrapes_person', 'salesnav_scrapes_person',
  company_name => 'company_name', company_domain => 'domain', company_linkedin_url => 'company_linkedin_url');

select etl.responds('salesnav-person', $$
  select source.raw_payload_id, etl.record_id('extracted.salesnav_scrapes_person', linkedin_url) as extracted_id,
         place.id is not null as location_matched
    from source
    left join reference.location_lookup as place on place.match_key = etl.fold(etl.as_text(payload -> 'location'))
$$);
