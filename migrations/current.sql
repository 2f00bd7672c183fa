-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- The change feed gives positions in batches: notes say how many rows they are about, and functions have other arguments.
alter table etl.change_log add column if not exists row_count integer not null default 1;
update etl.change_log set row_count = cardinality(keys) where row_count <> cardinality(keys);
drop function if exists core.sequence_changes(bigint);
drop function if exists etl.sequence_changes(boolean, integer);
--!include tables/changes.sql
--!include etl/feed/sequence_changes.sql
--!include etl/compile/change_feed_sql.sql

select etl.compile();
