select api.list('people', '/api/people', 'People', 'api.lead_rows as lead',
  api.columns('id uuid = lead.person_id') || api.columns_from('lead', 'linkedin_url', 'linkedin_slug', 'full_name', 'core_company_id uuid', 'linkedin_url_type',
    'linkedin_user_profile_urn', 'person_city', 'person_state', 'person_country', 'matched_cleaned_job_title', 'matched_job_function', 'matched_seniority',
    'job_start_date date', 'created_at timestamptz', 'updated_at timestamptz'),
  '{lead.sort_name,lead.person_id}',
  api.person_parameters() || api.parameter('linkedin_url', 'person', 'LinkedIn URL, in any spelling: any of these.', 'equals', 'lead.linkedin_url', is_list => true),
  tag => 'people');

create or replace function api.jobs_of(linkedin_url text)
returns table (company_name text, company_domain text, company_linkedin_url text, title text, matched_job_function text, matched_seniority text, start_date date, end_date date, is_current boolean)
language sql stable set search_path = '' as $$
  -- Two sources may tell the same job.
  select distinct job.company_name, job.company_domain, job.company_linkedin_url, job.title, job.matched_job_function, job.matched_seniority,
         job.start_date, job.end_date, job.is_current
    from core.person_work_history as job
   where job.linkedin_url = jobs_of.linkedin_url;
$$;
comment on function api.jobs_of(text) is 'The positions of a person (normalised LinkedIn URL), each once.';

create or replace function api.work_history(linkedin_url text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
      'linkedin_url', asked.linkedin_url, 'has_work_history', count(job.is_current) > 0, 'entry_count', count(job.is_current),
      'work_history', coalesce(
        jsonb_agg(to_jsonb(job) order by job.is_current desc, job.start_date desc nulls last, job.end_date desc nulls last, job.company_name, job.title)
          filter (where job.is_current is not null), '[]'
      )
    )
    from (select api.record_key('person', work_history.linkedin_url) as linkedin_url) as asked
    left join lateral api.jobs_of(asked.linkedin_url) as job on true
   group by asked.linkedin_url;
$$;
comment on function api.work_history(text) is
  'All positions of a person, the present first, then the newest: {linkedin_url, has_work_history, entry_count, work_history}. Raises BADKY.';

create or replace function api.person_enrichment_status(linkedin_url text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'linkedin_url', asked.linkedin_url,
    -- A profile with an empty list of jobs has been looked at too.
    'is_enriched', profile.observed_at is not null or history.observed_at is not null,
    'entry_count', (select count(*) from api.jobs_of(asked.linkedin_url)),
    'last_enriched_at', greatest(profile.observed_at, history.observed_at)
  )
    from (select api.record_key('person', person_enrichment_status.linkedin_url) as linkedin_url) as asked
   cross join lateral (select max(known.observed_at) as observed_at from extracted.person_profile as known where known.linkedin_url = asked.linkedin_url) as profile
   cross join lateral (select max(job.observed_at) as observed_at from core.person_work_history as job where job.linkedin_url = asked.linkedin_url) as history;
$$;
comment on function api.person_enrichment_status(text) is
  'Whether the profile of a person is known, with how many jobs (as api.work_history() lists), and as of when: {linkedin_url, is_enriched, entry_count, last_enriched_at}. Raises BADKY.';

create or replace function api.workflow_status(entity_type text, key text, workflow_slug text)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_key constant text := api.record_key(workflow_status.entity_type, workflow_status.key);
  -- What a workflow did stays true when it is switched off.
  v_slug constant text := (etl.registered_workflow(btrim(workflow_status.workflow_slug))).workflow_slug;
  v_table text;
  v_column text;
  v_count bigint := 0;
  v_last timestamptz;
begin
  select registry.core_table into v_table from reference.enrichment_workflow_registry as registry where registry.workflow_slug = v_slug;
  select kept.entity_column into v_column from etl.kept_tables() as kept where kept.target = v_table and kept.entity_type = workflow_status.entity_type;
  if v_column is not null then
    execute format('select count(*) from %s as stored where stored.%I = $1', v_table, v_column) into v_count using v_key;
  end if;
  -- What a workflow did for a record is told by its payloads, not by rows that other workflows write too.
  select max(payload.created_at)
    into v_last
    from raw.payloads as payload
    join etl.ingestions as ingestion on ingestion.family = payload.family and ingestion.workflow_slug = v_slug
   where payload.entity_key = v_key
     and payload.workflow_slug = v_slug
     and not exists (select from etl.pending_payloads as pending where pending.payload_id = payload.id)
     and not exists (select from etl.failures as failure where failure.payload_id = payload.id);
  return jsonb_build_object('workflow_slug', v_slug, 'core_table', v_table, 'enriched', v_last is not null, 'count', v_count, 'last_enriched_at', v_last);
