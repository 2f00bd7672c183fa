create or replace function api.lead_columns()
returns jsonb language sql immutable set search_path = '' as $$
  select api.columns_from('lead', 'person_id uuid', 'linkedin_url', 'linkedin_slug', 'full_name', 'linkedin_url_type', 'linkedin_user_profile_urn',
    'person_city', 'person_state', 'person_country', 'matched_cleaned_job_title', 'matched_job_function', 'matched_seniority', 'job_start_date date',
    'company_id uuid', 'company_domain', 'company_name', 'company_linkedin_url', 'company_city', 'company_state', 'company_country', 'matched_industry',
    'employee_range');
$$;
comment on function api.lead_columns() is 'The fields of a lead.';

create or replace function api.person_parameters()
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_array(
    api.parameter('job_function', 'text', 'Function: any of these.', 'any', 'lead.matched_job_function', 'matched_job_function', true, more => '{"example": "Sales"}'),
    api.parameter('seniority', 'text', 'Level: any of these.', 'any', 'lead.matched_seniority', 'matched_seniority', true, more => '{"example": "VP"}'),
    api.parameter('person_city', 'text', 'City contains this.', 'contains', 'lead.person_city', 'person_city'),
    api.parameter('person_state', 'text', 'State contains this.', 'contains', 'lead.person_state', 'person_state'),
    api.parameter('person_country', 'text', 'Country contains this.', 'contains', 'lead.person_country', 'person_country', more => '{"example": "United States"}'),
    api.parameter('job_title', 'text', 'Cleaned title contains this.', 'contains', 'lead.matched_cleaned_job_title', 'matched_cleaned_job_title'),
    api.parameter('full_name', 'text', 'Name contains this.', 'part', 'lead.full_name', 'lead.search',
      more => '{"trigrams": "api.lead_rows_full_name_trigram_idx"}'),
    api.parameter('job_start_date_gte', 'date', 'In the job since this day or later.', 'from', 'lead.job_start_date'),
    api.parameter('job_start_date_lte', 'date', 'In the job since this day or earlier.', 'to', 'lead.job_start_date'),
    api.parameter('q', 'text', 'Words of name, title and company, each whole or as a beginning; a word that nobody has is taken for the nearest known one.',
      'search', 'lead.search', more => '{"minLength": 2}')
  );
$$;
comment on function api.person_parameters() is 'Filters of lists of people, whose rows are called lead.';

create or replace function api.lead_parameters()
returns jsonb language sql immutable set search_path = '' as $$
  select api.person_parameters() || jsonb_build_array(
    api.parameter('industry', 'text', 'Industry of the company: any of these.', 'any', 'lead.matched_industry', 'matched_industry', true, more => '{"example": "Software Development"}'),
    api.parameter('employee_range', 'text', 'Size of the company: any of these.', 'any', 'lead.employee_range', 'employee_range', true, more => '{"example": "51-100"}'),
    api.parameter('funding_range', 'text', 'Funding of the company: any of these.', 'any', 'lead.funding_range', 'funding_range', true),
    api.parameter('revenue_range', 'text', 'Revenue of the company: any of these.', 'any', 'lead.revenue_range', 'revenue_range', true),
    api.parameter('company_city', 'text', 'City of the company contains this.', 'contains', 'lead.company_city', 'company_city'),
    api.parameter('company_state', 'text', 'State of the company contains this.', 'contains', 'lead.company_state', 'company_state'),
    api.parameter('company_country', 'text', 'Country of the company contains this.', 'contains', 'lead.company_country', 'company_country'),
    api.parameter('company_domain', 'domain', 'Domain of the company, in any spelling: any of these.', 'equals', 'lead.company_domain', is_list => true),
    api.parameter('company_name', 'text', 'Name of the company contains this.', 'contains', 'lead.company_name', 'company_name'),
    api.parameter('business_model', 'text', 'B2B: sells to businesses, to consumers too or not; B2C: to consumers, to businesses too or not; Both: to both.', 'sql',
      'case upper(:value) when ''B2B'' then lead.is_b2b when ''B2C'' then lead.is_b2c else lead.is_b2b and lead.is_b2c end',
      more => '{"enum": ["B2B", "B2C", "Both"]}'),
    api.parameter('include_incomplete', 'boolean',
      'Also people who are not complete enough to be a lead: without company name, a country, title, function, seniority or industry, or with the function Miscellaneous.',
      'sql', '(lead.is_visible or :value::boolean)', more => '{"default": false}')
  );
$$;
comment on function api.lead_parameters() is 'Filters of all lists of leads.';

select api.list('leads', '/api/leads', 'Leads', 'api.lead_rows as lead', api.lead_columns(), '{lead.sort_name,lead.person_id}', api.lead_parameters(), tag => 'leads');

select api.list('leads_quick', '/api/leads/quick', 'Leads without a total', 'api.lead_rows as lead', api.lead_columns(), '{lead.sort_name,lead.person_id}',
  api.lead_parameters(), max_limit => 2000, tag => 'leads', is_counted => false);

