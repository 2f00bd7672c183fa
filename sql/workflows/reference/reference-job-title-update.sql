create or replace function reference.update_job_title(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_title constant text := etl.as_text(request -> 'latest_title');
  v_cleaned constant text := etl.as_text(request -> 'cleaned_job_title');
  v_stored reference.job_title_lookup;
begin
  if v_title is null then
    raise exception 'latest_title must not be blank.' using errcode = 'BADRQ', detail = '/latest_title';
  end if;
  if v_cleaned is null then
    raise exception 'cleaned_job_title must not be blank.' using errcode = 'BADRQ', detail = '/cleaned_job_title';
  end if;
  insert into reference.job_title_lookup as stored (latest_title, cleaned_job_title, seniority_level, job_function, status)
  values (v_title, v_cleaned, etl.as_text(request -> 'seniority_level'), etl.as_text(request -> 'job_function'), etl.as_text(request -> 'status'))
      on conflict on constraint job_title_lookup_match_key_key do update
     set cleaned_job_title = excluded.cleaned_job_title,
         -- what is left out stays as it was
         seniority_level = coalesce(excluded.seniority_level, stored.seniority_level),
         job_function = coalesce(excluded.job_function, stored.job_function),
         status = coalesce(excluded.status, stored.status),
         updated_at = now()
  returning stored.* into v_stored;
  return jsonb_build_object(
    'success', true, 'latest_title', v_stored.latest_title, 'cleaned_job_title', v_stored.cleaned_job_title,
    'seniority_level', v_stored.seniority_level, 'job_function', v_stored.job_function
  );
end;
$$;
comment on function reference.update_job_title(jsonb) is
  'Adds or corrects the cleaned form and classification of a job title; records that use it are coalesced again by the worker. Gives the stored row. Raises BADRQ for a blank title.';

select etl.workflow('reference-job-title-update',
  type => 'update',
  entity => 'reference',
  path => '/run/reference/job-title/update',
  provider => 'internal',
  platform => 'db',
  aliases => '{job-title-lookup-update}',
  legacy_function => null,
  description => 'Add or correct the cleaned form and classification of a raw job title; records that use it follow by themselves.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["latest_title", "cleaned_job_title"],
    "properties": {
      "latest_title": {"type": "string", "description": "Raw title; case and blanks do not matter."},
      "cleaned_job_title": {"type": "string", "description": "Title as it should be shown."},
      "seniority_level": {"type": ["string", "null"], "description": "Left out: stays as it was."},
      "job_function": {"type": ["string", "null"], "description": "Left out: stays as it was."},
      "status": {"type": ["string", "null"], "description": "Free text; left out: stays as it was."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "latest_title": {"type": "string", "description": "The title as it is stored; an earlier spelling stays."},
      "cleaned_job_title": {"type": "string"},
      "seniority_level": {"type": ["string", "null"]},
      "job_function": {"type": ["string", "null"]}
    }
  }',
  example => '{
    "latest_title": "Chief Paper Officer",
    "cleaned_job_title": "Chief Paper Officer",
    "seniority_level": "C-suite",
    "job_function": "Operations",
    "status": "reviewed"
  }'
);

select etl.answers('reference-job-title-update', 'reference.update_job_title');
