-- Clay person profile: a profile row, a set of jobs and a set of schools; feeds people, their employers and their careers.
select etl.raw_family('person_payloads', '{
  "linkedin_url": "payload.entity_key",
  "workflow_slug": "coalesce(payload.request ->> ''workflow_slug'', payload.workflow_slug)",
  "provider": "payload.provider",
  "platform": "payload.platform",
  "payload_type": "payload.payload_type",
  "raw_payload": "payload.payload"
}');

select etl.workflow('clay-person-profile',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/person-profile/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'person_profile',
  legacy_function => 'ingest_clay_person_profile',
  description => 'Store a full enriched person profile from Clay, flatten profile, experience and education, and feed the core person tables.',
  family => 'person_payloads',
  key_field => 'linkedin_url',
  payload_field => 'raw_payload',
  -- A profile is as old as its last refresh, whenever it arrives.
  observed_at => $$etl.as_timestamptz(payload -> 'last_refresh')$$,
  timeout_seconds => 60,
  core_tables => array[
    'core.people', 'core.companies', 'core.person_locations', 'core.person_tenure', 'core.person_past_employer',
    'core.person_work_history', 'core.person_promotions', 'core.person_job_titles', 'core.person_current_employer'
  ],
  request_schema => '{
    "type": "object",
    "required": ["linkedin_url", "workflow_slug", "raw_payload"],
    "properties": {
      "linkedin_url": {"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."},
      "workflow_slug": {"type": "string", "description": "A registered slug, normally clay-person-profile."},
      "raw_payload": {
        "type": "object",
        "description": "The Clay person profile, unchanged.",
        "properties": {
          "slug": {"type": ["string", "null"], "description": "Last part of the LinkedIn URL."},
          "url": {"type": ["string", "null"]},
          "title": {"type": ["string", "null"]},
          "profile_id": {"type": ["string", "integer", "null"]},
          "first_name": {"type": ["string", "null"]},
          "last_name": {"type": ["string", "null"]},
          "name": {"type": ["string", "null"]},
          "headline": {"type": ["string", "null"]},
          "summary": {"type": ["string", "null"]},
          "country": {"type": ["string", "null"], "maxLength": 500},
          "location_name": {"type": ["string", "null"], "description": "Looked up in reference.location_lookup."},
          "connections": {"type": ["integer", "null"]},
          "num_followers": {"type": ["integer", "null"]},
          "jobs_count": {"type": ["integer", "null"]},
          "picture_url_orig": {"type": ["string", "null"]},
          "picture_url_copy": {"type": ["string", "null"], "description": "Used when picture_url_orig is missing."},
          "last_refresh": {"type": ["string", "null"], "format": "date-time", "description": "When the profile was taken; decides which payload is newer."},
          "latest_experience": {
            "description": "The current or latest job.",
            "type": ["object", "null"],
            "properties": {
              "title": {"type": ["string", "null"]},
              "company": {"type": ["string", "null"]},
              "company_domain": {"type": ["string", "null"]},
              "url": {"type": ["string", "null"]},
              "org_id": {"type": ["string", "integer", "null"]},
              "locality": {"type": ["string", "null"]},
              "summary": {"type": ["string", "null"]},
              "start_date": {"type": ["string", "null"], "format": "date"},
              "end_date": {"type": ["string", "null"], "format": "date"},
              "is_current": {"type": ["boolean", "null"]}
            }
          },
          "experience": {
            "description": "All jobs, newest first; an absent or empty list changes nothing.",
            "type": ["array", "null"],
            "items": {
              "type": ["object", "null"],
              "properties": {
                "title": {"type": ["string", "null"], "maxLength": 500},
                "company": {"type": ["string", "null"], "maxLength": 500},
                "company_domain": {"type": ["string", "null"]},
                "url": {"type": ["string", "null"]},
                "org_id": {"type": ["string", "integer", "null"]},
                "locality": {"type": ["string", "null"]},
                "summary": {"type": ["string", "null"]},
                "start_date": {"type": ["string", "null"], "format": "date"},
                "end_date": {"type": ["string", "null"], "format": "date"},
                "is_current": {"type": ["boolean", "null"]}
              }
            }
          },
          "education": {
            "description": "All schools; an absent or empty list changes nothing.",
            "type": ["array", "null"],
            "items": {
              "type": ["object", "null"],
              "properties": {
                "school_name": {"type": ["string", "null"]},
                "degree": {"type": ["string", "null"]},
                "field_of_study": {"type": ["string", "null"]},
                "grade": {"type": ["string", "null"]},
                "activities": {"type": ["string", "null"]},
                "start_date": {"type": ["string", "null"], "format": "date"},
                "end_date": {"type": ["string", "null"], "format": "date"}
              }
            }
          },
          "languages": {"type": ["array", "null"]},
          "certifications": {"type": ["array", "null"]},
          "courses": {"type": ["array", "null"]},
          "patents": {"type": ["array", "null"]},
          "projects": {"type": ["array", "null"]},
          "publications": {"type": ["array", "null"]},
          "volunteering": {"type": ["array", "null"]},
          "awards": {"type": ["array", "null"]}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "person_profile_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.person_profile."},
      "experience_count": {"type": "integer", "description": "Jobs of the payload."},
      "education_count": {"type": "integer", "description": "Schools of the payload."},
      "core_person_id": {"type": "string", "format": "uuid", "description": "Id of the row of core.people."},
      "companies_count": {"type": "integer", "description": "Distinct employer domains of the payload."},
      "core_location_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of core.person_locations, null when there is none."},
      "core_tenure_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of core.person_tenure, null when there is none."},
      "past_employers_count": {"type": "integer", "description": "Former employers that core now has from this payload."},
      "warnings": {
        "description": "Fields that could not be used: they became null.",
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"field": {"type": "string"}, "problem": {"type": "string"}, "found": {"type": ["string", "null"]}}
        }
      }
    }
  }',
  example => '{
    "linkedin_url": "https://www.linkedin.com/in/ada-example/",
    "workflow_slug": "clay-person-profile",
    "raw_payload": {
      "slug": "ada-example",
      "url": "https://www.linkedin.com/in/ada-example",
      "title": "VP of Marketing",
      "profile_id": "abc123",
      "first_name": "Ada",
      "last_name": "Example",
      "name": "Ada Example",
      "headline": "Marketing paper rockets",
      "summary": "Twenty years of folding.",
      "country": "United States",
      "location_name": "San Francisco, California, United States",
      "connections": 500,
      "num_followers": 1200,
      "jobs_count": 3,
      "picture_url_orig": "https://media.example/ada.jpg",
      "picture_url_copy": "https://media.example/ada-copy.jpg",
      "last_refresh": "2026-01-10T12:00:00Z",
      "latest_experience": {
        "title": "VP of Marketing",
        "company": "Acme Example",
        "company_domain": "acme.example",
        "url": "https://www.linkedin.com/company/acme-example",
        "org_id": "1234567",
        "locality": "Springfield, IL",
        "summary": "Leads a team of twelve.",
        "start_date": "2022-03-01",
        "end_date": null,
        "is_current": true
      },
      "experience": [
        {
          "title": "VP of Marketing",
          "company": "Acme Example",
          "company_domain": "acme.example",
          "url": "https://www.linkedin.com/company/acme-example",
          "org_id": "1234567",
          "locality": "Springfield, IL",
          "summary": "Leads a team of twelve.",
          "start_date": "2022-03-01",
          "end_date": null,
          "is_current": true
        },
        {
          "title": "Head of Partnerships",
          "company": "Acme Example",
          "company_domain": "acme.example",
          "url": "https://www.linkedin.com/company/acme-example",
          "org_id": "1234567",
          "locality": "Springfield, IL",
          "summary": "Built the partner programme.",
          "start_date": "2019-06-01",
          "end_date": "2022-02-28",
          "is_current": false
        },
        {
          "title": "Software Engineer",
          "company": "Globex Example",
          "company_domain": "globex.example",
          "url": "https://www.linkedin.com/company/globex-example",
          "org_id": "7654321",
          "locality": "Springfield, IL",
          "summary": "Paper folding machines.",
          "start_date": "2016-01-01",
          "end_date": "2019-05-31",
          "is_current": false
        }
      ],
      "education": [
        {
          "school_name": "Springfield University",
          "degree": "MSc",
          "field_of_study": "Paper Engineering",
          "grade": "1.0",
          "activities": "Origami club",
          "start_date": "2010-09-01",
          "end_date": "2015-06-30"
        }
      ],
      "languages": ["English"],
      "certifications": [{"name": "Certified Folder"}],
      "courses": [],
      "patents": [],
      "projects": [],
      "publications": [],
      "volunteering": [],
      "awards": []
    }
  }'
);

