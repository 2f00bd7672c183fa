-- Hand-entered values win, then names that someone cleaned; the newest of them counts. Among providers the first to name a company keeps naming it, as in
-- the old system. A value that is missing is filled by whoever has it.
select etl.golden('core.companies', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'priority', ranking => '{manual,clay-cleaned,* first}');

create or replace view core.companies_full as
  select company.id, company.domain, coalesce(company.cleaned_name, company.name) as name, company.linkedin_url,
         location.city as company_city, location.state as company_state, location.country as company_country,
         industry.matched_industry, size.employee_range
    from core.companies as company
    left join core.company_locations as location on location.domain = company.domain
    left join core.company_industries as industry on industry.domain = company.domain
    left join core.company_employee_range as size on size.domain = company.domain;
comment on view core.companies_full is 'One row per company with its location, industry and size; cleaned_name wins over name.';
