create schema if not exists derived;
comment on schema derived is 'Views over core: what companies sell to, by their customers and case studies.';

create or replace view derived.icp_job_titles_from_champions as
  select champion.origin_company_domain as domain, champion.job_title,
         count(distinct (champion.full_name_key, etl.fold(champion.company_name))) as champion_count
    from core.case_study_champions as champion
   where champion.job_title is not null
   group by champion.origin_company_domain, champion.job_title;
comment on view derived.icp_job_titles_from_champions is 'Titles of the people in the case studies of a company, and how many people have each, in however many case studies they are.';

create or replace view derived.company_icp_industries_from_customers as
  select customer.origin_company_domain as domain, industry.matched_industry as icp_industry, count(distinct customer.customer_domain) as customer_count
    from core.company_customers_resolved as customer
    join core.company_industries as industry on industry.domain = customer.customer_domain
   group by customer.origin_company_domain, industry.matched_industry;
comment on view derived.company_icp_industries_from_customers is 'Industries of the customers of a company, and how many customers are in each.';
