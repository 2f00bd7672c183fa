create or replace function api.see_as(tenant text, sees_all boolean)
returns void language sql volatile set search_path = '' as $$
  -- A space is the domain of no tenant: with it the policies show nothing, while an empty setting shows the owner everything.
  select set_config('hq.client_domain', case when see_as.sees_all then '' else coalesce(nullif(btrim(see_as.tenant), ''), ' ') end, true);
$$;
comment on function api.see_as(text, boolean) is
  'Until the transaction ends, shows only this tenant''s rows (a normalised domain; null: of no tenant) of tables under row-level security, or all. See sql/tables/leads.sql.';
