create or replace function api.domain_named(company_name text)
returns text language sql stable set search_path = '' as $$
  select company.domain
    from core.companies as company
   where etl.fold(company.name) = etl.fold(domain_named.company_name) and company.name is not null
      or etl.fold(company.cleaned_name) = etl.fold(domain_named.company_name) and company.cleaned_name is not null
   -- The one that most is known of: most people, then the shortest domain.
   order by (select count(*) from (select from core.people as person where person.core_company_id = company.id limit 1000) as staff) desc,
            length(company.domain), company.domain
   limit 1;
$$;
comment on function api.domain_named(text) is
  'The domain of the company of this name, ignoring case and blanks; of several, the one with most people, then the shortest domain. Null when none has it.';

create or replace function api.former_employees_of(
  company_name text,
  job_function text default null,
  country text default null,
  known_domain text default null
)
returns table (linkedin_url text, sales_nav_function text) language plpgsql stable rows 1000 set search_path = ''
  -- The names and domains asked for are few, and the planner, which has no statistics of folded names, is to see them: it would read all people else.
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_custom_plan as $$
declare
  v_name constant text := etl.fold(former_employees_of.company_name);
  v_domain constant text := coalesce(api.domain_named(former_employees_of.company_name), former_employees_of.known_domain);
begin
  return query
  -- The read tables know whoever left the domain; where the name stands with another domain, or with none, the jobs themselves tell.
  with people as (
    select lead.linkedin_url from api.lead_rows as lead where lead.past_domains @> array[v_domain] and v_domain is not null
    union
    select job.linkedin_url
      from core.person_work_history as job
     where left(etl.fold(job.company_name), 200) = left(v_name, 200)
       and etl.fold(job.company_name) = v_name
       and (v_domain is null or job.company_domain is null or job.company_domain < v_domain or job.company_domain > v_domain)
       and not job.is_current
    union
    select employer.linkedin_url
      from core.person_past_employer as employer
     where left(etl.fold(employer.past_company_name), 200) = left(v_name, 200)
       and etl.fold(employer.past_company_name) = v_name
       and (v_domain is null or employer.past_company_domain is null or employer.past_company_domain < v_domain or employer.past_company_domain > v_domain)
  ), classed as (
    select people.linkedin_url, coalesce(mapping.sales_nav_function, 'Other') as sales_nav_function, former.matched_job_function is not null as is_known,
           bool_or(former.matched_job_function is not null) over (partition by people.linkedin_url) as is_known_elsewhere
      from people
      join api.lead_rows as lead on lead.linkedin_url = people.linkedin_url
     -- offset 0: by the person, whatever else is asked of the job.
     cross join lateral (select each.* from core.former_employees as each where each.linkedin_url = people.linkedin_url offset 0) as former
      left join reference.job_function_mapping as mapping on mapping.our_job_function = former.matched_job_function
     where lead.is_visible
       and lead.company_domain is distinct from v_domain
       and etl.fold(lead.company_name) is distinct from v_name
       and (former_employees_of.country is null or etl.fold(lead.person_country) = etl.fold(former_employees_of.country))
       and (former.company_domain = v_domain or etl.fold(former.company_name) = v_name)
  )
  select distinct classed.linkedin_url, classed.sales_nav_function
    from classed
   -- An entry without a function says nothing about a person whose job there is known with one.
   where (classed.is_known or not classed.is_known_elsewhere)
     and (former_employees_of.job_function is null or etl.fold(classed.sales_nav_function) = etl.fold(former_employees_of.job_function));
end;
$$;
comment on function api.former_employees_of(text, text, text, text) is
  'Leads who worked at a company, found by its name and by the domain of that name, and no longer do: one row per person and Sales Navigator function of the former jobs (Other: none). known_domain: its domain where no company has that name now.';

create or replace function api.past_employer_count(company_name text, job_function text default null, country text default null)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'company_name', past_employer_count.company_name, 'domain', api.domain_named(past_employer_count.company_name),
    'count', (
      select count(distinct former.linkedin_url)
        from api.former_employees_of(past_employer_count.company_name, past_employer_count.job_function, past_employer_count.country) as former
    )
  );
$$;
comment on function api.past_employer_count(text, text, text) is 'How many leads worked at a company and no longer do: {company_name, domain, count}.';

-- JSON of the text kind, as jsonb would sort the functions by the length of their names.
create or replace function api.past_employer_breakdown(company_name text, country text default null)
returns json language sql stable set search_path = '' as $$
  with former as materialized (
    select each.linkedin_url, each.sales_nav_function
      from api.former_employees_of(past_employer_breakdown.company_name, country => past_employer_breakdown.country) as each
  )
  select json_build_object(
    'company_name', past_employer_breakdown.company_name, 'domain', api.domain_named(past_employer_breakdown.company_name),
    'total', (select count(distinct former.linkedin_url) from former),
    'by_job_function', coalesce(
      (
        select json_object_agg(counted.name, counted.people order by counted.people desc, counted.name)
          from (select former.sales_nav_function as name, count(*) as people from former group by former.sales_nav_function) as counted
      ), '{}'
    )
  );
$$;
comment on function api.past_employer_breakdown(text, text) is
  'Leads who worked at a company and no longer do, per Sales Navigator function of the job there: {company_name, domain, total, by_job_function}, the function with most people first. total is people, so it may be less than the sum.';

select api.call('past_employer_count', '/api/leads/past-employer-count', 'How many leads worked at a company and no longer do',
  api.object_schema('company_name', 'domain -- Domain of the company of this name.', 'count integer -- Distinct people.'),
  jsonb_build_array(
    api.parameter('company_name', 'text', 'Name of the company, in any case.', required => true, more => '{"minLength": 1, "example": "Acme Example"}'),
    api.parameter('job_function', 'text', 'Sales Navigator function of the former job, in any case; Other: none.'),
    api.parameter('country', 'text', 'Country of the person, in any case.')
  ), tag => 'leads');

