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
--!include etl/operate/forget.sql
-- Deliveries from before: at most 90 days of them are kept
select etl.note_delivery_mentions(delivery.id) from etl.deliveries as delivery order by delivery.id;

-- Long answers of models are streamed
--!include etl/produce/produces.sql
--!include workflows/inference/linkedin-job-video.sql

-- What an inference rests on is shown by etl.explain
--!include etl/read/explain.sql

select etl.compile();
