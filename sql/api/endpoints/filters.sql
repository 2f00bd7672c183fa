create or replace function api.filter_values()
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'seniorities', (select coalesce(jsonb_agg(to_jsonb(item)), '[]') from api.filter_seniorities(null) as item),
    'job_functions', (select coalesce(jsonb_agg(to_jsonb(item)), '[]') from api.filter_job_functions(null) as item),
    'employee_ranges', (select coalesce(jsonb_agg(to_jsonb(item)), '[]') from api.filter_employee_ranges(null) as item),
    'industries', (select coalesce(jsonb_agg(to_jsonb(item)), '[]') from api.filter_industries(null) as item),
    'signals', (select coalesce(jsonb_agg(to_jsonb(item)), '[]') from api.filter_signals(null) as item),
    'business_models', (select coalesce(jsonb_agg(to_jsonb(item)), '[]') from api.filter_business_models(null) as item)
  );
$$;
comment on function api.filter_values() is 'All values to filter by, from the reference tables: {seniorities, job_functions, employee_ranges, industries, signals, business_models}.';

-- Reference tables and what the data has: a value that occurs can be asked for, even where no reference row names it.
create or replace view api.filter_industry_names as
  select industry.name from reference.company_industries as industry
  union
  select known.value from api.vocabulary as known where known.field = 'matched_industry';
comment on view api.filter_industry_names is 'Distinct industries: those of the reference table and those that occur.';

-- Values of the data that the reference table does not name come last, so that whatever occurs can be chosen.
create or replace view api.filter_names as
  with stated as (
    select 'matched_seniority' as field, known.name, known.sort_order from reference.seniorities as known
    union all
    select 'matched_job_function', known.name, known.sort_order from reference.job_functions as known
  )
  select stated.field, stated.name, stated.sort_order from stated
  union all
  select found.field, min(found.value), 1000
    from api.vocabulary as found
   where found.field in (select stated.field from stated)
     and not exists (select from stated where stated.field = found.field and etl.fold(stated.name) = found.match_key)
   group by found.field, found.match_key;
comment on view api.filter_names is 'Levels and functions to filter by: those of the reference tables in their order, then others that occur.';

create or replace function api.declare_filter_list(name text, path text, summary text, rows_from text, columns jsonb, order_by text[], parameters jsonb default '[]', default_limit integer default 10000, max_limit integer default 10000)
returns void language sql set search_path = '' as $$
  select api.list(
    'filter_' || declare_filter_list.name, '/api/filters/' || declare_filter_list.path, declare_filter_list.summary, declare_filter_list.rows_from,
    declare_filter_list.columns, declare_filter_list.order_by, declare_filter_list.parameters, default_limit => declare_filter_list.default_limit,
    max_limit => declare_filter_list.max_limit, tag => 'filters', is_wrapped => false
  );
$$;
comment on function api.declare_filter_list(text, text, text, text, jsonb, text[], jsonb, integer, integer) is 'Declares a list of values to filter by: a bare array.';

select api.declare_filter_list('seniorities', 'seniorities', 'Levels',
  '(select known.name, known.sort_order from api.filter_names as known where known.field = ''matched_seniority'') as value', api.columns('name text = value.name', 'sort_order integer = value.sort_order'), '{value.sort_order,value.name}');
select api.declare_filter_list('job_functions', 'job-functions', 'Functions',
  '(select known.name, known.sort_order from api.filter_names as known where known.field = ''matched_job_function'') as value', api.columns('name text = value.name', 'sort_order integer = value.sort_order'), '{value.sort_order,value.name}');
select api.declare_filter_list('employee_ranges', 'employee-ranges', 'Sizes of companies', 'reference.employee_ranges as value',
  api.columns('name text = value.name', 'min_employees integer = value.min_employees', 'max_employees integer = value.max_employees', 'sort_order integer = coalesce(value.sort_order, 0)'), '{"coalesce(value.sort_order, 0)",value.name}');
select api.declare_filter_list('funding_ranges', 'funding-ranges', 'Ranges of total funding', 'reference.funding_ranges as value', api.columns('name text = value.name', 'sort_order integer = coalesce(value.sort_order, 0)'), '{"coalesce(value.sort_order, 0)",value.name}');
select api.declare_filter_list('revenue_ranges', 'revenue-ranges', 'Ranges of yearly revenue', 'reference.revenue_ranges as value', api.columns('name text = value.name', 'sort_order integer = coalesce(value.sort_order, 0)'), '{"coalesce(value.sort_order, 0)",value.name}');
select api.declare_filter_list('industries', 'industries', 'Industries', 'api.filter_industry_names as value', api.columns('name text = value.name'), '{value.name}');
select api.declare_filter_list('signals', 'signals', 'Lists of leads by signal', 'reference.signals as value',
  api.columns('name text = value.name', 'display_name text = value.display_name', 'endpoint text = value.endpoint -- The list of this signal; null: none.', 'sort_order integer = value.sort_order'), '{value.sort_order,value.name}');
select api.declare_filter_list('business_models', 'business-models', 'Business models', 'reference.business_models as value', api.columns('name text = value.name', 'sort_order integer = coalesce(value.sort_order, 0)'), '{"coalesce(value.sort_order, 0)",value.name}');
select api.declare_filter_list('countries', 'countries', 'Countries', 'reference.countries as value', api.columns('name text = value.name', 'code text = value.code'), '{value.name}');
select api.declare_filter_list('vc_firms', 'vc-firms', 'Investors that occur',
  '(select known.value, known.match_key from api.vocabulary as known where known.field = ''vc_name'') as value', api.columns('name text = value.value'), '{value.value}',
  jsonb_build_array(api.parameter('q', 'text', 'Name contains this.', 'sql', 'value.match_key like api.like_pattern(:value)', more => '{"maxLength": 200}')),
  50, 1000);

-- What begins with the text comes first, so that a usual name is not cut off by the limit.
select api.declare_filter_list('technologies', 'technologies', 'Technologies, by part of the name',
  'reference.predictleads_technologies as value cross join lateral (select case when value.title_key like substr(api.like_pattern(coalesce(:q, '''')), 2) then 0 else 1 end as rank) as ranked',
  api.columns('name text = value.title', 'domain text = value.technology_domain', 'categories jsonb = value.categories'), '{ranked.rank,value.title_key}',
  jsonb_build_array(api.parameter('q', 'text', 'Title contains this.', 'sql', 'value.title_key like api.like_pattern(:value)', more => '{"maxLength": 200}')), 50, 200);
select api.declare_filter_list('job_titles', 'job-titles', 'Titles of job postings, by part of them',
  'reference.job_titles as value cross join lateral (select case when value.title_key like substr(api.like_pattern(coalesce(:q, '''')), 2) then 0 else 1 end as rank) as ranked',
  api.columns('name text = value.normalized_title'), '{ranked.rank,value.title_key}',
  jsonb_build_array(api.parameter('q', 'text', 'Title contains this.', 'sql', 'value.title_key like api.like_pattern(:value)', more => '{"maxLength": 200}')), 50, 200);

select api.call('filter_values', '/api/filters', 'All values to filter by',
  (select jsonb_build_object('type', 'object', 'required', jsonb_agg(field.name), 'properties', jsonb_object_agg(field.name, declared.response_schema))
     from (values ('seniorities'), ('job_functions'), ('employee_ranges'), ('industries'), ('signals'), ('business_models')) as field (name)
     join api.endpoints as declared on declared.name = 'filter_' || field.name),
  tag => 'filters');
