-- Everything that is read from a pricing page in one question: declared from reference.pricing_attributes, so after all of them.
create or replace function core.pricing_page_schema()
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
      'type', 'object', 'additionalProperties', false, 'required', jsonb_agg(known.attribute order by known.position, known.attribute),
      'properties', jsonb_object_agg(known.attribute, core.pricing_answer_schema(known.answers))
    )
    from reference.pricing_attributes as known;
$$;
comment on function core.pricing_page_schema() is 'JSON Schema of the answer about all attributes of a pricing page: attribute -> its own answer.';

create or replace function core.pricing_page_prompt()
returns text language sql stable set search_path = '' as $$
  select E'Company: {{company}}\nIts pricing page:\n{{page}}\n\nAnswer each of these questions by itself, as if it were the only one; the answer to one is no evidence for another. '
      || E'Give an object with one member per question, named as the heading.\n\n'
      || string_agg(format(E'## %s\n%s', known.attribute, core.pricing_question(known.question, known.answers)), E'\n\n' order by known.position, known.attribute)
    from reference.pricing_attributes as known;
$$;
comment on function core.pricing_page_prompt() is 'The questions about all attributes of a pricing page, as one.';

select etl.raw_family('pricing_page_payloads', '{
  "domain": "payload.entity_key",
  "pricing_page_url": "payload.request ->> ''pricing_page_url''",
  "company_name": "coalesce(payload.request ->> ''company_name'', '''')",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select etl.workflow('infer-pricing-page',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/pricing-page/infer',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'inference',
  description => 'Answer all questions about a pricing page with one call of the model, into the same core tables as the single ones.',
  family => 'pricing_page_payloads',
  key_field => 'domain',
  timeout_seconds => 90,
  refuses => core.refuses_page_url('pricing_page_url'),
  core_tables => array(select 'core.company_' || known.attribute from reference.pricing_attributes as known order by known.attribute),
  request_schema => core.pricing_request_schema(),
  response_schema => core.ingest_response_schema('{
    "domain": {"type": "string", "description": "The domain, normalised."},
    "explanations": {"type": "object", "description": "Attribute -> which words of the page decided it.", "additionalProperties": {"type": ["string", "null"]}}
  }'::jsonb || (select jsonb_object_agg(field.key, field.value) from reference.pricing_attributes as known cross join lateral jsonb_each(core.pricing_answer_fields(known.answers)) as field)),
  example => '{"domain": "acme.example", "pricing_page_url": "https://acme.example/pricing", "company_name": "Acme Example"}'
);

select etl.produces('infer-pricing-page',
  pages => 'select etl.web_url(request ->> ''pricing_page_url'') as url from source',
  inputs => core.pricing_page_inputs(),
  instructions => core.page_analyst_rules(),
  prompt => core.pricing_page_prompt(),
  answer_schema => core.pricing_page_schema(),
  -- The answers that the examples of the single questions give.
  example_production => (
    select jsonb_build_object('answer', jsonb_object_agg(known.attribute, producer.example_production -> 'answer'))
      from reference.pricing_attributes as known
      join etl.producers as producer on producer.workflow_slug = known.workflow_slug
  )
);

select core.extract_pricing_attribute('infer-pricing-page', known.attribute, array['answer', known.attribute])
  from reference.pricing_attributes as known
 order by known.attribute;

select etl.responds('infer-pricing-page', (
  select format(
      E'select source.raw_payload_id, domain, %s,\n       (select jsonb_object_agg(item.key, item.value ->> ''explanation'') from jsonb_each(case jsonb_typeof(payload -> ''answer'') when ''object'' then payload -> ''answer'' else ''{}'' end) as item where jsonb_typeof(item.value) = ''object'') as explanations\n  from source',
      string_agg(core.pricing_answer_columns(known.answers, array['answer', known.attribute]), ', ' order by known.attribute)
    )
    from reference.pricing_attributes as known
));
