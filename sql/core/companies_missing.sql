-- Work lists. They were stored once and aged; as views they show what is missing now.
create or replace view core.companies_missing_location as
  select company.id, company.domain, coalesce(company.cleaned_name, company.name) as name, company.linkedin_url,
         discovered.location as discovery_location, scraped.registered_address_raw as salesnav_location, company.created_at
    from core.companies as company
    left join extracted.company_discovery as discovered on discovered.domain = company.domain
    left join extracted.salesnav_scrapes_company_address as scraped on scraped.domain = company.domain
   where not exists (select from core.company_locations as known where known.domain = company.domain);
comment on view core.companies_missing_location is
  'Companies without any location in core, with the location texts that no lookup knows yet.';

create or replace view core.companies_missing_cleaned_name as
  select company.id, company.name, company.domain, company.linkedin_url, company.created_at
    from core.companies as company
   where company.cleaned_name is null;
comment on view core.companies_missing_cleaned_name is 'Companies whose name nobody has cleaned yet.';
