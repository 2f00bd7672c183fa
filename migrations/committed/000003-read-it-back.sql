--! Previous: sha1:f31d2f4f6f259579cbf48184b06b894bd9ee6df0
--! Hash: sha1:e689e46ac62f7ee3a94ef03a2fd6cfc4791df94e
--! Message: Read it back

-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Former employees by name and domain
drop index if exists core.person_past_employer_company_name_idx;
drop index if exists core.person_work_history_company_name_idx;
--! Included tables/core_people.sql
create table if not exists core.people (
  id uuid primary key,
  linkedin_url text not null,
  linkedin_slug text,
  full_name text,
  linkedin_url_type text,
  linkedin_user_profile_urn text,
  core_company_id uuid,
  source text not null,
  lineage jsonb not null default '{}',
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint people_record_key unique nulls not distinct (linkedin_url)
);
comment on table core.people is 'Golden record: one row per person. core_company_id is core.companies.id of the current employer.';
create index if not exists people_employer_idx on core.people (core_company_id, linkedin_url);

create table if not exists core.person_locations (
  id uuid primary key,
  linkedin_url text not null,
  city text,
  state text,
  country text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_locations_record_key unique nulls not distinct (linkedin_url)
);
comment on table core.person_locations is 'Where a person lives.';
create index if not exists person_locations_country_idx on core.person_locations (country);

create table if not exists core.person_tenure (
  id uuid primary key,
  linkedin_url text not null,
  job_start_date date not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_tenure_record_key unique nulls not distinct (linkedin_url)
);
comment on table core.person_tenure is 'Start of a persons current job.';
create index if not exists person_tenure_job_start_date_idx on core.person_tenure (job_start_date);

create table if not exists core.person_job_titles (
  id uuid primary key,
  linkedin_url text not null,
  matched_cleaned_job_title text,
  matched_job_function text,
  matched_seniority text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_job_titles_record_key unique nulls not distinct (linkedin_url)
);
comment on table core.person_job_titles is 'Classified current job title of a person.';

create table if not exists core.person_past_employer (
  id uuid primary key,
  linkedin_url text not null,
  past_company_name text,
  past_company_domain text,
  scrape_settings_id uuid,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_past_employer_record_key unique nulls not distinct (linkedin_url, past_company_name, past_company_domain, source)
);
comment on table core.person_past_employer is 'Former employers of a person, one set per source.';
create index if not exists person_past_employer_past_company_domain_idx on core.person_past_employer (past_company_domain);
-- Names are of any length, and a B-tree entry has room for about 2,700 bytes, so it holds their beginnings.
create index if not exists person_past_employer_past_company_idx on core.person_past_employer (left(etl.fold(past_company_name), 200), past_company_domain);

create table if not exists core.person_work_history (
  id uuid not null,
  linkedin_url text not null,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  title text,
  matched_cleaned_job_title text,
  matched_job_function text,
  matched_seniority text,
  start_date date,
  end_date date,
  is_current boolean not null,
  experience_order integer not null,
  source_id uuid not null,
  linkedin_url_type text not null default 'real',
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_work_history_record_key primary key (linkedin_url, source, experience_order)
);
comment on table core.person_work_history is 'Jobs of a person, one set per source; experience_order 0 is the newest. source_id is the id of the extracted row.';
create index if not exists person_work_history_linkedin_url_company_domain_idx on core.person_work_history (linkedin_url, company_domain);
create index if not exists person_work_history_company_domain_idx on core.person_work_history (company_domain);
create index if not exists person_work_history_past_company_idx on core.person_work_history (left(etl.fold(company_name), 200), company_domain) where not is_current;

create table if not exists core.person_promotions (
  id uuid not null,
  linkedin_url text not null,
  company_domain text not null,
  company_name text,
  previous_title text not null,
  new_title text not null,
  promotion_date date not null,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_promotions_record_key primary key (linkedin_url, source, company_domain, new_title, promotion_date)
);
comment on table core.person_promotions is 'Changes of title within a company: the new job starts within 90 days of the end of the one before.';
create index if not exists person_promotions_promotion_date_idx on core.person_promotions (promotion_date);
--! EndIncluded tables/core_people.sql
--! Included tables/api_reads.sql
-- What the lists of /api are answered from: one row per company and one per person, kept by api.refresh_reads() from core.
create table if not exists api.company_rows (
  domain text primary key,
  id uuid not null,
  name text,
  linkedin_url text,
  company_city text,
  company_state text,
  company_country text,
  matched_industry text,
  employee_range text,
  company_type text,
  funding_range text,
  revenue_range text,
  is_b2b boolean,
  is_b2c boolean,
  vc_names text[],
  sort_name text collate "C" not null,
  search tsvector not null,
  constraint company_rows_id_key unique (id)
);
comment on table api.company_rows is
  'One row per row of core.companies with what lists show and filter by. Follows core within a second; api.company_facts is what it follows. Never written by hand.';
comment on column api.company_rows.vc_names is 'Investors, sorted; null for none.';
comment on column api.company_rows.sort_name is 'api.sort_key(name): the order of lists.';
comment on column api.company_rows.search is 'Words of name and domain.';
create index if not exists company_rows_name_idx on api.company_rows (name);
create index if not exists company_rows_order_idx on api.company_rows (sort_name, domain);
create index if not exists company_rows_vc_names_idx on api.company_rows using gin (vc_names);
create index if not exists company_rows_search_idx on api.company_rows using gin (search);

create table if not exists api.lead_rows (
  linkedin_url text primary key,
  person_id uuid not null,
  linkedin_slug text,
  full_name text,
  linkedin_url_type text,
  linkedin_user_profile_urn text,
  person_city text,
  person_state text,
  person_country text,
  matched_cleaned_job_title text,
  matched_job_function text,
  matched_seniority text,
  job_start_date date,
  core_company_id uuid,
  company_id uuid,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  company_city text,
  company_state text,
  company_country text,
  matched_industry text,
  employee_range text,
  company_type text,
  funding_range text,
  revenue_range text,
  is_b2b boolean,
  is_b2c boolean,
  vc_names text[],
  previous_title text,
  new_title text,
  promotion_date date,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  is_visible boolean not null,
  sort_name text collate "C" not null,
  search tsvector not null,
  past_domains text[]
);
comment on table api.lead_rows is
  'One row per row of core.people with the current employer and its facts. Follows core within a second; api.lead_facts is what it follows. Never written by hand.';
comment on column api.lead_rows.is_visible is
  'Complete enough to be shown as a lead: company name, both countries, title, function, seniority and industry are known, and the function is not Miscellaneous.';
comment on column api.lead_rows.past_domains is 'Domains of former employers, sorted, without the present one; null for none.';
comment on column api.lead_rows.promotion_date is 'The newest promotion at the current employer, with previous_title and new_title.';
comment on column api.lead_rows.sort_name is 'api.sort_key(full_name): the order of lists.';
comment on column api.lead_rows.search is 'Words of name, title and company.';
create index if not exists lead_rows_order_idx on api.lead_rows (sort_name, person_id);
create index if not exists lead_rows_visible_order_idx on api.lead_rows (sort_name, person_id) where is_visible;
-- Descending order as an ascending key that is never null, so that one row comparison finds the next page.
create index if not exists lead_rows_started_idx on api.lead_rows ((date '9999-12-31' - job_start_date), person_id) where is_visible;
create index if not exists lead_rows_promoted_idx on api.lead_rows ((date '9999-12-31' - promotion_date), person_id) where is_visible;
create index if not exists lead_rows_vc_order_idx on api.lead_rows (sort_name, person_id) where is_visible and vc_names is not null;
create index if not exists lead_rows_job_start_date_idx on api.lead_rows (job_start_date);
-- The columns of filters have the indexes that api.use_extensions() makes.
create index if not exists lead_rows_company_name_idx on api.lead_rows (company_name);
create index if not exists lead_rows_company_domain_idx on api.lead_rows (company_domain, is_visible);
create index if not exists lead_rows_vc_names_idx on api.lead_rows using gin (vc_names);
create index if not exists lead_rows_past_domains_idx on api.lead_rows using gin (past_domains);
create index if not exists lead_rows_search_idx on api.lead_rows using gin (search);
-- Words that are rare are the ones asked for: the planner should know the common ones.
alter table api.lead_rows alter column search set statistics 300;
alter table api.company_rows alter column search set statistics 300;
-- Function, seniority, size and country of people go together; without this the planner multiplies their shares.
create statistics if not exists api.lead_rows_filters (mcv, dependencies)
  on matched_job_function, matched_seniority, matched_industry, employee_range, person_country, is_visible from api.lead_rows;

create table if not exists api.lead_counts (
  company_domain text primary key,
  leads bigint not null,
  constraint leads_are_counted check (leads >= 0)
);
comment on table api.lead_counts is
  'How many visible rows api.lead_rows has per company, kept with it: counting those of a company where 100,000 people work takes longer than all else that is told of it. None for companies without leads.';

create table if not exists api.changed_keys (
  id bigint generated always as identity primary key,
  kind text not null,
  key text not null,
  constraint kind_is_known check (kind in ('company', 'person'))
);
comment on table api.changed_keys is
  'Records whose row in api.company_rows or api.lead_rows may be behind core; written by triggers on core, worked off by api.refresh_reads(). A key may be here many times.';
comment on column api.changed_keys.kind is 'company (key: domain) or person (key: LinkedIn URL).';

create table if not exists api.due_keys (
  kind text not null,
  key text not null,
  id bigint not null generated always as identity,
  after text,
  primary key (kind, key),
  constraint kind_is_known check (kind in ('company', 'person', 'staff'))
);
create index if not exists due_keys_order_idx on api.due_keys (kind, id);
comment on table api.due_keys is
  'The notes of api.changed_keys folded to one per key, oldest first by id. Written under api.lock_reads() only.';
comment on column api.due_keys.kind is 'company (key: domain), person (key: LinkedIn URL), or staff: everyone at the company with this domain.';
comment on column api.due_keys.after is 'staff: the last person already looked at.';

create table if not exists api.vocabulary (
  field text not null,
  value text not null,
  match_key text not null generated always as (etl.fold(value)) stored,
  primary key (field, value)
);
create index if not exists vocabulary_match_key_idx on api.vocabulary (field, match_key);
comment on table api.vocabulary is
  'Values that occur in a column of the read tables. Filters that look for a part of a value, or in any case, find the exact values here, and look those up by index.';

create table if not exists api.words (
  word text collate "C" primary key
);
comment on table api.words is 'Words that occur in api.lead_rows.search and api.company_rows.search; a misspelt word is looked for here.';

create table if not exists api.endpoints (
  name text primary key,
  method text not null default 'get',
  path text not null,
  tag text not null,
  summary text not null,
  parameters jsonb not null default '[]',
  response_schema jsonb not null,
  rows_from text,
  row_columns jsonb,
  order_by text[],
  always text,
  meta jsonb,
  is_wrapped boolean not null default true,
  calls text,
  missing text,
  scope text not null default 'read',
  position integer not null generated always as identity,
  constraint method_is_known check (method in ('get', 'post', 'delete')),
  constraint scope_is_known check (scope in ('read', 'ingest', 'admin')),
  constraint gives_rows_or_calls check ((rows_from is null) = (calls is not null)),
  constraint rows_have_columns_and_order check ((rows_from is null) = (row_columns is null) and (rows_from is null) = (order_by is null)),
  constraint endpoints_path_key unique (path, method)
);
comment on table api.endpoints is
  'One row per reading endpoint of /api: routes, checks of parameters, SQL, OpenAPI and exports come from it. Written by api.list() and api.call(); running servers hear of changes.';
comment on column api.endpoints.parameters is
  'Array of {name, in, type, description, ...}: see api.list().';
comment on column api.endpoints.rows_from is 'Lists: from clause.';
comment on column api.endpoints.row_columns is 'Lists: array of {name, type, sql, description}: the fields of a row, in order.';
comment on column api.endpoints.order_by is 'Lists: expressions that are never null and together unique, ascending.';
comment on column api.endpoints.always is 'Lists: condition that every row meets.';
comment on column api.endpoints.meta is 'Lists: further fields of meta, name -> name of the parameter that is echoed.';
comment on column api.endpoints.is_wrapped is 'Lists: {data, meta} (true) or the bare array.';
comment on column api.endpoints.calls is 'Other endpoints: function of schema api, called with the parameters by name, that gives the whole answer.';
comment on column api.endpoints.missing is 'What is said, with 404, when the function gives null.';
--! EndIncluded tables/api_reads.sql
alter table api.lead_rows alter column company_name set statistics -1;
alter table api.company_rows alter column name set statistics -1;

-- Views and functions of core
--! Included core/companies_full_v2.sql
create or replace view core.companies_full_v2 as
  select company.domain,
         coalesce(
           company.cleaned_name, case when company.lineage #>> '{name,source}' = 'manual' then company.name end, named.name, company.name
         ) as name,
         company.linkedin_url, size.employee_range,
         typed.matched_type as company_type, location.city as company_city, location.state as company_state, location.country as company_country,
         industry.matched_industry, funding.matched_funding_range as funding_range, revenue.matched_revenue_range as revenue_range,
         described.description, described.tagline
    from core.companies as company
    left join core.company_employee_range as size on size.domain = company.domain
    left join core.company_locations as location on location.domain = company.domain
    left join core.company_industries as industry on industry.domain = company.domain
    left join core.company_descriptions as described on described.domain = company.domain
    left join lateral (
      -- A name that someone cleaned or entered by hand stands; of providers, Crunchbase names companies best, then Clay.
      select coalesce(name.cleaned_name, name.raw_name) as name
        from core.company_names as name
       where name.domain = company.domain
         and name.source in ('cb_vc_portfolio', 'company_vc_investors', 'crunchbase_inference', 'clay-cleaned', 'clay')
       order by name.cleaned_name is null, array_position('{cb_vc_portfolio,company_vc_investors,crunchbase_inference,clay-cleaned,clay}', name.source)
       limit 1
    ) as named on true
    left join lateral (
      select type.matched_type
        from core.company_types as type
       where type.domain = company.domain
         and type.matched_type is not null
       order by type.observed_at desc, type.source
       limit 1
    ) as typed on true
    left join lateral (
      select total.matched_funding_range
        from core.company_funding as total
       where total.domain = company.domain
         and total.matched_funding_range is not null
       order by total.observed_at desc, total.source
       limit 1
    ) as funding on true
    left join lateral (
      select yearly.matched_revenue_range
        from core.company_revenue as yearly
       where yearly.domain = company.domain
         and yearly.matched_revenue_range is not null
       order by yearly.observed_at desc, yearly.source
       limit 1
    ) as revenue on true;
comment on view core.companies_full_v2 is 'One row per company with all its facts; of facts that each source gives its own way, the newest that is matched.';
--! EndIncluded core/companies_full_v2.sql
--! Included core/leads.sql
create or replace view core.leads as
  select lead.person_id, lead.linkedin_url, lead.linkedin_slug, lead.full_name, lead.linkedin_url_type, lead.linkedin_user_profile_urn,
         lead.person_city, lead.person_state, lead.person_country, lead.matched_cleaned_job_title, lead.matched_job_function, lead.matched_seniority,
         lead.job_start_date, lead.company_id, lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.company_city,
         lead.company_state, lead.company_country, lead.matched_industry, lead.employee_range, lead.is_visible
    from api.lead_rows as lead;
comment on view core.leads is
  'One row per person with the current employer, from api.lead_rows: follows core within a second. is_visible: complete enough for the lists of leads.';

create or replace view core.leads_recently_promoted as
  select lead.person_id, lead.linkedin_url, lead.linkedin_slug, lead.full_name, lead.linkedin_url_type, lead.person_city, lead.person_state,
         lead.person_country, lead.matched_cleaned_job_title, lead.matched_job_function, lead.matched_seniority, lead.job_start_date,
         lead.company_id, lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.company_city, lead.company_state,
         lead.company_country, lead.matched_industry, lead.employee_range, lead.previous_title, lead.new_title, lead.promotion_date
    from api.lead_rows as lead
   where lead.promotion_date is not null;
comment on view core.leads_recently_promoted is 'Leads with their newest promotion at their present employer: one row per person who has one.';

create or replace view core.vc_portfolio_descriptions as
  select distinct on (portfolio.domain) portfolio.domain, coalesce(portfolio.short_description, portfolio.long_description) as description
    from extracted.vc_portfolio as portfolio
   where num_nonnulls(portfolio.short_description, portfolio.long_description) > 0
   order by portfolio.domain, portfolio.observed_at desc, portfolio.id;
comment on view core.vc_portfolio_descriptions is
  'What the newest portfolio of an investor that describes a company says of it, the short text if there is one: one row per company that has one.';

create or replace view core.leads_at_vc_portfolio as
  select lead.person_id, lead.linkedin_url, lead.linkedin_slug, lead.full_name, lead.linkedin_url_type, lead.person_city, lead.person_state,
         lead.person_country, lead.matched_cleaned_job_title, lead.matched_job_function, lead.matched_seniority, lead.job_start_date,
         lead.company_id, lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.company_city, lead.company_state,
         lead.company_country, lead.matched_industry, lead.employee_range, investor.vc_name,
         described.description as vc_company_description
    from api.lead_rows as lead
   cross join lateral unnest(lead.vc_names) as investor (vc_name)
    left join core.vc_portfolio_descriptions as described on described.domain = lead.company_domain;
comment on view core.leads_at_vc_portfolio is 'Leads at companies with an investor: one row per person and investor.';

-- Whoever works there now is no former employee, whatever other jobs they had there: readers compare with the present employer.
create or replace view core.former_employees as
  select job.linkedin_url, job.company_domain, job.company_name, job.matched_job_function, job.end_date
    from core.person_work_history as job
   where not job.is_current
  union all
  select employer.linkedin_url, employer.past_company_domain, employer.past_company_name, null, null
    from core.person_past_employer as employer
  union all
  select signal.linkedin_url, signal.previous_company_domain, null, null, signal.occurred_on
    from core.person_signals as signal
   where signal.kind = 'job_change'
     and signal.previous_company_domain is not null;
comment on view core.former_employees is
  'Who worked where before: one row per former job of core.person_work_history, per entry of core.person_past_employer, and per job change of core.person_signals that names the former company.';
--! EndIncluded core/leads.sql
--! Included core/company_vc_investors_views.sql
select etl.lookup('reference.vc_name_aliases', 'raw_name');

create or replace view core.company_vc_investors_resolved as
  select investor.id, investor.company_domain, investor.vc_name, investor.source, coalesce(investor.company_name, company.name) as company_name,
         coalesce(investor.vc_domain, firm.domain) as vc_domain, investor.raw_payload_id, investor.observed_at, investor.created_at
    from core.company_vc_investors as investor
    left join reference.vc_name_aliases as alias on alias.match_key = etl.fold(investor.vc_name)
    left join reference.vc_firms as firm on firm.match_key = etl.fold(coalesce(alias.canonical_name, investor.vc_name))
    left join core.companies as company on company.domain = investor.company_domain;
comment on view core.company_vc_investors_resolved is 'core.company_vc_investors with the domain of the firm by reference.vc_firms, always as it is now.';

create or replace view core.company_vc_investments as
  select investor.id, investor.company_domain, investor.company_name, investor.vc_name, investor.created_at
    from core.company_vc_investors_resolved as investor;
comment on view core.company_vc_investments is 'The same facts as core.company_vc_investors, under the older name.';

create or replace view core.vc_backed_with_customers as
  select backed.domain, coalesce(company.cleaned_name, company.name, min(customer.origin_company_name)) as name,
         count(distinct customer.customer_domain) as customer_count, count(*) as customer_name_count,
         (select array_agg(investor.vc_name order by investor.vc_name) from core.company_vc_investors as investor where investor.company_domain = backed.domain) as vc_investors
    from core.company_vc_backed as backed
    join core.company_customers_resolved as customer on customer.origin_company_domain = backed.domain
    left join core.companies as company on company.domain = backed.domain
   group by backed.domain, company.cleaned_name, company.name;
comment on view core.vc_backed_with_customers is 'Companies with investors whose customers are known: one row per company.';

create or replace view public.vc_backed_missing_customers as
  select distinct investor.company_domain as domain, company.name as company_name, company.linkedin_url, investor.vc_name, investor.vc_domain
    from core.company_vc_investors_resolved as investor
    join reference.top_vcs as top on top.domain = investor.vc_domain
    join core.companies as company on company.domain = investor.company_domain
    join core.company_locations as location on location.domain = investor.company_domain and location.country = 'United States'
   where not exists (select from core.company_customers as customer where customer.origin_company_domain = investor.company_domain)
   order by investor.company_domain;
comment on view public.vc_backed_missing_customers is 'Companies in the United States with an investor of reference.top_vcs and no known customer.';
--! EndIncluded core/company_vc_investors_views.sql

-- The read tables follow job changes, also where one changes nothing else of the person
--! Included api/read/refresh.sql
-- How the read tables follow core. Triggers on core note the keys that changed, in the transaction that changes them; a refresh,
-- later and alone, folds the notes to one per key and computes those rows again from what is committed. So a noted key is never
-- computed from a state before its change, two refreshes never overtake each other, and ingest pays for one small insert per
-- statement and nothing else.

create or replace function api.note_company_keys()
returns trigger language plpgsql set search_path = '' as $$
begin
  insert into api.changed_keys (kind, key) select distinct 'company', changed.domain from changed;
  return null;
end;
$$;
comment on function api.note_company_keys() is 'Trigger: notes the companies of changed rows (column domain).';

create or replace function api.note_investor_keys()
returns trigger language plpgsql set search_path = '' as $$
begin
  insert into api.changed_keys (kind, key) select distinct 'company', changed.company_domain from changed;
  return null;
end;
$$;
comment on function api.note_investor_keys() is 'Trigger: notes the companies of changed rows (column company_domain).';

create or replace function api.note_person_keys()
returns trigger language plpgsql set search_path = '' as $$
begin
  insert into api.changed_keys (kind, key) select distinct 'person', changed.linkedin_url from changed;
  return null;
end;
$$;
comment on function api.note_person_keys() is 'Trigger: notes the people of changed rows (column linkedin_url).';

do $$
declare
  v_table record;
begin
  for v_table in
    select watched.name, watched.notes
      from (values
        ('core.companies', 'note_company_keys'), ('core.company_locations', 'note_company_keys'),
        ('core.company_industries', 'note_company_keys'), ('core.company_employee_range', 'note_company_keys'),
        ('core.company_types', 'note_company_keys'), ('core.company_funding', 'note_company_keys'),
        ('core.company_revenue', 'note_company_keys'), ('core.company_business_model', 'note_company_keys'),
        ('core.company_vc_investors', 'note_investor_keys'),
        ('core.people', 'note_person_keys'), ('core.person_locations', 'note_person_keys'),
        ('core.person_job_titles', 'note_person_keys'), ('core.person_tenure', 'note_person_keys'),
        ('core.person_promotions', 'note_person_keys'), ('core.person_work_history', 'note_person_keys'),
        ('core.person_past_employer', 'note_person_keys'), ('core.person_signals', 'note_person_keys')
      ) as watched (name, notes)
  loop
    execute format(
      'create or replace trigger _800_note_inserted after insert on %s referencing new table as changed for each statement execute function api.%I()',
      v_table.name, v_table.notes
    );
    execute format(
      'create or replace trigger _800_note_updated after update on %s referencing new table as changed for each statement execute function api.%I()',
      v_table.name, v_table.notes
    );
    execute format(
      'create or replace trigger _800_note_deleted after delete on %s referencing old table as changed for each statement execute function api.%I()',
      v_table.name, v_table.notes
    );
  end loop;
end;
$$;

create or replace function api.merge_rows(target text, facts text, key_column text, keys text[])
returns text[] language plpgsql set search_path = ''
  -- Each key is looked up, whatever the statistics say: after a load they are those of empty tables, and whole tables would be joined for every batch.
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_columns text;
  v_stored text;
  v_offered text;
  v_computed text;
  v_changed text[];
begin
  select string_agg(quote_ident(found.name), ', ' order by found.place), string_agg(format('stored.%I', found.name), ', ' order by found.place),
         string_agg(format('excluded.%I', found.name), ', ' order by found.place), string_agg(format('fact.%I', found.name), ', ' order by found.place)
    into v_columns, v_stored, v_offered, v_computed
    from etl.columns_of(merge_rows.target) as found;
  execute format(
    $sql$
    with fact as materialized (
      select %4$s from %2$s where %3$I = any ($1)
    ), gone as (
      delete from %1$s as stored
       where stored.%3$I = any (array(select unnest($1) except select fact.%3$I from fact))
      returning stored.%3$I
    ), merged as (
      insert into %1$s (%4$s)
      select %7$s
        from fact
        left join %1$s as stored on stored.%3$I = fact.%3$I
       where stored.%3$I is null
          or (%5$s) is distinct from (%7$s)
          on conflict (%3$I) do update set (%4$s) = row (%6$s)
      returning %3$I
    )
    select array(select gone.%3$I from gone union all select merged.%3$I from merged)
    $sql$, merge_rows.target, merge_rows.facts, merge_rows.key_column, v_columns, v_stored, v_offered, v_computed
  ) into v_changed using merge_rows.keys;
  return v_changed;
end;
$$;
comment on function api.merge_rows(text, text, text, text[]) is
  'Makes the rows of a read table that have the given keys equal to those of its facts. Gives the keys whose row changed, came or went.';

create or replace function api.learn_words(searches tsvector[])
returns void language sql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  insert into api.words (word)
  select found.word
    from api.words_in(learn_words.searches) as found (word)
   where not exists (select from api.words as known where known.word = found.word collate "C")
      on conflict do nothing;
$$;
comment on function api.learn_words(tsvector[]) is 'Adds words that are not known yet.';

create or replace function api.words_in(searches tsvector[])
returns setof text language sql immutable set search_path = '' as $$
  select distinct found.word collate "C"
    from unnest(words_in.searches) as search (words)
   cross join lateral unnest(tsvector_to_array(search.words)) as found (word);
$$;
comment on function api.words_in(tsvector[]) is 'The words of search vectors, each once.';

create or replace function api.unlearn_words(words text[])
returns void language sql set search_path = '' as $$
  delete from api.words as known
   using unnest(unlearn_words.words) as gone (word)
   where known.word = gone.word collate "C"
     and not exists (select from api.lead_rows as lead where lead.search @@ (quote_literal(gone.word))::tsquery)
     and not exists (select from api.company_rows as company where company.search @@ (quote_literal(gone.word))::tsquery);
$$;
comment on function api.unlearn_words(text[]) is 'Removes those of the words that occur nowhere any more, so that a name that was erased is not kept as a word.';

create or replace function api.learn_values(company_domains text[], linkedin_urls text[])
returns void language sql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  insert into api.vocabulary (field, value)
  select seen.field, seen.value
    from (
      select fact.field, fact.value
        from api.lead_rows as lead
       cross join lateral (
         values ('matched_cleaned_job_title', lead.matched_cleaned_job_title), ('matched_job_function', lead.matched_job_function),
                ('matched_seniority', lead.matched_seniority), ('person_city', lead.person_city), ('person_state', lead.person_state),
                ('person_country', lead.person_country)
       ) as fact (field, value)
       where lead.linkedin_url = any (learn_values.linkedin_urls)
      union
      select fact.field, fact.value
        from api.company_rows as company
       cross join lateral (
         values ('matched_industry', company.matched_industry), ('employee_range', company.employee_range), ('company_city', company.company_city),
                ('company_state', company.company_state), ('company_name', company.name), ('company_country', company.company_country), ('company_type', company.company_type),
                ('funding_range', company.funding_range), ('revenue_range', company.revenue_range)
         union all
         select 'vc_name', name from unnest(company.vc_names) as name
       ) as fact (field, value)
       where company.domain = any (learn_values.company_domains)
    ) as seen
   where seen.value is not null
     and not exists (select from api.vocabulary as known where known.field = seen.field and known.value = seen.value)
      on conflict do nothing;
$$;
comment on function api.learn_values(text[], text[]) is 'Adds the values of the given rows that are not in the vocabulary yet.';

create or replace function api.refresh_keys(company_domains text[], linkedin_urls text[])
returns integer language plpgsql set search_path = '' as $$
declare
  v_companies text[] := '{}';
  v_people text[] := '{}';
  v_before tsvector[] := '{}';
  v_after tsvector[];
begin
  if cardinality(refresh_keys.company_domains) > 0 then
    v_before := array(select stored.search from api.company_rows as stored where stored.domain = any (refresh_keys.company_domains));
    v_companies := api.merge_rows('api.company_rows', 'api.company_facts', 'domain', refresh_keys.company_domains);
    -- Everyone there shows the company: looked at later, part by part, however many they are.
    insert into api.due_keys as due (kind, key)
    select 'staff', changed.domain from unnest(v_companies) as changed (domain)
        on conflict (kind, key) do update set after = null where due.after is not null;
  end if;
  if cardinality(refresh_keys.linkedin_urls) > 0 then
    v_before := v_before || array(select stored.search from api.lead_rows as stored where stored.linkedin_url = any (refresh_keys.linkedin_urls));
    v_people := api.merge_rows('api.lead_rows', 'api.lead_facts', 'linkedin_url', refresh_keys.linkedin_urls);
  end if;
  if cardinality(v_companies) + cardinality(v_people) > 0 then
    perform api.learn_values(v_companies, v_people);
    v_after := array(select stored.search from api.company_rows as stored where stored.domain = any (refresh_keys.company_domains))
      || array(select stored.search from api.lead_rows as stored where stored.linkedin_url = any (refresh_keys.linkedin_urls));
    perform api.learn_words(v_after);
    -- Only words that no row of these has any more are looked for in all the others.
    if cardinality(v_before) > 0 then
      perform api.unlearn_words(array(select old.word from api.words_in(v_before) as old (word) except select kept.word from api.words_in(v_after) as kept (word)));
    end if;
  end if;
  return cardinality(v_companies) + cardinality(v_people);
end;
$$;
comment on function api.refresh_keys(text[], text[]) is
  'Computes the rows of these companies and people again. Gives the number of rows that changed. The caller holds api.lock_reads().';

create or replace function api.lock_reads(may_wait boolean)
returns boolean language plpgsql set search_path = '' as $$
begin
  if lock_reads.may_wait then
    perform pg_advisory_xact_lock(hashtext('api.refresh_reads'), 0);
    return true;
  end if;
  return pg_try_advisory_xact_lock(hashtext('api.refresh_reads'), 0);
end;
$$;
comment on function api.lock_reads(boolean) is 'Takes the lock under which one transaction at a time refreshes the read tables; false when another has it and may_wait is false.';

create or replace function api.fold_changed_keys(most integer)
returns integer language sql set search_path = '' as $$
  -- By place in the table, as only the holder of the lock deletes here, and nobody updates.
  with taken as (
    delete from api.changed_keys as noted
     where noted.ctid = any (array(select oldest.ctid from api.changed_keys as oldest order by oldest.id limit fold_changed_keys.most))
    returning noted.id, noted.kind, noted.key
  ), folded as (
    insert into api.due_keys as due (kind, key)
    select taken.kind, taken.key from taken group by taken.kind, taken.key order by min(taken.id)
        on conflict (kind, key) do update set after = null where due.after is not null
  )
  select count(*)::integer from taken;
$$;
comment on function api.fold_changed_keys(integer) is
  'Moves the oldest notes, at most so many, to api.due_keys, where a key is once however often it changed. Gives the number moved. The caller holds api.lock_reads().';

