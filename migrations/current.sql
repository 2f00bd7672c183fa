-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Producers: tables
alter table etl.ingestions add column if not exists key_is_optional boolean not null default false;
alter table etl.jobs add column if not exists kind text not null default 'backfill';
alter table etl.jobs drop constraint if exists kind_is_known;
alter table etl.jobs add constraint kind_is_known check (kind in ('backfill', 'productions'));
--!include tables/etl.sql
--!include tables/reference.sql
--!include tables/productions.sql
--!include tables/company_pricing.sql
--!include tables/company_comparison_pages.sql
--!include tables/extracted/inferred_company_locations.sql
--!include tables/sec.sql
--!include tables/extracted/website_descriptions.sql

-- Producers: engine
--!include etl/values/web_url.sql
--!include etl/produce/produces.sql
--!include etl/produce/plan.sql
--!include etl/produce/quoted.sql
--!include etl/produce/request.sql
--!include etl/produce/claim.sql
--!include etl/produce/step.sql
--!include etl/produce/outcome.sql
--!include etl/produce/providers.sql
--!include etl/produce/pages.sql
--!include etl/produce/provider.sql
--!include etl/produce/jobs.sql
--!include api/acceptance.sql
--!include etl/declare/workflow.sql
--!include etl/land/accept.sql
--!include etl/land/run.sql
--!include etl/compile/inspection_sql.sql
--!include etl/operate/audit.sql
--!include etl/operate/forget.sql
--!include etl/operate/loads.sql
--!include etl/operate/jobs.sql

-- Producers: workflows
--!include core/inference_rules.sql
--!include core/inference_schemas.sql
--!include core/pricing_attribute.sql
--!include workflows/inference/infer-pricing-model.sql
--!include workflows/inference/infer-company-country.sql
--!include workflows/inference/infer-comparison-page-exists.sql

-- Producers: fetches
--!include core/sec.sql
--!include workflows/fetch/sec-filings-fetch.sql
--!include workflows/fetch/sec-financials-fetch.sql
--!include workflows/fetch/sec-cik-fetch.sql
--!include workflows/fetch/fetch-meta-description.sql

select etl.compile();