-- What comes in ----------------------------------------------------------------------------------------------

select etl.extracts('clay-person-profile', 'extracted.person_profile', key => '{linkedin_url}', as_select => $$
  select linkedin_url,
         etl.as_text(payload -> 'slug') as linkedin_slug, etl.as_text_or_number(payload -> 'profile_id') as linkedin_profile_id,
         etl.as_text(payload -> 'first_name') as first_name, etl.as_text(payload -> 'last_name') as last_name, etl.as_text(payload -> 'name') as full_name,
         etl.as_text(payload -> 'headline') as headline, etl.as_text(payload -> 'summary') as summary, etl.as_text(payload -> 'country', 500) as country, etl.as_text(payload -> 'location_name') as location_name,
         etl.as_integer(payload -> 'connections') as connections, etl.as_integer(payload -> 'num_followers') as num_followers,
         coalesce(etl.as_text(payload -> 'picture_url_orig'), etl.as_text(payload -> 'picture_url_copy')) as picture_url,
         etl.as_integer(payload -> 'jobs_count') as jobs_count,
         etl.as_text(latest -> 'title') as latest_title, etl.as_text(latest -> 'company') as latest_company,
         etl.normalize_domain(etl.as_text(latest -> 'company_domain')) as latest_company_domain, etl.as_text(latest -> 'url') as latest_company_linkedin_url,
         etl.as_bigint(latest -> 'org_id') as latest_company_org_id, etl.as_text(latest -> 'locality') as latest_locality,
         etl.as_date(latest -> 'start_date') as latest_start_date, etl.as_boolean(latest -> 'is_current') as latest_is_current,
         etl.as_array(payload -> 'certifications') as certifications, etl.as_array(payload -> 'languages') as languages, etl.as_array(payload -> 'courses') as courses,
         etl.as_array(payload -> 'patents') as patents, etl.as_array(payload -> 'projects') as projects, etl.as_array(payload -> 'publications') as publications,
         etl.as_array(payload -> 'volunteering') as volunteering, etl.as_array(payload -> 'awards') as awards,
         etl.as_timestamptz(payload -> 'last_refresh') as source_last_refresh
    from source
   cross join lateral (select payload -> 'latest_experience' as latest) as part
$$);

