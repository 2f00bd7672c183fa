-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Change feed: tables
--!include tables/changes.sql
-- Coverage: tables
--!include tables/coverage.sql
-- Row-level security of leads also for the owner, once a tenant is set
--!include tables/leads.sql

-- Change feed: functions
--!include etl/feed/sequence_changes.sql
--!include etl/compile/change_feed_sql.sql
--!include etl/compile/compile.sql
--!include etl/process/process_payloads.sql
--!include etl/operate/forget.sql
--!include api/changes.sql

-- Golden records: fields, and many at once
drop function if exists etl.golden_rows(text[]);
drop function if exists etl.golden_record(text);
drop function if exists etl.as_of(text, timestamptz);
--!include etl/read/golden_rows.sql
--!include etl/read/as_of.sql
--!include api/records.sql

-- Reading tables
--!include api/see_as.sql
--!include api/readable_tables.sql
--!include api/table_query.sql
--!include api/old_browse_rules.sql

-- Coverage
--!include api/gap_recipes.sql
--!include etl/coverage/refresh_coverage.sql
--!include api/coverage.sql

select etl.compile();
