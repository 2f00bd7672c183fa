-- A row entered by hand wins; else the newest statement. A value that is missing is filled by whoever has it.
select etl.golden('core.company_customers', entity => 'company', entity_column => 'origin_company_domain', key => '{origin_company_domain,customer_key}',
  survives => 'fill', fill_order => 'priority', ranking => '{manual,*}');

-- The domain of a customer that is only known by name depends on all other companies, so it is found when it is read:
-- it is right as soon as core.companies is, and no customer has to be coalesced again when a company gets its name.
create or replace view core.company_customers_resolved as
  select customer.id, customer.origin_company_domain, customer.origin_company_name, customer.customer_name,
         coalesce(customer.customer_domain, nullif(known.domain, customer.origin_company_domain)) as customer_domain,
         customer.customer_domain is null and nullif(known.domain, customer.origin_company_domain) is not null as is_domain_found_by_name,
         customer.case_study_url, customer.has_case_study, customer.source, customer.source_id, customer.raw_payload_id, customer.observed_at,
         customer.created_at, customer.updated_at
    from core.company_customers as customer
    left join lateral (
      select min(named.domain) as domain
        from (
          select company.domain from core.companies as company where company.name is not null and etl.fold(company.name) = customer.customer_key
          union
          select company.domain from core.companies as company where company.cleaned_name is not null and etl.fold(company.cleaned_name) = customer.customer_key
        ) as named
      having count(*) = 1
    ) as known on customer.customer_domain is null;
comment on view core.company_customers_resolved is
  'core.company_customers with the domain of each customer: the stated one, else that of the only company in core.companies of this name (name or cleaned_name, ignoring case and blanks). Null when none or several have it.';
