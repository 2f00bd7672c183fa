-- The old function only answered; its caller sent the answer on to case-study-buyers. Here it lands like that one at once.
select etl.raw_family('case_study_buyer_extraction_payloads', '{
  "origin_company_name": "payload.request ->> ''origin_company_name''",
  "origin_company_domain": "payload.entity_key",
  "customer_company_name": "payload.request ->> ''customer_company_name''",
  "case_study_url": "payload.request ->> ''case_study_url''",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select etl.workflow('extract-case-study-buyer',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/case-study-buyer/infer',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'case_study_extraction',
  legacy_function => 'extract_case_study_buyer',
  description => 'Read a case study: its customer, the domain of the customer, and everybody quoted.',
  family => 'case_study_buyer_extraction_payloads',
  key_field => 'origin_company_domain',
  timeout_seconds => 60,
  refuses => core.refuses_page_url('case_study_url'),
  core_tables => '{core.case_study_champions,core.company_customers,core.companies,core.company_names}',
  request_schema => '{
    "type": "object",
    "required": ["origin_company_name", "origin_company_domain", "customer_company_name", "case_study_url"],
    "properties": {
      "origin_company_name": {"type": "string", "description": "Name of the publisher."},
      "origin_company_domain": {"type": "string", "description": "Domain of the publisher; a URL is reduced to its host."},
      "customer_company_name": {"type": "string", "description": "Company that is featured."},
      "case_study_url": {"type": "string", "description": "Page of the case study: it is read."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "customer_company_name": {"type": ["string", "null"], "description": "As the page names it; null when it names none."},
    "customer_company_domain": {"type": ["string", "null"], "description": "Normalised; null when the page does not give it."},
    "people": {
      "type": "array",
      "items": {"type": "object", "properties": {"fullName": {"type": "string"}, "jobTitle": {"type": ["string", "null"]}}}
    },
    "input_tokens": {"type": ["integer", "null"], "description": "Tokens of the question."},
    "output_tokens": {"type": ["integer", "null"], "description": "Tokens of the answer, thinking included."},
    "cost_usd": {"type": ["number", "null"], "description": "By reference.model_prices, with 6 decimals; null where no price is known."}
  }'),
  example => '{
    "origin_company_name": "Acme Example",
    "origin_company_domain": "acme.example",
    "customer_company_name": "Globex Example",
    "case_study_url": "https://acme.example/customers/globex"
  }'
);

select etl.produces('extract-case-study-buyer',
  settings => '{"temperature": 0.1}',
  pages => $$
    select etl.web_url(request ->> 'case_study_url') as url from source
  $$,
  inputs => $$
    select etl.quoted(request ->> 'origin_company_name', 500) as origin_company_name, etl.quoted(domain) as origin_company_domain,
           etl.quoted(request ->> 'customer_company_name', 500) as customer_company_name, etl.quoted_page(pages -> 0) as page, etl.quoted_links(pages -> 0) as links
      from source
  $$,
  instructions => core.document_reader_rules(),
  prompt => $$
    A case study on the website of its publisher:
    {{page}}

    The links of this page, one a line as "text | address":
    {{links}}

    Publisher: {{origin_company_name}}, {{origin_company_domain}}
    Customer that the case study should be about: {{customer_company_name}}

    Report from this page alone
    - customer_company_name: the company that the case study features, spelled as on the page. Never the publisher. null if it features none
    - customer_company_domain: the domain of that customer's website, bare, such as "globex.example", only if a link, an e-mail address or the text of the page gives it.
      Never the publisher's domain, never built from the name. null if the page does not give it
    - people: everybody who is quoted or gives a testimonial, each once, with fullName and jobTitle as written, without the company, capital letters kept.
      jobTitle null if it is not given. People who are only mentioned, or known by first name alone, are left out. [] if nobody is quoted
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["customer_company_name", "customer_company_domain", "people"],
    "properties": {
      "customer_company_name": {"type": ["string", "null"]},
      "customer_company_domain": {"type": ["string", "null"]},
      "people": {
        "type": "array",
        "items": {
          "type": "object",
          "additionalProperties": false,
          "required": ["fullName", "jobTitle"],
          "properties": {"fullName": {"type": "string"}, "jobTitle": {"type": ["string", "null"]}}
        }
      }
    }
  }',
  example_production => '{"answer": {
    "customer_company_name": "Globex Example",
    "customer_company_domain": "globex.example",
    "people": [{"fullName": "Ada Example", "jobTitle": "Head of Operations"}, {"fullName": "Ben Example", "jobTitle": null}]
  }}'
);

select etl.extracts('extract-case-study-buyer', 'extracted.case_study_buyers', key => '{domain,case_study_key,buyer_key}', as_select => $$
  select domain, etl.as_text(request -> 'origin_company_name') as origin_company_name,
         etl.as_text(payload #> '{answer,customer_company_name}', 500) as customer_company_name,
         core.website_domain(payload #>> '{answer,customer_company_domain}', domain) as customer_company_domain,
         core.case_study_key(request ->> 'case_study_url') as case_study_key, request ->> 'case_study_url' as case_study_url,
         etl.fold(person.full_name) as buyer_key, person.full_name as buyer_full_name, person.job_title as buyer_job_title, -person.ordinality as ordinality
    from source
    left join lateral core.quoted_people(payload #> '{answer,people}') as person on true
   where jsonb_typeof(payload -> 'answer') = 'object'
$$);

select etl.extracts('extract-case-study-buyer', 'extracted.case_study_people', key => '{domain,case_study_key,raw_payload_id,person_order}', mode => 'replace', as_select => $$
  select domain, core.case_study_key(request ->> 'case_study_url', customer.name) as case_study_key, coalesce(person.ordinality, 0)::integer as person_order,
         etl.fold(person.full_name) as full_name_key, person.full_name, person.job_title,
         customer.name as company_name, core.website_domain(payload #>> '{answer,customer_company_domain}', domain) as company_domain,
         request ->> 'case_study_url' as case_study_url, 'case_study_buyers' as source
    from source
   cross join lateral (select etl.as_text(payload #> '{answer,customer_company_name}', 500) as name) as customer
    left join lateral core.quoted_people(payload #> '{answer,people}') as person on true
   where jsonb_typeof(payload #> '{answer,people}') = 'array'
$$);

select etl.responds('extract-case-study-buyer', $$
  select source.raw_payload_id, etl.as_text(payload #> '{answer,customer_company_name}', 500) as customer_company_name,
         core.website_domain(payload #>> '{answer,customer_company_domain}', domain) as customer_company_domain,
         (
           select coalesce(jsonb_agg(jsonb_build_object('fullName', person.full_name, 'jobTitle', person.job_title) order by person.ordinality), '[]')
             from core.quoted_people(payload #> '{answer,people}') as person
         ) as people,
         spent.input_tokens, spent.output_tokens, round(spent.cost_usd, 6) as cost_usd
    from source
   cross join lateral core.model_usage(payload) as spent
$$);
