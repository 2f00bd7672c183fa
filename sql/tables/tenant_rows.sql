-- What belongs to tenants outside their own schemas, kept apart as the leads are (see sql/tables/leads.sql), but that a row which belongs
-- to no tenant is everybody's. etl.delivery_rows has no policy, as rows are copied into it: it is read only beside its delivery.
do $$
declare
  v_table record;
begin
  for v_table in
    select tenant_table.name, tenant_table.condition
      from (values
        ('extracted.target_client_view_requests', 'domain = (select current_setting(''hq.client_domain'', true))'),
        ('etl.deliveries', 'tenant_domain is null or tenant_domain = (select current_setting(''hq.client_domain'', true))'),
        -- A change of a row that belongs to a tenant: the key of its record is the tenant.
        ('etl.changes', $condition$
          entity_key = (select current_setting('hq.client_domain', true))
          or target <> all (array(
            select 'core.' || owned.relname
              from pg_catalog.pg_class as owned
             where owned.relnamespace = 'core'::regnamespace
               and owned.relrowsecurity
          ))
        $condition$)
      ) as tenant_table (name, condition)
  loop
    execute format('alter table %1$s enable row level security, force row level security', v_table.name);
    execute format('drop policy if exists own_tenant on %s', v_table.name);
    execute format(
      $policy$
      create policy own_tenant on %1$s using (
        (
          select coalesce(current_setting('hq.client_domain', true), '') = ''
             and pg_has_role((select owned.relowner from pg_catalog.pg_class as owned where owned.oid = '%1$s'::regclass), 'member')
        )
        or %2$s
      )
      $policy$,
      v_table.name, v_table.condition
    );
  end loop;
end;
$$;
