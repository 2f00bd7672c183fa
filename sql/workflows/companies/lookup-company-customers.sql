create or replace function core.lookup_company_customers(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_domain constant text := core.asked_domain(request);
  v_answer jsonb;
begin
  with customer as (
    -- two names with one domain are one customer
    select distinct on (coalesce(known.customer_domain, '/' || etl.fold(known.customer_name))) known.customer_name, known.customer_domain
      from core.company_customers_resolved as known
     where known.origin_company_domain = v_domain
     order by coalesce(known.customer_domain, '/' || etl.fold(known.customer_name)), known.is_domain_found_by_name, known.customer_name
  ), described as (
    select coalesce(company.name, customer.customer_name) as name, customer.customer_domain as domain, company.matched_industry as industry,
           company.employee_range as size, company.company_country as country
      from customer
      left join core.companies_full as company on company.domain = customer.customer_domain
  )
  select jsonb_build_object(
      'success', true, 'domain', v_domain, 'customer_count', count(*),
      'customers', coalesce(jsonb_agg(to_jsonb(described) order by described.name, described.domain), '[]')
    )
    into v_answer
    from described;
  return v_answer;
end;
$$;
comment on function core.lookup_company_customers(jsonb) is
  'The known customers of a domain, sorted by name: {success, domain, customer_count, customers: [{name, domain, industry, size, country}]}. Raises BADKY.';

select etl.workflow('lookup-company-customers',
  type => 'lookup',
  entity => 'company',
  path => '/run/companies/db/company-customers/lookup',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'lookup_company_customers',
  description => 'List the known customers of a company with name, industry, size and country.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {"domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "customer_count": {"type": "integer", "description": "Number of customers."},
      "customers": {
        "type": "array",
        "description": "One entry per customer, sorted by name.",
        "items": {
          "type": "object",
          "properties": {
            "name": {"type": ["string", "null"], "description": "Name of the company, else as the customer was named."},
            "domain": {"type": ["string", "null"], "description": "As stated, else found by name; null when not known."},
            "industry": {"type": ["string", "null"]},
            "size": {"type": ["string", "null"]},
            "country": {"type": ["string", "null"]}
          }
        }
      }
    }
  }',
  example => '{"domain": "acme.example"}'
);

select etl.answers('lookup-company-customers', 'core.lookup_company_customers');
