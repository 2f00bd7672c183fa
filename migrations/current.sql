-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- The end of a batch of similar companies is told later where it cannot be told now
alter table raw.company_enrich_similar_webhooks add column if not exists problem text;
--!include tables/similar_companies.sql
drop trigger if exists _500_similar_batch on etl.jobs;
drop function if exists core.tell_similar_batch();
--!include core/similar_companies.sql

-- Forgetting a record reads only what names it, and ends what is under way about it
--!include etl/produce/page_keys.sql
--!include tables/productions.sql
--!include tables/etl_deliveries.sql
drop function if exists etl.names_record(text, json, text[]);
drop function if exists etl.claim_page(text, uuid, interval, interval);
--!include etl/produce/claim.sql
--!include etl/produce/pages.sql
--!include etl/produce/step.sql
--!include etl/produce/erase_produced.sql
--!include etl/deliver/erase_rows.sql
--!include etl/deliver/create.sql
--!include etl/deliver/progress.sql
--!include etl/deliver/send.sql
--!include etl/operate/forget.sql
-- Deliveries from before: at most 90 days of them are kept
select etl.note_delivery_mentions(delivery.id) from etl.deliveries as delivery order by delivery.id;

-- Long answers of models are streamed
--!include etl/produce/produces.sql
--!include workflows/inference/linkedin-job-video.sql

-- What an inference rests on is shown by etl.explain
--!include etl/read/explain.sql

-- The newest reading of a website or a case study replaces what the one before found, also with nothing
alter table extracted.company_comparison_pages
  alter column comparison_url drop not null,
  alter column comparison_title drop not null,
  alter column competitor_mentioned drop not null;
alter table core.case_study_champions drop column if exists lineage;
--!include tables/company_comparison_pages.sql
--!include tables/extracted/case_studies.sql
--!include tables/core_customers.sql
delete from etl.coalescings
 where target = 'core.case_study_champions'
   and origin in ('extracted.case_study_buyers', 'extracted.case_study_champions');
--!include etl/compile/functions_sql.sql
--!include etl/compile/merge_sql.sql
--!include core/case_study_key.sql
--!include core/case_study_champions.sql
--!include workflows/inference/infer-comparison-page-exists.sql
--!include workflows/inference/gemini-extract-case-study-details.sql
--!include workflows/inference/extract-case-study-buyer.sql
--!include workflows/companies/case-study-buyers.sql
-- The worker rebuilds these.
insert into etl.stale_records (entity_key)
select champion.origin_company_domain from core.case_study_champions as champion
union
select checked.domain from extracted.company_comparison_checks as checked where checked.comparison_count = 0
    on conflict do nothing;

select etl.compile();