select api.list('leads_recently_promoted', '/api/leads/recently-promoted', 'Leads who were promoted at their present employer', 'api.lead_rows as lead',
  api.lead_columns() || api.columns_from('lead', 'previous_title', 'new_title', 'promotion_date date'),
  '{date ''9999-12-31'' - lead.promotion_date,lead.person_id}',
  api.lead_parameters() || api.parameter('promoted_within_days', 'integer', 'The newest promotion there is at most so many days old.', 'sql',
    '(date ''9999-12-31'' - lead.promotion_date) between (date ''9999-12-31'' - current_date) and (date ''9999-12-31'' - current_date + :value::integer)',
    more => '{"default": 180, "minimum": 1, "maximum": 3650}'),
  tag => 'leads');

select api.list('leads_new_in_role', '/api/leads/new-in-role', 'Leads who are new in their job', 'api.lead_rows as lead', api.lead_columns(),
  '{date ''9999-12-31'' - lead.job_start_date,lead.person_id}',
  api.lead_parameters() || api.parameter('started_within_days', 'integer', 'They started at most so many days ago.', 'sql',
    '(date ''9999-12-31'' - lead.job_start_date) between (date ''9999-12-31'' - current_date) and (date ''9999-12-31'' - current_date + :value::integer)',
    more => '{"default": 90, "minimum": 1, "maximum": 3650}'),
  tag => 'leads');

select api.list('leads_at_vc_portfolio', '/api/leads/at-vc-portfolio', 'Leads at companies with a venture capital investor', 'api.lead_rows as lead',
  api.lead_columns() || api.columns(
    'vc_name text = coalesce((select min(asked) from unnest((select api.listed_values(''vc_name'', :vc_name::text[], cardinality(:vc_name::text[]) = 1))) as asked where asked = any (lead.vc_names)), lead.vc_names[1]) -- The investor that was asked for, else the first by name.',
    'vc_names text[] = lead.vc_names -- All investors of the company.',
    'vc_company_description text = (select described.description from core.vc_portfolio_descriptions as described where described.domain = lead.company_domain)'
  ),
  '{lead.sort_name,lead.person_id}',
  api.lead_parameters() || api.parameter('vc_name', 'text', 'Name of the investor: any of these.', 'overlaps', 'lead.vc_names', 'vc_name', true,
    more => '{"implies_always": true}'),
  always => 'lead.vc_names is not null', tag => 'leads');

select api.list('leads_by_past_employer', '/api/leads/by-past-employer', 'Leads who worked at any of these companies and no longer do', 'api.lead_rows as lead',
  api.lead_columns(), '{lead.sort_name,lead.person_id}',
  api.lead_parameters() || api.parameter('domains', 'domain', 'Domains of former employers, in any spelling.', 'sql', 'lead.past_domains && :value',
    is_list => true, required => true, more => '{"example": "acme.example"}'),
  tag => 'leads');

create or replace function api.customer_domains(company_domain text)
returns text[] language sql stable set search_path = '' as $$
  select array(
    select distinct customer.customer_domain
      from core.company_customers_resolved as customer
     where customer.origin_company_domain = customer_domains.company_domain
       and customer.customer_domain is not null
     order by customer.customer_domain
  );
$$;
comment on function api.customer_domains(text) is 'Domains of all customers of a company (normalised domain).';

create or replace function api.customer_names(company_domain text)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_object_agg(named.customer_domain, named.customer_name), '{}')
    from (
      select customer.customer_domain, min(customer.customer_name) as customer_name
        from core.company_customers_resolved as customer
       where customer.origin_company_domain = customer_names.company_domain
         and customer.customer_domain is not null
       group by customer.customer_domain
    ) as named;
$$;
comment on function api.customer_names(text) is 'The customers of a company (normalised domain): {domain: name or null}.';

create or replace function api.last_customer(linkedin_url text, present_domain text, customers jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('domain', former.company_domain, 'name', coalesce(last_customer.customers ->> former.company_domain, former.company_name))
    from core.former_employees as former
   where former.linkedin_url = last_customer.linkedin_url
     and former.company_domain is distinct from last_customer.present_domain
     and last_customer.customers ? former.company_domain
   order by former.end_date desc nulls last, former.company_domain
   limit 1;
$$;
comment on function api.last_customer(text, text, jsonb) is
  'The one of these customers (api.customer_names) that a person left last: {domain, name}; null for none. present_domain: where the person works now.';

-- The customers are looked up once a query, in a subquery of its own. Their domains are found first and are part of the query, so that the planner knows how many people they mean.
select api.list('leads_by_company_customers', '/api/leads/by-company-customers', 'Leads who worked at a customer of a company', 'api.lead_rows as lead',
  api.lead_columns() || api.columns(
    'previous_customer_domain text = api.last_customer(lead.linkedin_url, lead.company_domain, (select api.customer_names(:company_domain))) ->> ''domain'' -- The customer they left last.',
    'previous_customer_name text = api.last_customer(lead.linkedin_url, lead.company_domain, (select api.customer_names(:company_domain))) ->> ''name'''),
  '{lead.sort_name,lead.person_id}',
  (select jsonb_agg(declared) from jsonb_array_elements(api.lead_parameters()) as declared where declared ->> 'name' <> 'company_domain')
  || api.parameter('company_domain', 'domain', 'Domain of the company whose customers are meant.', 'sql', 'lead.past_domains && :value', required => true,
    more => '{"example": "acme.example", "resolve": "api.customer_domains"}'),
  tag => 'leads');