end;
$$;
comment on function api.workflow_status(text, text, text) is
  'Whether a workflow has processed a payload about a record: {workflow_slug, core_table, enriched, count: rows about it in core_table, last_enriched_at}. Raises BADKY, UNKWF.';

create or replace function api.company_workflow_status(domain text, workflow_slug text, company_name text default null, company_linkedin_url text default null)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('domain', api.record_key('company', company_workflow_status.domain))
      || api.workflow_status('company', company_workflow_status.domain, company_workflow_status.workflow_slug);
$$;
comment on function api.company_workflow_status(text, text, text, text) is 'api.workflow_status() of a company, with its domain. The name and the LinkedIn URL are taken and not used. Raises BADKY, UNKWF.';

create or replace function api.person_workflow_status(person_linkedin_url text, workflow_slug text, company_name text default null, domain text default null)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('person_linkedin_url', api.record_key('person', person_workflow_status.person_linkedin_url))
      || api.workflow_status('person', person_workflow_status.person_linkedin_url, person_workflow_status.workflow_slug);
$$;
comment on function api.person_workflow_status(text, text, text, text) is 'api.workflow_status() of a person, with the LinkedIn URL. Company name and domain are taken and not used. Raises BADKY, UNKWF.';

select api.call('work_history', '/api/people/work-history', 'All known positions of a person',
  jsonb_set(api.object_schema('linkedin_url', 'has_work_history boolean', 'entry_count integer', 'work_history json'), '{properties,work_history}',
    jsonb_build_object('type', 'array', 'items', api.object_schema('company_name', 'company_domain', 'company_linkedin_url', 'title', 'matched_job_function',
      'matched_seniority', 'start_date date', 'end_date date', 'is_current boolean'))),
  jsonb_build_array(api.parameter('linkedin_url', 'text', 'LinkedIn URL of the person, in any spelling.', place => 'body', required => true, more => '{"minLength": 1, "example": "https://www.linkedin.com/in/example"}')),
  method => 'post', tag => 'people');
select api.call('person_enrichment_status', '/api/people/enrichment-status', 'Whether the profile of a person is known',
  api.object_schema('linkedin_url', 'is_enriched boolean', 'entry_count integer', 'last_enriched_at timestamptz'),
  jsonb_build_array(api.parameter('linkedin_url', 'text', 'LinkedIn URL of the person, in any spelling.', place => 'body', required => true, more => '{"minLength": 1, "example": "https://www.linkedin.com/in/example"}')),
  method => 'post', tag => 'people');
select api.call('person_workflow_status', '/api/people/workflow-enrichment-status', 'Whether a workflow has processed a person',
  api.object_schema('person_linkedin_url', 'workflow_slug', 'core_table', 'enriched boolean', 'count integer', 'last_enriched_at timestamptz'),
  jsonb_build_array(
    api.parameter('person_linkedin_url', 'text', 'LinkedIn URL of the person, in any spelling.', place => 'body', required => true, more => '{"minLength": 1, "example": "https://www.linkedin.com/in/example"}'),
    api.parameter('workflow_slug', 'text', 'Slug of the workflow.', place => 'body', required => true, more => '{"minLength": 1, "example": "clay-person-profile"}'),
    api.parameter('company_name', 'text', 'Not used.', place => 'body'), api.parameter('domain', 'text', 'Not used.', place => 'body')),
  method => 'post', tag => 'people');
select api.call('company_workflow_status', '/api/companies/enrichment-status', 'Whether a workflow has processed a company',
  api.object_schema('domain', 'workflow_slug', 'core_table', 'enriched boolean', 'count integer', 'last_enriched_at timestamptz'),
  jsonb_build_array(
    api.parameter('domain', 'text', 'Domain of the company, in any spelling.', place => 'body', required => true, more => '{"minLength": 1, "example": "acme.example"}'),
    api.parameter('workflow_slug', 'text', 'Slug of the workflow.', place => 'body', required => true, more => '{"minLength": 1, "example": "companyenrich"}'),
    api.parameter('company_name', 'text', 'Not used.', place => 'body'), api.parameter('company_linkedin_url', 'text', 'Not used.', place => 'body')),
  method => 'post', tag => 'companies');
