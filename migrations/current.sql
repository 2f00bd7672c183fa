-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Functions whose result changes, before the files that make them.
drop function if exists api.companies_matching(text, integer);

-- The number of leads of a company is kept, not counted.
--!include tables/api_reads.sql
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

-- Reading companies and people: defects of the old system that were left.
--!include etl/values/distinct_elements.sql
--!include etl/land/find_workflow.sql
--!include core/derived_icp.sql
--!include core/similar_companies.sql
--!include core/company_vc_investors_views.sql
--!include api/endpoints/companies.sql
--!include api/endpoints/people.sql
--!include workflows/companies/lookup-company-icp.sql

select etl.compile();
