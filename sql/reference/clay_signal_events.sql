-- What Clay's events look like, once for all workflows that receive them.

create or replace function reference.clay_event_schema(properties jsonb)
returns jsonb language sql immutable as $$
  select jsonb_build_object('type', '["object", "null"]'::jsonb, 'description', 'The whole Clay event, unchanged.', 'properties', '{
    "origin": {
      "type": ["object", "null"], "description": "Where in Clay the event comes from.",
      "properties": {
        "tableId": {"type": ["string", "null"], "description": "Id of the Clay table."},
        "recordId": {"type": ["string", "null"], "description": "Id of its row."}
      }
    },
    "isInitialCheck": {"type": ["boolean", "null"], "description": "True for what was there when monitoring began; absent means false."}
  }'::jsonb || clay_event_schema.properties);
$$;
comment on function reference.clay_event_schema(jsonb) is 'JSON Schema of a Clay event with these properties beside those that all events have.';

create or replace function reference.clay_job_post_schema()
returns jsonb language sql immutable as $$
  select '{
    "type": ["object", "null"],
    "description": "The posting.",
    "properties": {
      "title": {"type": ["string", "null"], "maxLength": 500, "description": "Title as posted."},
      "normalized_title": {"type": ["string", "null"], "maxLength": 500, "description": "Title without level and suffixes."},
      "domain": {"type": ["string", "null"], "description": "Domain of the company."},
      "company_name": {"type": ["string", "null"], "description": "Name of the company."},
      "company_url": {"type": ["string", "null"], "maxLength": 500, "description": "LinkedIn page of the company."},
      "company_id": {"type": ["integer", "null"], "format": "int64", "description": "LinkedIn id of the company."},
      "seniority": {"type": ["string", "null"], "maxLength": 500, "description": "Level, such as Director."},
      "employment_type": {"type": ["string", "null"], "description": "Such as Full-time."},
      "location": {"type": ["string", "null"], "description": "Place of work, free text."},
      "url": {"type": ["string", "null"], "description": "LinkedIn page of the posting."},
      "job_id": {"type": ["integer", "null"], "format": "int64", "description": "LinkedIn id of the posting: identifies it."},
      "posted_at": {"type": ["string", "null"], "description": "When it was posted: ISO 8601, or one of the spellings that core.posting_time() reads."},
      "post_on": {"type": ["string", "null"], "description": "Older name of posted_at, used when that is missing."},
      "salary_min": {"type": ["number", "null"], "description": "Lower end of the salary, in salary_currency per salary_unit."},
      "salary_max": {"type": ["number", "null"], "description": "Upper end of the salary, in salary_currency per salary_unit."},
      "salary_currency": {"type": ["string", "null"], "description": "Such as USD."},
      "salary_unit": {"type": ["string", "null"], "description": "Such as year."},
      "recruiter_name": {"type": ["string", "null"], "description": "Who posted it."},
      "recruiter_url": {"type": ["string", "null"], "description": "LinkedIn profile of who posted it."}
    }
  }'::jsonb;
$$;
comment on function reference.clay_job_post_schema() is 'JSON Schema of a posting in Clay''s form (jobPostData).';

create or replace function reference.clay_job_post_example()
returns jsonb language sql immutable as $$
  select '{
    "title": "Billing Analyst II",
    "normalized_title": "Billing Analyst",
    "domain": "acme.example",
    "company_name": "Acme Example",
    "company_url": "https://www.linkedin.com/company/acme-example",
    "company_id": 1234567,
    "seniority": "Entry level",
    "employment_type": "Full-time",
    "location": "Springfield, IL",
    "url": "https://www.linkedin.com/jobs/view/4300000001",
    "job_id": 4300000001,
    "posted_at": "2026-01-12T09:30:00.000Z",
    "post_on": "January 12, 2026 at 5:04 PM",
    "salary_min": 90000,
    "salary_max": 120000.5,
    "salary_currency": "USD",
    "salary_unit": "year",
    "recruiter_name": "Rita Example",
    "recruiter_url": "https://www.linkedin.com/in/rita-example"
  }'::jsonb;
$$;
comment on function reference.clay_job_post_example() is 'An invented posting in Clay''s form, with every field.';

