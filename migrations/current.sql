-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

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
--!include api/endpoints/past_employers.sql
select api.compile();
--!include api/read/older_names.sql
select etl.compile();
