-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Lists: tables. On a large database make the new indexes of core tables concurrently first: a migration holds up writers while it makes them.
drop index if exists core.people_core_company_id_idx;
drop index if exists core.person_past_employer_past_company_name_idx;
drop index if exists core.company_google_ads_ad_count_idx;
drop index if exists core.company_linkedin_ads_ad_count_idx;
drop index if exists core.company_meta_ads_ad_count_idx;
drop index if exists core.company_technologies_technology_id_idx;
drop index if exists core.company_tech_on_site_technology_id_idx;
drop index if exists core.company_predictleads_technologies_technology_id_idx;
drop index if exists core.company_job_postings_job_title_id_idx;
alter table api.api_keys add column if not exists tenant_domain text;
alter table api.api_keys drop constraint if exists tenant_only_reads;
alter table api.api_keys add constraint tenant_only_reads check (tenant_domain is null or scopes = array['read']);
--!include tables/api.sql
--!include tables/core_people.sql
--!include tables/core_companies.sql
--!include tables/core_company_ads.sql
--!include tables/core_company_technologies.sql
--!include tables/core_signals.sql
--!include tables/leads.sql
--!include tables/reference_filters.sql
--!include tables/core_priority_companies.sql
--!include tables/api_reads.sql

-- Lists: keys with a tenant
drop function if exists api.create_key(text, text[]);
drop function if exists api.authenticate(bytea);
--!include api/create_key.sql
--!include api/authenticate.sql
--!include api/list_keys.sql
--!include api/notify_api_keys.sql

-- Lists: read tables that follow core
--!include core/people_full.sql
--!include core/leads.sql
--!include api/read/words.sql
--!include api/read/facts.sql
--!include api/read/refresh.sql
--!include etl/operate/forget.sql
--!include etl/read/headline.sql

-- Lists: the mechanism, then what is declared with it
--!include api/read/vocabulary.sql
--!include api/read/declare.sql
--!include api/read/list_sql.sql
--!include api/read/page.sql
--!include api/endpoints/leads.sql
--!include api/endpoints/past_employers.sql
--!include api/endpoints/companies.sql
--!include api/endpoints/people.sql
--!include api/endpoints/enrichment.sql
--!include api/endpoints/filters.sql
--!include api/endpoints/target_views.sql
select api.compile();
--!include api/read/older_names.sql
select api.rebuild_reads();

select etl.compile();