create or replace function reference.clay_profile_schema()
returns jsonb language sql stable set search_path = '' as $$
  select (registered.request_schema #> '{properties,raw_payload}')
      || '{"type": ["object", "null"], "description": "The Clay profile of the person, as clay-person-profile receives it."}'::jsonb
    from reference.enrichment_workflow_registry as registered
   where registered.workflow_slug = 'clay-person-profile';
$$;
comment on function reference.clay_profile_schema() is 'JSON Schema of the profile of a person in Clay''s form, which events contain (fullProfile).';

create or replace function reference.clay_profile_example()
returns jsonb language sql stable set search_path = '' as $$
  select registered.example_request -> 'raw_payload'
    from reference.enrichment_workflow_registry as registered
   where registered.workflow_slug = 'clay-person-profile';
$$;
comment on function reference.clay_profile_example() is 'An invented profile of a person in Clay''s form, with every field.';

create or replace function reference.clay_person_event_schema(properties jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select reference.clay_event_schema('{
      "confidence": {"type": ["integer", "null"], "description": "How sure Clay is, 0 to 100."},
      "reducedConfidenceReasons": {"type": ["array", "null"], "description": "Why it is not surer."}
    }'::jsonb || jsonb_build_object('fullProfile', reference.clay_profile_schema()) || clay_person_event_schema.properties);
$$;
comment on function reference.clay_person_event_schema(jsonb) is 'JSON Schema of a Clay event about a person with these properties beside those that all such events have.';

create or replace function reference.clay_person_event_example(facts jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select '{
      "origin": {"tableId": "t_abc123", "recordId": "r_def456"},
      "isInitialCheck": false,
      "confidence": 85,
      "reducedConfidenceReasons": ["profile not refreshed recently"]
    }'::jsonb || jsonb_build_object('fullProfile', reference.clay_profile_example()) || clay_person_event_example.facts;
$$;
comment on function reference.clay_person_event_example(jsonb) is 'An invented Clay event about a person with these facts beside those that all such events have.';

create or replace function reference.company_linkedin_url_schema(company text)
returns jsonb language sql immutable as $$
  select jsonb_build_object('type', '["string", "array", "null"]'::jsonb, 'description', format('LinkedIn page of the %s; of a list the first.', company_linkedin_url_schema.company));
$$;
comment on function reference.company_linkedin_url_schema(text) is 'JSON Schema of a company''s LinkedIn URL, which Clay gives as one, as a comma-separated list, or as an array.';

create or replace function reference.ingest_response_schema(properties jsonb)
returns jsonb language sql immutable as $$
  select jsonb_build_object('type', 'object', 'properties', '{
    "success": {"type": "boolean"},
    "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."}
  }'::jsonb || ingest_response_schema.properties || '{
    "warnings": {
      "description": "Fields that could not be used: they became null.",
      "type": "array",
      "items": {
        "type": "object",
        "properties": {"field": {"type": "string"}, "problem": {"type": "string"}, "found": {"type": ["string", "null"]}}
      }
    }
  }'::jsonb);
$$;
comment on function reference.ingest_response_schema(jsonb) is 'JSON Schema of the response of an ingest with these fields beside success, raw_id and warnings.';

create or replace function reference.clay_job_change_schema()
returns jsonb language sql stable set search_path = '' as $$
  select reference.clay_person_event_schema(jsonb_build_object(
    'previousCompany', reference.company_linkedin_url_schema('former company'), 'newCompany', reference.company_linkedin_url_schema('new company')
  ));
$$;
comment on function reference.clay_job_change_schema() is 'JSON Schema of Clay''s job change event.';

create or replace function reference.clay_job_change_example()
returns jsonb language sql stable set search_path = '' as $$
  select reference.clay_person_event_example('{
    "previousCompany": "https://www.linkedin.com/company/globex-example",
    "newCompany": "https://www.linkedin.com/company/acme-example"
  }');
$$;
comment on function reference.clay_job_change_example() is 'An invented job change event of Clay, with every field.';

create or replace function reference.clay_promotion_schema()
returns jsonb language sql stable set search_path = '' as $$
  select reference.clay_person_event_schema('{
    "newTitle": {"type": ["array", "string", "null"], "description": "The new titles, the newest first."},
    "previousTitle": {"type": ["array", "string", "null"], "description": "The former titles, the newest first."}
  }');
$$;
comment on function reference.clay_promotion_schema() is 'JSON Schema of Clay''s promotion event.';

create or replace function reference.clay_promotion_example()
returns jsonb language sql stable set search_path = '' as $$
  select reference.clay_person_event_example('{
    "newTitle": ["VP of Marketing"],
    "previousTitle": ["Head of Partnerships", "Partner Manager"]
  }');
$$;
comment on function reference.clay_promotion_example() is 'An invented promotion event of Clay, with every field.';
