-- The migration in work. `npm run db:commit` moves it to committed/.
-- Function bodies name each other freely; the tests check them all (plpgsql_check).
set local check_function_bodies = off;

-- Signals for clients belong to the person or company that they are about (they were kept with the client).
do $$
begin
  if not exists (
    select from information_schema.columns where table_schema = 'extracted' and table_name = 'signal_job_change' and column_name = 'domain'
  ) then
    return;
  end if;
  truncate extracted.signal_job_posting, extracted.signal_job_change, extracted.signal_promotion;
  alter table extracted.signal_job_posting drop constraint signal_job_posting_record_key, drop constraint signal_job_posting_pkey;
  alter table extracted.signal_job_posting add constraint signal_job_posting_record_key primary key (domain, client_domain, posting_key);
  alter table extracted.signal_job_change drop constraint signal_job_change_pkey, drop column domain, add column linkedin_url text not null;
  alter table extracted.signal_job_change add constraint signal_job_change_record_key primary key (linkedin_url, client_domain, event_key);
  alter table extracted.signal_promotion drop constraint signal_promotion_pkey, drop column domain, add column linkedin_url text not null;
  alter table extracted.signal_promotion add constraint signal_promotion_record_key primary key (linkedin_url, client_domain, event_key);
  drop index extracted.signal_job_change_person_linkedin_url_idx, extracted.signal_promotion_person_linkedin_url_idx;

  create temporary table moved on commit drop as
  select payload.family, payload.id, payload.workflow_slug, payload.entity_key as client, named.entity_type,
         case named.entity_type
           when 'person' then etl.normalize_linkedin_url(payload.payload #>> '{fullProfile,url}')
           else coalesce(etl.normalize_domain(payload.payload #>> '{jobPostData,domain}'), payload.entity_key)
         end as entity_key
    from raw.payloads as payload
    join (
      values ('signal-job-change-v2', 'person'), ('signal-promotion-v2', 'person'), ('signal-job-posting-v2', 'company')
    ) as named (workflow_slug, entity_type) using (workflow_slug);
  -- What names no person stays with the client, set aside: its workflow needs one.
  insert into etl.failures (payload_id, workflow_slug, entity_key, sqlstate, message)
  select moved.id, moved.workflow_slug, moved.client, 'BADKY', 'The event names no LinkedIn URL of a person (fullProfile.url).'
    from moved
   where moved.entity_key is null
      on conflict do nothing;
  update raw.payloads as payload
     set entity_key = moved.entity_key
    from moved
   where payload.family = moved.family
     and payload.id = moved.id
     and payload.entity_key <> moved.entity_key;
  insert into etl.records as known (entity_key, entity_type, families)
  select moved.entity_key, moved.entity_type, array_agg(distinct moved.family)
    from moved
   where moved.entity_key is not null
   group by moved.entity_key, moved.entity_type
      on conflict (entity_key) do update
     set families = array(select distinct unnest(known.families || excluded.families));
  delete from etl.mentions as mention using moved where mention.payload_id = moved.id;
  -- A worker coalesces them again.
  insert into etl.stale_records (entity_key)
  select moved.client from moved
   union
  select moved.entity_key from moved where moved.entity_key is not null
      on conflict do nothing;
end;
$$;

-- Columns and names of the old system that were still missing.
alter table extracted.cleaned_company_names add column if not exists updated_at timestamptz not null generated always as (observed_at) stored;
alter table extracted.company_discovery add column if not exists updated_at timestamptz not null generated always as (observed_at) stored;
alter table extracted.company_discovery_location_parsed add column if not exists updated_at timestamptz not null generated always as (observed_at) stored;

-- Jobs are done in ranges of records, by several workers at once; a rebuild of everything is one.
alter table etl.jobs alter column workflow_slug drop not null;
alter table etl.jobs add column if not exists workers integer not null default 1;
alter table etl.jobs add column if not exists is_cut boolean not null default false;
alter table etl.jobs drop constraint if exists workers_are_some;
alter table etl.jobs add constraint workers_are_some check (workers > 0);

-- Of tables with many rows a payload the ids, hashed, land on a random page each: their key alone is indexed.
alter table core.company_funding_rounds drop constraint if exists company_funding_rounds_pkey;
alter table core.tech_on_site_detections drop constraint if exists tech_on_site_detections_pkey;
alter table core.predictleads_detections drop constraint if exists predictleads_detections_pkey;
alter table extracted.companyenrich_funding_rounds drop constraint if exists companyenrich_funding_rounds_pkey;
alter table extracted.companyenrich_vc_investments drop constraint if exists companyenrich_vc_investments_pkey;

-- Older paths beside the recommended ones.
alter table reference.enrichment_workflow_registry add column if not exists other_paths text[] not null default '{}';

-- Golden records: fields, and many at once
drop function if exists etl.golden_rows(text[]);
drop function if exists etl.golden_record(text);
drop function if exists etl.as_of(text, timestamptz);

-- Producers: tables
alter table etl.ingestions add column if not exists key_is_optional boolean not null default false;
alter table etl.jobs add column if not exists kind text not null default 'backfill';
alter table etl.jobs drop constraint if exists kind_is_known;
alter table etl.jobs add constraint kind_is_known check (kind in ('backfill', 'productions'));

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

-- Lists: keys with a tenant
drop function if exists api.create_key(text, text[]);
drop function if exists api.authenticate(bytea);

-- Compiler: what did not change is not compiled again
alter table etl.probed_queries
  add column if not exists objects text[] not null default '{}',
  add column if not exists shape text,
  add column if not exists probed_at timestamptz not null default now();
alter table etl.compiled_objects
  add column if not exists inputs text,
  alter column definition drop not null,
  alter column removal drop not null;
alter table etl.candidate_queries add column if not exists inputs text;

drop function if exists etl.compiled_definitions();

-- Compiler: plain inserts for records that are new
drop function if exists etl.function_sql(text, text, text, text);

-- Landing and processing: plans that are kept, payloads that are not read back
drop function if exists etl.land_batch(reference.enrichment_workflow_registry, etl.ingestions, text[], jsonb[], jsonb[], uuid[], timestamptz[]);

-- Workflows whose example asks for what somebody has to start first
alter table etl.handlers add column if not exists example_awaits text;
drop function if exists etl.answers(text, text);

-- The newest reading of a case study replaces what the one before found; the worker reads them again.
alter table core.case_study_champions drop column if exists lineage;
delete from etl.coalescings
 where target = 'core.case_study_champions'
   and origin in ('extracted.case_study_buyers', 'extracted.case_study_champions');
insert into etl.stale_records (entity_key)
select champion.origin_company_domain from core.case_study_champions as champion
    on conflict do nothing;

-- Functions that nothing uses any more
drop function if exists etl.only_members(jsonb, text[]);
drop function if exists core.company_linkedin_slug(text);

-- Tables
--!include tables/extracted/client_signals.sql
--!include tables/core_signals.sql
--!include tables/extracted/apollo.sql
--!include tables/extracted/clay_signals.sql
--!include tables/extracted/companyenrich.sql
--!include tables/extracted/cleaned_company_names.sql
--!include tables/extracted/company_discovery.sql
--!include tables/etl.sql
--!include tables/reference.sql
--!include tables/changes.sql
--!include tables/coverage.sql
--!include tables/leads.sql
--!include tables/etl_deliveries.sql
--!include etl/produce/page_keys.sql
--!include tables/productions.sql
--!include tables/company_pricing.sql
--!include tables/company_comparison_pages.sql
--!include tables/extracted/inferred_company_locations.sql
--!include tables/sec.sql
--!include tables/extracted/website_descriptions.sql
--!include tables/company_webinars.sql
--!include tables/extracted/case_studies.sql
--!include tables/extracted/inferred_company_facts.sql
--!include tables/extracted/inferred_domains.sql
--!include tables/extracted/sec_filing_analyses.sql
--!include tables/extracted/target_client_icp.sql
--!include tables/similar_companies.sql
--!include tables/linkedin_job_videos.sql
--!include tables/api.sql
--!include tables/core_people.sql
--!include tables/core_companies.sql
--!include tables/core_company_ads.sql
--!include tables/core_company_technologies.sql
--!include tables/reference_filters.sql
--!include tables/core_priority_companies.sql
--!include tables/api_reads.sql
--!include tables/tenant_rows.sql
--!include tables/core_customers.sql

-- The engine
--!include etl/keys/to_ascii_label.sql
--!include etl/keys/normalize_domain.sql
--!include etl/keys/normalize_linkedin_url.sql
--!include etl/process/take_turn.sql
--!include etl/process/process_safely.sql
--!include etl/process/lookup_changes.sql
--!include etl/process/rebuild.sql
--!include etl/operate/jobs.sql
--!include etl/operate/erase_refused_lines.sql
--!include etl/operate/forget.sql
--!include etl/declare/also_at.sql
--!include etl/read/workflow_document.sql
--!include etl/feed/sequence_changes.sql
--!include etl/compile/change_feed_sql.sql
--!include etl/compile/compile.sql
--!include etl/process/process_payloads.sql
--!include etl/read/golden_rows.sql
--!include etl/read/as_of.sql
--!include etl/coverage/refresh_coverage.sql
--!include etl/declare/workflow.sql
--!include etl/land/run.sql
--!include etl/deliver/destination_host.sql
--!include etl/deliver/delivers.sql
--!include etl/deliver/create.sql
--!include etl/deliver/pace.sql
--!include etl/deliver/send.sql
--!include etl/deliver/control.sql
--!include etl/deliver/progress.sql
--!include etl/deliver/erase_rows.sql
--!include etl/deliver/delivery_response_schema.sql
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
--!include etl/produce/erase_produced.sql
--!include etl/produce/provider.sql
--!include etl/produce/jobs.sql
--!include etl/produce/purge.sql
--!include etl/land/accept.sql
--!include etl/compile/inspection_sql.sql
--!include etl/operate/audit.sql
--!include etl/operate/loads.sql
--!include etl/produce/attachments.sql
--!include etl/read/headline.sql
--!include etl/read/explain.sql
--!include etl/values/as_bigint.sql
--!include etl/values/as_date.sql
--!include etl/values/as_numeric.sql
--!include etl/values/as_text_array.sql
--!include etl/values/as_timestamptz.sql
--!include etl/compile/probe.sql
--!include etl/compile/extraction_sql.sql
--!include etl/compile/functions_sql.sql
--!include etl/compile/merge_sql.sql
--!include etl/land/land.sql
--!include etl/process/outcomes.sql
--!include etl/process/records_are_new.sql
--!include etl/compile/ensure_partitions.sql
--!include etl/declare/answers.sql
--!include etl/process/process.sql
--!include etl/values/picked.sql

-- Lookups
--!include reference/signal_registry.sql
--!include reference/older_names.sql
--!include reference/known_employee_range.sql
--!include reference/distinct_employee_ranges.sql
--!include reference/matched_industries.sql

-- Golden tables and what workflows share
--!include core/offer_career_event.sql
--!include core/event_hash.sql
--!include core/people_missing.sql
--!include core/inference_rules.sql
--!include core/inference_schemas.sql
--!include core/pricing_attribute.sql
--!include core/sec.sql
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
--!include core/similar_companies.sql
--!include core/email_waterfall.sql
--!include core/people_full.sql
--!include core/leads.sql
--!include core/job_post.sql
--!include core/linkedin_company_slug.sql
--!include core/posting_time.sql
--!include core/clay_person.sql
--!include core/company_technologies.sql
--!include core/offer_current_employer.sql
--!include core/people.sql
--!include core/person_current_employer.sql
--!include core/sync_person_experience_to_core.sql
--!include core/sync_promotion_signals_to_core.sql
--!include core/case_study_champions.sql
--!include core/case_study_key.sql

-- Workflows
--!include workflows/people/clay-signal-job-change.sql
--!include workflows/people/clay-signal-promotion.sql
--!include workflows/people/signal-job-change-v2.sql
--!include workflows/people/signal-promotion-v2.sql
--!include workflows/companies/signal-job-posting-v2.sql
--!include workflows/companies/apollo-companies-cleaned.sql
--!include workflows/companies/clay-signal-web-intent.sql
--!include workflows/companies/cleanup-delete-no-location.sql
--!include workflows/people/clay-signal-linkedin-brand-mention.sql
--!include workflows/companies/companyenrich.sql
--!include workflows/reference/salesnav-person-location-lookup.sql
--!include workflows/people/salesnav-export-to-clay.sql
--!include workflows/people/email-waterfall.sql
--!include workflows/companies/send-case-study-urls-to-clay.sql
--!include workflows/companies/unresolved-customers-to-clay.sql
--!include workflows/clients/client-leads-to-clay.sql
--!include workflows/clients/target-client-leads-to-clay.sql
--!include workflows/inference/infer-pricing-model.sql
--!include workflows/inference/infer-company-country.sql
--!include workflows/inference/infer-comparison-page-exists.sql
--!include workflows/fetch/sec-filings-fetch.sql
--!include workflows/fetch/sec-financials-fetch.sql
--!include workflows/fetch/sec-cik-fetch.sql
--!include workflows/fetch/fetch-meta-description.sql
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
--!include workflows/fetch/company-enrich-similar-single.sql
--!include workflows/fetch/similar-companies-batch.sql
--!include workflows/inference/linkedin-job-video.sql
--!include workflows/inference/infer-pricing-page.sql
--!include workflows/companies/builtwith-techstack.sql
--!include workflows/companies/clay-find-companies.sql
--!include workflows/companies/clay-signal-new-hire.sql
--!include workflows/companies/google-ads-ingest.sql
--!include workflows/companies/linkedin-ads-ingest.sql
--!include workflows/companies/meta-ads-ingest.sql
--!include workflows/companies/predictleads-techstack.sql
--!include workflows/companies/staging-company-linkedin-update.sql
--!include workflows/people/apollo-instantdata.sql
--!include workflows/people/apollo-people-cleaned.sql
--!include workflows/people/apollo-scrape.sql
--!include workflows/people/clay-find-people-location-parsed.sql
--!include workflows/people/clay-find-people-title-enrichment.sql
--!include workflows/people/clay-find-people.sql
--!include workflows/people/clay-person-profile.sql
--!include workflows/people/nostra-ecom-people.sql
--!include workflows/people/salesnav-person.sql

-- Behind the routes
--!include api/check_existence.sql
--!include api/changes.sql
--!include api/records.sql
--!include api/cell_sql.sql
--!include api/readable_tables.sql
--!include api/table_query.sql
--!include api/old_browse_rules.sql
--!include api/gap_recipes.sql
--!include api/coverage.sql
--!include api/acceptance.sql
--!include api/start_job.sql
--!include api/producer_figures.sql
--!include api/similar_pending.sql
--!include api/create_key.sql
--!include api/authenticate.sql
--!include api/list_keys.sql
--!include api/notify_servers.sql
drop function if exists api.notify_api_keys();
--!include api/read/words.sql
--!include api/read/facts.sql
--!include api/read/refresh.sql
--!include api/read/vocabulary.sql
--!include api/read/declare.sql
--!include api/read/list_sql.sql
--!include api/read/page.sql
--!include api/record_key.sql
--!include api/endpoints/leads.sql
--!include api/endpoints/past_employers.sql
--!include api/endpoints/companies.sql
--!include api/endpoints/people.sql
--!include api/endpoints/enrichment.sql
--!include api/endpoints/filters.sql
--!include api/endpoints/target_views.sql

-- Lists: views of core tables come last, since they read what the lists declare
select api.compile();
--!include api/read/older_names.sql
select api.rebuild_reads();

select etl.compile();
