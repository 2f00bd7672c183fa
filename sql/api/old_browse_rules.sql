create or replace function api.old_browse_rules()
returns table (target text, contains text[], sort text) language sql immutable parallel safe as $$
  values
    ('extracted.company_discovery', '{name}'::text[], '-created_at'),
    ('core.company_customers', '{customer_name}'::text[], '-created_at'),
    ('core.person_work_history', '{company_name}'::text[], '-created_at'),
    ('core.person_past_employer', '{past_company_name}'::text[], '-created_at'),
    ('core.company_descriptions', '{}'::text[], '-created_at'),
    ('core.company_industries', '{}'::text[], '-created_at'),
    ('core.company_locations', '{city,state,country}'::text[], '-created_at'),
    ('core.company_employee_range', '{}'::text[], '-created_at'),
    ('core.company_funding', '{}'::text[], '-created_at'),
    ('core.company_revenue', '{}'::text[], '-created_at'),
    ('core.company_linkedin_urls', '{linkedin_url}'::text[], '-created_at'),
    ('core.person_locations', '{city,state,country}'::text[], '-created_at'),
    ('core.person_job_titles', '{matched_cleaned_job_title}'::text[], '-created_at'),
    ('core.person_tenure', '{}'::text[], '-created_at'),
    ('core.person_promotions', '{company_name}'::text[], '-promotion_date'),
    ('core.person_job_start_dates', '{}'::text[], '-job_start_date'),
    ('core.company_vc_backed', '{}'::text[], '-vc_count'),
    ('core.company_vc_investments', '{company_name,vc_name}'::text[], '-created_at'),
    ('core.company_vc_investors', '{company_name,vc_name}'::text[], '-created_at'),
    ('core.case_study_champions', '{full_name,job_title,company_name}'::text[], '-created_at'),
    ('core.icp_criteria', '{company_name}'::text[], '-created_at'),
    ('core.companies_missing_cleaned_name', '{name}'::text[], 'domain'),
    ('core.companies_missing_location', '{name}'::text[], 'domain'),
    ('core.people_missing_country', '{full_name}'::text[], 'linkedin_url'),
    ('core.persons_missing_cleaned_title', '{raw_job_title}'::text[], '-created_at'),
    ('core.company_people_snapshot_history', '{}'::text[], '-snapshot_date'),
    ('core.company_public', '{company_name}'::text[], '-created_at'),
    ('core.company_employee_ranges', '{}'::text[], '-created_at'),
    ('core.target_client_views', '{name}'::text[], '-created_at');
$$;
comment on function api.old_browse_rules() is
  'How the old paths /api/admin/{schema}/{table} read their tables: the columns whose filters matched parts of words (all others match whole values), and the order.';

create or replace function api.old_browse_request(schema_name text, table_name text, parameters jsonb)
returns jsonb language sql stable set search_path = '' as $$
  with known as (
    select found.name
      from api.readable_tables(old_browse_request.schema_name, old_browse_request.table_name) as readable
     cross join lateral api.readable_columns(readable.relation) as found
  ), rule as (
    select rule.contains, rule.sort
      from api.old_browse_rules() as rule
     where rule.target = format('%s.%s', old_browse_request.schema_name, old_browse_request.table_name)
  )
  select jsonb_build_object(
      'filters', (
        select coalesce(jsonb_agg(jsonb_build_object('column', asked.column_name, 'operator', asked.operator, 'value', asked.value)), '[]')
          from (
            select case
                when parameter.name in (select known.name from known) then parameter.name
                when parameter.name ~ '_[gl]te$' then left(parameter.name, -4)
                when parameter.name like 'has\_%' then substr(parameter.name, 5)
                else parameter.name
              end as column_name,
              case
                when parameter.name in (select known.name from known) then
                  case when parameter.name = any (coalesce((select rule.contains from rule), '{}')) then 'contains' else 'eq' end
                when parameter.name ~ '_[gl]te$' then right(parameter.name, 3)
                when parameter.name like 'has\_%' then 'filled'
                else 'eq'
              end as operator,
              case when parameter.name like 'has\_%' then to_jsonb(parameter.value::boolean) else to_jsonb(parameter.value) end as value
              from jsonb_each_text(old_browse_request.parameters) as parameter (name, value)
             where parameter.value <> ''
          ) as asked
      ),
      'sort', (
        select coalesce(jsonb_agg(candidate.sort), '[]')
          from (
            select candidate.sort
              from (values ((select rule.sort from rule), 1), ('-created_at', 2)) as candidate (sort, place)
             where ltrim(candidate.sort, '-') in (select known.name from known)
             order by candidate.place
             limit 1
          ) as candidate
      )
    );
$$;
comment on function api.old_browse_request(text, text, jsonb) is
  'The request for api.table_query that parameters of the old /api/admin/{schema}/{table} mean: <column>, <column>_gte, <column>_lte, has_<column>; empty ones are none. Raises 22P02 where has_<column> is neither true nor false.';