select api.call('past_employer_breakdown', '/api/leads/past-employer-breakdown', 'Former employees of a company per function',
  jsonb_set(api.object_schema('company_name', 'domain', 'total integer -- Distinct people.', 'by_job_function json'), '{properties,by_job_function}',
    '{"type": "object", "additionalProperties": {"type": "integer"}, "description": "Sales Navigator function -> people; Other: none."}'),
  jsonb_build_array(
    api.parameter('company_name', 'text', 'Name of the company, in any case.', required => true, more => '{"minLength": 1, "example": "Acme Example"}'),
    api.parameter('country', 'text', 'Country of the person, in any case.')
  ), tag => 'leads');

select api.list('past_employer_preview', '/api/leads/past-employer-preview', 'Leads who worked at a company and no longer do',
  'api.lead_rows as lead
   join (select distinct former.linkedin_url from api.former_employees_of(:company_name, :job_function, :country) as former) as former
     on former.linkedin_url = lead.linkedin_url',
  api.lead_columns(), '{lead.sort_name,lead.person_id}',
  jsonb_build_array(
    api.parameter('company_name', 'text', 'Name of the company, in any case.', required => true, more => '{"minLength": 1, "example": "Acme Example"}'),
    api.parameter('job_function', 'text', 'Sales Navigator function of the former job, in any case; Other: none.'),
    api.parameter('country', 'text', 'Country of the person, in any case.')
  ), default_limit => 10, max_limit => 50, tag => 'leads', is_counted => false);

create or replace function api.priority_company(listed core.priority_companies)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'id', (priority_company.listed).id, 'company_name', (priority_company.listed).company_name, 'domain', (priority_company.listed).domain,
    'total', count(distinct former.linkedin_url),
    'engineering', count(distinct former.linkedin_url) filter (where former.sales_nav_function = 'Engineering'),
    'sales', count(distinct former.linkedin_url) filter (where former.sales_nav_function = 'Sales')
  )
    from api.former_employees_of((priority_company.listed).company_name, known_domain => (priority_company.listed).domain) as former;
$$;
comment on function api.priority_company(core.priority_companies) is
  'A priority company with its former employees: {id, company_name, domain, total, engineering, sales}, counted as api.past_employer_count() counts.';

create or replace function api.priority_companies()
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('data', coalesce(jsonb_agg(api.priority_company(listed) order by listed.created_at, listed.id), '[]'))
    from core.priority_companies as listed;
$$;
comment on function api.priority_companies() is 'All priority companies, oldest first: {data}.';

create or replace function api.add_priority_company(company_name text)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_listed core.priority_companies;
begin
  if etl.fold(add_priority_company.company_name) = '' then
    raise exception 'The name of a company is needed' using errcode = 'BADRQ', hint = 'company_name must not be blank.';
  end if;
  if (select count(*) from core.priority_companies) >= 500 and not exists (
    select from core.priority_companies as listed where listed.match_key = etl.fold(add_priority_company.company_name)
  ) then
    raise exception 'There are 500 priority companies already' using errcode = 'BADRQ', hint = 'Remove one first.';
  end if;
  insert into core.priority_companies as listed (company_name, domain)
  values (btrim(add_priority_company.company_name), api.domain_named(add_priority_company.company_name))
      on conflict on constraint priority_companies_company_name_key do update
     set domain = coalesce(excluded.domain, listed.domain)
  returning listed.* into v_listed;
  return api.priority_company(v_listed);
end;
$$;
comment on function api.add_priority_company(text) is
  'Puts a company on the priority list, once in whatever case, or looks up its domain again (a known one stays when the name is no longer known). Raises BADRQ for a blank name, and when there are 500.';

create or replace function api.delete_priority_company(company_name text)
returns jsonb language sql set search_path = '' as $$
  delete from core.priority_companies as listed
   where listed.match_key = etl.fold(delete_priority_company.company_name)
  returning jsonb_build_object('status', 'deleted', 'company_name', delete_priority_company.company_name);
$$;
comment on function api.delete_priority_company(text) is 'Takes a company off the priority list: {status, company_name}; null when it is not on it.';

select api.call('priority_companies', '/api/leads/priority-companies', 'Priority companies with their former employees',
  jsonb_build_object('type', 'object', 'required', '["data"]'::jsonb, 'properties', jsonb_build_object('data', jsonb_build_object('type', 'array',
    'items', api.object_schema('id uuid', 'company_name', 'domain', 'total integer -- Former employees.', 'engineering integer -- Those in Engineering.', 'sales integer -- Those in Sales.')))),
  tag => 'leads');
select api.call('add_priority_company', '/api/leads/priority-companies', 'Add a priority company',
  api.object_schema('id uuid', 'company_name', 'domain', 'total integer', 'engineering integer', 'sales integer'),
  jsonb_build_array(api.parameter('company_name', 'text', 'Name of the company.', place => 'body', required => true, more => '{"minLength": 1, "maxLength": 500, "example": "Acme Example"}')),
  method => 'post', scope => 'ingest', tag => 'leads');
select api.call('delete_priority_company', '/api/leads/priority-companies/:company_name', 'Remove a priority company',
  api.object_schema('status', 'company_name'),
  jsonb_build_array(api.parameter('company_name', 'text', 'Its name, in any case.', place => 'path', required => true)),
  method => 'delete', scope => 'ingest', missing => 'It is not on the list.', tag => 'leads');
