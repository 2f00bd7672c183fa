-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Two functions that did the same are one.
--!include etl/values/picked.sql
--!include etl/feed/sequence_changes.sql
--!include etl/process/outcomes.sql
--!include etl/read/explain.sql
drop function if exists etl.only_members(jsonb, text[]);

-- What can pass, and what the key of a record is, is told in one place.
--!include etl/deliver/send.sql
--!include api/record_key.sql
--!include api/records.sql

-- The name in the LinkedIn page of a company is read by one function.
--!include workflows/companies/clay-find-companies.sql
--!include workflows/companies/company-address-parsing.sql
drop function if exists core.company_linkedin_slug(text);

-- Payloads whose month is gone are let go; partitions are made by one process at a time.
--!include etl/process/process.sql
--!include etl/compile/ensure_partitions.sql

select etl.compile();