create or replace function api.take_due_keys(kind text, most integer)
returns text[] language sql set search_path = '' as $$
  with taken as (
    delete from api.due_keys as due
     where due.ctid = any (
       array(select oldest.ctid from api.due_keys as oldest where oldest.kind = take_due_keys.kind order by oldest.id limit take_due_keys.most)
     )
    returning due.key
  )
  select array(select taken.key from taken);
$$;
comment on function api.take_due_keys(text, integer) is
  'Takes the oldest due keys of a kind, at most so many, out of api.due_keys. The caller computes them in this transaction, and holds api.lock_reads().';

create or replace function api.walk_staff(most integer, part integer default 1000)
returns integer language plpgsql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_domains text[];
  v_after text[];
begin
  with taken as (
    delete from api.due_keys as due
     where due.ctid = any (array(select oldest.ctid from api.due_keys as oldest where oldest.kind = 'staff' order by oldest.id limit walk_staff.most))
    returning due.key, due.after
  )
  select array_agg(taken.key), array_agg(taken.after) into v_domains, v_after from taken;

  -- Of those who have a row, only the ones whose row shows something else. Who has none yet is due on his own account.
  with staff as materialized (
    select walked.domain, person.linkedin_url
      from unnest(v_domains, v_after) as walked (domain, after)
     cross join lateral (
       select employed.linkedin_url
         from core.people as employed
        where employed.core_company_id = etl.record_id('core.companies', walked.domain)
          and employed.linkedin_url > coalesce(walked.after, '')
        order by employed.linkedin_url
        limit walk_staff.part
     ) as person
  )
  insert into api.due_keys as due (kind, key, after)
  select 'person', lead.linkedin_url, null
    from staff
    join api.lead_rows as lead on lead.linkedin_url = staff.linkedin_url
    left join api.company_rows as company on company.domain = staff.domain
   where (lead.company_id, lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.company_city, lead.company_state, lead.company_country,
          lead.matched_industry, lead.employee_range, lead.company_type, lead.funding_range, lead.revenue_range, lead.is_b2b, lead.is_b2c, lead.vc_names)
         is distinct from
         (company.id, company.domain, company.name, company.linkedin_url, company.company_city, company.company_state, company.company_country,
          company.matched_industry, company.employee_range, company.company_type, company.funding_range, company.revenue_range, company.is_b2b, company.is_b2c,
          company.vc_names)
  union all
  select 'staff', staff.domain, max(staff.linkedin_url) from staff group by staff.domain having count(*) = walk_staff.part
      on conflict do nothing;
  return coalesce(cardinality(v_domains), 0);
end;
$$;
comment on function api.walk_staff(integer, integer) is
  'For the companies that changed, at most so many: makes the next part of their people due, and the company again when there are more. Gives the number of companies. The caller holds api.lock_reads().';

create or replace function api.reads_are_behind()
returns boolean language sql stable set search_path = '' as $$
  select exists (select from api.changed_keys) or exists (select from api.due_keys);
$$;
comment on function api.reads_are_behind() is 'Whether a change of core is noted that the read tables do not show yet.';

create or replace function api.refresh_reads(most integer default 5000)
returns jsonb language plpgsql set search_path = '' as $$
declare
  c_folded constant integer := 20000;
  c_walked constant integer := 200;
  v_done integer := 0;
  v_changed integer := 0;
  v_companies text[];
  v_people text[];
begin
  if api.lock_reads(may_wait => false) then
    v_done := api.fold_changed_keys(c_folded);
    -- All notes are folded before the first key is computed, so that a long backlog costs one computation per key.
    if v_done < c_folded then
      v_companies := api.take_due_keys('company', refresh_reads.most);
      v_changed := api.refresh_keys(v_companies, '{}');
      v_done := cardinality(v_companies);
      -- People show their company, so they come when no company is left that would change them once more.
      if v_done < refresh_reads.most then
        v_done := v_done + api.walk_staff(c_walked);
        v_people := api.take_due_keys('person', refresh_reads.most - cardinality(v_companies));
        v_changed := v_changed + api.refresh_keys('{}', v_people);
        v_done := v_done + cardinality(v_people);
      end if;
    end if;
  end if;
  return jsonb_build_object('done', v_done, 'changed', v_changed, 'remaining', api.reads_are_behind());
end;
$$;
comment on function api.refresh_reads(integer) is
  'Works off changes of core: folds noted keys, or computes the rows of the oldest due ones, at most so many: {done: keys, changed: rows, remaining}. Does nothing while another transaction refreshes. Called by the worker.';

create or replace function api.refresh_all_reads()
returns bigint language plpgsql set search_path = '' as $$
declare
  v_changed bigint := 0;
  v_step jsonb;
begin
  perform api.lock_reads(may_wait => true);
  loop
    v_step := api.refresh_reads();
    v_changed := v_changed + (v_step ->> 'changed')::bigint;
    exit when not (v_step ->> 'remaining')::boolean;
  end loop;
  return v_changed;
end;
$$;
comment on function api.refresh_all_reads() is
  'Works off everything that is noted, in one transaction, after waiting for a refresh that is running: for psql, tests and loads without a worker. Gives the number of rows that changed.';

create or replace function api.rebuild_reads()
returns bigint language sql set search_path = '' as $$
  with noted as (
    insert into api.changed_keys (kind, key)
    select 'company', company.domain from core.companies as company
    union all
    select 'company', stored.domain from api.company_rows as stored
     where not exists (select from core.companies as company where company.domain = stored.domain)
    union all
    select 'person', person.linkedin_url from core.people as person
    union all
    select 'person', stored.linkedin_url from api.lead_rows as stored
     where not exists (select from core.people as person where person.linkedin_url = stored.linkedin_url)
    returning id
  )
  select count(*) from noted;
$$;
comment on function api.rebuild_reads() is
  'Notes every company and person, so that the worker makes all read tables again from core, part by part, while they are read. Gives the number noted.';

create or replace function api.forget_reads(key text, others text[])
returns void language plpgsql set search_path = '' as $$
declare
  v_keys constant text[] := array[forget_reads.key] || forget_reads.others;
  v_row jsonb;
  v_used record;
begin
  perform api.lock_reads(may_wait => true);
  select to_jsonb(stored) into v_row from api.lead_rows as stored where stored.linkedin_url = forget_reads.key;
  if v_row is null then
    select to_jsonb(stored) into v_row from api.company_rows as stored where stored.domain = forget_reads.key;
  end if;
  delete from api.changed_keys as noted where noted.key = forget_reads.key;
  delete from api.due_keys as due where due.key = forget_reads.key;
  perform api.refresh_keys(v_keys, v_keys);
  for v_used in
    select known.field, known.value, case when known.field ~ '^(person|matched_(job|cleaned|seniority))' then 'api.lead_rows' else 'api.company_rows' end as target
      from jsonb_each_text(v_row) as fact
      join api.vocabulary as known on known.field = case fact.key when 'name' then 'company_name' else fact.key end and known.value = fact.value
  loop
    execute format(
      'delete from api.vocabulary as known where known.field = $1 and known.value = $2 and not exists (select from %s as stored where stored.%I = $2)',
      v_used.target, case v_used.field when 'company_name' then 'name' else v_used.field end
    ) using v_used.field, v_used.value;
  end loop;
end;
$$;
comment on function api.forget_reads(text, text[]) is
  'Takes an erased record out of the read tables at once, with the words and values that only it had, and computes the records it mentioned again. Called by etl.forget().';
--! EndIncluded api/read/refresh.sql
insert into api.changed_keys (kind, key)
select distinct 'person', signal.linkedin_url from core.person_signals as signal where signal.kind = 'job_change';

-- Lists, their files, and other answers
drop function if exists api.top_vc_missing_customers(text, integer, integer);
drop function if exists api.use_trigrams();
drop function if exists api.companies_matching(text, integer);
drop function if exists api.export_sql(text, jsonb, text);
drop function if exists api.table_query(text, text, jsonb);
drop function if exists api.past_employer_breakdown(text, text);
drop function if exists api.former_employees_of(text, text, text);
--! Included api/copy_sql.sql
create or replace function api.copy_sql(query text, format text)
returns text language sql immutable parallel safe set search_path = '' as $$
  select case copy_sql.format
    when 'csv' then E'copy (\n' || copy_sql.query || E'\n) to stdout with (format csv, header)'
    -- Lines as they are: JSON has no control characters but blanks between its parts, so nothing in it is quoted.
    when 'ndjson' then E'copy (\nselect translate(line.row, E''\\n\\r'', ''  '')\n  from (\n' || copy_sql.query || E'\n) as line (row)\n)'
      || E' to stdout with (format csv, delimiter E''\\x01'', quote E''\\x02'')'
  end;
$$;
comment on function api.copy_sql(text, text) is
  'The statement that writes a query as a file: csv (the fields as texts, with a header) or ndjson (one JSON text a row). Null for another format.';
