-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Producers: tables
alter table etl.ingestions add column if not exists key_is_optional boolean not null default false;
--!include tables/etl.sql
--!include tables/reference.sql
--!include tables/productions.sql
--!include tables/company_pricing.sql
--!include tables/company_comparison_pages.sql
--!include tables/extracted/inferred_company_locations.sql

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
--!include api/acceptance.sql
--!include etl/declare/workflow.sql
--!include etl/land/accept.sql
--!include etl/land/run.sql
--!include etl/compile/inspection_sql.sql
--!include etl/operate/audit.sql
--!include etl/operate/forget.sql
--!include etl/operate/loads.sql

-- Producers: workflows
--!include core/inference_rules.sql
--!include core/inference_schemas.sql
--!include core/pricing_attribute.sql
--!include workflows/inference/infer-pricing-model.sql
--!include workflows/inference/infer-company-country.sql
--!include workflows/inference/infer-comparison-page-exists.sql

select etl.compile();
