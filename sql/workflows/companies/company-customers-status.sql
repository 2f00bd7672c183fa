create or replace function core.company_customers_status(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_domain constant text := core.asked_domain(request);
  v_answer jsonb;
begin
  select jsonb_build_object(
      'success', true, 'domain', v_domain, 'has_customers', count(*) > 0, 'total_customers', count(*),
      'customers_with_domain', count(numbered.customer_domain), 'customers_without_domain', count(*) - count(numbered.customer_domain),
      'domain_coverage_pct', coalesce(round(100.0 * count(numbered.customer_domain) / nullif(count(*), 0), 1), 0),
      'sample_customers', coalesce(
        jsonb_agg(jsonb_build_object('name', numbered.customer_name, 'domain', numbered.customer_domain) order by numbered.place) filter (where numbered.place <= 10), '[]'
      )
    )
    into v_answer
    from (
      select customer.customer_name, customer.customer_domain, row_number() over (order by customer.customer_name) as place
        from core.company_customers_resolved as customer
       where customer.origin_company_domain = v_domain
    ) as numbered;
  return v_answer;
end;
$$;
comment on function core.company_customers_status(jsonb) is
  'How much is known of a company''s customers: {success, domain, has_customers, total_customers, customers_with_domain, customers_without_domain, domain_coverage_pct (one decimal), sample_customers (ten by name)}. Raises BADKY.';

select etl.workflow('company-customers-status',
  type => 'check',
  entity => 'company',
  path => '/run/companies/db/company-customers-status/check',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'get_company_customers_status',
  description => 'Say whether the customers of a company are known, and for how many the domain is.',
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
      "has_customers": {"type": "boolean"},
      "total_customers": {"type": "integer"},
      "customers_with_domain": {"type": "integer", "description": "Domain stated, or found by name."},
      "customers_without_domain": {"type": "integer"},
      "domain_coverage_pct": {"type": "number", "description": "Per cent with a domain, one decimal; 0 when there are none."},
      "sample_customers": {
        "type": "array",
        "description": "The first ten by name.",
        "items": {"type": "object", "properties": {"name": {"type": "string"}, "domain": {"type": ["string", "null"]}}}
      }
    }
  }',
  example => '{"domain": "acme.example"}'
);

select etl.answers('company-customers-status', 'core.company_customers_status');
