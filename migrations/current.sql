-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Reading: enrichment, filters, views, /api/admin (what the old system's answers had and ours lacked).
--!include etl/declare/also_at.sql
--!include etl/coverage/refresh_coverage.sql
--!include core/similar_companies.sql
--!include api/gap_recipes.sql
--!include api/coverage.sql
--!include api/old_browse_rules.sql
--!include api/table_query.sql
--!include api/check_existence.sql
--!include api/endpoints/companies.sql
--!include api/endpoints/enrichment.sql
--!include api/endpoints/filters.sql
--!include api/endpoints/target_views.sql
--!include workflows/companies/builtwith-techstack.sql
--!include workflows/clients/create-target-client-view.sql
-- These two are counted in another way now: not as of before.
delete from etl.coverage_refreshes where subject in ('gap vc-backed-without-customers', 'gap customers-without-find-similar');
select api.compile();

select etl.compile();
