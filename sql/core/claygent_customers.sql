create or replace function core.claygent_customers(input jsonb)
returns table (customer_key text, customer_name text, case_study_url text, has_case_study boolean, ordinality bigint)
language sql immutable parallel safe rows 20 set search_path = '' as $$
  select distinct on (etl.fold(named.customer_name))
         etl.fold(named.customer_name), named.customer_name, etl.as_text(customer.element -> 'url'), etl.as_boolean(customer.element -> 'hasCaseStudy'), customer.ordinality
    from etl.elements(claygent_customers.input) as customer
   cross join lateral (select etl.as_text(customer.element -> 'companyName', 500) as customer_name) as named
   where named.customer_name is not null
   order by etl.fold(named.customer_name), etl.as_text(customer.element -> 'url') is null, customer.ordinality;
$$;
comment on function core.claygent_customers(jsonb) is
  'The customers [{companyName, url, hasCaseStudy}] of a Claygent answer, once each (ignoring case and blanks; the first with a URL), without those that have no name.';
