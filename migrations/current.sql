-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Reading, /api/leads: views and functions of core
--!include core/companies_full_v2.sql
--!include core/leads.sql
--!include core/company_vc_investors_views.sql

-- Reading, /api/leads: the read tables follow job changes, also where one changes nothing else of the person
--!include api/read/refresh.sql
insert into api.changed_keys (kind, key)
select distinct 'person', signal.linkedin_url from core.person_signals as signal where signal.kind = 'job_change';

-- Reading, /api/leads: endpoints
drop function if exists api.past_employer_breakdown(text, text);
drop function if exists api.former_employees_of(text, text, text);
--!include api/read/page.sql
--!include api/endpoints/leads.sql
--!include api/endpoints/past_employers.sql
select api.compile();
--!include api/read/older_names.sql

select etl.compile();
