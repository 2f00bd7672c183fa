-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- The end of a batch of similar companies is told later where it cannot be told now
alter table raw.company_enrich_similar_webhooks add column if not exists problem text;
--!include tables/similar_companies.sql
drop trigger if exists _500_similar_batch on etl.jobs;
drop function if exists core.tell_similar_batch();
--!include core/similar_companies.sql

select etl.compile();
