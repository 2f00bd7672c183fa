-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Former employees by name and domain
drop index if exists core.person_past_employer_company_name_idx;
drop index if exists core.person_work_history_company_name_idx;
--!include tables/core_people.sql
--!include tables/api_reads.sql

-- Views and functions of core
--!include core/companies_full_v2.sql
--!include core/leads.sql
--!include core/company_vc_investors_views.sql

-- The read tables follow job changes, also where one changes nothing else of the person
--!include api/read/refresh.sql
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
--!include api/copy_sql.sql
--!include api/table_query.sql
--!include api/read/vocabulary.sql
--!include api/read/words.sql
--!include api/read/extensions.sql
--!include api/read/page.sql
--!include api/coverage.sql
--!include api/endpoints/leads.sql
--!include api/endpoints/past_employers.sql
--!include api/endpoints/companies.sql
--!include api/endpoints/enrichment.sql
--!include api/endpoints/filters.sql
--!include api/endpoints/target_views.sql
--!include api/endpoints/people.sql
select api.compile();
--!include api/read/older_names.sql

-- The number of leads of a company is kept, not counted
--!include api/read/lead_counts.sql
insert into api.lead_counts as counted (company_domain, leads)
select lead.company_domain, count(*)
  from api.lead_rows as lead
 where lead.is_visible
   and lead.company_domain is not null
 group by lead.company_domain
    on conflict (company_domain) do update set leads = excluded.leads;
--!include etl/read/headline.sql
--!include etl/read/golden_rows.sql

-- Companies and people: what the old system's answers had and ours lacked
--!include etl/values/distinct_elements.sql
--!include etl/land/find_workflow.sql
--!include core/derived_icp.sql
--!include core/similar_companies.sql
--!include workflows/companies/lookup-company-icp.sql

-- The change feed
--!include etl/compile/change_feed_sql.sql

-- Examples that fit their schemas
--!include workflows/people/apollo-scrape.sql
--!include workflows/people/salesnav-person.sql
--!include workflows/people/signal-promotion-v2.sql

-- Gaps, older table paths, BuiltWith: what the old system's answers had and ours lacked
--!include etl/declare/also_at.sql
--!include etl/coverage/refresh_coverage.sql
--!include api/gap_recipes.sql
--!include api/old_browse_rules.sql
--!include api/check_existence.sql
--!include workflows/companies/builtwith-techstack.sql
--!include workflows/clients/create-target-client-view.sql
-- These two are counted in another way now: not as of before.
delete from etl.coverage_refreshes where subject in ('gap vc-backed-without-customers', 'gap customers-without-find-similar');

select etl.compile();
