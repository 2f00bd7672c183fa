-- sent_to_clay is set when the receiver has accepted the row, in the transaction that records its answer.
select etl.workflow('send-case-study-urls-to-clay',
  type => 'delivery',
  entity => 'company',
  path => '/run/case-study-urls/to-clay',
  provider => 'clay',
  platform => 'clay',
  legacy_function => 'send_case_study_urls_to_clay',
  aliases => '{case-study-urls-to-clay}',
  description => 'Send every staged case-study URL that was not sent yet to a webhook, and mark each as sent once it is accepted.',
  request_schema => '{
    "type": "object",
    "required": ["webhook_url"],
    "properties": {
      "webhook_url": {"type": "string", "description": "Webhook that receives the rows, one POST each."},
      "batch_id": {"type": ["string", "null"], "description": "Only rows of this batch; without it all that are unsent."}
    }
  }',
  response_schema => etl.delivery_response_schema(),
  example => '{"webhook_url": "https://hooks.acme.example/in/2", "batch_id": "2026-01-01-batch"}'
);

select etl.delivers('send-case-study-urls-to-clay',
  required => '{origin_company_name,customer_company_name}',
  on_sent => $$update raw.staging_case_study_urls set sent_to_clay = true where id = $1::uuid$$,
  as_select => $$
    select staged.origin_company_name, staged.origin_company_domain, staged.customer_company_name, staged.case_study_url, staged.id::text as row_key
      from source
      join raw.staging_case_study_urls as staged on not staged.sent_to_clay
     where coalesce(staged.batch_id = nullif(request ->> 'batch_id', ''), nullif(request ->> 'batch_id', '') is null)
     order by staged.created_at, staged.origin_company_domain, staged.case_study_url, staged.id
  $$
);
