create or replace function core.offer_company_customers(
  origin text,
  source text,
  customer_name text default 'customer_name',
  customer_domain text default 'null::text',
  has_case_study text default 'has_case_study'
)
returns void language sql set search_path = '' as $$
  select etl.coalesces(offer_company_customers.origin, 'core.company_customers', source => offer_company_customers.source, as_select => format(
    E'  select domain as origin_company_domain, customer_key, origin_company_name, %s as customer_name, %s as customer_domain,\n'
    '         case_study_url, %s as has_case_study, source.id as source_id\n'
    '    from source\n'
    '   where customer_key is not null',
    offer_company_customers.customer_name, offer_company_customers.customer_domain, offer_company_customers.has_case_study
  ));
$$;
comment on function core.offer_company_customers(text, text, text, text, text) is
  'Declares that an extracted table of customers feeds core.company_customers; the last three are SQL over its columns. Raises BADDL.';
