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
--!include tables/similar_companies.sql
--!include tables/linkedin_job_videos.sql
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
--!include etl/produce/attachments.sql
--!include api/acceptance.sql
--!include api/start_job.sql
--!include api/producer_figures.sql
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
--!include core/similar_companies.sql
--!include workflows/fetch/company-enrich-similar-single.sql
--!include workflows/fetch/similar-companies-batch.sql
--!include workflows/inference/linkedin-job-video.sql
--!include api/similar_pending.sql

-- Inference: tables
--!include tables/company_webinars.sql
--!include tables/extracted/case_studies.sql
--!include tables/extracted/inferred_company_facts.sql
--!include tables/extracted/inferred_domains.sql
--!include tables/extracted/sec_filing_analyses.sql
--!include tables/extracted/target_client_icp.sql

-- Inference: functions
--!include reference/known_employee_range.sql
--!include reference/distinct_employee_ranges.sql
--!include reference/matched_industries.sql
--!include core/model_usage.sql
--!include core/website_domain.sql
--!include core/web_researcher_rules.sql
--!include core/document_reader_rules.sql
--!include core/webinars.sql
--!include core/quoted_people.sql
--!include core/offer_case_study_customer.sql
--!include core/sec_analysis.sql
--!include core/icp_generator.sql
--!include core/parsed_address.sql

-- Inference: workflows
--!include workflows/companies/case-study-buyers.sql
--!include workflows/companies/company-address-parsing.sql
--!include workflows/inference/infer-add-ons-offered.sql
--!include workflows/inference/infer-annual-commitment-required.sql
--!include workflows/inference/infer-billing-default.sql
--!include workflows/inference/infer-custom-pricing-mentioned.sql
--!include workflows/inference/infer-enterprise-tier-exists.sql
--!include workflows/inference/infer-free-trial.sql
--!include workflows/inference/infer-minimum-seats.sql
--!include workflows/inference/infer-money-back-guarantee.sql
--!include workflows/inference/infer-number-of-tiers.sql
--!include workflows/inference/infer-plan-naming-style.sql
--!include workflows/inference/infer-pricing-visibility.sql
--!include workflows/inference/infer-sales-motion.sql
--!include workflows/inference/infer-security-gating.sql
--!include workflows/inference/infer-webinars.sql
--!include workflows/inference/infer-pricing-page.sql
--!include workflows/inference/infer-company-employee-range.sql
--!include workflows/inference/infer-company-industry.sql
--!include workflows/inference/infer-company-linkedin-url.sql
--!include workflows/inference/gemini-crunchbase-domain-inference.sql
--!include workflows/inference/gemini-extract-case-study-details.sql
--!include workflows/inference/extract-case-study-buyer.sql
--!include workflows/inference/analyze-sec-10k.sql
--!include workflows/inference/analyze-sec-10q.sql
--!include workflows/inference/analyze-sec-8k-executive.sql
--!include workflows/inference/vc-domain-lookup.sql
--!include workflows/inference/ai-generate-target-client-icp.sql
--!include workflows/inference/icp-generation-gemini.sql

select etl.compile();
