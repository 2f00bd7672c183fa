-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Two functions that did the same are one.
--!include etl/values/picked.sql
--!include etl/feed/sequence_changes.sql
--!include etl/process/outcomes.sql
--!include etl/read/explain.sql
drop function if exists etl.only_members(jsonb, text[]);

select etl.compile();
