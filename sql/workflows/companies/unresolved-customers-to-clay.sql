-- What Clay finds comes back through the customer workflows; a customer whose domain is known by then is not sent again.
select etl.workflow('unresolved-customers-to-clay',
  type => 'delivery',
  entity => 'company',
  path => '/run/companies/unresolved-customers/to-clay',
  provider => 'clay',
  platform => 'clay',
  description => 'Send the customers whose domain is neither stated nor found by name to a webhook that looks it up.',
  request_schema => '{
    "type": "object",
    "required": ["webhook_url"],
    "properties": {
      "webhook_url": {"type": "string", "description": "Webhook that receives the rows, one POST each."},
      "domain": {"type": ["string", "null"], "description": "Only customers of this company; without it those of all."},
      "limit": {"type": ["integer", "null"], "description": "At most so many."}
    }
  }',
  response_schema => etl.delivery_response_schema(),
  example => '{"webhook_url": "https://hooks.acme.example/in/3", "domain": "acme.example", "limit": 500}'
);

select etl.delivers('unresolved-customers-to-clay',
  required => '{customer_company_name}',
  as_select => $$
    select customer.origin_company_name, customer.origin_company_domain, customer.customer_name as customer_company_name, customer.case_study_url, customer.id::text as row_key
      from source
      join core.company_customers_resolved as customer on customer.customer_domain is null
     where etl.as_text(request -> 'domain') is null
        or customer.origin_company_domain = core.asked_domain(request)
     order by customer.origin_company_domain, customer.customer_name, customer.id
     limit (select case when etl.as_integer(request -> 'limit') >= 0 then etl.as_integer(request -> 'limit') end from source)
  $$
);
