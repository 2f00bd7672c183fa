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