--! EndIncluded api/copy_sql.sql
--! Included api/table_query.sql
create or replace function api.filter_sql(name text, type text, can_be_compared boolean, is_text boolean, operator text, value jsonb)
returns text language plpgsql immutable set search_path = '' as $$
declare
  v_column constant text := format('stored.%I', name);
  v_is_array constant boolean := type like '%[]';
  v_base constant text := format('(%L)::%s', value #>> '{}', type);
  v_pattern constant text := '%' || regexp_replace(value #>> '{}', '([\\%_])', '\\\1', 'g') || '%';
  v_values text[];
begin
  if operator in ('eq', 'in') then
    v_values := case when operator = 'eq' then array[value #>> '{}'] else array(select jsonb_array_elements_text(value)) end;
    if is_text and name ~ '(^|_)domain$' then
      -- Keys are stored normalised; other spellings must not silently match nothing.
      v_values := v_values || array(select etl.normalize_domain(item) from unnest(v_values) as item where etl.normalize_domain(item) <> item);
    elsif is_text and name ~ 'linkedin_url$' then
      v_values := v_values || array(select etl.normalize_linkedin_url(item) from unnest(v_values) as item where etl.normalize_linkedin_url(item) <> item);
    end if;
    if v_is_array or not can_be_compared then
      return '(' || (select string_agg(format('%s::text = (%L)::%s::text', v_column, item, case when v_is_array then type else 'text' end), ' or ') from unnest(v_values) as item) || ')';
    end if;
    if cardinality(v_values) = 1 then
      return format('%s = (%L)::%s', v_column, v_values[1], type);
    end if;
    return format('%s = any (%L::text[]::%s[])', v_column, v_values, type);
  end if;
  return case operator
    when 'contains' then
      case when v_is_array then format('%L = any (%s::text[])', value #>> '{}', v_column)
        else format('%s ilike %L', case when is_text then v_column else v_column || '::text' end, v_pattern) end
    when 'gte' then format('%s >= %s', v_column, v_base)
    when 'gt' then format('%s > %s', v_column, v_base)
    when 'lte' then format('%s <= %s', v_column, v_base)
    when 'lt' then format('%s < %s', v_column, v_base)
    when 'null' then format('%s is %s null', v_column, case when value = 'true' then '' else 'not' end)
    when 'filled' then format('coalesce(%s::text, '''') %s ''''', v_column, case when value = 'true' then '<>' else '=' end)
  end;
end;
$$;
comment on function api.filter_sql(text, text, boolean, boolean, text, jsonb) is
  'SQL of one filter on a column of stored. Operators: eq, in, contains (any case; an element of an array), gte, gt, lte, lt, null, filled (not null and not empty). Null for another operator.';

create or replace function api.keyset_sql(names text[], types text[], nullable boolean[], descending boolean[], last_values text[])
returns text language plpgsql immutable set search_path = '' as $$
declare
  v_same constant boolean := not (true = any (nullable)) and (not (true = any (descending)) or not (false = any (descending)));
  v_row text;
  v_last text;
  v_terms text[] := '{}';
  v_equal text := '';
begin
  if v_same then
    -- The form that an index answers with one descent.
    select string_agg(format('stored.%I', item.name), ', ' order by item.place), string_agg(format('(%L)::%s', item.value, item.type), ', ' order by item.place)
      into v_row, v_last
      from unnest(names, types, last_values) with ordinality as item (name, type, value, place);
    return format('(%s) %s (%s)', v_row, case when descending[1] then '<' else '>' end, v_last);
  end if;
  -- Nulls come last in both directions: nothing of a column comes after a null.
  for v_place in 1..cardinality(names) loop
    if last_values[v_place] is not null then
      v_terms := v_terms || format(
        '(%s(stored.%I %s (%L)::%s%s))', v_equal, names[v_place], case when descending[v_place] then '<' else '>' end, last_values[v_place], types[v_place],
        case when nullable[v_place] then format(' or stored.%I is null', names[v_place]) else '' end
      );
      v_equal := v_equal || format('stored.%I = (%L)::%s and ', names[v_place], last_values[v_place], types[v_place]);
    else
      v_equal := v_equal || format('stored.%I is null and ', names[v_place]);
    end if;
  end loop;
  return case when v_terms = '{}' then 'false' else '(' || array_to_string(v_terms, ' or ') || ')' end;
end;
$$;
comment on function api.keyset_sql(text[], text[], boolean[], boolean[], text[]) is 'SQL condition on stored: after the row with these values in the sort order, nulls last.';

create or replace function api.table_query(schema_name text, table_name text, request jsonb)
returns table (page_query text, count_query text, sort text[]) language plpgsql stable set search_path = '' as $$
declare
  c_ranges constant text[] := '{gte,gt,lte,lt}';
  v_table record;
  v_known text;
  v_problem record;
  v_columns text[] := coalesce(array(select jsonb_array_elements_text(nullif(request -> 'columns', 'null'))), '{}');
  v_sort text[] := coalesce(array(select jsonb_array_elements_text(nullif(request -> 'sort', 'null'))), '{}');
  v_where text;
  v_order text;
  v_keys text;
  v_after jsonb := nullif(request -> 'after', 'null');
begin
  select readable.relation, readable.schema, readable.name into v_table
    from api.readable_tables(table_query.schema_name, table_query.table_name) as readable;
  if not found then
    raise exception using errcode = 'UNKEY', message = format('There is no readable table %s.%s', left(table_query.schema_name, 100), left(table_query.table_name, 100)), hint = '/api/tables lists them.';
  end if;
  select string_agg(found.name, ', ') into v_known from api.readable_columns(v_table.relation) as found;

  select asked.name, asked.problem into v_problem
    from (
      select named.name, format('%s.%s has no column "%s"', v_table.schema, v_table.name, left(named.name, 100)) as problem
        from (
          select unnest(v_columns) union all select ltrim(item, '-') from unnest(v_sort) as item
          union all select filter ->> 'column' from jsonb_array_elements(request -> 'filters') as filter
        ) as named (name)
       where not exists (select from api.readable_columns(v_table.relation) as found where found.name = named.name)
      union all
      select found.name, format('Column "%s" of type %s has no order', found.name, found.type)
        from api.readable_columns(v_table.relation) as found
       where not found.can_be_compared
         and (
           found.name in (select ltrim(item, '-') from unnest(v_sort) as item)
           or exists (select from jsonb_array_elements(request -> 'filters') as filter where filter ->> 'column' = found.name and filter ->> 'operator' = any (c_ranges))
         )
    ) as asked
   limit 1;
  if found then
    raise exception using errcode = 'BADRQ', message = v_problem.problem, hint = format('Its columns are %s.', v_known);
  end if;

  if v_columns = '{}' then
    v_columns := array(select found.name from api.readable_columns(v_table.relation) as found);
  end if;
  -- The order ends with a unique key, so that pages neither overlap nor skip; a view without one is ordered by all that can be.
  v_sort := v_sort || array(
    select found.name
      from api.readable_columns(v_table.relation) as found
     where found.can_be_compared
       and not found.name in (select ltrim(item, '-') from unnest(v_sort) as item)
       and (found.key_place is not null or not exists (select from api.readable_columns(v_table.relation) as other where other.key_place is not null))
     order by found.key_place, found.name <> 'id'
  );
  if v_after is not null and (
    v_after -> 'sort' is distinct from to_jsonb(v_sort) or jsonb_typeof(v_after -> 'values') is distinct from 'array' or jsonb_array_length(v_after -> 'values') <> cardinality(v_sort)
  ) then
    raise exception using errcode = 'BADRQ', message = 'The cursor belongs to another table or order', hint = 'Begin without a cursor, and keep table, sort and filters the same from page to page.';
  end if;

  select string_agg(api.filter_sql(found.name, found.type, found.can_be_compared, found.is_text, filter ->> 'operator', filter -> 'value'), E'\n   and ')
    into v_where
    from jsonb_array_elements(request -> 'filters') as filter
    join api.readable_columns(v_table.relation) as found on found.name = filter ->> 'column';
  select string_agg(format('stored.%I%s', found.name, case when item.sort like '-%' then ' desc nulls last' else '' end), ', ' order by item.place),
         string_agg(format('stored.%I::text', found.name), ', ' order by item.place)
    into v_order, v_keys
    from unnest(v_sort) with ordinality as item (sort, place)
    join api.readable_columns(v_table.relation) as found on found.name = ltrim(item.sort, '-');

  count_query := format(E'select count(*) as total\n  from %I.%I as stored\n where %s', v_table.schema, v_table.name, coalesce(v_where, 'true'));
  page_query := format(
    E'select %s\n  from %I.%I as stored\n where %s%s\n order by %s%s%s',
    case coalesce(request ->> 'format', 'json')
      when 'csv' then (
        select string_agg(api.cell_sql(format('stored.%I', item.name), found.type) || format(' as %I', item.name), ', ' order by item.place)
          from unnest(v_columns) with ordinality as item (name, place)
          join api.readable_columns(v_table.relation) as found on found.name = item.name
      )
      else format('(select row_to_json(shown) from (select %s) as shown)::text as row', etl.column_list(v_columns, 'stored'))
        || case when request ->> 'format' = 'ndjson' then '' else format(', json_build_array(%s)::text as keys', v_keys) end
    end,
    v_table.schema, v_table.name, coalesce(v_where, 'true'),
    (
      select E'\n   and ' || api.keyset_sql(
          array_agg(found.name order by item.place), array_agg(found.type order by item.place), array_agg(found.is_nullable order by item.place),
          array_agg(item.sort like '-%' order by item.place), array_agg(v_after -> 'values' ->> (item.place - 1)::integer order by item.place)
        )
        from unnest(v_sort) with ordinality as item (sort, place)
        join api.readable_columns(v_table.relation) as found on found.name = ltrim(item.sort, '-')
       where v_after is not null
      having count(*) > 0
    ),
    v_order,
    E'\n limit ' || (request ->> 'limit')::bigint, E'\noffset ' || (request ->> 'offset')::bigint
  );
  page_query := coalesce(api.copy_sql(page_query, request ->> 'format'), page_query);
  sort := v_sort;
  return next;
end;
$$;
comment on function api.table_query(text, text, jsonb) is
  'The query that reads a table as asked, built from names of the catalogue and quoted values only: request {columns, filters: [{column, operator, value}], sort: ["-column"], limit, offset, after: {sort, values}, format}. '
  'page_query gives each row as JSON text with the values to go on from; with format csv or ndjson it writes all rows as a file (api.copy_sql). count_query counts. Raises UNKEY for a table that cannot be read, BADRQ for an unknown column, a column without an order, or a cursor of another request.';

create or replace function api.estimated_count(count_query text)
returns bigint language plpgsql volatile set search_path = '' as $$
declare
  v_plan json;
begin
  execute 'explain (format json) ' || regexp_replace(estimated_count.count_query, '^select count\(\*\) as total', 'select 1') into v_plan;
  return (v_plan -> 0 -> 'Plan' ->> 'Plan Rows')::bigint;
end;
$$;
comment on function api.estimated_count(text) is 'About how many rows a count_query of api.table_query would count, from the planner''s statistics, in the time of a plan.';

create or replace function api.affordable_count(count_query text, most bigint default 100000)
returns table (total bigint, total_is text) language plpgsql volatile set search_path = '' as $$
begin
  total := api.estimated_count(affordable_count.count_query);
  total_is := 'estimated';
  if total <= affordable_count.most then
    execute affordable_count.count_query into total;
    total_is := 'exact';
  end if;
  return next;
end;
$$;
comment on function api.affordable_count(text, bigint) is
  'How many rows a count_query of api.table_query counts: exact, unless the planner expects more than most; then what it expects. total_is says which.';

create or replace function api.table_page(schema_name text, table_name text, request jsonb default '{}')
returns setof json language plpgsql stable set search_path = '' as $$
declare
  v_query text;
begin
  select query.page_query into v_query
    from api.table_query(table_page.schema_name, table_page.table_name, jsonb_build_object('filters', '[]'::jsonb, 'limit', 100) || table_page.request) as query;
  return query execute format('select page.row::json from (%s) as page', v_query);
end;
$$;
comment on function api.table_page(text, text, jsonb) is 'Rows of a table as /api/tables gives them (api.table_query), 100 unless request says otherwise. Raises as api.table_query.';
--! EndIncluded api/table_query.sql
--! Included api/read/vocabulary.sql
create or replace function api.known_values(field text, value text)
returns text[] language sql stable set search_path = '' as $$
  select coalesce(array_agg(known.value order by known.value), array[known_values.value])
    from api.vocabulary as known
   where known.field = known_values.field
     and known.match_key = etl.fold(known_values.value);
$$;
comment on function api.known_values(text, text) is
  'The spellings of a value that occur in a column, ignoring case and blanks; the value itself when none does.';

create or replace function api.split_values(field text, stated text)
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_pieces constant text[] := string_to_array(split_values.stated, ',');
  v_count constant integer := coalesce(cardinality(v_pieces), 0);
  v_values text[] := '{}';
  v_from integer := 1;
  v_to integer;
begin
  while v_from <= v_count loop
    -- The longest run of pieces that is a known value ("Security, Risk, & Compliance") is one value; no known value has more than ten commas.
    v_to := least(v_from + 10, v_count);
    while v_to > v_from loop
      exit when exists (
        select
          from api.vocabulary as known
         where known.field = split_values.field
           and known.match_key = etl.fold(array_to_string(v_pieces[v_from:v_to], ','))
      );
      v_to := v_to - 1;
    end loop;
    v_values := v_values || array_to_string(v_pieces[v_from:v_to], ',');
    v_from := v_to + 1;
  end loop;
  return v_values;
end;
$$;
comment on function api.split_values(text, text) is
  'The values of a comma-separated list. A comma that belongs to a value which occurs in the column does not separate.';

create or replace function api.listed_values(field text, stated text[], splits boolean)
returns text[] language sql stable set search_path = '' as $$
  select coalesce(array_agg(distinct spelt.value order by spelt.value), '{}')
    from unnest(listed_values.stated) as item (value)
   cross join lateral unnest(case when listed_values.splits then api.split_values(listed_values.field, item.value) else array[item.value] end) as piece (value)
   cross join lateral unnest(api.known_values(listed_values.field, btrim(piece.value))) as spelt (value)
   where btrim(piece.value) <> '';
$$;
comment on function api.listed_values(text, text[], boolean) is
  'The values that a list asks for, as the column spells them; splits: each item may be a comma-separated list itself. Empty items are dropped.';

create or replace function api.values_containing(field text, part text)
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_values text[];
begin
  -- The planner must see the part to know whether an index finds it.
  execute format(
    $sql$
    select case when count(*) <= 100 then coalesce(array_agg(found.value), '{}') end
      from (select known.value from api.vocabulary as known where known.field = %L and known.match_key like %L limit 101) as found
    $sql$, values_containing.field, api.like_pattern(values_containing.part)
  ) into v_values;
  return v_values;
end;
$$;
comment on function api.values_containing(text, text) is 'The values of a column that contain a text, in any case; null when they are more than 100.';

create or replace function api.word_query(part text)
returns tsquery language plpgsql stable set search_path = '' as $$
declare
  v_pieces constant text[] := array(
    select left(piece.word, 40)
      from regexp_split_to_table(etl.fold(word_query.part), '[^[:alnum:]]+') with ordinality as piece (word, place)
     where piece.word <> ''
     order by piece.place
     limit 20
  );
  v_count constant integer := coalesce(cardinality(v_pieces), 0);
  v_query tsquery;
  v_each tsquery;
  v_words text[];
begin
  for v_place in 1 .. v_count loop
    -- The first piece may be the end of a word and the last one the beginning; a single one any part. The others are whole.
    if v_place > 1 then
      v_each := (quote_literal(v_pieces[v_place]) || case when v_place = v_count then ':*' else '' end)::tsquery;
    elsif length(v_pieces[1]) < 2 then
      continue;
    else
      v_words := api.words_with(case when v_count = 1 then api.like_pattern(v_pieces[1]) else '%' || replace(v_pieces[1], '_', '\_') end, 51);
      -- So many words mean so many rows that looking them all up costs more than it saves.
      continue when cardinality(v_words) > 50;
      v_each := (select string_agg(quote_literal(word), ' | ') from unnest(coalesce(v_words, v_pieces[1:1])) as word)::tsquery;
    end if;
    v_query := coalesce(v_query && v_each, v_each);
  end loop;
  return v_query;
end;
$$;
comment on function api.word_query(text) is
  'What the search vector of every row meets that has the text somewhere in name, title or company: found by index, to be compared exactly afterwards. Null when so many rows would meet it that it sorts nothing out.';

create or replace function api.search_query(stated text)
returns tsquery language plpgsql volatile set search_path = '' as $$
declare
  v_word text;
  v_query tsquery;
  v_each tsquery;
begin
  foreach v_word in array api.words_of(search_query.stated) loop
    v_each := (quote_literal(v_word) || ':*')::tsquery;
    if not exists (select from api.words as known where known.word >= v_word collate "C" and known.word < (v_word || U&'\FFFF') collate "C") then
      v_each := coalesce(
        (select string_agg(quote_literal(near.word), ' | ') from unnest(api.words_like(v_word)) as near (word))::tsquery, v_each
      );
    end if;
    v_query := coalesce(v_query && v_each, v_each);
  end loop;
  return v_query;
end;
$$;
comment on function api.search_query(text) is
  'Rows with all these words, each whole or as a beginning. A word that no row has is taken for the nearest known ones, where pg_trgm is installed. Null when there are no words.';
--! EndIncluded api/read/vocabulary.sql
--! Included api/read/words.sql
create or replace function api.words_of(input text)
returns text[] language sql immutable parallel safe set search_path = '' as $$
  select coalesce(array_agg(distinct left(found.word, 40)), '{}')
    from (
      select piece.word
        from regexp_split_to_table(lower(words_of.input), '[^[:alnum:]]+') as piece (word)
       where piece.word <> ''
       limit 256
    ) as found;
$$;
comment on function api.words_of(text) is 'The words of a text in lower case, each once: runs of letters and digits, at most 256 of 40 characters. Empty for null.';

-- These two are computed for every row of the read tables: without a set clause they become part of the query that calls them.
create or replace function api.search_vector(input text)
returns tsvector language sql immutable parallel safe as $$
  select case
    when input ~ '[[:alnum:]]{41}' then array_to_tsvector(api.words_of(input))
    else array_to_tsvector(array_remove(regexp_split_to_array(left(lower(input), 2000), '[^[:alnum:]]+'), ''))
  end;
$$;
comment on function api.search_vector(text) is 'The words of a text, of its first 2,000 characters, to be searched by whole word or beginning. Null for null.';

create or replace function api.sort_key(input text)
returns text language sql immutable parallel safe as $$
  -- U+FFFF is above all letters: those without a name come last. Bounded, as it is indexed.
  select coalesce(nullif(left(etl.fold(input), 60), ''), U&'\FFFF');
$$;
comment on function api.sort_key(text) is 'What names are ordered by: without regard to case, those without a name last.';

create or replace function api.like_pattern(input text)
returns text language sql immutable strict parallel safe set search_path = '' as $$
  select '%' || regexp_replace(etl.fold(like_pattern.input), '([\\%_])', '\\\1', 'g') || '%';
$$;
comment on function api.like_pattern(text) is 'Pattern for LIKE that finds the text anywhere in a folded value; %, _ and \ stand for themselves.';

create or replace function api.trigram_schema()
returns text language sql stable set search_path = '' as $$
  select namespace.nspname
    from pg_catalog.pg_extension as extension
    join pg_catalog.pg_namespace as namespace on namespace.oid = extension.extnamespace
   where extension.extname = 'pg_trgm';
$$;
comment on function api.trigram_schema() is 'The schema of the extension pg_trgm; null where it is not installed.';

create or replace function api.words_with(pattern text, most integer)
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_words text[];
begin
  -- The planner must see the pattern to know whether an index finds it.
  execute format('select array_agg(found.word) from (select known.word from api.words as known where known.word like %L limit %s) as found', words_with.pattern, words_with.most)
    into v_words;
  return v_words;
end;
$$;
comment on function api.words_with(text, integer) is 'Known words that are LIKE the pattern, at most so many; null for none.';

create or replace function api.words_like(word text)
returns text[] language plpgsql volatile set search_path = '' as $$
declare
  v_schema constant text := api.trigram_schema();
  v_words text[];
begin
  if v_schema is null or length(words_like.word) < 3 then
    return null;
  end if;
  -- The extension has the setting only after its library is loaded, by its first call in a session.
  execute format('select set_config(''pg_trgm.similarity_threshold'', case when %I.similarity('''', '''') is not null then ''0.2'' end, true)', v_schema);
  -- Letters in another order are the commonest slip in short words, where few trigrams are left to compare.
  execute format(
    $sql$
    select array_agg(near.word)
      from (
        select known.word
          from api.words as known
         where known.word operator(%1$I.%%) $1
           and abs(length(known.word) - length($1)) <= 2
         order by api.letters_of(known.word) = api.letters_of($1) desc, %1$I.similarity(known.word, $1) desc, known.word
         limit 5
      ) as near
    $sql$, v_schema
  ) into v_words using words_like.word;
  return v_words;
end;
$$;
comment on function api.words_like(text) is 'The known words nearest to a misspelt one, at most five; null for none, and where pg_trgm is not installed.';

create or replace function api.letters_of(word text)
returns text language sql immutable parallel safe set search_path = '' as $$
  select string_agg(letter, '' order by letter) from regexp_split_to_table(letters_of.word, '') as letter;
$$;
comment on function api.letters_of(text) is 'The letters of a word in alphabetical order.';
--! EndIncluded api/read/words.sql
--! Included api/read/extensions.sql
-- Both are part of PostgreSQL and trusted, so that who owns the database may install them, where they are packaged with the server.
-- With pg_trgm, misspelt words find their like, and a part of a word is looked up by index; without it, a word must be right as far as it goes.
-- With btree_gin, rows are found by any of the filters together.
do $$
declare
  v_extension text;
begin
  foreach v_extension in array '{pg_trgm,btree_gin}'::text[] loop
    if exists (select from pg_available_extensions as available where available.name = v_extension and available.installed_version is null) then
      begin
        execute format('create extension %I with schema public', v_extension);
      exception when insufficient_privilege or feature_not_supported then
        raise notice '% is there but may not be installed by this role: lists go without it.', v_extension;
      end;
    end if;
  end loop;
end;
$$;

create or replace function api.index_filters(target text, columns text[])
returns void language plpgsql set search_path = '' as $$
declare
  v_table constant text := split_part(index_filters.target, '.', 2);
  v_column text;
begin
  if exists (select from pg_catalog.pg_extension where extname = 'btree_gin') then
    -- Rows that meet several filters are found within the index.
    execute format('create index if not exists %I on api.%I using gin (%s)', v_table || '_filters_idx', v_table,
      (select string_agg(quote_ident(item.name), ', ' order by item.place) from unnest(index_filters.columns) with ordinality as item (name, place)));
    foreach v_column in array index_filters.columns loop
      execute format('drop index if exists api.%I', v_table || '_' || v_column || '_idx');
    end loop;
  else
    foreach v_column in array index_filters.columns loop
      execute format('create index if not exists %I on api.%I (%I)', v_table || '_' || v_column || '_idx', v_table, v_column);
    end loop;
  end if;
end;
$$;
comment on function api.index_filters(text, text[]) is
  'Makes the indexes for filters on these columns of a table of schema api: one over all with btree_gin, else one for each, and drops those of the other kind.';

create or replace function api.use_extensions()
returns void language plpgsql set search_path = '' as $$
declare
  v_schema constant text := api.trigram_schema();
  v_index regclass;
begin
  if v_schema is not null then
    execute format('create index if not exists words_trigram_idx on api.words using gin (word %I.gin_trgm_ops)', v_schema);
    execute format('create index if not exists lead_rows_full_name_trigram_idx on api.lead_rows using gin (etl.fold(full_name) %I.gin_trgm_ops)', v_schema);
    execute format('create index if not exists vocabulary_trigram_idx on api.vocabulary using gin (match_key %I.gin_trgm_ops)', v_schema);
  end if;
  perform api.index_filters('api.company_rows', '{matched_industry,employee_range,company_city,company_state,company_country,funding_range,revenue_range}');
  perform api.index_filters(
    'api.lead_rows',
    '{matched_job_function,matched_seniority,matched_cleaned_job_title,matched_industry,employee_range,person_city,person_state,person_country,company_city,company_state,company_country,funding_range,revenue_range}'
  );
  -- Every search reads the list of what was written since from end to end, so it is kept short.
  for v_index in
    select indexed.indexrelid
      from pg_catalog.pg_index as indexed
      join pg_catalog.pg_class as index on index.oid = indexed.indexrelid
      join pg_catalog.pg_am as method on method.oid = index.relam
     where indexed.indrelid in ('api.lead_rows'::regclass, 'api.company_rows'::regclass)
       and method.amname = 'gin'
  loop
    execute format('alter index %s set (gin_pending_list_limit = 512)', v_index);
  end loop;
end;
$$;
comment on function api.use_extensions() is
  'Makes the indexes of the read tables that need pg_trgm or btree_gin, and those that stand in for them: call it after installing one of them later.';
select api.use_extensions();
--! EndIncluded api/read/extensions.sql
--! Included api/read/list_sql.sql
create or replace function api.given_values(parameter jsonb, value jsonb)
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_values text[] := case jsonb_typeof(given_values.value)
    when 'array' then array(select jsonb_array_elements_text(given_values.value))
    else array[given_values.value #>> '{}']
  end;
  v_normalised text[] := '{}';
  v_value text;
  v_key text;
begin
  if given_values.parameter ->> 'type' not in ('domain', 'person') then
    return v_values;
  end if;
  foreach v_value in array case when given_values.parameter -> 'list' = 'true' then string_to_array(array_to_string(v_values, ','), ',') else v_values end loop
    continue when btrim(v_value) = '';
    v_key := case given_values.parameter ->> 'type' when 'domain' then etl.normalize_domain(v_value) else etl.normalize_linkedin_url(v_value) end;
    if v_key is null then
      raise exception '% "%" is no %', given_values.parameter ->> 'name', left(v_value, 200),
          case given_values.parameter ->> 'type' when 'domain' then 'domain' else 'LinkedIn URL of a person' end
        using errcode = 'BADKY',
              hint = case given_values.parameter ->> 'type' when 'domain' then 'A domain looks like example.com.' else 'It looks like https://www.linkedin.com/in/name.' end;
    end if;
    v_normalised := v_normalised || v_key;
  end loop;
  return v_normalised;
end;
$$;
comment on function api.given_values(jsonb, jsonb) is 'The value or values of a parameter as text; domains and LinkedIn URLs normalised. Raises BADKY.';

create or replace function api.condition_sql(parameter jsonb, value jsonb)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_on constant text := condition_sql.parameter ->> 'on';
  v_field constant text := condition_sql.parameter ->> 'field';
  v_values text[] := api.given_values(condition_sql.parameter, condition_sql.value);
  v_first constant text := v_values[1];
  v_query tsquery;
  v_part text := '';
begin
  if v_first is null or (condition_sql.parameter ->> 'type' = 'text' and not exists (select from unnest(v_values) as each (value) where btrim(each.value) <> '')) then
    return null;
  end if;
  if condition_sql.parameter ? 'resolve' then
    execute format('select %s($1)', (condition_sql.parameter ->> 'resolve')::regproc) into v_values using v_first;
  end if;
  case condition_sql.parameter ->> 'match'
    when 'any', 'overlaps' then
      v_values := api.listed_values(v_field, v_values, splits => jsonb_typeof(condition_sql.value) <> 'array' or jsonb_array_length(condition_sql.value) = 1);
      return format(case condition_sql.parameter ->> 'match' when 'any' then '%s = any (%L::text[])' else '%s && %L::text[]' end, v_on, v_values);
    when 'contains' then
      v_values := api.values_containing(v_field, v_first);
      if v_values is null then
        -- So many that naming them would cost more, twice planned, than the planner takes to find them or to do without.
        return format('%s in (select known.value from api.vocabulary as known where known.field = %L and known.match_key like %L)', v_on, v_field, api.like_pattern(v_first));
      end if;
      return format('%s = any (%L::text[])', v_on, v_values);
    when 'part' then
      if to_regclass(condition_sql.parameter ->> 'trigrams') is null or etl.fold(v_first) !~ '[[:alnum:]]{3}' then
        v_query := api.word_query(v_first);
        v_part := case when v_query is null then ' /* by no index */' else format(' and %s @@ %L::tsquery', v_field, v_query) end;
      end if;
      return format('etl.fold(%s) like %L', v_on, api.like_pattern(v_first)) || v_part;
    when 'search' then
      v_query := api.search_query(v_first);
      return case when v_query is null then 'false' else format('%s @@ %L::tsquery', v_on, v_query) end;
    when 'equals' then
      return case when cardinality(v_values) = 1 then format('%s = %L', v_on, v_first) else format('%s = any (%L)', v_on, v_values) end;
    when 'from' then
      return format('%s >= %L', v_on, v_first);
    when 'to' then
      return format('%s <= %L', v_on, v_first);
    when 'within' then
      return format('%1$s >= current_date - %2$L::integer and %1$s <= current_date', v_on, v_first);
    when 'sql' then
      return replace(v_on, ':value', case when condition_sql.parameter -> 'list' = 'true' or condition_sql.parameter ? 'resolve' then quote_literal(v_values::text) || '::text[]' else quote_literal(v_first) end);
    else
      return null;
  end case;
end;
$$;
comment on function api.condition_sql(jsonb, jsonb) is 'The condition that a parameter of a list puts on its rows, with the value as a quoted literal; null for none. Raises BADKY.';

create or replace function api.order_key(list api.endpoints)
returns text language sql immutable set search_path = '' as $$
  select 'jsonb_build_array(' || array_to_string((order_key.list).order_by, ', ') || ')';
$$;
comment on function api.order_key(api.endpoints) is 'Expression for the place of a row in its list.';

create or replace function api.conditions_sql(list api.endpoints, parameters jsonb)
returns text language sql stable set search_path = '' as $$
  with stated as materialized (
    select api.condition_sql(declared.parameter, coalesce(conditions_sql.parameters -> (declared.parameter ->> 'name'), declared.parameter -> 'default')) as condition,
           declared.place, declared.parameter ? 'implies_always' as implies_always
      from jsonb_array_elements((conditions_sql.list).parameters) with ordinality as declared (parameter, place)
     where declared.parameter ? 'match'
       and coalesce(conditions_sql.parameters -> (declared.parameter ->> 'name'), declared.parameter -> 'default', 'null') <> 'null'
  )
  select coalesce(string_agg(each.condition, E'\n   and ' order by each.place), 'true')
    from (
      -- Said twice, the planner would take it for two conditions, and expect too few rows.
      select (conditions_sql.list).always as condition, 0 as place
       where not exists (select from stated where stated.implies_always and stated.condition is not null)
      union all
      select stated.condition, stated.place from stated
    ) as each
   where each.condition is not null;
$$;
comment on function api.conditions_sql(api.endpoints, jsonb) is 'All conditions on the rows of a list. Raises BADKY.';

create or replace function api.filled_sql(list api.endpoints, template text, parameters jsonb, after jsonb, most bigint)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_filled text := '';
  v_piece text;
  v_name text;
  v_declared jsonb;
  v_values text[];
  v_literal text;
begin
  -- In one pass: what a placeholder stands for is never searched for placeholders itself.
  for v_piece in select regexp_split_to_table(filled_sql.template, '(?<!:)(?=:[a-z_]+)') loop
    v_name := substring(v_piece from '^:([a-z_]+)');
    select declared into v_declared from jsonb_array_elements((filled_sql.list).parameters) as declared where declared ->> 'name' = v_name;
    if v_name = 'after' then
      v_literal := quote_nullable(filled_sql.after ->> 0);
    elsif v_name = 'fetch' then
      v_literal := coalesce(filled_sql.most::text, 'null');
    elsif v_declared is null then
      v_filled := v_filled || v_piece;
      continue;
    else
      v_values := array_remove(api.given_values(v_declared, coalesce(filled_sql.parameters -> v_name, v_declared -> 'default', 'null')), null);
      v_literal := case when v_declared -> 'list' = 'true' then quote_literal(v_values::text) else quote_nullable(v_values[1]) end;
    end if;
    v_filled := v_filled || v_literal || substr(v_piece, length(v_name) + 2);
  end loop;
  return v_filled;
end;
$$;
comment on function api.filled_sql(api.endpoints, text, jsonb, jsonb, bigint) is
  'Part of the query of a list, with quoted literals for its placeholders: :name of a parameter, :after, :fetch. Raises BADKY.';

create or replace function api.matching_sql(list api.endpoints, parameters jsonb, conditions text, after jsonb default null, most bigint default null)
returns text language sql stable set search_path = '' as $$
  select concat_ws(
    E'\n',
    '  from ' || api.filled_sql(matching_sql.list, (matching_sql.list).rows_from, matching_sql.parameters, matching_sql.after, matching_sql.most),
    ' where ' || matching_sql.conditions
  );
$$;
comment on function api.matching_sql(api.endpoints, jsonb, text, jsonb, bigint) is
  'From and where of the query of a list: all rows that meet its conditions (api.conditions_sql). Raises BADKY.';

create or replace function api.list_sql(
  list api.endpoints,
  selected text,
  parameters jsonb,
  conditions text,
  after jsonb default null,
  most bigint default null,
  skip bigint default null,
  sorts boolean default false
)
returns text language sql stable set search_path = '' as $$
  select concat_ws(
    E'\n',
    'select ' || api.filled_sql(list_sql.list, list_sql.selected, list_sql.parameters, null, null),
    api.matching_sql(list_sql.list, list_sql.parameters, list_sql.conditions, list_sql.after, list_sql.most + coalesce(list_sql.skip, 0)),
    case when list_sql.after is not null then format('   and (%s) > (%s)', array_to_string((list_sql.list).order_by, ', '),
      (select string_agg(quote_nullable(key.value), ', ' order by key.place) from jsonb_array_elements_text(list_sql.after) with ordinality as key (value, place))) end,
    ' order by ' || case when list_sql.sorts then regexp_replace(array_to_string((list_sql.list).order_by, ', '), '(\w+\.sort_name)', '(\1 || '''') collate "C"')
      else array_to_string((list_sql.list).order_by, ', ') end,
    ' limit ' || list_sql.most::text,
    'offset ' || nullif(list_sql.skip, 0)::text
  );
$$;
comment on function api.list_sql(api.endpoints, text, jsonb, text, jsonb, bigint, bigint, boolean) is
  'The query of a list. conditions: of api.conditions_sql. after: place of the row before the first. sorts: the rows that meet the conditions are so few that they are to be sorted, and the index that has their order is not to be read until they turn up. Raises BADKY.';

create or replace function api.estimated_rows(query text)
returns bigint language plpgsql volatile set search_path = '' as $$
declare
  v_plan json;
begin
  execute 'explain (format json) ' || estimated_rows.query into v_plan;
  return (v_plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric;
end;
$$;
comment on function api.estimated_rows(text) is 'How many rows the planner expects of a query.';
--! EndIncluded api/read/list_sql.sql
--! Included api/read/page.sql
create or replace function api.endpoint(name text)
returns api.endpoints language plpgsql stable set search_path = '' as $$
declare
  v_endpoint api.endpoints;
begin
  select declared.* into v_endpoint from api.endpoints as declared where declared.name = endpoint.name;
  if v_endpoint.name is null then
    raise exception 'There is no endpoint "%"', endpoint.name using errcode = 'UNKEY', hint = 'select name from api.endpoints lists them.';
  end if;
  return v_endpoint;
end;
$$;
comment on function api.endpoint(text) is 'The declaration of an endpoint. Raises UNKEY.';

create or replace function api.filters_hash(list api.endpoints, parameters jsonb)
returns text language sql immutable set search_path = '' as $$
  select left(md5((filters_hash.list).name || (filters_hash.parameters - '{limit,offset,cursor,count}'::text[])::text), 10);
$$;
comment on function api.filters_hash(api.endpoints, jsonb) is 'Tells a list with its filters from another, so that a cursor is not used with other filters than it was made for.';

create or replace function api.make_cursor(list api.endpoints, parameters jsonb, place jsonb)
returns text language sql immutable set search_path = '' as $$
  select translate(encode(convert_to(jsonb_build_array(api.filters_hash(make_cursor.list, make_cursor.parameters), make_cursor.place)::text, 'UTF8'), 'base64'), E'+/=\n', '-_');
$$;
comment on function api.make_cursor(api.endpoints, jsonb, jsonb) is 'The place of a row in a list as an opaque text (base64url).';

create or replace function api.read_cursor(list api.endpoints, parameters jsonb, cursor text)
returns jsonb language plpgsql immutable set search_path = '' as $$
declare
  v_read jsonb;
begin
  if read_cursor.cursor is null then
    return null;
  end if;
  begin
    v_read := convert_from(decode(rpad(translate(read_cursor.cursor, '-_', '+/'), ((length(read_cursor.cursor) + 3) / 4) * 4, '='), 'base64'), 'UTF8')::jsonb;
  exception when data_exception or character_not_in_repertoire or untranslatable_character then
    v_read := null;
  end;
  if v_read ->> 0 is distinct from api.filters_hash(read_cursor.list, read_cursor.parameters)
    or jsonb_typeof(v_read -> 1) is distinct from 'array'
    or jsonb_array_length(v_read -> 1) <> cardinality((read_cursor.list).order_by)
  then
    raise exception 'The cursor does not belong to this list with these filters'
      using errcode = 'BADRQ', detail = '[{"parameter": "cursor", "detail": "does not belong to this list with these filters"}]',
            hint = 'Send meta.next_cursor of the page before as it is, with the same filters, or begin without one.';
  end if;
  return v_read -> 1;
end;
$$;
comment on function api.read_cursor(api.endpoints, jsonb, text) is 'The place that a cursor stands for; null for no cursor. Raises BADRQ for one that was not made for this list and these filters.';

create or replace function api.selected_columns(list api.endpoints)
returns text language sql immutable set search_path = '' as $$
  select string_agg(format('%s as %I', field.definition ->> 'sql', field.definition ->> 'name'), ', ' order by field.place)
    from jsonb_array_elements((selected_columns.list).row_columns) with ordinality as field (definition, place);
$$;
comment on function api.selected_columns(api.endpoints) is 'The select list of a list.';

create or replace function api.expected_rows(list api.endpoints, parameters jsonb, conditions text)
returns bigint language sql volatile set search_path = '' as $$
  select api.estimated_rows('select 1' || E'\n' || api.matching_sql(expected_rows.list, expected_rows.parameters, expected_rows.conditions));
$$;
comment on function api.expected_rows(api.endpoints, jsonb, text) is
  'How many rows the planner expects to meet the conditions of a list (api.conditions_sql). Raises BADKY.';

create or replace function api.page_sql(list api.endpoints, parameters jsonb, conditions text, after jsonb, expected bigint)
returns text language sql stable set search_path = '' as $$
  -- A few thousand rows are sooner sorted than met in the order of an index that holds all, and then they are counted on the way. Where
  -- a text is compared by no index (api.condition_sql says so), though, that is because its rows are many, whatever the planner guesses.
  select api.list_sql(
    page_sql.list,
    concat_ws(', ', api.selected_columns(page_sql.list), api.order_key(page_sql.list) || ' as "~key"',
      case when choice.sorts and page_sql.after is null then 'count(*) over ()' else 'null::bigint' end || ' as "~total"'),
    page_sql.parameters, page_sql.conditions, page_sql.after, (page_sql.parameters ->> 'limit')::integer + 1,
    (page_sql.parameters ->> 'offset')::integer, choice.sorts
  )
    from (
      select page_sql.expected <= 3000 and page_sql.conditions not like '%/* by no index */%'
             and array_to_string((page_sql.list).order_by, ' ') like '%sort_name%' as sorts
    ) as choice;
$$;
comment on function api.page_sql(api.endpoints, jsonb, text, jsonb, bigint) is
  'The query of a page, with one row more than it shows, the place of each row (~key), and where it costs nothing the number of all rows (~total). conditions: of api.conditions_sql. expected: rows that meet them. Raises BADKY.';

-- Stable, so that the rows and their total are of one moment: each statement of a volatile function has its own.
create or replace function api.page_of(list api.endpoints, parameters jsonb, conditions text, after jsonb, expected bigint)
returns text language plpgsql stable set search_path = '' as $$
declare
  c_counted constant integer := 1000;
  v_limit constant integer := (page_of.parameters ->> 'limit')::integer;
  v_offset constant integer := coalesce((page_of.parameters ->> 'offset')::integer, 0);
  v_counts constant boolean := ((page_of.list).response_schema #> '{properties,meta,properties}') ? 'total';
  v_rows json;
  v_found integer;
  v_last jsonb;
  v_total bigint;
  v_is_estimated boolean := false;
begin
  execute format(
    $sql$
    with page as materialized (
      %1$s
    )
    select (select json_agg(row_to_json(item)) from (select %2$s from page where page."~place" <= $1 order by page."~place") as item),
           (select count(*) from page),
           (select page."~key" from page where page."~place" = $1),
           (select max(page."~total") from page)
    $sql$,
    'select numbered.*, row_number() over () as "~place" from (' || api.page_sql(page_of.list, page_of.parameters, page_of.conditions, page_of.after, page_of.expected) || ') as numbered',
    (select string_agg(format('page.%I', field.definition ->> 'name'), ', ' order by field.place) from jsonb_array_elements((page_of.list).row_columns) with ordinality as field (definition, place))
  ) into v_rows, v_found, v_last, v_total using v_limit;

  if not (page_of.list).is_wrapped then
    return coalesce(v_rows, '[]')::text;
  end if;
  if v_counts then
    if page_of.after is null and v_found <= v_limit and (v_found > 0 or v_offset = 0) then
      v_total := v_offset + v_found;
    elsif v_total is not null then
      null; -- counted on the way
    elsif page_of.parameters ->> 'count' = 'exact' then
      execute 'select count(*) from (select 1' || E'\n' || api.matching_sql(page_of.list, page_of.parameters, page_of.conditions) || ') as counted' into v_total;
    else
      -- Counting so far costs most where there is far more, so that is not tried.
      if page_of.expected <= 3 * c_counted then
        execute 'select count(*) from (select 1' || E'\n' || api.matching_sql(page_of.list, page_of.parameters, page_of.conditions, most => c_counted + 1)
          || format(' limit %s) as counted', c_counted + 1) into v_total;
      end if;
      if v_total is null or v_total > c_counted then
        v_total := greatest(page_of.expected, v_offset + v_found, v_total);
        v_is_estimated := true;
      end if;
    end if;
  end if;
  return json_build_object('data', coalesce(v_rows, '[]'), 'meta', jsonb_strip_nulls(jsonb_build_object(
      'total', case when v_counts then v_total end, 'total_is_estimated', case when v_counts then v_is_estimated end, 'limit', v_limit, 'offset', v_offset
    )) || jsonb_build_object('next_cursor', case when v_found > v_limit then api.make_cursor(page_of.list, page_of.parameters, v_last) end)
    || coalesce((select jsonb_object_agg(echo.key, (api.given_values(declared.parameter, page_of.parameters -> (echo.value)))[1])
                   from jsonb_each_text((page_of.list).meta) as echo
                   join jsonb_array_elements((page_of.list).parameters) as declared (parameter) on declared.parameter ->> 'name' = echo.value), '{}')
  )::text;
end;
$$;
comment on function api.page_of(api.endpoints, jsonb, text, jsonb, bigint) is
  'A page of a list as api.page() gives it. conditions: of api.conditions_sql. after: place of the row before the first. expected: rows that meet the conditions. Raises BADKY.';

create or replace function api.page(name text, parameters jsonb)
returns text language plpgsql volatile set search_path = '' as $$
declare
  v_list constant api.endpoints := api.endpoint(page.name);
  v_after constant jsonb := api.read_cursor(v_list, page.parameters, page.parameters ->> 'cursor');
  v_conditions constant text := api.conditions_sql(v_list, page.parameters);
  v_expected constant bigint := api.expected_rows(v_list, page.parameters, v_conditions);
begin
  return api.page_of(v_list, page.parameters, v_conditions, v_after, v_expected);
end;
$$;
comment on function api.page(text, jsonb) is
  'A page of a list as JSON text: {data, meta}, or the bare array. parameters: checked and typed values by name, limit among them. Raises BADRQ for a wrong cursor, BADKY.';

create or replace function api.export_sql(name text, parameters jsonb)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_list constant api.endpoints := api.endpoint(export_sql.name);
begin
  return api.list_sql(
    v_list, api.selected_columns(v_list), export_sql.parameters, api.conditions_sql(v_list, export_sql.parameters),
    api.read_cursor(v_list, export_sql.parameters, export_sql.parameters ->> 'cursor'),
    (export_sql.parameters ->> 'limit')::bigint, (export_sql.parameters ->> 'offset')::bigint
  );
end;
$$;
comment on function api.export_sql(text, jsonb) is 'The query that gives all rows of a list, in its order. Raises BADRQ for a wrong cursor, BADKY.';

create or replace function api.answered_rows_sql(endpoint api.endpoints, parameters jsonb, format text)
returns text language sql stable set search_path = '' as $$
  select format(
    E'select %s\n  from jsonb_array_elements(api.answer(%L, %L)::jsonb -> %L) with ordinality as item (value, place)\n order by item.place',
    case answered_rows_sql.format when 'ndjson' then 'item.value::text' else (
      select string_agg(
        api.cell_sql(format('(item.value ->> %L)', field.name), case when row.schema #> array['properties', field.name, 'type'] ?| '{integer,number,boolean}' then 'numeric' else 'text' end)
        || format(' as %I', field.name), ', ' order by field.place
      )
        from jsonb_array_elements_text(row.schema -> 'required') with ordinality as field (name, place)
    ) end,
    (answered_rows_sql.endpoint).name, answered_rows_sql.parameters, 'data'
  )
    from (select (answered_rows_sql.endpoint).response_schema #> '{properties,data,items}' as schema) as row;
$$;
comment on function api.answered_rows_sql(api.endpoints, jsonb, text) is
  'The query that gives the rows in data of what an endpoint answers, for a file of format csv or ndjson.';

create or replace function api.listed_rows_sql(list api.endpoints, parameters jsonb, format text)
returns text language sql stable set search_path = '' as $$
  select 'select ' || case listed_rows_sql.format when 'ndjson' then 'row_to_json(item)::text' else (
      select string_agg(api.cell_sql(format('item.%I', field.definition ->> 'name'), field.definition ->> 'type') || format(' as %I', field.definition ->> 'name'), ', ' order by field.place)
        from jsonb_array_elements((listed_rows_sql.list).row_columns) with ordinality as field (definition, place)
    ) end || E'\n  from (\n' || api.export_sql((listed_rows_sql.list).name, listed_rows_sql.parameters) || E'\n) as item';
$$;
comment on function api.listed_rows_sql(api.endpoints, jsonb, text) is 'The query that gives all rows of a list, for a file of format csv or ndjson. Raises BADRQ for a wrong cursor, BADKY.';

create or replace function api.file_sql(name text, parameters jsonb, format text)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_endpoint constant api.endpoints := api.endpoint(file_sql.name);
begin
  return api.copy_sql(case when v_endpoint.rows_from is null then api.answered_rows_sql(v_endpoint, file_sql.parameters, file_sql.format)
    else api.listed_rows_sql(v_endpoint, file_sql.parameters, file_sql.format) end, file_sql.format);
end;
$$;
comment on function api.file_sql(text, jsonb, text) is
  'The COPY statement that writes all rows of a list, or those in data of another answer, as a file of format csv or ndjson (api.copy_sql). Raises BADRQ for a wrong cursor, BADKY.';

create or replace function api.arguments_sql(endpoint api.endpoints, parameters jsonb)
returns text language sql stable set search_path = '' as $$
  select coalesce(string_agg(
      format('%I => %L::%s', given.key, case when jsonb_typeof(given.value) = 'array' and declared.parameter -> 'list' = 'true'
        then array(select jsonb_array_elements_text(given.value))::text else given.value #>> '{}' end, api.argument_type(declared.parameter)), ', '
    ), '')
    from jsonb_each(arguments_sql.parameters) as given
    join jsonb_array_elements((arguments_sql.endpoint).parameters) as declared (parameter) on declared.parameter ->> 'name' = given.key
   where given.value <> 'null';
$$;
comment on function api.arguments_sql(api.endpoints, jsonb) is 'The arguments of the function of an endpoint, by name, as quoted literals of their types.';

create or replace function api.argument_type(parameter jsonb)
returns text language sql immutable parallel safe set search_path = '' as $$
  select case argument_type.parameter ->> 'type' when 'integer' then 'integer' when 'boolean' then 'boolean' when 'date' then 'date' when 'object' then 'jsonb' else 'text' end
    || case when argument_type.parameter -> 'list' = 'true' then '[]' else '' end;
$$;
comment on function api.argument_type(jsonb) is 'The SQL type of a parameter.';

create or replace function api.answer(name text, parameters jsonb)
returns text language plpgsql volatile set search_path = '' as $$
declare
  v_endpoint constant api.endpoints := api.endpoint(answer.name);
  v_answer text;
begin
  execute format('select api.%I(%s)::text', v_endpoint.calls, api.arguments_sql(v_endpoint, answer.parameters)) into v_answer;
  return v_answer;
end;
$$;
comment on function api.answer(text, jsonb) is 'The answer of an endpoint that calls a function, as JSON text; null when there is nothing.';

create or replace function api.compile()
returns void language plpgsql set search_path = '' as $$
declare
  v_list api.endpoints;
  v_type text;
  v_arguments text;
  v_given text;
  v_old text;
begin
  for v_list in select declared.* from api.endpoints as declared where declared.rows_from is not null order by declared.name loop
    select string_agg(format('%I %s', field.definition ->> 'name', field.definition ->> 'type'), ', ' order by field.place)
      into v_type
      from jsonb_array_elements(v_list.row_columns) with ordinality as field (definition, place);
    if obj_description(to_regtype(format('api.%I', v_list.name || '_row')), 'pg_type') is distinct from v_type then
      execute format('drop type if exists api.%I cascade', v_list.name || '_row');
      execute format('create type api.%I as (%s)', v_list.name || '_row', v_type);
      execute format('comment on type api.%I is %L', v_list.name || '_row', v_type);
    end if;
    select coalesce(string_agg(format('%I %s default null, ', declared.parameter ->> 'name', api.argument_type(declared.parameter)), '' order by declared.place), ''),
           coalesce(string_agg(format('%L, %I.%I, ', declared.parameter ->> 'name', v_list.name, declared.parameter ->> 'name'), '' order by declared.place), '')
      into v_arguments, v_given
      from jsonb_array_elements(v_list.parameters) with ordinality as declared (parameter, place)
     where declared.parameter ->> 'name' not in ('limit', 'offset', 'cursor', 'count');
    for v_old in
      select existing.oid::regprocedure::text
        from pg_catalog.pg_proc as existing
       where existing.pronamespace = 'api'::regnamespace and existing.proname = v_list.name
    loop
      execute 'drop function ' || v_old;
    end loop;
    execute format(
      $sql$
      create function api.%1$I(%2$spage_limit bigint default %3$s, page_offset bigint default 0)
      returns setof api.%4$I language plpgsql stable set search_path = '' as $body$
      begin
        return query execute api.export_sql(%5$L, jsonb_strip_nulls(jsonb_build_object(%6$s'limit', %1$I.page_limit, 'offset', %1$I.page_offset)));
      end;
      $body$
      $sql$,
      v_list.name, v_arguments,
      (select declared ->> 'default' from jsonb_array_elements(v_list.parameters) as declared where declared ->> 'name' = 'limit'),
      v_list.name || '_row', v_list.name, v_given
    );
    execute format('comment on function api.%I is %L', v_list.name,
      v_list.summary || '. The same rows as ' || v_list.path || '; page_limit null gives all. Made by api.compile(). Raises BADKY.');
  end loop;
end;
$$;
comment on function api.compile() is
  'Makes, for every declared list, a function of its name with its parameters as arguments: select * from api.leads(job_function => ''{Sales}''). Run it after declaring lists.';
--! EndIncluded api/read/page.sql
--! Included api/coverage.sql
create or replace function api.coverage(entity_type text default null, tables text[] default null)
returns json language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
  v_unknown text;
begin
  select asked.target into v_unknown
    from unnest(coverage.tables) as asked (target)
   where not exists (select from etl.kept_tables() as kept where kept.target = asked.target)
   limit 1;
  if v_unknown is not null then
    raise exception using errcode = 'BADRQ', message = format('"%s" is no table of golden records', left(v_unknown, 100)), hint = 'Tables are named with their schema, such as core.companies.';
  end if;
  return (
    with total as (
      select kept.entity_type, counted.records
        from (values ('company', 'core.companies'), ('person', 'core.people')) as kept (entity_type, target)
        join etl.coverage as counted on counted.target = kept.target and counted.source = '*'
    ), covered as (
      select kept.target, kept.entity_type, counted.records, counted.row_count, counted.newest_observed_at, refreshed.as_of, total.records as known
        from etl.kept_tables() as kept
        join etl.coverage_refreshes as refreshed on refreshed.subject = kept.target
        join etl.coverage as counted on counted.target = kept.target and counted.source = '*'
        left join total on total.entity_type = kept.entity_type
       where (coverage.entity_type is null or kept.entity_type = coverage.entity_type)
         and (coverage.tables is null or kept.target = any (coverage.tables))
    )
    select json_build_object(
        'as_of', (select min(covered.as_of) from covered),
        'companies', coalesce((select total.records from total where total.entity_type = 'company'), 0),
        'people', coalesce((select total.records from total where total.entity_type = 'person'), 0),
        'tables', coalesce((
          select json_agg(
              json_build_object(
                'table', covered.target, 'entity', covered.entity_type, 'records', covered.records, 'rows', covered.row_count,
                'share', round(covered.records::numeric / nullif(covered.known, 0), 4), 'newest_observed_at', covered.newest_observed_at, 'as_of', covered.as_of,
                'sources', coalesce((
                  select json_agg(
                      json_build_object('source', counted.source, 'records', counted.records, 'rows', counted.row_count, 'newest_observed_at', counted.newest_observed_at)
                      order by counted.records desc, counted.source
                    )
                    from etl.coverage as counted
                   where counted.target = covered.target
                     and counted.source <> '*'
                ), '[]')
              ) order by covered.entity_type, covered.target
            )
            from covered
        ), '[]'),
        'gaps', coalesce((
          select json_agg(
              json_build_object('recipe_id', recipe.id, 'label', recipe.label, 'priority', recipe.priority, 'count', counted.keys, 'as_of', refreshed.as_of)
              order by recipe.priority, recipe.id
            )
            from api.gap_recipes() as recipe
            join etl.gap_counts as counted on counted.recipe_id = recipe.id and counted.country = '*'
            join etl.coverage_refreshes as refreshed on refreshed.subject = 'gap ' || recipe.id
        ), '[]')
      )
  );
end;
$$;
comment on function api.coverage(text, text[]) is
  'How much is known: per golden table how many companies or people have a row, of all (share), from which sources, how fresh, and the gaps; as counted at as_of (etl.refresh_coverage). Raises BADRQ for an unknown table.';

create or replace function api.list_gap_recipes()
returns json language sql stable set search_path = '' as $$
  select json_build_object('recipes', json_agg(json_build_object(
      'id', recipe.id, 'label', recipe.label, 'description', recipe.description, 'source_table', recipe.source_table, 'target_table', recipe.target_table,
      'join_column', case when recipe.source_column = recipe.target_column then recipe.source_column else recipe.source_column || ':' || recipe.target_column end,
      'comparison', 'not_in_target', 'priority', recipe.priority, 'country_join', case when recipe.has_country then 'core.company_locations:domain:country' end
    ) order by recipe.priority, recipe.id))
    from api.gap_recipes() as recipe;
$$;
comment on function api.list_gap_recipes() is 'The gap recipes, with the fields of the old list.';

create or replace function api.gap(recipe_id text, country text default null, sample_size integer default null)
returns json language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
  v_recipe record;
  v_counted record;
  v_sample json;
begin
  select recipe.id, recipe.label, recipe.source_table, recipe.source_column, recipe.target_table, recipe.has_country into v_recipe
    from api.gap_recipes() as recipe
   where recipe.id = gap.recipe_id;
  if not found then
    raise exception using errcode = 'UNKEY', message = format('There is no gap recipe "%s"', left(gap.recipe_id, 100)), hint = '/api/admin/gaps/recipes lists them.';
  end if;
  if gap.country is not null and not v_recipe.has_country then
    raise exception using errcode = 'BADRQ', message = format('The gap recipe "%s" is not counted by country', v_recipe.id), hint = 'Leave out country.';
  end if;
  if gap.country is not null and not gap.country in ('United States', 'not United States', 'unknown') then
    raise exception using errcode = 'BADRQ', message = format('country cannot be "%s"', left(gap.country, 100)), hint = 'It is "United States", "not United States" or "unknown".';
  end if;
  -- Not counted yet: null, and no sample.
  select counted.keys, counted.sample, refreshed.as_of into v_counted
    from etl.gap_counts as counted
    join etl.coverage_refreshes as refreshed on refreshed.subject = 'gap ' || counted.recipe_id
   where counted.recipe_id = v_recipe.id
     and counted.country = coalesce(gap.country, '*');
  if gap.sample_size is null then
    return json_build_object(
      'recipe_id', v_recipe.id, 'label', v_recipe.label, 'count', v_counted.keys, 'source_table', v_recipe.source_table, 'target_table', v_recipe.target_table, 'as_of', v_counted.as_of
    );
  end if;
  if v_counted.keys is not null then
    execute format(
      'select json_agg(picked.content order by picked.key) from (select distinct on (stored.%1$I) stored.%1$I as key, to_json(stored) as content from %2$s as stored where stored.%1$I = any ($1) order by stored.%1$I, stored::text) as picked',
      v_recipe.source_column, v_recipe.source_table
    ) into v_sample using v_counted.sample[:gap.sample_size];
  end if;
  return json_build_object(
    'recipe_id', v_recipe.id, 'label', v_recipe.label, 'count', v_counted.keys, 'sample', coalesce(v_sample, '[]'), 'limit', gap.sample_size, 'as_of', v_counted.as_of
  );
end;
$$;
comment on function api.gap(text, text, integer) is
  'How many keys a gap recipe finds (by country where it has one), as counted at as_of; with sample_size, 100 at most, also that many of the source rows, one per key. Raises UNKEY for an unknown recipe, BADRQ for a country that it has not.';

create or replace function api.top_vc_companies(vc_domain text default null)
returns table (domain text, name text, top_vc_investors text[], top_vc_domains text[]) language plpgsql stable set search_path = '' as $$
declare
  v_firm constant text := etl.normalize_domain(top_vc_companies.vc_domain);
begin
  if btrim(top_vc_companies.vc_domain) <> '' and v_firm is null then
    raise exception 'vc_domain "%" is no domain', left(top_vc_companies.vc_domain, 200) using errcode = 'BADKY', hint = 'A domain looks like example.com.';
  end if;
  return query
    -- Investors that came without a domain are known by their canonical name.
    select investor.company_domain, coalesce((array_agg(company.name))[1], min(investor.company_name)),
           array_agg(distinct investor.vc_name order by investor.vc_name), array_agg(distinct top.domain order by top.domain)
      from core.company_vc_investors as investor
      left join (
        select known.match_key, known.domain from reference.vc_firms as known
        union
        select etl.fold(listed.name), listed.domain from reference.top_vcs as listed
      ) as firm on investor.vc_domain is null and firm.match_key = etl.fold(investor.vc_name)
      join reference.top_vcs as top on top.domain = coalesce(investor.vc_domain, firm.domain)
      left join core.companies as company on company.domain = investor.company_domain
     where not exists (select from core.company_customers as customer where customer.origin_company_domain = investor.company_domain)
     group by investor.company_domain
    having v_firm is null or v_firm = any (array_agg(top.domain));
end;
$$;
comment on function api.top_vc_companies(text) is
  'Companies backed by a firm of reference.top_vcs of which no customer is known, with all their investors of that list; vc_domain: only those backed by that firm. Raises BADKY.';

create or replace function api.top_vc_missing_customers(vc_domain text default null, "limit" integer default null, "offset" integer default 0)
returns json language sql stable set search_path = '' as $$
  with lacking as materialized (
    select found.domain, found.name, found.top_vc_investors, found.top_vc_domains
      from api.top_vc_companies(top_vc_missing_customers.vc_domain) as found
  ), counted as (
    select count(1) as total, top_vc_missing_customers."limit", top_vc_missing_customers."offset" from lacking
  )
  select json_build_object(
      'total', counted.total, 'limit', counted."limit", 'offset', counted."offset", 'meta', to_json(counted),
      'data', coalesce((
        select json_agg(json_build_object('domain', page.domain, 'name', page.name, 'top_vc_investors', page.top_vc_investors, 'top_vc_domains', page.top_vc_domains) order by page.name, page.domain)
          from (
            select lacking.domain, lacking.name, lacking.top_vc_investors, lacking.top_vc_domains
              from lacking
             order by lacking.name, lacking.domain
             limit top_vc_missing_customers."limit"
            offset top_vc_missing_customers."offset"
          ) as page
      ), '[]')
    )
    from counted;
$$;
comment on function api.top_vc_missing_customers(text, integer, integer) is 'A page of api.top_vc_companies by name, with their number; limit: null for all. Raises BADKY.';

create or replace function api.top_vc_missing_customers_count()
returns json language sql stable set search_path = '' as $$
  select json_build_object('count', count(1), 'description', 'Companies backed by a top VC firm of which no customer is known.') from api.top_vc_companies();
$$;
comment on function api.top_vc_missing_customers_count() is 'The number of api.top_vc_companies.';

create or replace function api.top_vcs()
returns json language sql stable set search_path = '' as $$
  select json_build_object('count', count(1), 'vcs', coalesce(json_agg(json_build_object('name', top.name, 'domain', top.domain) order by top.name, top.domain), '[]'))
    from reference.top_vcs as top;
$$;
comment on function api.top_vcs() is 'The curated list of top VC firms by name.';
--! EndIncluded api/coverage.sql
--! Included api/endpoints/leads.sql
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
--! EndIncluded api/endpoints/leads.sql
--! Included api/endpoints/past_employers.sql
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

create or replace function api.former_employees_of(company_name text, country text default null, known_domain text default null)
returns setof text language plpgsql stable rows 1000 set search_path = ''
  -- The names and domains asked for are few, and the planner, which has no statistics of folded names, is to see them: it would read all people else.
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_custom_plan as $$
declare
  v_name constant text := etl.fold(former_employees_of.company_name);
  v_domain constant text := coalesce(api.domain_named(former_employees_of.company_name), former_employees_of.known_domain);
begin
  return query
  -- The read tables know whoever left the domain; where the name stands with another domain, or with none, the jobs themselves tell.
  select lead.linkedin_url
    from (
      select left_it.linkedin_url from api.lead_rows as left_it where left_it.past_domains @> array[v_domain] and v_domain is not null
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
    ) as former
    join api.lead_rows as lead on lead.linkedin_url = former.linkedin_url
   where lead.is_visible
     and lead.company_domain is distinct from v_domain
     and etl.fold(lead.company_name) is distinct from v_name
     and (former_employees_of.country is null or etl.fold(lead.person_country) = etl.fold(former_employees_of.country));
end;
$$;
comment on function api.former_employees_of(text, text, text) is
  'LinkedIn URLs of leads who worked at a company, found by its name and by the domain of that name, and no longer do, each once. known_domain: its domain where no company has that name now.';

create or replace function api.former_functions_of(company_name text, country text default null, known_domain text default null)
returns table (linkedin_url text, sales_nav_function text) language plpgsql stable rows 1000 set search_path = '' as $$
declare
  v_name constant text := etl.fold(former_functions_of.company_name);
  v_domain constant text := coalesce(api.domain_named(former_functions_of.company_name), former_functions_of.known_domain);
begin
  return query
  select distinct former.linkedin_url, coalesce(mapping.sales_nav_function, 'Other')
    from api.former_employees_of(former_functions_of.company_name, former_functions_of.country, former_functions_of.known_domain) as former (linkedin_url)
    -- Only a job with a function says something. offset 0: jobs are found by the person, whatever else is asked of them.
    left join lateral (
      select job.* from core.person_work_history as job where job.linkedin_url = former.linkedin_url and not job.is_current and job.matched_job_function is not null offset 0
    ) as job on job.company_domain = v_domain or etl.fold(job.company_name) = v_name
    left join reference.job_function_mapping as mapping on mapping.our_job_function = job.matched_job_function;
end;
$$;
comment on function api.former_functions_of(text, text, text) is
  'The people of api.former_employees_of() with what they did at the company: one row per person and Sales Navigator function of the former jobs (Other: none).';

create or replace function api.former_leads(company_name text, job_function text default null, country text default null)
returns setof text language plpgsql stable rows 1000 set search_path = '' as $$
begin
  if former_leads.job_function is null then
    return query select former.* from api.former_employees_of(former_leads.company_name, former_leads.country) as former;
  else
    return query
    select former.linkedin_url
      from api.former_functions_of(former_leads.company_name, former_leads.country) as former
     where etl.fold(former.sales_nav_function) = etl.fold(former_leads.job_function);
  end if;
end;
$$;
comment on function api.former_leads(text, text, text) is
  'LinkedIn URLs of the people of api.former_employees_of() who had the Sales Navigator function, in any case (null: any or none), at the company, each once.';

create or replace function api.past_employer_count(company_name text, job_function text default null, country text default null)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'company_name', past_employer_count.company_name, 'domain', api.domain_named(past_employer_count.company_name),
    'count', (select count(*) from api.former_leads(past_employer_count.company_name, past_employer_count.job_function, past_employer_count.country))
  );
$$;
comment on function api.past_employer_count(text, text, text) is 'How many leads worked at a company and no longer do: {company_name, domain, count}.';

-- JSON of the text kind, as jsonb would sort the functions by the length of their names.
create or replace function api.past_employer_breakdown(company_name text, country text default null)
returns json language sql stable set search_path = '' as $$
  with former as materialized (
    select each.linkedin_url, each.sales_nav_function
      from api.former_functions_of(past_employer_breakdown.company_name, past_employer_breakdown.country) as each
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
   join api.former_leads(:company_name, :job_function, :country) as former (linkedin_url) on former.linkedin_url = lead.linkedin_url',
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
    from api.former_functions_of((priority_company.listed).company_name, known_domain => (priority_company.listed).domain) as former;
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
--! EndIncluded api/endpoints/past_employers.sql
--! Included api/endpoints/companies.sql
create or replace function api.company_columns()
returns jsonb language sql immutable set search_path = '' as $$
  select api.columns_from('company', 'id uuid', 'domain', 'name', 'linkedin_url', 'company_city', 'company_state', 'company_country', 'matched_industry', 'employee_range');
$$;
comment on function api.company_columns() is 'The fields of a company.';

create or replace function api.company_parameters()
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_array(
    api.parameter('industry', 'text', 'Industry: any of these.', 'any', 'company.matched_industry', 'matched_industry', true, more => '{"example": "Software Development"}'),
    api.parameter('employee_range', 'text', 'Size: any of these.', 'any', 'company.employee_range', 'employee_range', true, more => '{"example": "51-100"}'),
    api.parameter('funding_range', 'text', 'Funding: any of these.', 'any', 'company.funding_range', 'funding_range', true),
    api.parameter('revenue_range', 'text', 'Revenue: any of these.', 'any', 'company.revenue_range', 'revenue_range', true),
    api.parameter('city', 'text', 'City contains this.', 'contains', 'company.company_city', 'company_city'),
    api.parameter('state', 'text', 'State contains this.', 'contains', 'company.company_state', 'company_state'),
    api.parameter('country', 'text', 'Country contains this.', 'contains', 'company.company_country', 'company_country'),
    api.parameter('domain', 'domain', 'Domain, in any spelling: any of these.', 'equals', 'company.domain', is_list => true),
    api.parameter('name', 'text', 'Name contains this.', 'contains', 'company.name', 'company_name')
  );
$$;
comment on function api.company_parameters() is 'Filters of lists of companies, whose rows are called company.';

select api.list('companies', '/api/companies', 'Companies', 'api.company_rows as company',
  api.company_columns() || api.columns('description text = null::text -- Only of a single company.', 'tagline text = null::text -- Only of a single company.',
    'lead_count integer = null::integer -- Only of a single company.'),
  '{company.sort_name,company.domain}',
  api.company_parameters() || api.parameter('q', 'text', 'Words of name and domain, each whole or as a beginning; a word that none has is taken for the nearest known one.',
    'search', 'company.search', more => '{"minLength": 2}'),
  tag => 'companies');

create or replace function api.companies_matching(q text, most integer default 10)
returns table (domain text, rank integer, place bigint, matches bigint, are_all boolean) language plpgsql stable rows 10 set search_path = '' as $$
declare
  c_enough constant integer := 200;
  v_key constant text := api.sort_key(companies_matching.q);
  v_pattern constant text := api.like_pattern(companies_matching.q);
  v_beginning constant text := substr(v_pattern, 2);
  v_words tsquery;
  v_parts tsquery;
  v_names text[];
  v_looks boolean;
begin
  -- Best first: the domain itself, the very name, what begins with it, what has it anywhere, what has its words. The words are looked up only when
  -- fewer companies than are wanted begin with the text.
  select count(*) < companies_matching.most into v_looks
    from (select from api.company_rows as company where company.sort_name >= v_key and company.sort_name < (v_key || U&'\FFFF') collate "C" limit companies_matching.most) as beginning;
  if v_looks then
    v_words := api.search_query(companies_matching.q);
    v_parts := api.word_query(companies_matching.q);
    -- Part of so many words that they sort nothing out: then any names with it will do.
    if v_parts is null then
      v_names := array(select known.value from api.vocabulary as known where known.field = 'company_name' and known.match_key like v_pattern limit c_enough);
    end if;
  end if;
  return query
  select ranked.domain, ranked.rank, row_number() over best_first, count(*) over (), v_looks and count(*) over () < c_enough
    from (
      select distinct on (found.domain) found.domain, found.rank, found.size
        from (
          (select company.domain, 0 as rank, 0 as size from api.company_rows as company where company.domain = etl.normalize_domain(companies_matching.q))
          union all
          -- Names are ordered by their beginning, so those that are long are looked at whole.
          (select company.domain, case when etl.fold(company.name) = etl.fold(companies_matching.q) then 1 else 2 end, length(company.name)
             from api.company_rows as company
            where company.sort_name >= v_key and company.sort_name < (v_key || U&'\FFFF') collate "C"
              and etl.fold(company.name) like v_beginning
            order by company.sort_name, company.domain
            limit c_enough)
          union all
          (select company.domain,
                  case when company.domain like v_beginning then 2
                    when company.search @@ v_parts and (etl.fold(company.name) like v_pattern or company.domain like v_pattern) then 3 else 4 end,
                  length(company.name)
             from api.company_rows as company
            where company.search @@ (coalesce(v_words || v_parts, v_words, v_parts))
            limit 1000)
          union all
          (select company.domain, 3, length(company.name) from api.company_rows as company where company.name = any (v_names) limit 1000)
        ) as found
       order by found.domain, found.rank
    ) as ranked
  window best_first as (order by ranked.rank, ranked.size, ranked.domain)
   order by 3
   limit companies_matching.most;
end;
$$;
comment on function api.companies_matching(text, integer) is
  'Companies whose name or domain has this text or nearly so, best first. rank: 0 the domain itself, 1 the very name, 2 begins with it, 3 contains it, 4 has its words or words like them. matches: how many were found, of which these are the first; are_all: there are no more, else they were not all looked up.';

create or replace function api.companies_search(q text, "limit" integer default 10)
returns jsonb language sql stable set search_path = '' as $$
  with matching as materialized (
    select each.domain, each.place, each.matches, each.are_all from api.companies_matching(companies_search.q, companies_search."limit") as each
  ), found as (
    select company.id, company.domain, company.name, company.linkedin_url, company.company_city, company.company_state, company.company_country,
           company.matched_industry, company.employee_range, null::text as description, null::text as tagline, null::integer as lead_count, matching.place
      from matching
      join api.company_rows as company on company.domain = matching.domain
  )
  select jsonb_build_object(
    'data', coalesce((select jsonb_agg(to_jsonb(found) - 'place' order by found.place) from found), '[]'),
    'meta', jsonb_build_object('total', coalesce(max(matching.matches), 0), 'total_is_estimated', not coalesce(bool_and(matching.are_all), true),
      'limit', companies_search."limit", 'offset', 0)
  )
    from matching;
$$;
comment on function api.companies_search(text, integer) is
  'Companies for an autocomplete, best first: {data, meta}. meta.total is the number that match; when total_is_estimated, of those that were looked up.';

create or replace function api.company_lookup(name text)
returns jsonb language sql stable set search_path = '' as $$
  with found as (
    select company.domain, company.name, case when matching.rank <= 1 then 'exact' else 'partial' end as match_type
      from api.companies_matching(company_lookup.name, 1) as matching
      join api.company_rows as company on company.domain = matching.domain
     where matching.rank <= 3
  )
  select jsonb_build_object('found', count(*) > 0, 'domain', min(found.domain), 'name', min(found.name), 'match_type', min(found.match_type))
    from found;
$$;
comment on function api.company_lookup(text) is
  'The company of a name: {found, domain, name, match_type}. match_type exact (the very name or its domain), else partial: the best whose name or domain contains it.';

create or replace function api.has_customers(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('domain', asked.domain, 'has_customers', count(customer.id) > 0, 'count', count(customer.id))
    from (select api.record_key('company', has_customers.domain) as domain) as asked
    left join core.company_customers as customer on customer.origin_company_domain = asked.domain
   group by asked.domain;
$$;
comment on function api.has_customers(text) is 'Whether customers of a company are known, and how many: {domain, has_customers, count}. Raises BADKY.';

create or replace function api.has_case_studies(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('domain', asked.domain, 'has_case_studies', count(study.case_study_key) > 0, 'count', count(study.case_study_key), 'last_extracted_at', max(study.observed_at))
    from (select api.record_key('company', has_case_studies.domain) as domain) as asked
    left join (
      select found.domain, found.case_study_key, max(found.observed_at) as observed_at
        from (
          select details.domain, details.case_study_key, details.observed_at from extracted.case_study_details as details
          union all
          select buyers.domain, coalesce(buyers.case_study_key, ''), buyers.observed_at from extracted.case_study_buyers as buyers
        ) as found
       where found.domain = api.record_key('company', has_case_studies.domain)
       group by found.domain, found.case_study_key
    ) as study on study.domain = asked.domain
   group by asked.domain;
$$;
comment on function api.has_case_studies(text) is
  'Whether case studies that a company published were read, and how many pages: {domain, has_case_studies, count, last_extracted_at}. Raises BADKY.';

create or replace function api.customer_insights(domain text)
returns jsonb language sql stable set search_path = '' as $$
  with asked as (
    select api.record_key('company', customer_insights.domain) as domain
  ), customers as (
    -- As core.lookup_company_customers() counts: two names with one domain are one customer, a name without a domain is one too.
    select distinct coalesce(customer.customer_domain, '/' || etl.fold(customer.customer_name)) as key, customer.customer_domain as domain
      from asked
      join core.company_customers_resolved as customer on customer.origin_company_domain = asked.domain
  ), industries as (
    select industry.matched_industry as industry, count(*) as customer_count
      from customers
      join core.company_industries as industry on industry.domain = customers.domain
     group by industry.matched_industry
  ), quoted as (
    select champion.full_name_key, etl.fold(champion.company_name) as company_key, champion.full_name, champion.job_title, champion.company_name, champion.observed_at
      from asked
      join core.case_study_champions as champion on champion.origin_company_domain = asked.domain
     where champion.full_name is not null
  ), champions as (
    select distinct on (quoted.full_name_key, quoted.company_key) quoted.full_name, quoted.job_title, quoted.company_name
      from quoted
     order by quoted.full_name_key, quoted.company_key, quoted.job_title is null, quoted.observed_at desc, quoted.job_title
  ), titles as (
    select quoted.job_title, count(distinct (quoted.full_name_key, quoted.company_key)) as champion_count
      from quoted
     where quoted.job_title is not null
     group by quoted.job_title
  )
  select jsonb_build_object(
    'origin_domain', asked.domain,
    'customer_count', (select count(*) from customers),
    'customer_industries', coalesce((select jsonb_agg(industries.industry order by industries.industry) from industries), '[]'),
    'customer_industry_counts', coalesce((select jsonb_agg(to_jsonb(industries) order by industries.customer_count desc, industries.industry) from industries), '[]'),
    'case_study_job_titles', coalesce((select jsonb_agg(titles.job_title order by titles.job_title) from titles), '[]'),
    'case_study_job_title_counts', coalesce((select jsonb_agg(to_jsonb(titles) order by titles.champion_count desc, titles.job_title) from titles), '[]'),
    'case_study_champions', coalesce((select jsonb_agg(to_jsonb(champions) order by champions.full_name, champions.company_name) from champions), '[]')
  )
    from asked;
$$;
comment on function api.customer_insights(text) is
  'Industries of the customers of a company and the people in its case studies: {origin_domain, customer_count, customer_industries, customer_industry_counts, case_study_job_titles, case_study_job_title_counts, case_study_champions}. Raises BADKY.';

create or replace function api.company_icp(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select core.lookup_company_icp(jsonb_build_object('domain', company_icp.domain))
   where exists (select from core.companies as known where known.domain = api.record_key('company', company_icp.domain))
      or exists (select from core.icp_criteria as known where known.domain = api.record_key('company', company_icp.domain))
      or exists (select from core.company_customers as known where known.origin_company_domain = api.record_key('company', company_icp.domain));
$$;
comment on function api.company_icp(text) is 'Whom a company sells to, as core.lookup_company_icp() gives it; null when nothing is known about the company. Raises BADKY.';

create or replace function api.company_ads(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'domain', asked.domain,
    'google_ads', case when google.id is not null then jsonb_build_object('is_running_ads', google.is_running_ads, 'ad_count', google.ad_count,
      'advertiser_id', google.advertiser_id, 'last_checked_at', google.last_checked_at) end,
    'linkedin_ads', case when linkedin.id is not null then jsonb_build_object('is_running_ads', linkedin.is_running_ads, 'ad_count', linkedin.ad_count,
      'page_id', linkedin.page_id, 'last_checked_at', linkedin.last_checked_at) end,
    'meta_ads', case when meta.id is not null then jsonb_build_object('is_running_ads', meta.is_running_ads, 'ad_count', meta.ad_count,
      'page_id', meta.page_id, 'platforms', meta.platforms, 'last_checked_at', meta.last_checked_at) end,
    'is_running_any_ads', coalesce(google.is_running_ads, false) or coalesce(linkedin.is_running_ads, false) or coalesce(meta.is_running_ads, false)
  )
    from (select api.record_key('company', company_ads.domain) as domain) as asked
    left join core.company_google_ads as google on google.domain = asked.domain
    left join core.company_linkedin_ads as linkedin on linkedin.domain = asked.domain
    left join core.company_meta_ads as meta on meta.domain = asked.domain;
$$;
comment on function api.company_ads(text) is 'Whether a company advertises with Google, LinkedIn and Meta: {domain, google_ads, linkedin_ads, meta_ads, is_running_any_ads}. Raises BADKY.';

create or replace function api.public_company_info(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object('note', case when public.ticker is not null and sec.cik is null then 'The SEC number of this ticker is not known yet.' end))
    || jsonb_build_object(
      'found', public.ticker is not null, 'domain', asked.domain, 'ticker', coalesce(sec.ticker, public.ticker), 'cik', sec.cik,
      'sec_company_name', sec.sec_company_name, 'last_updated', case when public.ticker is not null then greatest(public.updated_at, sec.updated_at) end
    )
    from (select api.record_key('company', public_company_info.domain) as domain) as asked
    left join core.company_public as public on public.domain = asked.domain
    left join reference.sec_company_info as sec on sec.match_key = etl.fold(public.ticker);
$$;
comment on function api.public_company_info(text) is
  'Ticker and SEC number of a listed company: {found, domain, ticker, cik, sec_company_name, last_updated}, and a note when the number is not known. Raises BADKY.';

select api.call('companies_search', '/api/companies/search', 'Companies by name or domain, best first',
  jsonb_build_object('type', 'object', 'required', '["data", "meta"]'::jsonb, 'properties', jsonb_build_object(
    'data', jsonb_build_object('type', 'array', 'items', api.object_schema('id uuid', 'domain', 'name', 'linkedin_url', 'company_city', 'company_state',
      'company_country', 'matched_industry', 'employee_range', 'description', 'tagline', 'lead_count integer')),
    'meta', api.object_schema('total integer -- Companies that match.', 'total_is_estimated boolean -- There may be more: those that match best were enough.', 'limit integer', 'offset integer'))),
  jsonb_build_array(
    api.parameter('q', 'text', 'Part of the name or domain; misspelt words are taken for the nearest known ones.', required => true, more => '{"minLength": 2, "maxLength": 200, "example": "acme"}'),
    api.parameter('limit', 'integer', 'Most companies.', more => '{"default": 10, "minimum": 1, "maximum": 50}')),
  tag => 'companies');
select api.call('company_lookup', '/api/companies/lookup', 'The domain of a company by its name',
  api.object_schema('found boolean', 'domain', 'name', 'match_type -- exact or partial.'),
  jsonb_build_array(api.parameter('name', 'text', 'Name, in any case.', required => true, more => '{"minLength": 2, "maxLength": 500, "example": "Acme Example"}')),
  tag => 'companies');
select api.list('company_customers', '/api/companies/:domain/customers', 'Customers of a company',
  'core.company_customers_resolved as customer left join core.companies_full as company on company.domain = customer.customer_domain',
  api.columns('name text = coalesce(company.name, customer.customer_name)', 'domain text = customer.customer_domain', 'matched_industry text = company.matched_industry',
    'employee_range text = company.employee_range', 'company_country text = company.company_country', 'customer_name text = customer.customer_name -- As the source names it.',
    'case_study_url text = customer.case_study_url'),
  array['coalesce(customer.customer_domain, U&''\FFFF'') collate "C"', 'customer.id'],
  jsonb_build_array(api.parameter('domain', 'domain', 'Domain of the company, in any spelling.', 'equals', 'customer.origin_company_domain', place => 'path', required => true)),
  default_limit => 100, max_limit => 500, meta => '{"origin_domain": "domain"}', tag => 'companies');

create or replace function api.company_path_parameter()
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_array(api.parameter('domain', 'text', 'Domain of the company, in any spelling.', place => 'path', required => true, more => '{"example": "acme.example"}'));
$$;
comment on function api.company_path_parameter() is 'The domain in the path of an endpoint about one company.';

create or replace function api.company_body_parameter()
returns jsonb language sql immutable set search_path = '' as $$
  select jsonb_build_array(api.parameter('domain', 'text', 'Domain of the company, in any spelling.', place => 'body', required => true, more => '{"minLength": 1, "example": "acme.example"}'));
$$;
comment on function api.company_body_parameter() is 'The domain in the body of an endpoint about one company.';

select api.call('company_has_customers', '/api/companies/:domain/has-customers', 'Whether customers of a company are known',
  api.object_schema('domain', 'has_customers boolean', 'count integer'), api.company_path_parameter(), calls => 'has_customers', tag => 'companies');
select api.call('check_has_customers', '/api/companies/check-has-customers', 'Whether customers of a company are known',
  api.object_schema('domain', 'has_customers boolean', 'count integer'), api.company_body_parameter(), method => 'post', calls => 'has_customers', tag => 'companies');
select api.call('company_has_case_studies', '/api/companies/:domain/has-case-studies', 'Whether case studies of a company were read',
  api.object_schema('domain', 'has_case_studies boolean', 'count integer -- Pages.', 'last_extracted_at timestamptz'), api.company_path_parameter(), calls => 'has_case_studies', tag => 'companies');
select api.call('check_has_case_studies', '/api/companies/check-has-case-studies', 'Whether case studies of a company were read',
  api.object_schema('domain', 'has_case_studies boolean', 'count integer -- Pages.', 'last_extracted_at timestamptz'), api.company_body_parameter(), method => 'post', calls => 'has_case_studies', tag => 'companies');
select api.call('customer_insights', '/api/companies/:domain/customer-insights', 'Industries of the customers of a company, and the people in its case studies',
  jsonb_set(api.object_schema('origin_domain', 'customer_count integer', 'customer_industries text[]', 'customer_industry_counts json', 'case_study_job_titles text[]',
      'case_study_job_title_counts json', 'case_study_champions json'),
    '{properties}', jsonb_build_object(
      'origin_domain', '{"type": "string"}'::jsonb,
      'customer_count', '{"type": "integer", "description": "Distinct customers; known by name only, too."}'::jsonb,
      'customer_industries', '{"type": "array", "items": {"type": "string"}}'::jsonb,
      'customer_industry_counts', jsonb_build_object('type', 'array', 'description', 'Most customers first.', 'items', api.object_schema('industry', 'customer_count integer')),
      'case_study_job_titles', '{"type": "array", "items": {"type": "string"}}'::jsonb,
      'case_study_job_title_counts', jsonb_build_object('type', 'array', 'description', 'Most people first.', 'items', api.object_schema('job_title', 'champion_count integer')),
      'case_study_champions', jsonb_build_object('type', 'array', 'items', api.object_schema('full_name', 'job_title', 'company_name')))),
  api.company_path_parameter(), tag => 'companies');
select api.call('company_icp', '/api/companies/:domain/icp', 'Whom a company sells to',
  api.object_schema('success boolean', 'domain', 'company_name', 'customer_domains text[]', 'industries text[]', 'countries text[]', 'employee_ranges text[]', 'funding_stages text[]',
    'job_titles text[]', 'seniorities text[]', 'job_functions text[]', 'value_proposition', 'core_benefit', 'target_customer', 'key_differentiator'),
  api.company_path_parameter(), missing => 'Nothing is known about this company.', tag => 'companies');
select api.call('company_ads', '/api/companies/:domain/ads', 'Whether a company advertises, and where',
  jsonb_set(api.object_schema('domain', 'google_ads json', 'linkedin_ads json', 'meta_ads json', 'is_running_any_ads boolean'), '{properties}',
    jsonb_build_object('domain', '{"type": "string"}'::jsonb, 'is_running_any_ads', '{"type": "boolean"}'::jsonb,
      'google_ads', api.object_schema('is_running_ads boolean', 'ad_count integer', 'advertiser_id', 'last_checked_at timestamptz') || '{"type": ["object", "null"]}',
      'linkedin_ads', api.object_schema('is_running_ads boolean', 'ad_count integer', 'page_id', 'last_checked_at timestamptz') || '{"type": ["object", "null"]}',
      'meta_ads', api.object_schema('is_running_ads boolean', 'ad_count integer', 'page_id', 'platforms text[]', 'last_checked_at timestamptz') || '{"type": ["object", "null"]}')),
  api.company_path_parameter(), tag => 'companies');
select api.call('public_company_info', '/api/companies/public-company-info', 'Ticker and SEC number of a listed company',
  jsonb_insert(api.object_schema('found boolean', 'domain', 'ticker', 'cik -- Ten digits.', 'sec_company_name', 'last_updated timestamptz'), '{properties,note}', '{"type": "string", "description": "Where the SEC number is not known yet."}'), api.company_body_parameter(), method => 'post', tag => 'companies');

-- Technologies of all providers.
create or replace view core.technology_uses as
  select 'predictleads'::text as provider, used.technology_id, used.domain, technology.title
    from core.company_predictleads_technologies as used
    join reference.predictleads_technologies as technology on technology.id = used.technology_id
  union all
  select 'builtwith', used.technology_id, used.domain, technology.name
    from core.company_technologies as used
    join reference.technologies as technology on technology.id = used.technology_id
  union all
  select 'site', used.technology_id, used.domain, technology.name
    from core.company_tech_on_site as used
    join reference.technologies as technology on technology.id = used.technology_id;
comment on view core.technology_uses is 'Technologies of companies from all sources: one row per source, company and technology.';

create or replace function api.first_domains(known text[], target text, key_column text, keys uuid[], after text, most bigint, condition text default 'true')
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_query constant text := format(
    $sql$
    select array(
      select distinct found.domain
        from (
          select given.domain from unnest($1::text[]) as given (domain)
          union all
          select part.domain
            from unnest($2::uuid[]) as key (id)
           cross join lateral (
             select used.domain from %1$s as used
              where used.%2$I = key.id and used.domain > $3 and ($4::text is null or used.domain < $4) and %3$s
              order by used.domain limit $5
           ) as part
        ) as found
       order by found.domain limit $5
    )
    $sql$, first_domains.target, first_domains.key_column, first_domains.condition
  );
  v_found text[] := first_domains.known;
  v_from integer := 1;
  v_batch integer := 25;
begin
  -- What a batch has found bounds what the next ones have to look at, so that thousands of keys cost little more than a few.
  while v_from <= cardinality(first_domains.keys) loop
    execute v_query into v_found
      using v_found, first_domains.keys[v_from : v_from + v_batch - 1], coalesce(first_domains.after, ''), v_found[first_domains.most], first_domains.most;
    v_from := v_from + v_batch;
    v_batch := v_batch * 2;
  end loop;
  return v_found;
end;
$$;
comment on function api.first_domains(text[], text, text, uuid[], text, bigint, text) is
  'The first domains, in order, after one of them, at most so many, of the known ones and those that a table has with any of the keys. The table has an index on key and domain. condition: on its rows, called used; never a value of a caller that is not quoted.';

create or replace function api.domains_using(technology text, after text default null, most bigint default null)
returns setof text language plpgsql stable rows 100 set search_path = '' as $$
declare
  v_pattern constant text := api.like_pattern(domains_using.technology);
  v_predicted constant uuid[] := array(select known.id from reference.predictleads_technologies as known where known.title_key like v_pattern);
  v_built constant uuid[] := array(select known.id from reference.technologies as known where known.name_key like v_pattern);
  v_found text[] := '{}';
begin
  if domains_using.most is not null then
    v_found := api.first_domains(v_found, 'core.company_predictleads_technologies', 'technology_id', v_predicted, domains_using.after, domains_using.most);
    v_found := api.first_domains(v_found, 'core.company_technologies', 'technology_id', v_built, domains_using.after, domains_using.most);
    v_found := api.first_domains(v_found, 'core.company_tech_on_site', 'technology_id', v_built, domains_using.after, domains_using.most);
    return query select found.domain from unnest(v_found) with ordinality as found (domain, place) order by found.place;
    return;
  end if;
  return query
  select used.domain from core.company_predictleads_technologies as used where used.technology_id = any (v_predicted) and used.domain > coalesce(domains_using.after, '')
  union
  select used.domain from core.company_technologies as used where used.technology_id = any (v_built) and used.domain > coalesce(domains_using.after, '')
  union
  select used.domain from core.company_tech_on_site as used where used.technology_id = any (v_built) and used.domain > coalesce(domains_using.after, '')
   order by 1;
end;
$$;
comment on function api.domains_using(text, text, bigint) is 'Domains of companies that use a technology whose title contains a text, in order, after one of them, at most so many; null: all.';

select api.list('companies_by_technology', '/api/companies/by-technology', 'Companies that use a technology',
  'api.domains_using(:name, :after, :fetch) as used (domain) left join api.company_rows as company on company.domain = used.domain',
  api.columns('id uuid = company.id', 'domain text = used.domain', 'name text = company.name', 'linkedin_url text = company.linkedin_url', 'company_city text = company.company_city',
    'company_state text = company.company_state', 'company_country text = company.company_country', 'matched_industry text = company.matched_industry', 'employee_range text = company.employee_range',
    'technologies text[] = array(select distinct known.title from core.technology_uses as known where known.domain = used.domain and etl.fold(known.title) like api.like_pattern(:name) order by 1) -- The titles that matched.'),
  '{used.domain}',
  jsonb_build_array(api.parameter('name', 'text', 'Title of the technology contains this.', required => true, more => '{"maxLength": 200, "example": "react"}')),
  max_limit => 200, meta => '{"technology": "name"}', tag => 'companies');

create or replace function api.domains_hiring(title text, posted_since timestamptz default null, after text default null, most bigint default null)
returns setof text language plpgsql stable rows 100 set search_path = '' as $$
declare
  v_titles constant uuid[] := array(select known.id from reference.job_titles as known where known.title_key like api.like_pattern(domains_hiring.title));
  v_found text[];
begin
  if domains_hiring.most is not null then
    v_found := api.first_domains('{}', 'core.company_job_postings', 'job_title_id', v_titles, domains_hiring.after, domains_hiring.most,
      case when domains_hiring.posted_since is null then 'true' else format('used.posted_at >= %L::timestamptz', domains_hiring.posted_since) end);
    return query select found.domain from unnest(v_found) with ordinality as found (domain, place) order by found.place;
    return;
  end if;
  return query
  select distinct posting.domain
    from core.company_job_postings as posting
   where posting.job_title_id = any (v_titles)
     and posting.domain > coalesce(domains_hiring.after, '')
     and (domains_hiring.posted_since is null or posting.posted_at >= domains_hiring.posted_since)
   order by posting.domain;
end;
$$;
comment on function api.domains_hiring(text, timestamptz, text, bigint) is
  'Domains of companies with a job posting whose normalised title contains a text, in order, after one of them, at most so many; null: all.';

select api.list('companies_by_job_title', '/api/companies/by-job-title', 'Companies with a job posting for a title',
  'api.domains_hiring(:title, now() - make_interval(days => :posted_within_days), :after, :fetch) as hiring (domain) left join api.company_rows as company on company.domain = hiring.domain',
  api.columns('id uuid = company.id', 'domain text = hiring.domain', 'name text = company.name', 'linkedin_url text = company.linkedin_url', 'company_city text = company.company_city',
    'company_state text = company.company_state', 'company_country text = company.company_country', 'matched_industry text = company.matched_industry', 'employee_range text = company.employee_range'),
  '{hiring.domain}',
  jsonb_build_array(
    api.parameter('title', 'text', 'Normalised title contains this.', required => true, more => '{"maxLength": 200, "example": "engineer"}'),
    api.parameter('posted_within_days', 'integer', 'Posted at most so many days ago.', more => '{"minimum": 1, "maximum": 3650}')),
  max_limit => 200, meta => '{"job_title": "title"}', tag => 'companies');

create or replace function api.declare_ads_list(platform text, label text, more jsonb default '[]')
returns void language sql set search_path = '' as $$
  select api.list(
    'companies_by_' || declare_ads_list.platform || '_ads', '/api/companies/by-' || declare_ads_list.platform || '-ads', 'Companies running ' || declare_ads_list.label || ' ads',
    format('core.company_%s_ads as ads left join api.company_rows as company on company.domain = ads.domain', declare_ads_list.platform),
    api.columns('id uuid = company.id', 'domain text = ads.domain', 'name text = company.name', 'linkedin_url text = company.linkedin_url', 'company_city text = company.company_city',
      'company_state text = company.company_state', 'company_country text = company.company_country', 'matched_industry text = company.matched_industry',
      'employee_range text = company.employee_range', 'ad_count integer = ads.ad_count') || declare_ads_list.more,
    array['(-coalesce(ads.ad_count, -1))', 'ads.domain'], always => 'ads.is_running_ads', max_limit => 200, tag => 'companies'
  );
$$;
comment on function api.declare_ads_list(text, text, jsonb) is 'Declares the list of companies that advertise on a platform, most ads first.';
select api.declare_ads_list('google', 'Google');
select api.declare_ads_list('linkedin', 'LinkedIn');
select api.declare_ads_list('meta', 'Meta', api.columns('platforms jsonb = ads.platforms -- Array of text.'));
--! EndIncluded api/endpoints/companies.sql
--! Included api/endpoints/enrichment.sql
create or replace function api.workflow_rows(
  entity_type text default null,
  coalesces_to_core boolean default null,
  payload_type text default null,
  usage_category text default null,
  workflow_type text default null,
  is_active text default 'true',
  has_api_wrapper boolean default null
)
returns setof reference.enrichment_workflow_registry language sql stable set search_path = '' as $$
  select registry
    from reference.enrichment_workflow_registry as registry
   where (workflow_rows.entity_type is null or replace(registry.entity_type, '-', '_') = replace(workflow_rows.entity_type, '-', '_'))
     and (workflow_rows.coalesces_to_core is null or registry.coalesces_to_core = workflow_rows.coalesces_to_core)
     -- What the registry leaves open is asked for under the names that the counts have for it.
     and (workflow_rows.payload_type is null or coalesce(registry.payload_type, 'unknown') = workflow_rows.payload_type)
     and (workflow_rows.usage_category is null or coalesce(registry.usage_category, 'internal-hq') = workflow_rows.usage_category)
     and (workflow_rows.workflow_type is null or registry.workflow_type = workflow_rows.workflow_type)
     and (workflow_rows.is_active = 'all' or registry.is_active = (workflow_rows.is_active = 'true'))
     and (workflow_rows.has_api_wrapper is null or (registry.api_endpoint_url is not null) = workflow_rows.has_api_wrapper);
$$;
comment on function api.workflow_rows(text, boolean, text, text, text, text, boolean) is
  'The registered workflows that meet the filters. is_active: true, false or all. entity_type with hyphens or underscores; no payload type is unknown, no usage internal-hq.';

create or replace function api.workflows(
  entity_type text default null,
  coalesces_to_core boolean default null,
  payload_type text default null,
  usage_category text default null,
  workflow_type text default null,
  is_active text default 'true',
  has_api_wrapper boolean default null
)
returns jsonb language sql stable set search_path = '' as $$
  with found as materialized (
    select registry.workflow_slug, registry.workflow_slug as new_workflow_slug, registry.provider, registry.platform, registry.payload_type, replace(registry.entity_type, '-', '_') as entity_type,
           registry.description, registry.raw_table, registry.extracted_table, registry.core_table, registry.coalesces_to_core, coalesce(registry.usage_category, 'internal-hq') as usage_category,
           registry.workflow_type, registry.is_active, registry.modal_function_name, registry.modal_endpoint_url,
           'POST ' || registry.api_endpoint_url as api_endpoint_url, registry.api_endpoint_url as api_endpoint_full_url
      from api.workflow_rows(workflows.entity_type, workflows.coalesces_to_core, workflows.payload_type, workflows.usage_category,
             workflows.workflow_type, workflows.is_active, workflows.has_api_wrapper) as registry
  )
  select jsonb_build_object(
    'data', coalesce(jsonb_agg(to_jsonb(found) order by found.workflow_slug), '[]'),
    'meta', jsonb_build_object(
      'total', count(*),
      'in_core_count', count(*) filter (where found.coalesces_to_core),
      'not_in_core_count', count(*) filter (where found.coalesces_to_core is not true),
      'client_count', count(*) filter (where found.usage_category = 'client'),
      'internal_hq_count', count(*) filter (where found.usage_category = 'internal-hq'),
      'with_api_wrapper_count', count(found.api_endpoint_url),
      'filters', jsonb_build_object(
        'entity_type', workflows.entity_type, 'coalesces_to_core', workflows.coalesces_to_core, 'payload_type', workflows.payload_type,
        'usage_category', workflows.usage_category, 'workflow_type', workflows.workflow_type,
        'is_active', case workflows.is_active when 'all' then 'null'::jsonb else to_jsonb(workflows.is_active = 'true') end,
        'has_api_wrapper', workflows.has_api_wrapper
      )
    )
  )
    from found;
$$;
comment on function api.workflows(text, boolean, text, text, text, text, boolean) is
  'The workflow registry with filters, ordered by slug: {data, meta: counts and the filters}. Ways into the old system are shown as registered; the full URL is relative to the server.';

create or replace function api.workflows_summary()
returns jsonb language sql stable set search_path = '' as $$
  with active as (
    select replace(registry.entity_type, '-', '_') as entity_type, coalesce(registry.payload_type, 'unknown') as payload_type, registry.workflow_type,
           coalesce(registry.usage_category, 'internal-hq') as usage_category, registry.coalesces_to_core
      from api.workflow_rows() as registry
  ), by_type as (
    select active.kind, active.value, count(*) as total, count(*) filter (where active.coalesces_to_core) as in_core
      from (
        select 'entity_type' as kind, active.entity_type as value, active.coalesces_to_core from active
        union all
        select 'payload_type', active.payload_type, active.coalesces_to_core from active
        union all
        select 'workflow_type', active.workflow_type, active.coalesces_to_core from active
        union all
        select 'usage_category', active.usage_category, active.coalesces_to_core from active
      ) as active
     group by active.kind, active.value
  ), objects as (
    select by_type.kind, jsonb_object_agg(by_type.value, case when by_type.kind in ('entity_type', 'payload_type')
             then jsonb_build_object('total', by_type.total, 'in_core', by_type.in_core, 'not_in_core', by_type.total - by_type.in_core)
             else to_jsonb(by_type.total) end) as counts
      from by_type
     group by by_type.kind
  )
  select jsonb_build_object(
    'total_workflows', (select count(*) from active),
    'total_in_core', (select count(*) from active where active.coalesces_to_core),
    'total_not_in_core', (select count(*) from active where active.coalesces_to_core is not true),
    'by_entity_type', coalesce((select objects.counts from objects where objects.kind = 'entity_type'), '{}'),
    'by_payload_type', coalesce((select objects.counts from objects where objects.kind = 'payload_type'), '{}'),
    'by_workflow_type', coalesce((select objects.counts from objects where objects.kind = 'workflow_type'), '{}'),
    'by_usage_category', '{"client": 0, "internal-hq": 0}'::jsonb || coalesce((select objects.counts from objects where objects.kind = 'usage_category'), '{}')
  );
$$;
comment on function api.workflows_summary() is 'Active workflows counted by entity, payload type, workflow type and usage. No payload type counts as unknown, no usage as internal-hq.';

select api.call('workflows', '/api/enrichment/workflows', 'The workflow registry',
  jsonb_build_object('type', 'object', 'required', '["data", "meta"]'::jsonb, 'properties', jsonb_build_object(
    'data', jsonb_build_object('type', 'array', 'items', api.object_schema('workflow_slug', 'new_workflow_slug', 'provider', 'platform', 'payload_type', 'entity_type', 'description',
      'raw_table', 'extracted_table', 'core_table', 'coalesces_to_core boolean', 'usage_category', 'workflow_type', 'is_active boolean', 'modal_function_name', 'modal_endpoint_url',
      'api_endpoint_url -- Method and path.', 'api_endpoint_full_url -- Path on this server.')),
    'meta', api.object_schema('total integer', 'in_core_count integer', 'not_in_core_count integer', 'client_count integer', 'internal_hq_count integer', 'with_api_wrapper_count integer', 'filters json'))),
  jsonb_build_array(
    api.parameter('entity_type', 'text', 'company, person, target_client and so on, exactly.', more => '{"maxLength": 200}'),
    api.parameter('coalesces_to_core', 'boolean', 'Whether it writes core.'),
    api.parameter('payload_type', 'text', 'Kind of payload, exactly; unknown: none is stated.'),
    api.parameter('usage_category', 'text', 'client or internal-hq, exactly.', more => '{"maxLength": 200}'),
    api.parameter('workflow_type', 'text', 'ingest, upsert, lookup and so on, exactly.'),
    api.parameter('is_active', 'text', 'true, false, or all.', more => '{"default": "true", "enum": ["true", "false", "all"]}'),
    api.parameter('has_api_wrapper', 'boolean', 'Whether it has a path; all have.')),
  tag => 'enrichment');
select api.call('workflows_summary', '/api/enrichment/workflows/summary', 'Active workflows, counted',
  api.object_schema('total_workflows integer', 'total_in_core integer', 'total_not_in_core integer', 'by_entity_type json', 'by_payload_type json', 'by_workflow_type json', 'by_usage_category json'),
  tag => 'enrichment');

select api.call('top_vc_missing_customers', '/api/admin/top-vc-portfolio/missing-customers', 'Companies of top VC firms without known customers',
  (select jsonb_build_object('type', 'object', 'required', '["total", "limit", "offset", "meta", "data"]'::jsonb, 'properties', page.fields || jsonb_build_object(
      'meta', jsonb_build_object('type', 'object', 'required', '["total", "limit", "offset"]'::jsonb, 'properties', page.fields),
      'data', jsonb_build_object('type', 'array', 'items', api.object_schema('domain', 'name', 'top_vc_investors text[]', 'top_vc_domains text[]'))))
     from (select '{"total": {"type": "integer"}, "limit": {"type": "integer"}, "offset": {"type": "integer"}}'::jsonb as fields) as page),
  jsonb_build_array(
    api.parameter('vc_domain', 'text', 'Only those backed by this firm.'),
    api.parameter('limit', 'integer', 'Rows in a page.', more => '{"default": 50, "minimum": 1, "maximum": 500}'),
    api.parameter('offset', 'integer', 'Rows to leave out.', more => '{"default": 0, "minimum": 0, "maximum": 10000}')),
  tag => 'enrichment');
--! EndIncluded api/endpoints/enrichment.sql
--! Included api/endpoints/filters.sql
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
--! EndIncluded api/endpoints/filters.sql
--! Included api/endpoints/target_views.sql
create or replace function api.target_view(slug text)
returns jsonb language sql stable set search_path = '' as $$
  select to_jsonb(saved)
    from core.target_client_views as saved
   where saved.domain in (
     select setting.domain
       from core.target_client_view_settings as setting
      where coalesce(setting.slug, core.slug(setting.domain)) = lower(target_view.slug)
   )
   -- Slugs are unique as far as they were saved here; of two, the older link keeps working.
   order by saved.created_at, saved.domain
   limit 1;
$$;
comment on function api.target_view(text) is 'A saved lead view by its slug: {id, domain, name, slug, filters, endpoint, created_at, updated_at}; null when there is none.';

create or replace function api.save_target_view(domain text, filters jsonb, name text default null, endpoint text default null)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_answer jsonb;
begin
  -- Of two companies that come to the same slug at once, the second is told so.
  perform pg_advisory_xact_lock(hashtextextended('slug of a view ' || core.slug(etl.normalize_domain(save_target_view.domain)), 0));
  if core.slug_taken(etl.normalize_domain(save_target_view.domain), save_target_view.domain) is not null and not exists (
    select from core.target_client_view_settings as setting where setting.domain = etl.normalize_domain(save_target_view.domain)
  ) then
    raise exception '"%" would have the slug of another view', save_target_view.domain
      using errcode = 'BADRQ', detail = '[{"pointer": "/domain", "detail": "would have the slug of another view"}]',
            hint = 'Give it a slug of its own first: POST /run/target-client/views/create with domain and slug.';
  end if;
  v_answer := etl.ingest('target-view-upsert', jsonb_strip_nulls(jsonb_build_object(
    'domain', save_target_view.domain, 'name', save_target_view.name, 'filters', save_target_view.filters, 'endpoint', save_target_view.endpoint
  )));
  return jsonb_build_object('data', v_answer -> 'data', 'url', v_answer -> 'url');
end;
$$;
comment on function api.save_target_view(text, jsonb, text, text) is
  'Saves the lead view of a company, as the workflow target-view-upsert does; what is left out stays: {data, url}. Raises BADRQ when another view has the slug, BADKY, FORGT.';

create or replace function api.delete_target_view(slug text)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_domain constant text := api.target_view(delete_target_view.slug) ->> 'domain';
  v_ids uuid[];
begin
  if v_domain is null then
    return null;
  end if;
  perform from etl.records as known where known.entity_key = v_domain for update;
  -- Core is a function of the payloads, so that the view goes with those that asked for it.
  v_ids := array(
    select payload.id from raw.payloads as payload where payload.family = 'target_client_view_payloads' and payload.entity_key = v_domain
  );
  delete from etl.pending_payloads as pending where pending.payload_id = any (v_ids);
  delete from etl.failures as failure where failure.payload_id = any (v_ids);
  delete from etl.payload_warnings as warning where warning.payload_id = any (v_ids);
  delete from etl.mentions as mention where mention.payload_id = any (v_ids);
  delete from raw.payloads as payload where payload.family = 'target_client_view_payloads' and payload.id = any (v_ids);
  perform etl.rebuild_keys(array[v_domain]);
  return jsonb_build_object('message', 'View deleted', 'slug', lower(delete_target_view.slug));
end;
$$;
comment on function api.delete_target_view(text) is 'Deletes a saved lead view, with the payloads that asked for it: {message, slug}; null when there is none of this slug.';

do $$
declare
  c_view constant jsonb := jsonb_set(api.object_schema('id uuid', 'domain', 'name', 'slug', 'filters json', 'endpoint', 'created_at timestamptz', 'updated_at timestamptz'),
    '{properties,filters}', '{"type": "object"}');
begin
  perform api.call('save_target_view', '/api/target-views', 'Save the lead view of a company',
    jsonb_build_object('type', 'object', 'required', '["data", "url"]'::jsonb, 'properties', jsonb_build_object('data', c_view, 'url', '{"type": "string", "description": "/v/ and the slug."}'::jsonb)),
    jsonb_build_array(
      api.parameter('domain', 'text', 'Domain of the company, in any spelling.', place => 'body', required => true, more => '{"minLength": 1, "example": "acme.example"}'),
      api.parameter('filters', 'object', 'Parameters of the endpoint.', place => 'body', required => true, more => '{"example": {"industry": "Software Development"}}'),
      api.parameter('name', 'text', 'Title; left out: as it was, at first the name of the company.', place => 'body'),
      api.parameter('endpoint', 'text', 'Left out: as it was, at first /api/leads.', place => 'body')),
    method => 'post', scope => 'ingest', tag => 'target views');
  perform api.call('target_view', '/api/target-views/:slug', 'A saved lead view', c_view,
    jsonb_build_array(api.parameter('slug', 'text', 'Slug of the view.', place => 'path', required => true)), missing => 'View not found.', tag => 'target views');
  perform api.call('delete_target_view', '/api/target-views/:slug', 'Delete a saved lead view', api.object_schema('message', 'slug'),
    jsonb_build_array(api.parameter('slug', 'text', 'Slug of the view.', place => 'path', required => true)), method => 'delete', scope => 'ingest', missing => 'View not found.', tag => 'target views');
end;
$$;

select api.list('target_views', '/api/target-views', 'Saved lead views', 'core.target_client_views as saved',
  api.columns('id uuid = saved.id', 'domain text = saved.domain', 'name text = saved.name', 'slug text = saved.slug', 'filters jsonb = saved.filters', 'endpoint text = saved.endpoint',
    'created_at timestamptz = saved.created_at', 'updated_at timestamptz = saved.updated_at'),
  '{saved.domain}',
  jsonb_build_array(api.parameter('domain', 'domain', 'Domain of the company, in any spelling: any of these.', 'equals', 'saved.domain', is_list => true)), tag => 'target views');

select api.list('client_leads', '/api/client-leads', 'Leads of clients', 'client.leads as lead',
  api.columns_from('lead', 'id uuid', 'client_domain', 'first_name', 'last_name', 'full_name', 'person_linkedin_url', 'work_email', 'company_domain', 'company_name',
    'company_linkedin_url', 'source', 'client_form_id', 'client_form_title', 'created_at timestamptz', 'updated_at timestamptz'),
  '{lead.client_domain,lead.created_at,lead.id}',
  jsonb_build_array(api.parameter('client_domain', 'domain', 'Domain of the client. A key with a tenant sees its own only.', 'equals', 'lead.client_domain')), tag => 'leads');
select api.list('target_client_leads', '/api/target-client-leads', 'Leads for demos of target clients', 'target_client.leads as lead',
  api.columns_from('lead', 'id uuid', 'target_client_domain', 'first_name', 'last_name', 'full_name', 'person_linkedin_url', 'work_email', 'company_domain', 'company_name',
    'company_linkedin_url', 'source', 'form_id', 'form_title', 'core_company_id uuid', 'core_person_id uuid', 'created_at timestamptz', 'updated_at timestamptz'),
  '{lead.target_client_domain,lead.created_at,lead.id}',
  jsonb_build_array(api.parameter('target_client_domain', 'domain', 'Domain of the target client. A key with a tenant sees its own only.', 'equals', 'lead.target_client_domain')), tag => 'leads');
--! EndIncluded api/endpoints/target_views.sql
--! Included api/endpoints/people.sql
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
--! EndIncluded api/endpoints/people.sql
select api.compile();
--! Included api/read/older_names.sql
-- Functions of the old system, under their old names and parameters. After api.compile(), which makes what they call.
create or replace function core.get_leads_by_past_employer(p_domains text[], p_limit integer default null, p_offset integer default 0)
returns setof api.leads_by_past_employer_row language sql stable set search_path = '' as $$
  select api.leads_by_past_employer(domains => p_domains, page_limit => p_limit, page_offset => p_offset);
$$;
comment on function core.get_leads_by_past_employer(text[], integer, integer) is 'The older name of api.leads_by_past_employer(domains => …). Raises BADKY.';

create or replace function core.get_leads_by_company_customers(p_company_domain text, p_limit integer default 100, p_offset integer default 0)
returns setof api.leads_by_company_customers_row language sql stable set search_path = '' as $$
  select api.leads_by_company_customers(company_domain => p_company_domain, page_limit => p_limit, page_offset => p_offset);
$$;
comment on function core.get_leads_by_company_customers(text, integer, integer) is 'The older name of api.leads_by_company_customers(company_domain => …). Raises BADKY.';

create or replace function public.get_leads_by_past_employer(p_domains text[], p_limit integer default null, p_offset integer default 0)
returns setof api.leads_by_past_employer_row language sql stable set search_path = '' as $$
  select core.get_leads_by_past_employer(p_domains, p_limit, p_offset);
$$;
comment on function public.get_leads_by_past_employer(text[], integer, integer) is
  'core.get_leads_by_past_employer() where a client names no schema; with the rights of its caller. Raises BADKY.';

create or replace function public.get_leads_by_company_customers(p_company_domain text, p_limit integer default 100, p_offset integer default 0)
returns setof api.leads_by_company_customers_row language sql stable set search_path = '' as $$
  select core.get_leads_by_company_customers(p_company_domain, p_limit, p_offset);
$$;
comment on function public.get_leads_by_company_customers(text, integer, integer) is
  'core.get_leads_by_company_customers() where a client names no schema; with the rights of its caller. Raises BADKY.';
--! EndIncluded api/read/older_names.sql

-- The number of leads of a company is kept, not counted
--! Included api/read/lead_counts.sql
create or replace function api.count_leads()
returns trigger language plpgsql set search_path = '' as $$
declare
  v_domains text[];
  v_changes bigint[];
begin
  -- By name of the transition tables, which an event has or has not.
  case tg_op
    when 'INSERT' then
      select array_agg(change.domain), array_agg(change.leads) into v_domains, v_changes
        from (select came.company_domain as domain, count(*) as leads from came where came.is_visible group by came.company_domain) as change;
    when 'DELETE' then
      select array_agg(change.domain), array_agg(change.leads) into v_domains, v_changes
        from (select gone.company_domain as domain, -count(*) as leads from gone where gone.is_visible group by gone.company_domain) as change;
    else
      select array_agg(change.domain), array_agg(change.leads) into v_domains, v_changes
        from (
          select each.domain, sum(each.leads) as leads
            from (
              select came.company_domain as domain, 1 as leads from came where came.is_visible
              union all
              select gone.company_domain, -1 from gone where gone.is_visible
            ) as each
           group by each.domain
          -- Most updates leave a company with as many leads as it had.
          having sum(each.leads) <> 0
        ) as change;
  end case;
  if v_domains is not null then
    perform api.change_lead_counts(v_domains, v_changes);
  end if;
  return null;
end;
$$;
comment on function api.count_leads() is
  'Trigger on api.lead_rows: keeps api.lead_counts. Rows are written under api.lock_reads(), so nobody waits for a count.';

create or replace function api.change_lead_counts(domains text[], changes bigint[])
returns void language sql set search_path = '' as $$
  with change as (
    select given.domain, given.leads
      from unnest(change_lead_counts.domains, change_lead_counts.changes) as given (domain, leads)
     where given.domain is not null
  ), more as (
    insert into api.lead_counts as counted (company_domain, leads)
    select change.domain, change.leads from change where change.leads > 0
        on conflict (company_domain) do update set leads = counted.leads + excluded.leads
  ), fewer as (
    update api.lead_counts as counted
       set leads = counted.leads + change.leads
      from change
     where counted.company_domain = change.domain
       and change.leads < 0
       and counted.leads + change.leads <> 0
  )
  -- So that a company that was erased is not named here either.
  delete from api.lead_counts as counted
   using change
   where counted.company_domain = change.domain
     and counted.leads + change.leads = 0;
$$;
comment on function api.change_lead_counts(text[], bigint[]) is 'Adds to the counts of leads of companies, each given once; takes away where the number is negative.';

create or replace trigger _500_count_inserted
  after insert on api.lead_rows referencing new table as came for each statement execute function api.count_leads();
create or replace trigger _500_count_updated
  after update on api.lead_rows referencing old table as gone new table as came for each statement execute function api.count_leads();
create or replace trigger _500_count_deleted
  after delete on api.lead_rows referencing old table as gone for each statement execute function api.count_leads();
--! EndIncluded api/read/lead_counts.sql
insert into api.lead_counts as counted (company_domain, leads)
select lead.company_domain, count(*)
  from api.lead_rows as lead
 where lead.is_visible
   and lead.company_domain is not null
 group by lead.company_domain
    on conflict (company_domain) do update set leads = excluded.leads;
--! Included etl/read/headline.sql
create or replace function etl.headline(entity_type text, entity_key text)
returns jsonb language sql stable set search_path = '' as $$
  select case headline.entity_type
    when 'company' then (
      select jsonb_build_object(
          'id', company.id, 'domain', asked.domain, 'name', company.name, 'linkedin_url', company.linkedin_url,
          'company_city', company.company_city, 'company_state', company.company_state, 'company_country', company.company_country,
          'matched_industry', company.matched_industry, 'employee_range', company.employee_range,
          'description', description.description, 'tagline', description.tagline,
          'lead_count', coalesce((select counted.leads from api.lead_counts as counted where counted.company_domain = headline.entity_key), 0)
        )
        from (select headline.entity_key as domain) as asked
        left join core.companies_full as company on company.domain = asked.domain
        left join core.company_descriptions as description on description.domain = asked.domain
    )
    when 'person' then (
      select jsonb_build_object(
          'id', person.id, 'linkedin_url', asked.linkedin_url, 'linkedin_slug', person.linkedin_slug, 'full_name', person.full_name,
          'person_city', location.city, 'person_state', location.state, 'person_country', location.country,
          'matched_cleaned_job_title', title.matched_cleaned_job_title, 'matched_job_function', title.matched_job_function,
          'matched_seniority', title.matched_seniority, 'job_start_date', tenure.job_start_date, 'company_domain', company.domain, 'company_name', company.name
        )
        from (select headline.entity_key as linkedin_url) as asked
        left join core.people as person on person.linkedin_url = asked.linkedin_url
        left join core.person_locations as location on location.linkedin_url = asked.linkedin_url
        left join core.person_job_titles as title on title.linkedin_url = asked.linkedin_url
        left join core.person_tenure as tenure on tenure.linkedin_url = asked.linkedin_url
        left join core.companies as company on company.id = person.core_company_id
    )
  end;
$$;
comment on function etl.headline(text, text) is
  'The fields that readers of the old system know a company or person by, flat, from their golden tables; lead_count is what GET /api/leads?company_domain= counts. What is known by other tables only (its ads, say) has nulls.';
--! EndIncluded etl/read/headline.sql
--! Included etl/read/golden_rows.sql
create or replace function etl.golden_rows(entity_keys text[], targets text[] default null)
returns table (target text, entity_type text, entity_key text, row_key jsonb, golden_row jsonb) language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
  v_query text;
begin
  select string_agg(
    format(
      $sql$select %1$L, %2$L, stored.%3$I, jsonb_build_object(%4$s), to_jsonb(stored) - 'created_at' - 'updated_at' from %1$s as stored where stored.%3$I = any ($1)$sql$,
      kept.target, kept.entity_type, kept.entity_column,
      (select string_agg(format('%1$L, stored.%1$I', item.name), ', ' order by item.position) from unnest(kept.key) with ordinality as item (name, position))
    ), E'\nunion all\n' order by kept.target
  )
    into v_query
    from etl.kept_tables() as kept
   where (golden_rows.targets is null or kept.target = any (golden_rows.targets))
     -- Of the tables of the kinds asked for only, as planning the query takes longer than running it: a LinkedIn URL has slashes, a domain has none.
     and exists (
       select from unnest(golden_rows.entity_keys) as asked (key) where kept.entity_type = case when position('/' in asked.key) > 0 then 'person' else 'company' end
     );
  return query execute coalesce(v_query, 'select null::text, null::text, null::text, null::jsonb, null::jsonb where false') using entity_keys;
end;
$$;
comment on function etl.golden_rows(text[], text[]) is 'Every core row of the given records (normalised keys), of all tables or the given ones, with its table and key, as JSON without bookkeeping times. Times in UTC.';

create or replace function etl.kept_tables()
returns table (target text, entity_type text, entity_column text, key text[], rule text, kept_by text) language sql stable set search_path = '' as $$
  select golden.target, golden.entity_type, golden.entity_column, golden.key,
         case when golden.survives = 'fill' then 'fill, each value by ' || golden.fill_order else golden.survives end, golden.keeper
    from etl.golden_tables as golden
   where golden.entity_type is not null
  union all
  select derivation.target, derivation.entity_type, derivation.entity_column, derivation.key, 'derived from ' || derivation.origin, derivation.keeper
    from etl.derivations as derivation;
$$;
comment on function etl.kept_tables() is 'All tables that make up the golden records: declared ones and derived ones, with their rule.';

create or replace function etl.golden_records(entity_keys text[], fields text[] default null)
returns table (entity_key text, golden_record jsonb) language plpgsql stable set search_path = '' as $$
declare
  v_targets text[];
begin
  if golden_records.fields is not null then
    perform etl.require_fields(golden_records.fields);
    v_targets := array(select 'core.' || split_part(field, '.', 1) from unnest(golden_records.fields) as field);
  end if;
  return query
    select facts.entity_key,
           case when golden_records.fields is null then coalesce(etl.headline(facts.entity_type, facts.entity_key), '{}') else '{}' end
             || jsonb_build_object(
               'entity', facts.entity_type, 'key', facts.entity_key,
               'record', etl.picked_fields(jsonb_object_agg(facts.target, facts.content), golden_records.fields)
             )
      from (
        select stored.entity_key, stored.entity_type, split_part(stored.target, '.', 2) as target,
               case when kept.key = array[kept.entity_column] then (array_agg(stored.golden_row))[1]
                 else jsonb_agg(stored.golden_row order by stored.row_key) end as content
          from etl.golden_rows(golden_records.entity_keys, v_targets) as stored
          join etl.kept_tables() as kept on kept.target = stored.target and kept.entity_type = stored.entity_type
         group by stored.entity_key, stored.entity_type, stored.target, kept.key, kept.entity_column
      ) as facts
     group by facts.entity_key, facts.entity_type;
end;
$$;
comment on function etl.golden_records(text[], text[]) is
  'The golden records of keys (normalised): headline fields, and {entity, key, record: {table: row, or rows where there can be several}}, lineage included; nothing for a key of which nothing is known. '
  'fields (table or table.column, without core.) leaves only those, and no headline. Raises BADRQ for a field that no golden record has.';

create or replace function etl.require_fields(fields text[])
returns void language plpgsql stable set search_path = '' as $$
declare
  v_unknown text;
begin
  select field into v_unknown
    from unnest(require_fields.fields) as field
   where not exists (
     select
       from etl.kept_tables() as kept
      where kept.target = 'core.' || split_part(field, '.', 1)
        and (
          position('.' in field) = 0
          or exists (
            select from etl.columns_of(kept.target) as found where field = split_part(kept.target, '.', 2) || '.' || found.name and not found.name in ('created_at', 'updated_at')
          )
        )
   )
   limit 1;
  if found then
    raise exception using errcode = 'BADRQ', message = format('"%s" is no field of a golden record', left(v_unknown, 100)),
      hint = 'A field is a table of golden records, such as company_locations, or one of its columns, such as company_locations.city.';
  end if;
end;
$$;
comment on function etl.require_fields(text[]) is 'Nothing where all fields (table or table.column, without core.) are known. Raises BADRQ for one that is not.';

create or replace function etl.picked_fields(golden_record jsonb, fields text[])
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select case when picked_fields.fields is null then picked_fields.golden_record else (
    select coalesce(jsonb_object_agg(
        stored.target,
        case
          when stored.target = any (picked_fields.fields) then stored.content
          when jsonb_typeof(stored.content) = 'array' then (
            select jsonb_agg(etl.picked(item.content, wanted.columns) order by item.place) from jsonb_array_elements(stored.content) with ordinality as item (content, place)
          )
          else etl.picked(stored.content, wanted.columns)
        end
      ), '{}')
      from jsonb_each(picked_fields.golden_record) as stored (target, content)
      join (
        select split_part(field, '.', 1) as target, array_agg(split_part(field, '.', 2)) as columns
          from unnest(picked_fields.fields) as field
         group by split_part(field, '.', 1)
      ) as wanted using (target)
  ) end;
$$;
comment on function etl.picked_fields(jsonb, text[]) is 'Of the tables of a golden record only the fields asked for (table or table.column); all of them for null.';

create or replace function etl.golden_record(key text, fields text[] default null)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_entity record;
  v_record jsonb;
begin
  select entity.entity_type, entity.entity_key into v_entity from etl.require_entity(golden_record.key) as entity;
  select found.golden_record into v_record
    from etl.golden_records(array[v_entity.entity_key], golden_record.fields) as found;
  return v_record;
end;
$$;
comment on function etl.golden_record(text, text[]) is
  'The golden record of a domain or LinkedIn URL, as etl.golden_records gives it. Null when nothing is known. Raises BADKY, and BADRQ for an unknown field.';
--! EndIncluded etl/read/golden_rows.sql

-- Companies and people: what the old system's answers had and ours lacked
--! Included etl/values/distinct_elements.sql
create or replace function etl.distinct_elements(input jsonb)
returns jsonb language sql immutable parallel safe as $$
  select case when jsonb_typeof(input) = 'array' then (
    select coalesce(jsonb_agg(item.element order by item.place), '[]')
      from (select each.element, min(each.ordinality) as place from etl.elements(input) as each group by each.element) as item
  ) end;
$$;
comment on function etl.distinct_elements(jsonb) is 'A JSON array without repetitions, in its order; null when it is not an array.';
--! EndIncluded etl/values/distinct_elements.sql
--! Included etl/land/find_workflow.sql
create or replace function etl.registered_workflow(slug text)
returns reference.enrichment_workflow_registry language plpgsql stable set search_path = '' as $$
declare
  v_workflow reference.enrichment_workflow_registry;
  v_suggestion text;
begin
  select registered.* into v_workflow
    from reference.enrichment_workflow_registry as registered
   where registered.workflow_slug = registered_workflow.slug;
  if not found then
    select registered.* into v_workflow
      from reference.enrichment_workflow_registry as registered
     where registered.aliases @> array[registered_workflow.slug];
  end if;
  if not found then
    select registered.workflow_slug into v_suggestion
      from reference.enrichment_workflow_registry as registered
     order by etl.text_distance(registered.workflow_slug, registered_workflow.slug), registered.workflow_slug
     limit 1;
    raise exception 'Unknown workflow "%"', left(coalesce(registered_workflow.slug, ''), 200)
      using errcode = 'UNKWF', hint = case when v_suggestion is null then 'No workflow is registered yet.' else format('Did you mean "%s"?', v_suggestion) end;
  end if;
  return v_workflow;
end;
$$;
comment on function etl.registered_workflow(text) is 'The registry row of a slug or alias, active or not. Raises UNKWF (with the nearest slug as hint).';

create or replace function etl.find_workflow(slug text)
returns reference.enrichment_workflow_registry language plpgsql stable set search_path = '' as $$
declare
  v_workflow constant reference.enrichment_workflow_registry := etl.registered_workflow(find_workflow.slug);
begin
  if not v_workflow.is_active then
    raise exception 'Workflow "%" is not active: %', v_workflow.workflow_slug, v_workflow.inactive_reason
      using errcode = 'INAWF', hint = 'Set is_active in reference.enrichment_workflow_registry to use it.';
  end if;
  return v_workflow;
end;
$$;
comment on function etl.find_workflow(text) is 'The registry row of a slug or alias that may run. Raises UNKWF (with the nearest slug as hint) or INAWF.';

create or replace function etl.text_distance(a text, b text)
returns integer language sql immutable parallel safe as $$
  -- Pairs of neighbouring letters that the two do not share: enough to suggest a slug, without an extension.
  select count(*)::integer
    from (
      (select substr(a, position, 2) from generate_series(1, length(a) - 1) as position
       except select substr(b, position, 2) from generate_series(1, length(b) - 1) as position)
      union all
      (select substr(b, position, 2) from generate_series(1, length(b) - 1) as position
       except select substr(a, position, 2) from generate_series(1, length(a) - 1) as position)
    ) as unshared;
$$;
comment on function etl.text_distance(text, text) is 'How unlike two words are: the number of letter pairs that only one of them has. 0 for equal words.';
--! EndIncluded etl/land/find_workflow.sql
--! Included core/derived_icp.sql
create schema if not exists derived;
comment on schema derived is 'Views over core: what companies sell to, by their customers and case studies.';

create or replace view derived.icp_job_titles_from_champions as
  select champion.origin_company_domain as domain, champion.job_title,
         count(distinct (champion.full_name_key, etl.fold(champion.company_name))) as champion_count
    from core.case_study_champions as champion
   where champion.job_title is not null
   group by champion.origin_company_domain, champion.job_title;
comment on view derived.icp_job_titles_from_champions is 'Titles of the people in the case studies of a company, and how many people have each, in however many case studies they are.';

create or replace view derived.company_icp_industries_from_customers as
  select customer.origin_company_domain as domain, industry.matched_industry as icp_industry, count(distinct customer.customer_domain) as customer_count
    from core.company_customers_resolved as customer
    join core.company_industries as industry on industry.domain = customer.customer_domain
   group by customer.origin_company_domain, industry.matched_industry;
comment on view derived.company_icp_industries_from_customers is 'Industries of the customers of a company, and how many customers are in each.';
--! EndIncluded core/derived_icp.sql
--! Included core/similar_companies.sql
create or replace function core.refuses_similarity()
returns text language sql immutable parallel safe as $$
  select $sql$
    nullif(coalesce(case when etl.as_numeric(request -> 'similarity_weight') not between -1 and 1 then
      '[{"pointer": "/similarity_weight", "detail": "Expected a number from -1 (established) to 1 (similar)."}]'::jsonb end, '[]')
      || coalesce(case when etl.as_text(request -> 'country_code') !~* '^[a-z]{2}$' then
      '[{"pointer": "/country_code", "detail": "Expected two letters, such as US."}]'::jsonb end, '[]'), '[]')
  $sql$;
$$;
comment on function core.refuses_similarity() is 'The rule about the search parameters of similar companies: weight from -1 to 1, country in two letters.';

create or replace function core.similar_request_schema(properties jsonb, required jsonb)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object('type', 'object', 'required', similar_request_schema.required, 'properties', similar_request_schema.properties || '{
    "similarity_weight": {"type": ["number", "null"], "description": "From -1 (more established) to 1 (more similar); 0 unless given."},
    "country_code": {"type": ["string", "null"], "description": "Two letters: only companies of this country."}
  }');
$$;
comment on function core.similar_request_schema(jsonb, jsonb) is 'JSON Schema of a request about similar companies: the given properties and the search parameters.';

create or replace function core.similar_bodies(domains text[], request jsonb)
returns jsonb[] language sql immutable parallel safe as $$
  select array(
    select jsonb_build_object('domain', wanted.domain) || jsonb_strip_nulls(jsonb_build_object(
        'similarity_weight', similar_bodies.request -> 'similarity_weight', 'country_code', similar_bodies.request -> 'country_code'
      ))
      from unnest(domains) with ordinality as wanted (domain, position)
     order by wanted.position
  );
$$;
comment on function core.similar_bodies(text[], jsonb) is 'Bodies of company-enrich-similar-single for domains, with the search parameters of a request.';

create or replace function core.start_similar_batch(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_domains text[];
  v_job_id uuid;
begin
  v_domains := array(
    select named.domain
      from (
        select coalesce(etl.normalize_domain(item.element #>> '{}'), item.element #>> '{}') as domain, min(item.ordinality) as position
          from etl.elements(request -> 'domains') as item
         group by 1
      ) as named
     where named.domain is not null
     order by named.position
  );
  if cardinality(v_domains) = 0 then
    raise exception 'There are no domains to ask about.' using errcode = 'BADRQ', detail = '/domains';
  end if;
  v_job_id := etl.start_productions('company-enrich-similar-single', core.similar_bodies(v_domains, request), etl.as_text(request -> 'batch_name'));
  return jsonb_build_object(
    'success', true, 'batch_id', v_job_id, 'total_domains', cardinality(v_domains), 'status', 'processing', 'status_url', '/jobs/' || v_job_id,
    'message', format('GET /api/enrichment/similar-companies/batch/%s/status shows how far it is.', v_job_id)
  );
end;
$$;
comment on function core.start_similar_batch(jsonb) is 'Starts a job that fetches the similar companies of each domain: {success, batch_id, total_domains, status, message}. Raises BADRQ.';

create or replace function core.process_similar_queue(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_size constant integer := coalesce(etl.as_integer(request -> 'batch_size'), 300);
  v_webhook_url constant text := etl.as_text(request -> 'webhook_url');
  v_domains text[];
  v_job_id uuid;
begin
  if v_size not between 1 and 10000 then
    raise exception 'A batch takes from 1 to 10000 domains, not %.', v_size using errcode = 'BADRQ', detail = '/batch_size';
  end if;
  if v_webhook_url is not null then
    perform etl.destination_host(v_webhook_url);
  end if;
  v_domains := core.take_similar_queue(v_size);
  if cardinality(v_domains) = 0 then
    return jsonb_build_object(
      'success', true, 'batch_id', null, 'domains_to_process', 0, 'estimated_time_seconds', 0, 'webhook_url', v_webhook_url, 'message', 'There is nothing pending in the queue.'
    );
  end if;
  v_job_id := etl.start_productions('company-enrich-similar-single', core.similar_bodies(v_domains, request), format('queue-batch-%s', cardinality(v_domains)));
  update raw.company_enrich_similar_queue as queued
     set batch_id = v_job_id, production_id = production.id
    from etl.productions as production
   where production.job_id = v_job_id
     and queued.domain = production.entity_key;
  if v_webhook_url is not null then
    insert into raw.company_enrich_similar_webhooks (batch_id, webhook_url) values (v_job_id, v_webhook_url);
  end if;
  -- What cannot be asked (erased on request) ends here.
  update raw.company_enrich_similar_queue as queued
     set status = 'error', batch_id = v_job_id, processed_at = now()
   where queued.domain = any (v_domains)
     and queued.production_id is null;
  return jsonb_build_object(
    'success', true, 'batch_id', v_job_id, 'domains_to_process', cardinality(v_domains), 'estimated_time_seconds', cardinality(v_domains) * 0.5,
    'webhook_url', v_webhook_url, 'message', format('GET /jobs/%s shows how far it is.', v_job_id)
  );
end;
$$;
comment on function core.process_similar_queue(jsonb) is
  'Takes the oldest pending domains of the queue, each for one caller alone, and starts a job for them, at whose end webhook_url is told: {success, batch_id, domains_to_process, estimated_time_seconds, webhook_url, message}. Raises BADRQ.';

create or replace function core.take_similar_queue(most integer)
returns text[] language sql set search_path = '' as $$
  with taken as materialized (
    select queued.id
      from raw.company_enrich_similar_queue as queued
     where queued.status = 'pending'
     order by queued.created_at, queued.id
     limit take_similar_queue.most
       for update skip locked
  ), marked as (
    update raw.company_enrich_similar_queue as queued
       set status = 'processing', production_id = null, processed_at = null
      from taken
     where queued.id = taken.id
    returning queued.domain, queued.created_at, queued.id
  )
  select coalesce(array_agg(marked.domain order by marked.created_at, marked.id), '{}') from marked;
$$;
comment on function core.take_similar_queue(integer) is 'Marks the oldest pending domains of the queue as processing and gives them; what another takes at the same time is left out.';

create or replace function core.follow_similar_production()
returns trigger language plpgsql set search_path = '' as $$
begin
  update raw.company_enrich_similar_queue as queued
     set status = case changed.state when 'done' then 'done' when 'failed' then 'error' when 'cancelled' then 'pending' else 'processing' end,
         processed_at = changed.finished_at
    from changed
   where queued.production_id = changed.id
     and changed.workflow_slug = 'company-enrich-similar-single';
  return null;
end;
$$;
comment on function core.follow_similar_production() is 'Trigger on etl.productions: rows of the queue of similar companies follow what becomes of their production.';
drop trigger if exists _500_similar_queue on etl.productions;
create trigger _500_similar_queue
  after update on etl.productions
  referencing new table as changed
  for each statement execute function core.follow_similar_production();

create or replace function core.tell_similar_batch(batch_id uuid)
returns void language plpgsql set search_path = '' as $$
declare
  v_webhook_url text;
begin
  select wanted.webhook_url into v_webhook_url
    from raw.company_enrich_similar_webhooks as wanted
   where wanted.batch_id = tell_similar_batch.batch_id
     for update;
  if not found then
    return;
  end if;
  perform etl.make_delivery('similar-companies-batch-completed', jsonb_build_object('webhook_url', v_webhook_url, 'batch_id', tell_similar_batch.batch_id));
  delete from raw.company_enrich_similar_webhooks as wanted where wanted.batch_id = tell_similar_batch.batch_id;
exception
  when others then
    if etl.is_transient(sqlstate) then
      raise;
    end if;
    -- The last answer of the batch lands in this transaction: it must not be lost because nobody can be told of it.
    update raw.company_enrich_similar_webhooks as wanted set problem = sqlerrm where wanted.batch_id = tell_similar_batch.batch_id;
end;
$$;
comment on function core.tell_similar_batch(uuid) is
  'Makes the delivery that tells of a batch of similar companies, if a webhook asked for it. What keeps it from being made (the workflow is switched off) is noted beside the webhook, which is told later. Raises only what can pass.';

create or replace function core.follow_similar_batch()
returns trigger language plpgsql set search_path = '' as $$
begin
  perform core.tell_similar_batch(new.id);
  return null;
end;
$$;
comment on function core.follow_similar_batch() is 'Trigger on etl.jobs: a batch of similar companies that has ended is told to the webhook that asked for it, as a delivery.';
drop trigger if exists _500_similar_batch on etl.jobs;
create trigger _500_similar_batch
  after update of state on etl.jobs
  for each row
  when (new.state = 'done' and old.state <> 'done' and new.workflow_slug = 'company-enrich-similar-single')
  execute function core.follow_similar_batch();

create or replace function core.tell_waiting_similar_batches()
returns trigger language plpgsql set search_path = '' as $$
begin
  perform core.tell_similar_batch(wanted.batch_id)
     from raw.company_enrich_similar_webhooks as wanted
     join etl.jobs as job on job.id = wanted.batch_id
    where job.state = 'done'
    order by job.finished_at, job.id;
  return null;
end;
$$;
comment on function core.tell_waiting_similar_batches() is 'Trigger on the registry: batches of similar companies that ended while the workflow that tells of them was switched off are told once it is on again.';
drop trigger if exists _500_similar_batches on reference.enrichment_workflow_registry;
create trigger _500_similar_batches
  after update of is_active on reference.enrichment_workflow_registry
  for each row
  when (new.is_active and not old.is_active and new.workflow_slug = 'similar-companies-batch-completed')
  execute function core.tell_waiting_similar_batches();

create or replace function core.similar_batch_event(batch_id uuid)
returns table (event text, batch text, status text, total bigint, processed bigint, errors bigint, error_details jsonb)
language sql stable set search_path = '' as $$
  select 'batch_completed', job.id::text, case when job.errors > 0 then 'completed_with_errors' else 'completed' end, job.total, job.done, job.errors,
         coalesce((
           select jsonb_agg(jsonb_build_object('domain', failed.entity_key, 'error', failed.error ->> 'detail') order by failed.id)
             from (
               select production.id, production.entity_key, production.error
                 from etl.productions as production
                where production.job_id = job.id
                  and production.state = 'failed'
                order by production.id
                limit 10
             ) as failed
         ), '[]')
    from etl.jobs as job
   where job.id = similar_batch_event.batch_id
     and job.workflow_slug = 'company-enrich-similar-single';
$$;
comment on function core.similar_batch_event(uuid) is 'What is told of a batch of similar companies: one row, with the first ten failures; none for an unknown batch.';

create or replace function core.enqueue_similar(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_size constant integer := coalesce(etl.as_integer(request -> 'batch_size'), 200);
  v_queued integer;
  v_batch jsonb;
begin
  if v_size not between 1 and 2000 then
    raise exception 'A batch takes from 1 to 2000 domains, not %.', v_size using errcode = 'BADRQ', detail = '/batch_size';
  end if;
  with chosen as (
    select pending.domain from core.similar_pending as pending order by pending.domain limit v_size
  )
  insert into raw.company_enrich_similar_queue as queued (domain)
  select chosen.domain from chosen
      -- A domain that failed is tried again; one that waits or is under way stays where it is.
      on conflict on constraint company_enrich_similar_queue_domain_key do update
     set status = 'pending', production_id = null, processed_at = null, created_at = clock_timestamp()
   where queued.status in ('error', 'done');
  get diagnostics v_queued = row_count;
  -- Where there is nothing to queue, what stands in the queue since an earlier call (a batch that was cancelled) is begun.
  v_batch := core.process_similar_queue(request || jsonb_build_object('batch_size', case when v_queued > 0 then v_queued else v_size end));
  return jsonb_build_object(
    'success', true, 'queued_domains', v_queued, 'remaining_pending', (select count(*) from core.similar_pending),
    'batch_id', v_batch -> 'batch_id', 'domains_processing', v_batch -> 'domains_to_process', 'estimated_time_seconds', v_batch -> 'estimated_time_seconds'
  ) || case when v_batch -> 'batch_id' = 'null' then '{"message": "There is nothing left to do."}' else '{}' end::jsonb;
end;
$$;
comment on function core.enqueue_similar(jsonb) is 'Queues customer domains that nobody has asked CompanyEnrich about (core.similar_pending), batch_size of them, and starts a batch, of what waits in the queue where there is none. Raises BADRQ.';

create or replace view core.similar_pending as
  select customer.customer_domain as domain
    from (select distinct etl.normalize_domain(resolved.customer_domain) as customer_domain from core.company_customers_resolved as resolved) as customer
   where customer.customer_domain is not null
     and not exists (select from extracted.company_enrich_similar_checks as known where known.domain = customer.customer_domain)
     and not exists (select from raw.company_enrich_similar_queue as queued where queued.domain = customer.customer_domain and queued.status in ('pending', 'processing'));
comment on view core.similar_pending is 'Domains of customers whose similar companies nobody has asked about, and that are not in the queue.';

create or replace function core.similar_batch_status(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_job etl.jobs;
  v_found jsonb;
begin
  select job.* into v_job from etl.jobs as job where job.id = core.as_uuid(request -> 'batch_id') and job.workflow_slug = 'company-enrich-similar-single';
  if not found then
    raise exception 'There is no batch "%".', left(request ->> 'batch_id', 100) using errcode = 'UNKEY', detail = '/batch_id';
  end if;
  select jsonb_build_object(
      'total_similar_companies', coalesce(sum(counted.similar), 0), 'domains_with_results', count(*) filter (where counted.similar > 0),
      'per_domain_counts', coalesce(jsonb_object_agg(counted.domain, counted.similar), '{}')
    )
    into v_found
    from (
      select production.entity_key as domain, count(similar_company.id) as similar
        from etl.productions as production
        left join extracted.company_enrich_similar as similar_company on similar_company.domain = production.entity_key and similar_company.raw_payload_id = production.id
       where production.job_id = v_job.id
       group by production.entity_key
    ) as counted;
  return jsonb_build_object(
      'success', true, 'batch_id', v_job.id, 'batch_name', v_job.name,
      'status', case when v_job.state = 'done' and v_job.errors > 0 then 'completed_with_errors' when v_job.state = 'done' then 'completed' when v_job.state = 'running' then 'processing' when v_job.state = 'queued' then 'pending' else v_job.state end,
      'total_domains', v_job.total, 'processed_domains', v_job.done,
      'progress_percent', case when v_job.total > 0 then round(v_job.done * 100.0 / v_job.total, 1) else 0 end,
      'created_at', v_job.created_at, 'completed_at', v_job.finished_at,
      'error_message', case when v_job.errors > 0 then format('%s failed; the last: %s', v_job.errors, v_job.last_error) end
    ) || case when v_job.state = 'done' then jsonb_build_object('results_summary', v_found, 'similar_companies_found', v_found -> 'total_similar_companies') else '{}' end;
end;
$$;
comment on function core.similar_batch_status(jsonb) is 'How far a batch of similar companies is, and once it has ended what it found. Raises UNKEY.';

create or replace function core.similar_queue_status(request jsonb default '{}')
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
      'success', true, 'total', count(*), 'pending', count(*) filter (where queued.status = 'pending'), 'processing', count(*) filter (where queued.status = 'processing'),
      'done', count(*) filter (where queued.status = 'done'), 'error', count(*) filter (where queued.status = 'error')
    )
    from raw.company_enrich_similar_queue as queued;
$$;
comment on function core.similar_queue_status(jsonb) is 'The queue of similar companies, counted by status.';

create or replace function core.clear_similar_queue(include_processing boolean default false)
returns jsonb language sql set search_path = '' as $$
  with deleted as (
    delete from raw.company_enrich_similar_queue as queued
     where queued.status <> 'processing'
        or clear_similar_queue.include_processing
    returning 1
  )
  select jsonb_build_object('success', true, 'message', format('%s rows deleted.', count(*)), 'deleted', count(*)) from deleted;
$$;
comment on function core.clear_similar_queue(boolean) is 'Empties the queue of similar companies; what is being processed only on request.';

create or replace function core.similar_companies(domain text, most integer default 25)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
      'domain', named.domain, 'checked_at', asked.observed_at,
      'similar_companies', listed.rows, 'count', jsonb_array_length(listed.rows)
    )
    from (select etl.normalize_domain(similar_companies.domain) as domain) as named
    left join extracted.company_enrich_similar_checks as asked on asked.domain = named.domain
   cross join lateral (
     select coalesce(jsonb_agg(jsonb_build_object(
         'company_name', found.company_name, 'company_domain', found.company_domain, 'company_industry', found.company_industry,
         'company_description', found.company_description, 'similarity_score', found.similarity_score
       ) order by found.similarity_score desc nulls last, found.similar_order), '[]') as rows
       from (
         select best.company_name, best.company_domain, best.company_industry, best.company_description, best.similarity_score, best.similar_order
           from (
             -- A company that the answer names twice counts once, with its best score.
             select distinct on (coalesce(similar_company.company_domain, similar_company.similar_order::text)) similar_company.company_name, similar_company.company_domain,
                    similar_company.company_industry, similar_company.company_description, similar_company.similarity_score, similar_company.similar_order
               from extracted.company_enrich_similar as similar_company
              where similar_company.domain = named.domain
              order by coalesce(similar_company.company_domain, similar_company.similar_order::text), similar_company.similarity_score desc nulls last, similar_company.similar_order
           ) as best
          order by best.similarity_score desc nulls last, best.similar_order
          limit similar_companies.most
       ) as found
   ) as listed
   where named.domain is not null;
$$;
comment on function core.similar_companies(text, integer) is 'The current set of similar companies of a domain, best first, each once, and when the provider was asked last (checked_at; null: never). Null for what is no domain.';

create or replace view raw.company_enrich_similar_batches as
  select job.id, job.name as batch_name, asked.input_domains, asked.similarity_weight, asked.country_code,
         case job.state when 'queued' then 'pending' when 'running' then 'processing' when 'done' then 'completed' else job.state end as status,
         job.total as total_domains, job.done as processed_domains, job.created_at, job.finished_at as completed_at, job.last_error as error_message
    from etl.jobs as job
   cross join lateral (
     select array_agg(production.entity_key order by production.created_at, production.entity_key) as input_domains,
            min(etl.as_numeric(production.body -> 'similarity_weight')) as similarity_weight, min(production.body ->> 'country_code') as country_code
       from etl.productions as production
      where production.job_id = job.id
   ) as asked
   where job.workflow_slug = 'company-enrich-similar-single';
comment on view raw.company_enrich_similar_batches is 'Batches of similar companies under the column names of the old table: jobs of the workflow company-enrich-similar-single.';
--! EndIncluded core/similar_companies.sql
--! Included workflows/companies/lookup-company-icp.sql
create or replace function core.lookup_company_icp(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_domain constant text := core.asked_domain(request);
  v_answer jsonb;
begin
  select jsonb_build_object(
      'success', true, 'domain', v_domain, 'company_name', coalesce(criteria.company_name, company.cleaned_name, company.name),
      'customer_domains', coalesce(
        (
          select jsonb_agg(distinct customer.customer_domain order by customer.customer_domain)
            from core.company_customers_resolved as customer
           where customer.origin_company_domain = v_domain
             and customer.customer_domain is not null
        ), '[]'
      ),
      'industries', criteria.industries, 'countries', criteria.countries, 'employee_ranges', criteria.employee_ranges, 'funding_stages',
      criteria.funding_stages, 'job_titles', etl.distinct_elements(criteria.job_titles), 'seniorities', criteria.seniorities, 'job_functions',
      criteria.job_functions, 'value_proposition', criteria.value_proposition, 'core_benefit', criteria.core_benefit,
      'target_customer', criteria.target_customer, 'key_differentiator', criteria.key_differentiator
    )
    into v_answer
    from (select v_domain as domain) as asked
    left join core.icp_criteria as criteria using (domain)
    left join core.companies as company using (domain);
  return v_answer;
end;
$$;
comment on function core.lookup_company_icp(jsonb) is
  'Whom a company sells to, from core.icp_criteria, which holds each field as someone wrote it, else as the ICP workflows found it: {success, domain, company_name, customer_domains (sorted), and the criteria}. Raises BADKY.';

select etl.workflow('lookup-company-icp',
  type => 'lookup',
  entity => 'company',
  path => '/run/companies/db/company-icp/lookup',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'lookup_company_icp',
  description => 'Say whom a company sells to: each field as someone wrote it, else as the ICP workflows found it.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {"domain": {"type": "string", "description": "Domain of the company that sells; a URL is reduced to its host."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "company_name": {"type": ["string", "null"]},
      "customer_domains": {"type": "array", "items": {"type": "string"}, "description": "Distinct domains of its customers, stated or found by name, sorted."},
      "industries": {"type": ["array", "null"], "items": {"type": "string"}},
      "countries": {"type": ["array", "null"], "items": {"type": "string"}},
      "employee_ranges": {"type": ["array", "null"], "items": {"type": "string"}},
      "funding_stages": {"type": ["array", "null"], "items": {"type": "string"}},
      "job_titles": {"type": ["array", "null"], "items": {"type": "string"}},
      "seniorities": {"type": ["array", "null"], "items": {"type": "string"}},
      "job_functions": {"type": ["array", "null"], "items": {"type": "string"}},
      "value_proposition": {"type": ["string", "null"]},
      "core_benefit": {"type": ["string", "null"]},
      "target_customer": {"type": ["string", "null"]},
      "key_differentiator": {"type": ["string", "null"]}
    }
  }',
  example => '{"domain": "acme.example"}'
);

select etl.answers('lookup-company-icp', 'core.lookup_company_icp');
--! EndIncluded workflows/companies/lookup-company-icp.sql

-- The change feed
--! Included etl/compile/change_feed_sql.sql
create or replace function etl.fed_tables()
returns table (target text, entity_type text, entity_column text, key text[]) language sql stable set search_path = '' as $$
  select kept.target, kept.entity_type, kept.entity_column, kept.key
    from etl.kept_tables() as kept
   where kept.target like 'core.%'
     and not exists (select from etl.unfed_tables as unfed where unfed.target = kept.target);
$$;
comment on function etl.fed_tables() is 'The tables of golden records whose changes are fed, with the column of the record''s key and the row''s key.';

create or replace function etl.change_key_sql(key text[], alias text)
returns text language sql immutable set search_path = '' as $$
  select string_agg(format('coalesce(%s.%I::text, E''\x1e'')', change_key_sql.alias, item.name), ' || E''\x1f'' || ' order by item.position)
    from unnest(change_key_sql.key) with ordinality as item (name, position);
$$;
comment on function etl.change_key_sql(text[], text) is 'SQL of a row''s key as one text: columns joined by U+001F, null as U+001E, as in etl.record_id_sql.';

create or replace function etl.change_notes_sql(target text, key text[])
returns text language sql stable set search_path = '' as $$
  -- In portions, as one array holds at most 1 GB. Old rows are written in UTC, whoever writes; and so are times in keys, for which the
  -- function itself must be set, at a cost for every call.
  select format(
$sql$create or replace function core.note_changes_%1$s() returns trigger language plpgsql set search_path = ''%6$s as $body$
declare
  v_timezone text;
  v_keys text[];
begin
  if tg_op = 'INSERT' then
    -- Nearly always few rows, or none.
    v_keys := array(select %3$s from changed limit 10001);
    if cardinality(v_keys) <= 10000 then
      if v_keys <> '{}' then
        insert into etl.change_log (target, keys, row_count) values (%2$L, v_keys, cardinality(v_keys));
      end if;
      return null;
    end if;
    insert into etl.change_log (target, keys, row_count)
    select %2$L, array_agg(portion.key), count(1)
      from (select %3$s as key, (row_number() over () - 1) / 10000 as number from changed) as portion
     group by portion.number;
    return null;
  end if;
  if tg_op in ('UPDATE', 'DELETE') then
    -- Every "on conflict do update" ends here, mostly with nothing updated.
    if not exists (select from replaced) then
      return null;
    end if;
  end if;
  v_timezone := current_setting('timezone');
  if v_timezone <> 'UTC' then
    perform set_config('timezone', 'UTC', true);
  end if;
  if tg_op = 'TRUNCATE' then
    insert into etl.change_log (target, keys, rows_before, row_count)
    select %2$L, array_agg(portion.key), array_agg(portion.before), count(1)
      from (select %4$s as key, to_jsonb(replaced) as before, (row_number() over () - 1) / 10000 as number from %2$s as replaced) as portion
     group by portion.number;
  else
    insert into etl.change_log (target, keys, rows_before, row_count)
    select %2$L, array_agg(portion.key), array_agg(portion.before), count(1)
      from (select %4$s as key, to_jsonb(replaced) as before, (row_number() over () - 1) / 10000 as number from replaced) as portion
     group by portion.number;
  end if;
  if tg_op = 'UPDATE' then
    -- A row whose key was changed by hand is another row.
    insert into etl.change_log (target, keys, row_count)
    select %2$L, array_agg(%3$s), count(1)
      from changed
     where not exists (select from replaced where (%4$s) = (%3$s))
    having count(1) > 0;
  end if;
  if v_timezone <> 'UTC' then
    perform set_config('timezone', v_timezone, true);
  end if;
  return null;
end;
$body$;
comment on function core.note_changes_%1$s() is %5$L;

create or replace trigger _100_note_insert after insert on %2$s
referencing new table as changed for each statement execute function core.note_changes_%1$s();

create or replace trigger _100_note_update after update on %2$s
referencing old table as replaced new table as changed for each statement execute function core.note_changes_%1$s();

create or replace trigger _100_note_delete after delete on %2$s
referencing old table as replaced for each statement execute function core.note_changes_%1$s();

create or replace trigger _100_note_truncate before truncate on %2$s
for each statement execute function core.note_changes_%1$s();$sql$,
    split_part(change_notes_sql.target, '.', 2), change_notes_sql.target,
    etl.change_key_sql(change_notes_sql.key, 'changed'), etl.change_key_sql(change_notes_sql.key, 'replaced'),
    format('Compiled: notes for the change feed which rows of %s a statement wrote. Its triggers run before all others, which may write the table again.', change_notes_sql.target),
    case when exists (
      select
        from etl.columns_of(change_notes_sql.target) as found
       where found.name = any (change_notes_sql.key)
         and not found.type in ('text', 'uuid', 'integer', 'bigint', 'boolean')
    ) then ' set timezone = ''UTC'' set datestyle = ''ISO''' else '' end
  );
$$;
comment on function etl.change_notes_sql(text, text[]) is 'SQL of the trigger function core.note_changes_<table>() and its triggers.';

create or replace function etl.current_row_sql(target text, key text[])
returns text language sql stable set search_path = '' as $$
  select format(
    E'when %L then (\n  select to_jsonb(stored)\n    from (select %s from %s as kept where %s) as stored\n)',
    current_row_sql.target,
    (
      select string_agg(format('kept.%I', attribute.attname), ', ' order by attribute.attnum)
        from pg_attribute as attribute
       where attribute.attrelid = to_regclass(current_row_sql.target)
         and attribute.attnum > 0
         and not attribute.attisdropped
         and attribute.attname not in ('created_at', 'updated_at')
    ),
    current_row_sql.target,
    string_agg(
      case when attribute.attnotnull then format('kept.%I = split_part(change.key, E''\x1f'', %s)::%s', item.name, item.position, format_type(attribute.atttypid, attribute.atttypmod))
        else format('kept.%I is not distinct from nullif(split_part(change.key, E''\x1f'', %s), E''\x1e'')::%s', item.name, item.position, format_type(attribute.atttypid, attribute.atttypmod))
      end, ' and ' order by item.position
    )
  )
    from unnest(current_row_sql.key) with ordinality as item (name, position)
    join pg_attribute as attribute on attribute.attrelid = to_regclass(current_row_sql.target) and attribute.attname = item.name;
$$;
comment on function etl.current_row_sql(text, text[]) is 'SQL of the branch of a case expression that reads a row as it stands by the key of a note.';

create or replace function etl.sequence_function_sql()
returns text language sql stable set search_path = '' as $$
  -- One statement, so that notes and rows are of one snapshot. Rows are read by key, see etl.process_payloads; notes are joined by hash, as
  -- nobody can tell beforehand how many there are.
  select format(
$sql$create or replace function core.sequence_changes(after_position bigint, max_rows bigint, out noted bigint, out told bigint)
language plpgsql
set search_path = '' set timezone = 'UTC' set datestyle = 'ISO' set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_nestloop = off
set enable_mergejoin = off set jit = off set work_mem = '64MB' as $body$
#variable_conflict use_column
begin
  with waiting as (
    select log.transaction_id, max(log.id) as ended_with, sum(log.row_count) as row_count
      from etl.change_log as log
     group by log.transaction_id
  ), batch as materialized (
    -- Transactions whole, the first ones, at least one. A twenty-fifth of a long backlog: what is left of it is read in each turn.
    select counted.transaction_id, counted.ended_with, counted.row_count
      from (
        select waiting.transaction_id, waiting.ended_with, waiting.row_count, sum(waiting.row_count) over (order by waiting.ended_with) - waiting.row_count as before,
               sum(waiting.row_count) over () / 25 as share
          from waiting
      ) as counted
     where max_rows is null
        or counted.before < greatest(max_rows, counted.share)
  ), taken as (
    delete from etl.change_log as log
     using batch
     where batch.transaction_id = log.transaction_id
    returning log.id, log.noted_at, log.workflow_slug, log.erased_key, log.target, log.keys, log.rows_before, log.row_count, batch.ended_with
  ), ordered as materialized (
    select taken.id, taken.noted_at, taken.workflow_slug, taken.erased_key, taken.target, taken.keys, taken.rows_before, taken.ended_with,
           sum(taken.row_count) over (order by taken.ended_with, taken.id) - taken.row_count as before
      from taken
  ), noted as (
    select ordered.id, ordered.ended_with, ordered.target, item.key, ordered.before + item.place as place, hashtextextended(item.key, 0) as hash,
           item.row_before - '{created_at,updated_at}'::text[] as row_before
      from ordered
     cross join lateral unnest(ordered.keys, ordered.rows_before) with ordinality as item (key, row_before, place)
  ), chained as (
    -- Of what one transaction did to one row, only what it was before and the last note matter.
    select noted.id, noted.target, noted.key, noted.place,
           first_value(noted.row_before) over of_one as old_row,
           lead(noted.ended_with) over chain is distinct from noted.ended_with as is_last,
           lead(noted.place) over chain is null as is_newest,
           lead(noted.row_before) over chain as next_before
      from noted
    window chain as (partition by noted.hash, noted.key, noted.target order by noted.ended_with, noted.place),
           of_one as (partition by noted.hash, noted.key, noted.target, noted.ended_with order by noted.place)
  ), ended as materialized (
    -- In the order of the feed, in which rows were written and will be read.
    select chained.id, chained.target, chained.key, chained.place, chained.old_row, chained.is_newest, chained.next_before
      from chained
     where chained.is_last
     order by chained.place
  ), later as materialized (
    -- What a row was before the first transaction that is left for the next batch.
    select distinct on (rest.target, rest.key) rest.target, rest.key, rest.row_before - '{created_at,updated_at}'::text[] as row_before
      from (
        select log.id, log.target, item.key, item.row_before
          from etl.change_log as log
         cross join lateral unnest(log.keys, log.rows_before) as item (key, row_before)
         where not exists (select from batch where batch.transaction_id = log.transaction_id)
      ) as rest
      join ended using (target, key)
     where ended.is_newest
     order by rest.target, rest.key, rest.id
  ), known as (
    select change.id, change.target, change.key, change.place, change.old_row,
           case when not change.is_newest then change.next_before
             when later.key is not null then later.row_before
             else case change.target
%1$s
             end
           end as new_row
      from ended as change
      left join later using (target, key)
    -- A row is read once, whatever is made of it.
    offset 0
  ), changed as (
    select known.place, ordered.ended_with, ordered.noted_at, ordered.workflow_slug, ordered.erased_key, known.target, fed.entity_type, fed.entity_column,
           known.old_row, known.new_row, coalesce(known.new_row, known.old_row) ->> fed.entity_column as entity_key
      from known
      join ordered using (id)
      join (values
%2$s
      ) as fed (target, entity_type, entity_column) on fed.target = known.target
     where known.old_row is distinct from known.new_row
  ), inserted as (
    insert into etl.changes (position, changed_at, target, entity_type, entity_key, op, row_key, old_row, new_row, payload_id, workflow_slug)
    select after_position + told.place, told.noted_at, told.target, told.entity_type, told.entity_key,
           case when told.old_row is null then 'insert' when told.new_row is null then 'delete' else 'update' end, null,
           case when told.erased_key is null then told.old_row end, told.new_row,
           case when told.new_row ? 'lineage' then etl.payload_of_change(told.old_row, told.new_row) else (told.new_row ->> 'raw_payload_id')::uuid end,
           told.workflow_slug
      from changed as told
     where told.erased_key is distinct from told.entity_key
    union all
    -- What etl.forget() takes away is told once per table, and nothing is said of what was there.
    select after_position + min(changed.place), changed.noted_at, changed.target, changed.entity_type, changed.entity_key,
           'delete', jsonb_build_object(changed.entity_column, changed.entity_key), null, null, null, null
      from changed
     where changed.erased_key = changed.entity_key
     group by changed.ended_with, changed.noted_at, changed.target, changed.entity_type, changed.entity_key, changed.entity_column
    returning position
  )
  select coalesce((select sum(batch.row_count) from batch), 0), (select count(*) from inserted) into noted, told;
end;
$body$;
comment on function core.sequence_changes(bigint, bigint) is %3$L;$sql$,
    coalesce(string_agg(etl.indented(etl.current_row_sql(fed.target, fed.key), 15), E'\n' order by fed.target), 'when null then null'),
    coalesce(
      string_agg(format('        (%L, %L, %L)', fed.target, fed.entity_type, fed.entity_column), E',\n' order by fed.target),
      '        (null::text, null::text, null::text)'
    ),
    'Compiled: makes changes of notes that are visible, of all transactions or of so many that they have about max_rows rows, numbered from after_position + 1. Gives how many rows were noted, which is how many numbers are used up, and how many changes came of them. Called by etl.sequence_changes(), which holds the lock.'
  )
    from etl.fed_tables() as fed;
$$;
comment on function etl.sequence_function_sql() is 'SQL of the function core.sequence_changes(after_position, max_rows) for the tables that are fed.';

create or replace function etl.compiled_change_feed()
returns table (name text, definition text, removal text) language sql stable set search_path = '' as $$
  select 'note changes ' || fed.target, etl.change_notes_sql(fed.target, fed.key), format('drop function core.note_changes_%s cascade', split_part(fed.target, '.', 2))
    from etl.fed_tables() as fed
  union all
  select 'sequence changes', etl.sequence_function_sql(), 'drop function core.sequence_changes(bigint, bigint)';
$$;
comment on function etl.compiled_change_feed() is 'What the change feed compiles to: name, SQL that creates it, SQL that drops it.';
--! EndIncluded etl/compile/change_feed_sql.sql

-- Examples that fit their schemas
--! Included workflows/people/apollo-scrape.sql
-- Apollo scrape: one row per person, with what Apollo says about the employer.
select etl.raw_family('apollo_scrape', '{
  "domain": "payload.payload ->> ''domain''",
  "cleaned_company_name": "payload.payload ->> ''cleaned_company_name''",
  "linkedin_url": "payload.payload ->> ''linkedin_url''",
  "workflow_slug": "coalesce(payload.payload ->> ''workflow_slug'', payload.workflow_slug)",
  "raw_payload": "payload.payload"
}');

select etl.workflow('apollo-scrape',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/apollo/scrape/ingest',
  provider => 'apollo',
  platform => 'apollo',
  payload_type => 'enrichment',
  legacy_function => 'ingest_apollo_scrape',
  description => 'Store one row of an Apollo scrape: a person and facts about the employer.',
  family => 'apollo_scrape',
  key_field => 'person_linkedin_link',
  timeout_seconds => 60,
  core_tables => '{core.people,core.person_locations,core.person_job_titles,core.person_current_employer,core.companies,core.company_names,core.company_locations,core.company_industries,core.company_employee_range,core.company_employee_ranges,core.company_revenue,core.company_descriptions,core.company_social_urls,core.company_keywords,core.company_tech_on_site,core.company_funding_rounds}',
  request_schema => '{
    "type": "object",
    "required": ["person_linkedin_link"],
    "properties": {
      "person_linkedin_link": {"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."},
      "workflow_slug": {"type": ["string", "null"], "default": "apollo-scrape", "description": "A registered slug."},
      "domain": {"type": ["string", "null"], "description": "Domain of the company; left out: the host of company_website_full."},
      "linkedin_url": {"type": ["string", "null"], "description": "Whose is not said; a company page is used when company_linkedin_link is missing."},
      "cleaned_company_name": {"type": ["string", "null"]},
      "cleaned_first_name": {"type": ["string", "null"]},
      "cleaned_last_name": {"type": ["string", "null"]},
      "cleaned_full_name": {"type": ["string", "null"], "description": "Preferred for core.people."},
      "first_name": {"type": ["string", "null"]},
      "last_name": {"type": ["string", "null"]},
      "full_name": {"type": ["string", "null"]},
      "title": {"type": ["string", "null"], "description": "Looked up in reference.job_title_lookup."},
      "headline": {"type": ["string", "null"]},
      "seniority": {"type": ["string", "null"]},
      "email": {"type": ["string", "null"]},
      "email_status": {"type": ["string", "null"]},
      "lead_city": {"type": ["string", "null"]},
      "lead_state": {"type": ["string", "null"]},
      "lead_country": {"type": ["string", "null"], "maxLength": 500},
      "company_name": {"type": ["string", "null"]},
      "industry": {"type": ["string", "null"], "description": "Looked up in reference.industry_lookup."},
      "employee_count": {"type": ["integer", "null"], "description": "People."},
      "departments": {"type": ["string", "null"], "description": "Comma-separated."},
      "subdepartments": {"type": ["string", "null"], "description": "Comma-separated."},
      "functions": {"type": ["string", "null"], "description": "Comma-separated."},
      "company_website_full": {"type": ["string", "null"]},
      "company_linkedin_link": {"type": ["string", "null"]},
      "company_phone_number": {"type": ["string", "null"]},
      "company_city": {"type": ["string", "null"]},
      "company_state": {"type": ["string", "null"]},
      "company_country": {"type": ["string", "null"], "maxLength": 500},
      "company_postal_code": {"type": ["string", "integer", "null"]},
      "company_address": {"type": ["string", "null"]},
      "company_annual_revenue": {"type": ["integer", "null"], "format": "int64", "description": "US dollars a year."},
      "company_total_funding": {"type": ["string", "integer", "null"], "description": "US dollars."},
      "company_latest_funding_type": {"type": ["string", "null"], "maxLength": 200},
      "company_latest_funding_amount": {"type": ["string", "integer", "null"], "description": "US dollars."},
      "last_fund_raised_at": {"type": ["string", "null"], "format": "date-time"},
      "company_founded_year": {"type": ["string", "integer", "null"]},
      "company_short_description": {"type": ["string", "null"]},
      "company_seo_description": {"type": ["string", "null"]},
      "number_of_retail_locations": {"type": ["string", "integer", "null"]},
      "company_market_cap": {"type": ["string", "integer", "null"], "description": "US dollars."},
      "is_likely_to_engage": {"type": ["boolean", "null"]},
      "company_blog_link": {"type": ["string", "null"]},
      "company_twitter_link": {"type": ["string", "null"]},
      "company_facebook_link": {"type": ["string", "null"]},
      "company_street": {"type": ["string", "null"]},
      "company_keywords": {"type": ["string", "null"], "description": "Comma-separated."},
      "company_technologies": {"type": ["string", "null"], "description": "Comma-separated."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.apollo_scrape."}
  }'),
  example => '{
    "person_linkedin_link": "http://www.linkedin.com/in/ada-example",
    "workflow_slug": "apollo-scrape",
    "domain": "acme.example",
    "linkedin_url": "http://www.linkedin.com/company/acme-example",
    "cleaned_company_name": "Acme",
    "cleaned_first_name": "Ada",
    "cleaned_last_name": "Example",
    "cleaned_full_name": "Ada Example",
    "first_name": "Ada",
    "last_name": "Example",
    "full_name": "Ada Example",
    "title": "Software Engineer",
    "headline": "Folding paper rockets",
    "seniority": "entry",
    "email": "ada@acme.example",
    "email_status": "verified",
    "lead_city": "Springfield",
    "lead_state": "Illinois",
    "lead_country": "United States",
    "company_name": "Acme Example, Inc.",
    "industry": "computer software",
    "employee_count": 450,
    "departments": "engineering",
    "subdepartments": "software",
    "functions": "engineering",
    "company_website_full": "http://www.acme.example",
    "company_linkedin_link": "http://www.linkedin.com/company/acme-example",
    "company_phone_number": "+1 555 0100",
    "company_city": "Springfield",
    "company_state": "Illinois",
    "company_country": "United States",
    "company_postal_code": "62701",
    "company_address": "1 Paper Street, Springfield, Illinois, United States",
    "company_annual_revenue": 35000000,
    "company_total_funding": "20000000",
    "company_latest_funding_type": "Series B",
    "company_latest_funding_amount": "12000000",
    "last_fund_raised_at": "2022-04-01T00:00:00.000+00:00",
    "company_founded_year": "2011",
    "company_short_description": "Makes paper rockets.",
    "company_seo_description": "Paper rockets for everyone",
    "number_of_retail_locations": "0",
    "company_market_cap": "900000000",
    "is_likely_to_engage": true,
    "company_blog_link": "https://blog.acme.example",
    "company_twitter_link": "https://twitter.com/acme_example",
    "company_facebook_link": "https://facebook.com/acme.example",
    "company_street": "1 Paper Street",
    "company_keywords": "paper, rockets",
    "company_technologies": "Nginx, React"
  }'
);

select etl.extracts('apollo-scrape', 'extracted.apollo_scrape', key => '{linkedin_url}', as_select => $$
  select linkedin_url, linkedin_url as person_linkedin_url,
         coalesce(etl.normalize_domain(etl.as_text(payload -> 'domain')), etl.normalize_domain(etl.as_text(payload -> 'company_website_full'))) as domain,
         coalesce(
           etl.as_text(payload -> 'company_linkedin_link'),
           case when payload ->> 'linkedin_url' ilike '%linkedin.com/company/%' then etl.as_text(payload -> 'linkedin_url') end
         ) as company_linkedin_url,
         etl.as_text(payload -> 'company_latest_funding_type', 200) as company_latest_funding_type,
         etl.as_text(payload -> 'cleaned_company_name') as cleaned_company_name,
         etl.as_text(payload -> 'cleaned_first_name') as cleaned_first_name,
         etl.as_text(payload -> 'cleaned_last_name') as cleaned_last_name, etl.as_text(payload -> 'cleaned_full_name') as cleaned_full_name,
         etl.as_text(payload -> 'first_name') as first_name, etl.as_text(payload -> 'last_name') as last_name,
         etl.as_text(payload -> 'full_name') as full_name, etl.as_text(payload -> 'title') as title,
         etl.as_text(payload -> 'headline') as headline, etl.as_text(payload -> 'seniority') as seniority,
         etl.as_text(payload -> 'email') as email, etl.as_text(payload -> 'email_status') as email_status,
         etl.as_text(payload -> 'lead_city') as lead_city, etl.as_text(payload -> 'lead_state') as lead_state,
         etl.as_text(payload -> 'lead_country', 500) as lead_country, etl.as_text(payload -> 'company_name') as company_name,
         etl.as_text(payload -> 'industry') as industry, etl.as_integer(payload -> 'employee_count') as employee_count,
         etl.as_text(payload -> 'departments') as departments, etl.as_text(payload -> 'subdepartments') as subdepartments,
         etl.as_text(payload -> 'functions') as functions, etl.as_text(payload -> 'company_website_full') as company_website,
         etl.as_text(payload -> 'company_phone_number') as company_phone, etl.as_text(payload -> 'company_city') as company_city,
         etl.as_text(payload -> 'company_state') as company_state, etl.as_text(payload -> 'company_country', 500) as company_country,
         etl.as_text_or_number(payload -> 'company_postal_code') as company_postal_code, etl.as_text(payload -> 'company_address') as company_address,
         etl.as_bigint(payload -> 'company_annual_revenue')::text as company_annual_revenue,
         etl.as_text_or_number(payload -> 'company_total_funding') as company_total_funding,
         etl.as_text_or_number(payload -> 'company_latest_funding_amount') as company_latest_funding_amount,
         etl.as_timestamptz(payload -> 'last_fund_raised_at') as last_fund_raised_at,
         etl.as_text_or_number(payload -> 'company_founded_year') as company_founded_year,
         etl.as_text(payload -> 'company_short_description') as company_short_description,
         etl.as_text(payload -> 'company_seo_description') as company_seo_description,
         etl.as_text_or_number(payload -> 'number_of_retail_locations') as number_of_retail_locations,
         etl.as_text_or_number(payload -> 'company_market_cap') as company_market_cap,
         etl.as_boolean(payload -> 'is_likely_to_engage') as is_likely_to_engage,
         etl.as_text(payload -> 'company_blog_link') as company_blog_link,
         etl.as_text(payload -> 'company_twitter_link') as company_twitter_link,
         etl.as_text(payload -> 'company_facebook_link') as company_facebook_link,
         etl.as_text(payload -> 'company_street') as company_street, etl.as_text(payload -> 'company_keywords') as company_keywords,
         etl.as_text(payload -> 'company_technologies') as company_technologies
    from source
$$);

-- The person -------------------------------------------------------------------------------------------------

select etl.looks_up('extracted.apollo_scrape', 'title', 'reference.job_title_lookup');
select etl.looks_up('extracted.apollo_scrape', 'industry', 'reference.industry_lookup');

select etl.coalesces('extracted.apollo_scrape', 'core.people', source => 'apollo_scrape', as_select => $$
  select linkedin_url, coalesce(cleaned_full_name, full_name, nullif(concat_ws(' ', first_name, last_name), '')) as full_name,
         case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.person_locations', source => 'apollo_scrape', as_select => $$
  select linkedin_url, lead_city as city, lead_state as state, lead_country as country
    from source
   where num_nonnulls(lead_city, lead_state, lead_country) > 0
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.person_job_titles', source => 'apollo_scrape', as_select => $$
  select linkedin_url, known.cleaned_job_title as matched_cleaned_job_title, known.job_function as matched_job_function,
         known.seniority_level as matched_seniority
    from source
    join reference.job_title_lookup as known on known.match_key = etl.fold(source.title)
$$);

select core.offer_current_employer('extracted.apollo_scrape', 'apollo_scrape',
  company_name => 'company_name', company_domain => 'domain', company_linkedin_url => 'company_linkedin_url');

-- The employer -----------------------------------------------------------------------------------------------

select etl.coalesces('extracted.apollo_scrape', 'core.companies', source => 'apollo_scrape', as_select => $$
  select domain, company_name as name, cleaned_company_name as cleaned_name, company_linkedin_url as linkedin_url
    from source
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_names', source => 'apollo_scrape', as_select => $$
  select domain, company_name as raw_name, cleaned_company_name as cleaned_name, company_linkedin_url as linkedin_url
    from source
   where domain is not null
     and num_nonnulls(company_name, cleaned_company_name) > 0
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_locations', source => 'apollo_scrape', as_select => $$
  select domain, company_city as city, company_state as state, company_country as country, company_address as raw_location,
         company_country as raw_country, company_city is not null as has_city, company_state is not null as has_state
    from source
   where domain is not null
     and num_nonnulls(company_city, company_state, company_country) > 0
$$);

-- Only an industry that the lookup knows: the rule of the table believes every source but CompanyEnrich to be cleaned.
select etl.coalesces('extracted.apollo_scrape', 'core.company_industries', source => 'apollo_scrape', as_select => $$
  select domain, industry as raw_industry, industry_cleaned as matched_industry
    from source
    join reference.industry_lookup on match_key = etl.fold(industry)
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_employee_ranges', source => 'apollo_scrape', as_select => $$
  select domain, employee_count::text as raw_size, employee_count as raw_employee_count, name as matched_employee_range
    from source
    left join reference.employee_ranges on employee_count between min_employees and coalesce(max_employees, 2147483647)
   where domain is not null
     and employee_count is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_employee_range', source => 'apollo_scrape', as_select => $$
  select domain, name as employee_range
    from source
    join reference.employee_ranges on employee_count between min_employees and coalesce(max_employees, 2147483647)
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_revenue', source => 'apollo_scrape', as_select => $$
  select domain, company_annual_revenue::bigint as raw_revenue_amount, name as matched_revenue_range
    from source
    left join reference.revenue_ranges
      on company_annual_revenue::bigint between min_revenue_usd and coalesce(max_revenue_usd, 9223372036854775807)
   where domain is not null
     and company_annual_revenue is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_descriptions', source => 'apollo_scrape', as_select => $$
  select domain, company_short_description as description, company_seo_description as tagline
    from source
   where domain is not null
     and num_nonnulls(company_short_description, company_seo_description) > 0
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_social_urls', source => 'apollo_scrape', as_select => $$
  select domain, company_linkedin_url as linkedin_url, company_twitter_link as twitter_url, company_facebook_link as facebook_url
    from source
   where domain is not null
     and num_nonnulls(company_linkedin_url, company_twitter_link, company_facebook_link) > 0
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_keywords', source => 'apollo_scrape', as_select => $$
  select distinct on (source.raw_payload_id, domain, keyword.item) domain, keyword.item as keyword
    from source
   cross join lateral etl.split_list(company_keywords) as keyword
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'reference.technologies', as_select => $$
  select etl.fold(technology.item) as name_key, technology.item as name
    from source
   cross join lateral etl.split_list(company_technologies) as technology
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_tech_on_site', source => 'apollo_scrape', as_select => $$
  select domain, known.id as technology_id
    from source
   cross join lateral etl.split_list(company_technologies) as technology
    join reference.technologies as known on known.name_key = etl.fold(technology.item)
   where domain is not null
$$);

select etl.coalesces('extracted.apollo_scrape', 'core.company_funding_rounds', source => 'apollo_scrape', as_select => $$
  select domain, last_fund_raised_at as funding_date, company_latest_funding_type as funding_type, company_latest_funding_amount as amount
    from source
   where domain is not null
     and num_nonnulls(last_fund_raised_at, company_latest_funding_type) > 0
$$);

-- What it answers --------------------------------------------------------------------------------------------

select etl.responds('apollo-scrape', $$
  select source.raw_payload_id, etl.record_id('extracted.apollo_scrape', linkedin_url) as extracted_id
    from source
$$);
--! EndIncluded workflows/people/apollo-scrape.sql
--! Included workflows/people/salesnav-person.sql
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
--! EndIncluded workflows/people/salesnav-person.sql
--! Included workflows/people/signal-promotion-v2.sql
-- Clay signal for a client: a person has a new title at the same company.
select etl.raw_family('signal_promotion_payloads', $${
  "client_domain": "payload.request ->> 'client_domain'",
  "origin_table_id": "payload.payload #>> '{origin,tableId}'",
  "origin_record_id": "payload.payload #>> '{origin,recordId}'",
  "raw_payload": "payload.payload"
}$$);

-- The payload belongs to the person that the event is about, not to the client for whom it is tracked.
select etl.workflow('signal-promotion-v2',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-native/signal-promotion/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  legacy_function => 'ingest_signal_promotion',
  description => 'Store a promotion that is tracked for a client, and update title and start date of the person.',
  family => 'signal_promotion_payloads',
  key_field => 'raw_promotion_payload/fullProfile/url',
  key => $$body #>> '{raw_promotion_payload,fullProfile,url}'$$,
  refuses => $$reference.client_objections(request -> 'client_domain')$$,
  payload_field => 'raw_promotion_payload',
  core_tables => '{core.person_signals,core.person_promotions,core.people,core.person_locations,core.person_tenure,core.person_job_titles,core.person_current_employer,core.companies}',
  request_schema => jsonb_build_object('type', 'object', 'required', '["client_domain", "raw_promotion_payload"]'::jsonb, 'properties', '{
    "client_domain": {"type": "string", "description": "Domain of the client for whom the signal is tracked; a URL is reduced to its host."},
    "days_since_promotion": {"type": ["integer", "null"], "description": "Filter set in Clay: at most so many days ago; a number or its digits."}
  }'::jsonb || jsonb_build_object('raw_promotion_payload', reference.clay_promotion_schema() || '{"type": "object"}')),
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.signal_promotion."},
    "person_name": {"type": ["string", "null"], "description": "Name of the person."},
    "new_title": {"type": ["string", "null"], "description": "The first of the new titles."}
  }'),
  example => '{
    "client_domain": "client.example",
    "days_since_promotion": 90
  }'::jsonb || jsonb_build_object('raw_promotion_payload', reference.clay_promotion_example())
);

select etl.extracts('signal-promotion-v2', 'extracted.signal_promotion', key => '{linkedin_url,client_domain,event_key}', as_select => $$
  select linkedin_url, core.promotion_key(core.first_element(payload -> 'newTitle'), job.start_date) as event_key, etl.normalize_domain(request ->> 'client_domain') as client_domain, event.person_name,
         event.person_first_name, event.person_last_name, linkedin_url as person_linkedin_url, event.person_linkedin_slug, event.person_title, event.person_headline,
         event.person_location, event.person_country, job.company_domain, job.company_name, job.company_linkedin_url,
         core.title_list(payload -> 'newTitle') as new_titles, core.title_list(payload -> 'previousTitle') as previous_titles,
         core.first_element(payload -> 'newTitle') as new_title, core.first_element(payload -> 'previousTitle') as previous_title,
         job.start_date as new_role_start_date, event.confidence, event.reduced_confidence_reasons, event.is_initial_check,
         etl.as_integer(request -> 'days_since_promotion') as days_since_promotion,
         etl.as_text(payload #> '{origin,tableId}') as origin_table_id, etl.as_text(payload #> '{origin,recordId}') as origin_record_id,
         observed_at as signal_detected_at
    from source
   cross join lateral core.signal_profile(payload) as event
   cross join lateral (select payload #> '{fullProfile,latest_experience}' as held offset 0) as latest
   cross join lateral core.job_of_event(latest.held) as job
$$);

select etl.coalesces('extracted.signal_promotion', 'core.person_signals', source => 'signal_promotion', as_select => $$
  select linkedin_url, 'promotion' as kind, event_key, client_domain, new_role_start_date as occurred_on,
         signal_detected_at as detected_at, is_initial_check, confidence, new_title as title,
         company_domain, company_name, company_linkedin_url, previous_title,
         jsonb_strip_nulls(jsonb_build_object('new_titles', new_titles, 'previous_titles', previous_titles, 'reduced_confidence_reasons', reduced_confidence_reasons)) as details
    from source
$$);

select core.offer_career_event('extracted.signal_promotion', 'signal_promotion', title => 'new_title', start_date => 'new_role_start_date',
  company_domain => 'company_domain', company_name => 'company_name', company_linkedin_url => 'company_linkedin_url');

select etl.responds('signal-promotion-v2', $$
  select source.raw_payload_id,
         etl.record_id(
           'extracted.signal_promotion',
           linkedin_url || E'\x1f' || etl.normalize_domain(request ->> 'client_domain') || E'\x1f' || core.promotion_key(core.first_element(payload -> 'newTitle'), job.start_date)
         ) as extracted_id,
         event.person_name, core.first_element(payload -> 'newTitle') as new_title
    from source
   cross join lateral core.signal_profile(payload) as event
   cross join lateral (select payload #> '{fullProfile,latest_experience}' as held offset 0) as latest
   cross join lateral core.job_of_event(latest.held) as job
$$);
--! EndIncluded workflows/people/signal-promotion-v2.sql

-- Gaps, older table paths, BuiltWith: what the old system's answers had and ours lacked
--! Included etl/declare/also_at.sql
create or replace function etl.also_at(workflow_slug text, path text)
returns void language plpgsql set search_path = '' as $$
declare
  v_taken text;
begin
  if also_at.path !~ '^/(run|api)/[^?#\s]+$' then
    perform etl.refuse_declaration(format('"%s" is no path below /run/ or /api/', also_at.path));
  end if;
  select registered.workflow_slug into v_taken
    from reference.enrichment_workflow_registry as registered
   where registered.api_endpoint_url = also_at.path
      or registered.workflow_slug <> also_at.workflow_slug and registered.other_paths @> array[also_at.path];
  if found then
    perform etl.refuse_declaration(format('Workflow "%s" is already at %s', v_taken, also_at.path));
  end if;
  update reference.enrichment_workflow_registry as registered
     set other_paths = array(select distinct other from unnest(registered.other_paths || also_at.path) as other order by other)
   where registered.workflow_slug = also_at.workflow_slug;
  if not found then
    perform etl.refuse_declaration(format('There is no workflow "%s"', also_at.workflow_slug));
  end if;
end;
$$;
comment on function etl.also_at(text, text) is
  'Declares another path of a workflow, for callers that know it by an older one; docs recommend the path of etl.workflow. Raises BADDL for no path below /run/ or /api/, one that is taken, or an unknown workflow.';
--! EndIncluded etl/declare/also_at.sql
--! Included etl/coverage/refresh_coverage.sql
create or replace function etl.written_rows(tables text[])
returns bigint language sql stable set search_path = '' as $$
  select coalesce(sum(pg_stat_get_tuples_inserted(written.oid) + pg_stat_get_tuples_updated(written.oid) + pg_stat_get_tuples_deleted(written.oid)), 0)::bigint
    from (select to_regclass(name)::oid as oid from unnest(tables) as name) as written
   where written.oid is not null;
$$;
comment on function etl.written_rows(text[]) is 'How many rows of some tables were written since the server began to count: a different number means that they may have changed.';

create or replace function etl.coverage_subjects()
returns table (subject text, tables text[]) language sql stable set search_path = '' as $$
  select kept.target, array[kept.target] from etl.kept_tables() as kept
  union all
  select 'gap ' || recipe.id, array[recipe.source_table, recipe.target_table] || case when recipe.has_country then '{core.company_locations}' else '{}' end::text[]
    from api.gap_recipes() as recipe
   where to_regclass(recipe.source_table) is not null
     and to_regclass(recipe.target_table) is not null;
$$;
comment on function etl.coverage_subjects() is 'What etl.refresh_coverage counts: golden tables, and gap recipes whose tables are there; with the tables it reads.';

create or replace function etl.count_coverage(target text)
returns void language plpgsql set search_path = '' as $$
declare
  v_entity_column text;
  v_columns text[];
begin
  select kept.entity_column into strict v_entity_column from etl.kept_tables() as kept where kept.target = count_coverage.target;
  v_columns := array(select found.name from etl.columns_of(count_coverage.target) as found);
  delete from etl.coverage as counted where counted.target = count_coverage.target;
  execute format(
    $sql$
    insert into etl.coverage (target, source, records, row_count, newest_observed_at)
    select %L, case when grouping(%2$s) = 1 then '*' else coalesce(nullif(%2$s, '*'), 'unknown') end, count(distinct stored.%3$I), count(1), max(%4$s)
      from %5$s as stored
     group by grouping sets ((), (%2$s))
        on conflict (target, source) do nothing
    $sql$,
    count_coverage.target, case when 'source' = any (v_columns) then 'stored.source' else 'null::text' end, v_entity_column,
    case when 'observed_at' = any (v_columns) then 'case when isfinite(stored.observed_at) then stored.observed_at end' else 'null::timestamptz' end,
    count_coverage.target
  );
end;
$$;
comment on function etl.count_coverage(text) is 'Counts one golden table for etl.coverage. Reads it whole.';

create or replace function etl.count_gap(recipe_id text)
returns void language plpgsql set search_path = '' as $$
declare
  v_recipe record;
  v_country text;
  v_keys text;
begin
  select recipe.source_table, recipe.source_column, recipe.target_table, recipe.target_column, recipe.filled_column, recipe.has_country into strict v_recipe
    from api.gap_recipes() as recipe
   where recipe.id = count_gap.recipe_id;
  delete from etl.gap_counts as counted where counted.recipe_id = count_gap.recipe_id;
  foreach v_country in array case when v_recipe.has_country then '{*,United States,not United States,unknown}' else '{*}' end::text[] loop
    v_keys := format(
      $sql$
      select distinct lacking.%1$I as key
        from %2$s as lacking
       where lacking.%1$I <> ''
         and not exists (select from %3$s as filled where filled.%4$I = lacking.%1$I and filled.%5$I is not null)%6$s
      $sql$,
      v_recipe.source_column, v_recipe.source_table, v_recipe.target_table, v_recipe.target_column, v_recipe.filled_column,
      case when v_country = '*' then '' else format(
        E'\n         and %s (select from core.company_locations as location where location.domain = lacking.%I and location.country %s)',
        case when v_country = 'unknown' then 'not exists' else 'exists' end, v_recipe.source_column,
        case v_country when 'United States' then '= ''United States''' when 'unknown' then 'is not null' else '<> ''United States''' end
      ) end
    );
    execute format(
      $sql$
      insert into etl.gap_counts (recipe_id, country, keys, sample)
      select $1, $2, (select count(1) from (%1$s) as gap), array(select gap.key from (%1$s) as gap order by gap.key limit 100)
      $sql$, v_keys
    ) using count_gap.recipe_id, v_country;
  end loop;
end;
$$;
comment on function etl.count_gap(text) is 'Counts the keys that a gap recipe finds, and keeps the first hundred. Reads its tables whole.';

create or replace function etl.refresh_coverage(older_than interval default '1 hour')
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_subject text;
  v_writes bigint;
  v_counted bigint;
begin
  -- One at a time; who comes second finds the work done.
  if not pg_try_advisory_xact_lock(hashtext('etl.refresh_coverage')) then
    return jsonb_build_object('counted', 0, 'remaining', false);
  end if;
  delete from etl.coverage as counted where not exists (select from etl.coverage_subjects() as subject where subject.subject = counted.target);
  -- What was not written since it was counted is as counted now.
  update etl.coverage_refreshes as known
     set as_of = now()
    from etl.coverage_subjects() as subject
   where subject.subject = known.subject
     and known.as_of < now() - refresh_coverage.older_than
     and known.writes = etl.written_rows(subject.tables);
  select subject.subject, etl.written_rows(subject.tables) into v_subject, v_writes
    from etl.coverage_subjects() as subject
    left join etl.coverage_refreshes as known using (subject)
   where known.as_of is null
      or known.as_of < now() - refresh_coverage.older_than
   order by known.as_of nulls first, subject.subject
   limit 1;
  if v_subject is null then
    return jsonb_build_object('counted', 0, 'remaining', false);
  end if;
  if v_subject like 'gap %' then
    perform etl.count_gap(substr(v_subject, 5));
  else
    perform etl.count_coverage(v_subject);
  end if;
  insert into etl.coverage_refreshes as known (subject, as_of, writes)
  values (v_subject, now(), v_writes)
      on conflict (subject) do update
     set as_of = excluded.as_of, writes = excluded.writes;
  return jsonb_build_object('counted', 1, 'remaining', true);
end;
$$;
comment on function etl.refresh_coverage(interval) is
  'Counts the golden table or gap recipe whose count is oldest, unless none is older than that; the worker calls it until nothing remains, each time in a transaction of its own. Gives {counted, remaining}.';
--! EndIncluded etl/coverage/refresh_coverage.sql
--! Included api/gap_recipes.sql
create or replace function api.gap_recipes()
returns table (
  id text, label text, description text, source_table text, source_column text, target_table text, target_column text, filled_column text, priority text, has_country boolean
)
language sql immutable parallel safe as $$
  values
    ('extracted-companies-not-in-core', 'Companies stuck in extraction', 'Companies that Clay discovered and core does not have.',
     'extracted.company_discovery', 'domain', 'core.companies', 'domain', 'domain', 'P0', false),
    ('extracted-people-not-in-core', 'People stuck in extraction', 'People that Clay discovered and core does not have.',
     'extracted.person_discovery', 'linkedin_url', 'core.people', 'linkedin_url', 'linkedin_url', 'P0', false),
    ('companies-missing-industry', 'Companies without industry', 'Companies of which no industry is known.',
     'core.companies', 'domain', 'core.company_industries', 'domain', 'matched_industry', 'P1', false),
    ('companies-missing-location', 'Companies without location', 'Companies of which no country is known.',
     'core.companies', 'domain', 'core.company_locations', 'domain', 'country', 'P1', false),
    ('people-missing-job-title', 'People without job title', 'People of whom no cleaned job title is known.',
     'core.people', 'linkedin_url', 'core.person_job_titles', 'linkedin_url', 'matched_cleaned_job_title', 'P1', false),
    ('people-missing-location', 'People without location', 'People of whom no country is known.',
     'core.people', 'linkedin_url', 'core.person_locations', 'linkedin_url', 'country', 'P1', false),
    ('companies-missing-description', 'Companies without description', 'Companies that nobody has described.',
     'core.companies', 'domain', 'core.company_descriptions', 'domain', 'description', 'P2', false),
    ('companies-missing-employee-range', 'Companies without size', 'Companies of which no employee range is known.',
     'core.companies', 'domain', 'core.company_employee_range', 'domain', 'employee_range', 'P2', false),
    ('people-missing-tenure', 'People without tenure', 'People of whom the start of the present job is not known.',
     'core.people', 'linkedin_url', 'core.person_tenure', 'linkedin_url', 'job_start_date', 'P2', false),
    ('customers-without-find-similar', 'Customers without similar companies', 'Domains of customers for which similar companies have not been looked for.',
     'core.company_customers', 'customer_domain', 'extracted.company_enrich_similar_checks', 'domain', 'domain', 'P2', false),
    ('vc-backed-without-customers', 'VC-backed companies without customers', 'Companies with investors of which no customer is known.',
     'core.company_vc_backed', 'domain', 'core.company_customers', 'origin_company_domain', 'origin_company_domain', 'P3', true);
$$;
comment on function api.gap_recipes() is
  'The data gaps that are counted: keys of the source column with no row in the target that has the filled column. priority P0 (most urgent) to P3; has_country: also counted by core.company_locations.country.';
--! EndIncluded api/gap_recipes.sql
--! Included api/old_browse_rules.sql
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
--! EndIncluded api/old_browse_rules.sql
--! Included api/check_existence.sql
create or replace function api.check_existence(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  -- Data of companies and people only: not payloads of others' leads, keys or the catalogue.
  c_schemas constant text[] := '{raw,extracted,mapped,core,derived,reference,staging}';
  v_schema constant text := lower(etl.as_text(request -> 'schema_name'));
  v_table constant text := lower(etl.as_text(request -> 'table_name'));
  v_column constant text := coalesce(lower(etl.as_text(request -> 'column_name')), 'domain');
  v_stated constant text := etl.as_text(request -> 'domain');
  v_value text := v_stated;
  v_missing text;
  v_malformed text;
  v_relation record;
  v_exists boolean;
begin
  v_missing := case when v_stated is null then 'domain' when v_schema is null then 'schema_name' when v_table is null then 'table_name' end;
  if v_missing is not null then
    raise exception '% must be text and not blank.', v_missing using errcode = 'BADRQ', detail = '/' || v_missing;
  end if;
  v_malformed := (
    select named.field
      from (values (1, 'schema_name', v_schema), (2, 'table_name', v_table), (3, 'column_name', v_column)) as named (position, field, name)
     where named.name !~ '^[a-z0-9_]+$'
     order by named.position
     limit 1
  );
  if v_malformed is not null then
    raise exception '% must be a name of letters, digits and underscores.', v_malformed using errcode = 'BADRQ', detail = '/' || v_malformed;
  end if;
  if not v_schema = any (c_schemas) then
    raise exception 'Schema "%" cannot be asked.', v_schema
      using errcode = 'NOTOP', detail = '/schema_name', hint = 'One of ' || array_to_string(c_schemas, ', ') || '.';
  end if;
  -- Names are looked for in the catalogue, never pasted into SQL. A row is there for a table even when its column is not.
  select relation.oid::regclass as name, attribute.attname as column_name, attribute.atttypid::regtype as type
    into v_relation
    from pg_catalog.pg_class as relation
    join pg_catalog.pg_namespace as namespace on namespace.oid = relation.relnamespace
    left join pg_catalog.pg_attribute as attribute
      on attribute.attrelid = relation.oid and attribute.attnum > 0 and not attribute.attisdropped and attribute.attname = v_column
   where namespace.nspname = v_schema
     and relation.relname = v_table
     and relation.relkind in ('r', 'p', 'v', 'm')
     -- leads belong to their tenants
     and not relation.relrowsecurity;
  if v_relation.name is null then
    raise exception 'There is no table %.%.', v_schema, v_table using errcode = 'UNKEY', detail = '/table_name';
  end if;
  if v_relation.column_name is null or v_relation.type not in ('text'::regtype, 'character varying'::regtype) then
    raise exception '%.% has no text column "%".', v_schema, v_table, v_column using errcode = 'UNKEY', detail = '/column_name';
  end if;
  -- Columns of domains and of people's LinkedIn URLs hold normalised keys; any other is compared as it is, upper case included.
  if v_column ~ '(^|_)domain$' then
    v_value := etl.normalize_domain(v_stated);
    if v_value is null then
      raise exception '"%" is not a domain name.', left(v_stated, 200) using errcode = 'BADKY', detail = '/domain';
    end if;
  elsif v_column ~ 'linkedin_url$' then
    v_value := coalesce(etl.normalize_linkedin_url(v_stated), v_stated);
  end if;
  execute format('select exists (select from %s as stored where stored.%I = $1)', v_relation.name, v_relation.column_name) into v_exists using v_value;
  return jsonb_build_object(
    'success', true, 'exists', v_exists, 'domain', v_value, 'schema_name', v_schema, 'table_name', v_table, 'column_name', v_column, 'error', null
  );
end;
$$;
comment on function api.check_existence(jsonb) is
  'Whether a table has a row whose column (column_name, by default domain) equals a value (domain): {success, exists, domain, schema_name, table_name, column_name, error: null}. Raises BADRQ for a missing field or what is no name, NOTOP for a schema that may not be asked, BADKY for no domain, UNKEY for an unknown table or text column.';
--! EndIncluded api/check_existence.sql
--! Included workflows/companies/builtwith-techstack.sql
-- What BuiltWith detected. Rules and shared functions: sql/core/company_technologies.sql.
select etl.raw_family('builtwith_payloads', '{
  "domain": "payload.entity_key", "payload": "payload.payload", "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('builtwith-techstack',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/built-with/site-tech/ingest',
  provider => 'builtwith',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_builtwith',
  description => 'Store the technologies that BuiltWith detected on a company''s site, extend the catalogue of technologies, and keep who uses what since when.',
  family => 'builtwith_payloads',
  key_field => 'domain',
  payload_field => 'builtwith_payload',
  refuses => $$core.technology_list_objections(payload, 'matchesFound', '/builtwith_payload')$$,
  core_tables => '{core.company_tech_on_site,core.tech_on_site_detections,core.company_technologies}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "builtwith_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "builtwith_payload": {
        "type": ["object", "array"],
        "description": "The answer of BuiltWith, unchanged: an object with matchesFound, or that array itself.",
        "properties": {
          "matchesFound": {
            "type": "array",
            "items": {
              "type": ["object", "null"],
              "properties": {
                "Name": {"type": ["string", "null"], "maxLength": 500, "description": "Identifies the technology, ignoring case and blanks; one without is skipped."},
                "Link": {"type": ["string", "null"]},
                "Description": {"type": ["string", "null"]},
                "Parent": {"type": ["string", "null"]},
                "Categories": {"type": ["array", "string", "null"], "description": "Text is a comma-separated list."},
                "Tag": {"type": ["array", "string", "null"], "description": "Read as categories where there are no Categories."},
                "FirstDetected": {"type": ["string", "integer", "null"], "format": "int64", "description": "Kept as sent."},
                "LastDetected": {"type": ["string", "integer", "null"], "format": "int64", "description": "Kept as sent."},
                "name": {"type": ["string", "null"], "maxLength": 500, "description": "Read where Name is missing; so are the other names in lower case."},
                "link": {"type": ["string", "null"]},
                "description": {"type": ["string", "null"]},
                "parent": {"type": ["string", "null"]},
                "categories": {"type": ["array", "string", "null"]},
                "tag": {"type": ["array", "string", "null"]},
                "first_detected": {"type": ["string", "integer", "null"], "format": "int64"},
                "last_detected": {"type": ["string", "integer", "null"], "format": "int64"}
              }
            }
          },
          "technologiesFound": {"type": ["string", "null"], "description": "Kept in raw only."},
          "numberOfTotalTechnologies": {"type": ["integer", "null"], "description": "Kept in raw only."}
        }
      }
    }
  }',
  response_schema => core.technologies_response_schema(),
  example => '{
    "domain": "acme.example",
    "workflow_slug": "builtwith-techstack",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "builtwith_payload": {
      "matchesFound": [
        {
          "Name": "Google Analytics",
          "Link": "https://analytics.example",
          "Description": "Counts visitors.",
          "Parent": "Google",
          "Categories": "Analytics and Tracking, Audience Measurement",
          "Tag": "analytics",
          "FirstDetected": "2021-05-03",
          "LastDetected": "2026-01-10"
        },
        {
          "name": "React",
          "link": "https://react.example",
          "description": "Draws pages.",
          "parent": "Meta",
          "categories": ["JavaScript Libraries"],
          "tag": "javascript",
          "first_detected": "2022-01-01",
          "last_detected": "2026-01-10"
        }
      ],
      "technologiesFound": "Google Analytics, React",
      "numberOfTotalTechnologies": 2
    }
  }'
);

select etl.extracts('builtwith-techstack', 'extracted.company_builtwith', key => '{domain,technology_key}', as_select => $$
  select domain, etl.fold(named.technology_name) as technology_key, named.technology_name,
         coalesce(etl.as_text(item -> 'Link'), etl.as_text(item -> 'link')) as technology_url,
         coalesce(etl.as_text(item -> 'Description'), etl.as_text(item -> 'description')) as technology_description,
         coalesce(etl.as_text(item -> 'Parent'), etl.as_text(item -> 'parent')) as technology_parent,
         coalesce(core.listed_categories(item -> 'Categories'), core.listed_categories(item -> 'categories'),
                  core.listed_categories(item -> 'Tag'), core.listed_categories(item -> 'tag')) as categories,
         coalesce(etl.as_text_or_number(item -> 'FirstDetected'), etl.as_text_or_number(item -> 'first_detected')) as first_detected,
         coalesce(etl.as_text_or_number(item -> 'LastDetected'), etl.as_text_or_number(item -> 'last_detected')) as last_detected,
         found.ordinality
    from source
   cross join lateral etl.elements(core.technology_list(payload, 'matchesFound')) as found
   cross join lateral (select found.element as item) as part
   -- computed once, although it is used several times
   cross join lateral (select coalesce(etl.as_text(item -> 'Name', 500), etl.as_text(item -> 'name', 500)) as technology_name offset 0) as named
   where named.technology_name is not null
$$);

select etl.coalesces('extracted.company_builtwith', 'reference.technologies', as_select => $$
  select technology_key as name_key, technology_name as name, technology_url as url, technology_description as description,
         technology_parent as parent, categories
    from source
$$);

select etl.coalesces('extracted.company_builtwith', 'core.company_tech_on_site', source => 'builtwith', as_select => $$
  select domain, known.id as technology_id
    from source
    join reference.technologies as known on known.name_key = technology_key
$$);

select etl.coalesces('extracted.company_builtwith', 'core.tech_on_site_detections', source => 'builtwith', as_select => $$
  select domain, known.id as technology_id, first_detected, last_detected
    from source
    join reference.technologies as known on known.name_key = technology_key
$$);

select etl.responds('builtwith-techstack', $$
  select source.raw_payload_id, domain,
         (
           select count(distinct etl.fold(named.technology_name))
             from etl.elements(core.technology_list(payload, 'matchesFound')) as found
            cross join lateral (
              select coalesce(etl.as_text(found.element -> 'Name', 500), etl.as_text(found.element -> 'name', 500)) as technology_name offset 0
            ) as named
         ) as technologies_count
    from source
$$);

-- The entry for callers that knew it beside the lists of workflows.
select etl.also_at('builtwith-techstack', '/api/enrichment/builtwith');
--! EndIncluded workflows/companies/builtwith-techstack.sql
--! Included workflows/clients/create-target-client-view.sql
-- The filters are not stored: they are read from what is known, so that the view follows it.
select etl.raw_family('target_client_view_payloads', '{"domain": "payload.entity_key", "payload": "payload.payload"}');

select etl.workflow('create-target-client-view',
  type => 'upsert',
  entity => 'company',
  path => '/run/target-client/views/create',
  provider => 'internal',
  platform => 'db',
  payload_type => 'target_client_view',
  legacy_function => 'create_target_client_view',
  description => 'Save a lead view of a company that can be shared, with filters by whom it sells to; filters of one''s own stay.',
  family => 'target_client_view_payloads',
  key_field => 'domain',
  refuses => $$ core.slug_taken(etl.as_text(payload -> 'slug', 200), etl.as_text(payload -> 'domain')) $$,
  timeout_seconds => 30,
  core_tables => '{core.target_client_view_settings}',
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company that sells; a URL is reduced to its host."},
      "slug": {"type": ["string", "null"], "maxLength": 200, "description": "Name in the link, cleaned; left out: as it was, at first made of the domain."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "view_id": {"type": "string", "format": "uuid", "description": "Id of the row of core.target_client_views."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "company_name": {"type": ["string", "null"]},
      "slug": {"type": "string"},
      "shareable_url": {"type": "string", "description": "/leads?view= and the slug."},
      "filters": {
        "type": "object",
        "additionalProperties": true,
        "properties": {
          "customer_domains": {"type": "array", "items": {"type": "string"}},
          "icp_industries": {"type": ["array", "null"], "items": {"type": "string"}},
          "icp_job_titles": {"type": ["array", "null"], "items": {"type": "string"}}
        }
      },
      "value_proposition": {"type": ["string", "null"]},
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
  example => '{"domain": "acme.example", "slug": "Acme Example"}'
);

select etl.extracts('create-target-client-view', 'extracted.target_client_view_requests', key => '{domain,workflow}', as_select => $$
  select domain, 'create' as workflow, core.slug(etl.as_text(payload -> 'slug', 200)) as slug
    from source
$$);

select etl.coalesces('extracted.target_client_view_requests', 'core.target_client_view_settings', as_select => $$
  select domain, name, slug, filters, endpoint, 'target_client_view_' || workflow as source
    from source
$$);

select etl.responds('create-target-client-view', $$
  select source.raw_payload_id, saved.id as view_id, saved.domain, etl.as_text(icp.answer -> 'company_name') as company_name, saved.slug,
         '/leads?view=' || saved.slug as shareable_url, saved.filters, icp.answer ->> 'value_proposition' as value_proposition
    from source
    join core.target_client_views as saved on saved.domain = source.domain
   cross join lateral (select core.lookup_company_icp(jsonb_build_object('domain', source.domain)) as answer) as icp
$$);
--! EndIncluded workflows/clients/create-target-client-view.sql
-- These two are counted in another way now: not as of before.
delete from etl.coverage_refreshes where subject in ('gap vc-backed-without-customers', 'gap customers-without-find-similar');

select etl.compile();
