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

-- Lists: notes of changes are folded to one per key, and people know their former employers.
do $$
begin
  if not exists (select from information_schema.columns where table_schema = 'api' and table_name = 'lead_rows' and column_name = 'past_domains') then
    alter table api.lead_rows add column past_domains text[];
    -- Everyone is computed again for the new column, so that no walk over the people of a company ("staff") is lost.
    insert into api.changed_keys (kind, key) select 'person', lead.linkedin_url from api.lead_rows as lead;
    delete from api.changed_keys where kind = 'staff';
    alter table api.changed_keys
      drop column after,
      drop constraint kind_is_known,
      add constraint kind_is_known check (kind in ('company', 'person'));
  end if;
end;
$$;
drop function if exists
  api.left_condition(), api.note_staff(text, text, integer), api.matching_sql(api.endpoints, jsonb, jsonb, bigint),
  api.list_sql(api.endpoints, text, jsonb, jsonb, bigint, bigint, boolean), api.expected_rows(api.endpoints, jsonb),
  api.page_sql(api.endpoints, jsonb, jsonb, bigint);
--!include tables/api_reads.sql
--!include api/read/notify_endpoints.sql
--!include api/read/words.sql
--!include api/read/facts.sql
--!include api/read/refresh.sql
--!include api/read/vocabulary.sql
--!include api/read/declare.sql
--!include api/read/list_sql.sql
--!include api/read/page.sql
--!include api/endpoints/leads.sql
--!include api/endpoints/companies.sql
--!include api/endpoints/people.sql
select api.compile();
--!include api/read/older_names.sql

-- Two functions that did the same are one.
--!include etl/values/picked.sql
--!include etl/process/outcomes.sql
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
