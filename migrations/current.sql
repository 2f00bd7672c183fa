-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Keys and values: regular expressions without bounded repetition; the usual spelling of a date is read in place
--!include etl/keys/normalize_domain.sql
--!include etl/keys/normalize_linkedin_url.sql
--!include etl/values/as_bigint.sql
--!include etl/values/as_date.sql
--!include etl/values/as_numeric.sql
--!include etl/values/as_text_array.sql
--!include etl/values/as_timestamptz.sql
--!include core/job_post.sql
--!include core/linkedin_company_slug.sql
--!include core/posting_time.sql

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
--!include tables/etl.sql
drop function if exists etl.compiled_definitions();
--!include etl/compile/compile.sql
--!include etl/compile/probe.sql

-- Compiler: plain inserts for records that are new
drop function if exists etl.function_sql(text, text, text, text);
--!include etl/compile/extraction_sql.sql
--!include etl/compile/functions_sql.sql
--!include etl/compile/inspection_sql.sql
--!include etl/compile/merge_sql.sql

-- Landing and processing: plans that are kept, payloads that are not read back
drop function if exists etl.land_batch(reference.enrichment_workflow_registry, etl.ingestions, text[], jsonb[], jsonb[], uuid[], timestamptz[]);
--!include etl/land/accept.sql
--!include etl/land/land.sql
--!include etl/land/run.sql
--!include etl/process/outcomes.sql
--!include etl/process/process_payloads.sql
--!include etl/process/records_are_new.sql

select etl.compile();
