create or replace view core.companies_full_v2 as
  select company.domain,
         coalesce(
           company.cleaned_name, case when company.lineage #>> '{name,source}' = 'manual' then company.name end, named.name, company.name
         ) as name,
         company.linkedin_url, size.employee_range,
         typed.matched_type as company_type, location.city as company_city, location.state as company_state, location.country as company_country,
         industry.matched_industry, funding.matched_funding_range as funding_range, revenue.matched_revenue_range as revenue_range,
         described.description, described.tagline
    from core.companies as company
    left join core.company_employee_range as size on size.domain = company.domain
    left join core.company_locations as location on location.domain = company.domain
    left join core.company_industries as industry on industry.domain = company.domain
    left join core.company_descriptions as described on described.domain = company.domain
    left join lateral (
      -- A name that someone cleaned or entered by hand stands; of providers, Crunchbase names companies best, then Clay.
      select coalesce(name.cleaned_name, name.raw_name) as name
        from core.company_names as name
       where name.domain = company.domain
         and name.source in ('cb_vc_portfolio', 'company_vc_investors', 'crunchbase_inference', 'clay-cleaned', 'clay')
       order by name.cleaned_name is null, array_position('{cb_vc_portfolio,company_vc_investors,crunchbase_inference,clay-cleaned,clay}', name.source)
       limit 1
    ) as named on true
    left join lateral (
      select type.matched_type
        from core.company_types as type
       where type.domain = company.domain
         and type.matched_type is not null
       order by type.observed_at desc, type.source
       limit 1
    ) as typed on true
    left join lateral (
      select total.matched_funding_range
        from core.company_funding as total
       where total.domain = company.domain
         and total.matched_funding_range is not null
       order by total.observed_at desc, total.source
       limit 1
    ) as funding on true
    left join lateral (
      select yearly.matched_revenue_range
        from core.company_revenue as yearly
       where yearly.domain = company.domain
         and yearly.matched_revenue_range is not null
       order by yearly.observed_at desc, yearly.source
       limit 1
    ) as revenue on true;
comment on view core.companies_full_v2 is 'One row per company with all its facts; of facts that each source gives its own way, the newest that is matched.';
