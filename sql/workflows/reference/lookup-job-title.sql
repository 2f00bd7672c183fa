create or replace function reference.lookup_job_title(request jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'match_status', title.latest_title is not null, 'job_title', asked.job_title, 'cleaned_job_title', title.cleaned_job_title,
    'seniority_level', title.seniority_level, 'job_function', title.job_function
  )
    from (select request ->> 'job_title' as job_title) as asked
    left join reference.job_title_lookup as title on title.match_key = etl.fold(asked.job_title);
$$;
comment on function reference.lookup_job_title(jsonb) is
  'Whether a job title is already cleaned and classified, ignoring case and blanks: {match_status, job_title, cleaned_job_title, seniority_level, job_function}.';

select etl.workflow('lookup-job-title',
  type => 'lookup',
  entity => 'reference',
  path => '/run/people/db/person-job-title/lookup',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'lookup_job_title',
  description => 'Ask whether a raw job title is already cleaned and classified.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["job_title"],
    "properties": {"job_title": {"type": "string", "description": "Raw title; case and blanks do not matter."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "match_status": {"type": "boolean", "description": "Whether the title is known."},
      "job_title": {"type": "string", "description": "The title as it was asked."},
      "cleaned_job_title": {"type": ["string", "null"]},
      "seniority_level": {"type": ["string", "null"]},
      "job_function": {"type": ["string", "null"]}
    }
  }',
  example => '{"job_title": "Software Engineer"}'
);

select etl.answers('lookup-job-title', 'reference.lookup_job_title');
