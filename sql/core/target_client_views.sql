-- What a call leaves out stays: a link that was shared keeps working.
select etl.golden('core.target_client_view_settings', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'latest');

create or replace function core.slug(input text)
returns text language sql immutable parallel safe set search_path = '' as $$
  select nullif(btrim(regexp_replace(lower(slug.input), '[^a-z0-9]+', '-', 'g'), '-'), '');
$$;
comment on function core.slug(text) is 'Lower case, every run of other characters than a-z and 0-9 as one hyphen, none at the ends ("acme.example" becomes "acme-example"). Null when nothing is left.';

create or replace function core.icp_filters(domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('customer_domains', found.icp -> 'customer_domains', 'icp_industries', found.icp -> 'industries', 'icp_job_titles', found.icp -> 'job_titles')
    from (select core.lookup_company_icp(jsonb_build_object('domain', icp_filters.domain)) as icp) as found;
$$;
comment on function core.icp_filters(text) is 'Filters of the lead view of a company, by whom it sells to: {customer_domains, icp_industries, icp_job_titles}. Raises BADKY.';

create or replace view core.target_client_views as
  select setting.id, setting.domain, coalesce(setting.name, company.cleaned_name, company.name) as name,
         coalesce(setting.slug, core.slug(setting.domain)) as slug, coalesce(setting.filters, core.icp_filters(setting.domain)) as filters,
         coalesce(setting.endpoint, '/api/leads') as endpoint, setting.created_at, setting.updated_at
    from core.target_client_view_settings as setting
    left join core.companies as company on company.domain = setting.domain;
comment on view core.target_client_views is 'Saved lead views, one per company: as asked, else by whom the company sells to as it is known now.';
