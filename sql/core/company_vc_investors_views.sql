select etl.lookup('reference.vc_name_aliases', 'raw_name');

create or replace view core.company_vc_investors_resolved as
  select investor.id, investor.company_domain, investor.vc_name, investor.source, coalesce(investor.company_name, company.name) as company_name,
         coalesce(investor.vc_domain, firm.domain) as vc_domain, investor.raw_payload_id, investor.observed_at, investor.created_at
    from core.company_vc_investors as investor
    left join reference.vc_name_aliases as alias on alias.match_key = etl.fold(investor.vc_name)
    left join reference.vc_firms as firm on firm.match_key = etl.fold(coalesce(alias.canonical_name, investor.vc_name))
    left join core.companies as company on company.domain = investor.company_domain;
comment on view core.company_vc_investors_resolved is 'core.company_vc_investors with the domain of the firm by reference.vc_firms, always as it is now.';

create or replace view core.company_vc_investments as
  select investor.id, investor.company_domain, investor.company_name, investor.vc_name, investor.created_at
    from core.company_vc_investors_resolved as investor;
comment on view core.company_vc_investments is 'The same facts as core.company_vc_investors, under the older name.';

create or replace view core.vc_backed_with_customers as
  select backed.domain, coalesce(company.cleaned_name, company.name, min(customer.origin_company_name)) as name,
         count(distinct customer.customer_domain) as customer_count, count(*) as customer_name_count,
         (select array_agg(investor.vc_name order by investor.vc_name) from core.company_vc_investors as investor where investor.company_domain = backed.domain) as vc_investors
    from core.company_vc_backed as backed
    join core.company_customers_resolved as customer on customer.origin_company_domain = backed.domain
    left join core.companies as company on company.domain = backed.domain
   group by backed.domain, company.cleaned_name, company.name;
comment on view core.vc_backed_with_customers is 'Companies with investors whose customers are known: one row per company.';

create or replace view public.vc_backed_missing_customers as
  select distinct investor.company_domain as domain, company.name as company_name, company.linkedin_url, investor.vc_name, investor.vc_domain
    from core.company_vc_investors_resolved as investor
    join reference.top_vcs as top on top.domain = investor.vc_domain
    join core.companies as company on company.domain = investor.company_domain
    join core.company_locations as location on location.domain = investor.company_domain and location.country = 'United States'
   where not exists (select from core.company_customers as customer where customer.origin_company_domain = investor.company_domain)
   order by investor.company_domain;
comment on view public.vc_backed_missing_customers is 'Companies in the United States with an investor of reference.top_vcs and no known customer.';
