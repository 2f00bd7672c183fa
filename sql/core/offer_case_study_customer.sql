create or replace function core.offer_case_study_customer(origin text, source text, customer_name text, customer_domain text)
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.coalesces(offer_case_study_customer.origin, 'core.company_customers', source => offer_case_study_customer.source, as_select => format(
    E'  select domain as origin_company_domain, etl.fold(%1$s) as customer_key, origin_company_name, %1$s as customer_name, %2$s as customer_domain,\n'
    '         case_study_url, case when case_study_url is not null then true end as has_case_study, source.id as source_id\n'
    '    from source\n'
    '   where %1$s is not null',
    offer_case_study_customer.customer_name, offer_case_study_customer.customer_domain
  ));
  perform etl.coalesces(offer_case_study_customer.origin, 'core.companies', source => offer_case_study_customer.source, is_foreign => true, as_select => format(
    E'  select named.domain, named.name\n'
    '    from source\n'
    '   cross join lateral (values (domain, origin_company_name), (%2$s, %1$s)) as named (domain, name)\n'
    '   where named.domain is not null',
    offer_case_study_customer.customer_name, offer_case_study_customer.customer_domain
  ));
  perform etl.coalesces(offer_case_study_customer.origin, 'core.company_names', source => offer_case_study_customer.source, is_foreign => true, as_select => format(
    E'  select named.domain, named.name as raw_name\n'
    '    from source\n'
    '   cross join lateral (values (domain, origin_company_name), (%2$s, %1$s)) as named (domain, name)\n'
    '   where named.domain is not null\n'
    '     and named.name is not null',
    offer_case_study_customer.customer_name, offer_case_study_customer.customer_domain
  ));
end;
$$;
comment on function core.offer_case_study_customer(text, text, text, text) is
  'Declares that an extracted table of case studies (domain, origin_company_name, case_study_url) names a customer of the publisher, with its domain: core.company_customers, core.companies, core.company_names. The last two are columns of it. Raises BADDL.';