select etl.extracts('clay-person-profile', 'extracted.person_experience', key => '{linkedin_url,raw_payload_id,experience_order}', mode => 'replace', as_select => $$
  select linkedin_url, (job.ordinality - 1)::integer as experience_order,
         etl.as_text(job.element -> 'title', 500) as title, etl.as_text(job.element -> 'company', 500) as company, etl.normalize_domain(etl.as_text(job.element -> 'company_domain')) as company_domain,
         etl.as_text(job.element -> 'url') as company_linkedin_url, etl.as_bigint(job.element -> 'org_id') as company_org_id, etl.as_text(job.element -> 'locality') as locality,
         etl.as_text(job.element -> 'summary') as summary, etl.as_date(job.element -> 'start_date') as start_date, etl.as_date(job.element -> 'end_date') as end_date,
         case when job.element ? 'is_current' then etl.as_boolean(job.element -> 'is_current') else false end as is_current
    from source
   cross join lateral etl.elements(payload -> 'experience') as job
   where jsonb_typeof(job.element) = 'object'
$$);

select etl.extracts('clay-person-profile', 'extracted.person_education', key => '{linkedin_url,raw_payload_id,education_order}', mode => 'replace', as_select => $$
  select linkedin_url, (school.ordinality - 1)::integer as education_order,
         etl.as_text(school.element -> 'school_name') as school_name, etl.as_text(school.element -> 'degree') as degree, etl.as_text(school.element -> 'field_of_study') as field_of_study,
         etl.as_text(school.element -> 'grade') as grade, etl.as_text(school.element -> 'activities') as activities, etl.as_date(school.element -> 'start_date') as start_date,
         etl.as_date(school.element -> 'end_date') as end_date
    from source
   cross join lateral etl.elements(payload -> 'education') as school
   where jsonb_typeof(school.element) = 'object'
$$);

