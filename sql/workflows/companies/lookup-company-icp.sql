create or replace function core.lookup_company_icp(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_domain constant text := core.asked_domain(request);
  v_answer jsonb;
begin
  select jsonb_build_object(
      'success', true, 'domain', v_domain, 'company_name', coalesce(criteria.company_name, company.cleaned_name, company.name),
      'customer_domains', coalesce(
        (
          select jsonb_agg(distinct customer.customer_domain order by customer.customer_domain)
            from core.company_customers_resolved as customer
           where customer.origin_company_domain = v_domain
             and customer.customer_domain is not null
        ), '[]'
      ),
      'industries', criteria.industries, 'countries', criteria.countries, 'employee_ranges', criteria.employee_ranges, 'funding_stages',
      criteria.funding_stages, 'job_titles', etl.distinct_elements(criteria.job_titles), 'seniorities', criteria.seniorities, 'job_functions',
      criteria.job_functions, 'value_proposition', criteria.value_proposition, 'core_benefit', criteria.core_benefit,
      'target_customer', criteria.target_customer, 'key_differentiator', criteria.key_differentiator
    )
    into v_answer
    from (select v_domain as domain) as asked
    left join core.icp_criteria as criteria using (domain)
    left join core.companies as company using (domain);
  return v_answer;
end;
$$;
comment on function core.lookup_company_icp(jsonb) is
  'Whom a company sells to, from core.icp_criteria, which holds each field as someone wrote it, else as the ICP workflows found it: {success, domain, company_name, customer_domains (sorted), and the criteria}. Raises BADKY.';

select etl.workflow('lookup-company-icp',
  type => 'lookup',
  entity => 'company',
  path => '/run/companies/db/company-icp/lookup',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'lookup_company_icp',
  description => 'Say whom a company sells to: each field as someone wrote it, else as the ICP workflows found it.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {"domain": {"type": "string", "description": "Domain of the company that sells; a URL is reduced to its host."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "company_name": {"type": ["string", "null"]},
      "customer_domains": {"type": "array", "items": {"type": "string"}, "description": "Distinct domains of its customers, stated or found by name, sorted."},
      "industries": {"type": ["array", "null"], "items": {"type": "string"}},
      "countries": {"type": ["array", "null"], "items": {"type": "string"}},
      "employee_ranges": {"type": ["array", "null"], "items": {"type": "string"}},
      "funding_stages": {"type": ["array", "null"], "items": {"type": "string"}},
      "job_titles": {"type": ["array", "null"], "items": {"type": "string"}},
      "seniorities": {"type": ["array", "null"], "items": {"type": "string"}},
      "job_functions": {"type": ["array", "null"], "items": {"type": "string"}},
      "value_proposition": {"type": ["string", "null"]},
      "core_benefit": {"type": ["string", "null"]},
      "target_customer": {"type": ["string", "null"]},
      "key_differentiator": {"type": ["string", "null"]}
    }
  }',
  example => '{"domain": "acme.example"}'
);

select etl.answers('lookup-company-icp', 'core.lookup_company_icp');
