-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Files of lists and tables
drop function if exists api.export_sql(text, jsonb, text);
drop function if exists api.table_query(text, text, jsonb);
--!include api/copy_sql.sql
--!include api/table_query.sql
--!include api/read/page.sql

select api.compile();
select etl.compile();
