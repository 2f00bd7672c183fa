-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- The change feed gives positions in batches: notes say how many rows they are about, and functions have other arguments.
alter table etl.change_log add column if not exists row_count integer not null default 1;
update etl.change_log set row_count = cardinality(keys) where row_count <> cardinality(keys);
alter table etl.changes alter column row_key drop not null;
drop function if exists core.sequence_changes(bigint);
drop function if exists etl.sequence_changes(boolean, integer);
--!include tables/changes.sql
--!include etl/feed/sequence_changes.sql
--!include api/changes.sql
--!include etl/compile/change_feed_sql.sql

-- Deliveries, changes and saved views of a tenant are shown to that tenant only.
alter table etl.delivery_sources add column if not exists tenant_field text;
alter table etl.deliveries add column if not exists tenant_domain text;
drop function if exists etl.delivers(text, text, text, text, text[], text, boolean, text, jsonb);
--!include tables/api.sql
--!include tables/etl_deliveries.sql
--!include tables/tenant_rows.sql
--!include etl/deliver/delivers.sql
--!include etl/deliver/create.sql
--!include etl/read/as_of.sql
--!include workflows/clients/client-leads-to-clay.sql
--!include workflows/clients/target-client-leads-to-clay.sql
update etl.deliveries as delivery
   set tenant_domain = etl.normalize_domain(delivery.request ->> source.tenant_field)
  from etl.delivery_sources as source
 where source.workflow_slug = delivery.workflow_slug
   and source.tenant_field is not null
   and delivery.tenant_domain is null;

select etl.compile();