-- What it offers to core -------------------------------------------------------------------------------------

select etl.looks_up('extracted.person_profile', 'latest_title', 'reference.job_title_lookup');
select etl.looks_up('extracted.person_profile', 'location_name', 'reference.location_lookup');
select etl.looks_up('extracted.person_experience', 'title', 'reference.job_title_lookup');

select etl.coalesces('extracted.person_profile', 'core.people', source => 'person_profile', as_select => $$
  select linkedin_url, linkedin_slug, full_name, case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source
$$);

select etl.coalesces('extracted.person_profile', 'core.person_locations', source => 'person_profile', as_select => $$
  select linkedin_url, place.city, place.state, coalesce(source.country, place.country) as country
    from source
    left join reference.location_lookup as place on place.match_key = etl.fold(source.location_name)
   where num_nonnulls(place.city, place.state, place.country, source.country) > 0
$$);

-- The start of a job that was already left is no tenure.
select etl.coalesces('extracted.person_profile', 'core.person_tenure', source => 'person_profile', as_select => $$
  select linkedin_url, latest_start_date as job_start_date
    from source
   where latest_start_date is not null
     and latest_is_current is not false
$$);

select etl.coalesces('extracted.person_profile', 'core.person_job_titles', source => 'person_profile', as_select => $$
  select linkedin_url, cleaned_job_title as matched_cleaned_job_title, job_function as matched_job_function, seniority_level as matched_seniority
    from source
    join reference.job_title_lookup on match_key = etl.fold(source.latest_title)
$$);

select etl.coalesces('extracted.person_experience', 'core.companies', source => 'person_profile', as_select => $$
  select distinct on (source.raw_payload_id, company_domain) company_domain as domain, company as name, company_linkedin_url as linkedin_url
    from source
   where company_domain is not null
   order by source.raw_payload_id, company_domain, experience_order
$$);

-- One row per former employer: the domain identifies it, else its name; the newest job gives the name.
select etl.coalesces('extracted.person_experience', 'core.person_past_employer', source => 'person_profile', as_select => $$
  select distinct on (linkedin_url, coalesce(company_domain, etl.fold(company)), company_domain is null)
         linkedin_url, company as past_company_name, company_domain as past_company_domain
    from source
   where is_current is not true
     and num_nonnulls(company, company_domain) > 0
   order by linkedin_url, coalesce(company_domain, etl.fold(company)), company_domain is null, experience_order
$$);

-- A list of jobs without a current one says that there is no employer.
select etl.coalesces('extracted.person_experience', 'core.person_current_employer', source => 'person_profile', as_select => $$
  select distinct on (source.raw_payload_id, linkedin_url)
         linkedin_url, case when is_current then company_domain end as company_domain, case when is_current then company end as company_name,
         case when is_current then company_linkedin_url end as company_linkedin_url
    from source
   order by source.raw_payload_id, linkedin_url, is_current is not true, company_domain is null, experience_order
$$);

-- core.person_work_history and core.person_promotions: sql/core/sync_person_experience_to_core.sql

-- What it answers --------------------------------------------------------------------------------------------

select etl.responds('clay-person-profile', $$
  select source.raw_payload_id, etl.record_id('extracted.person_profile', linkedin_url) as person_profile_id,
         jobs.experience_count,
         (select count(*) from etl.elements(payload -> 'education') as school where jsonb_typeof(school.element) = 'object') as education_count,
         etl.record_id('core.people', linkedin_url) as core_person_id, jobs.companies_count,
         (select location.id from core.person_locations as location where location.linkedin_url = source.linkedin_url) as core_location_id,
         (select tenure.id from core.person_tenure as tenure where tenure.linkedin_url = source.linkedin_url) as core_tenure_id,
         (
           select count(*)
             from core.person_past_employer as past
            where past.linkedin_url = source.linkedin_url
              and past.raw_payload_id = source.raw_payload_id
         ) as past_employers_count
    from source
   cross join lateral (
     select count(*) as experience_count, count(distinct etl.normalize_domain(etl.as_text(job.element -> 'company_domain'))) as companies_count
       from etl.elements(payload -> 'experience') as job
      where jsonb_typeof(job.element) = 'object'
   ) as jobs
$$);
