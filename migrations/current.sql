-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Change feed: tables
--!include tables/changes.sql
-- Row-level security of leads also for the owner, once a tenant is set
--!include tables/leads.sql

-- Change feed: functions
--!include etl/feed/sequence_changes.sql
--!include etl/compile/change_feed_sql.sql
--!include etl/compile/compile.sql
--!include etl/process/process_payloads.sql
--!include etl/operate/forget.sql
--!include api/changes.sql

-- Reading tables
--!include api/see_as.sql
--!include api/readable_tables.sql
--!include api/table_query.sql
--!include api/old_browse_rules.sql

select etl.compile();
