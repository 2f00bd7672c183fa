create or replace function core.champions(answer jsonb)
returns table (champion_order integer, full_name text, job_title text, company_name text) language sql immutable parallel safe rows 5 set search_path = '' as $$
  select item.ordinality::integer, etl.as_text(item.element -> 'full_name', 500), etl.as_text(item.element -> 'job_title'), etl.as_text(item.element -> 'company_name', 500)
    from etl.elements(answer -> 'champions') as item
   where etl.as_text(item.element -> 'full_name', 500) is not null;
$$;
comment on function core.champions(jsonb) is 'The people of an answer about a case study that have a name, in its order.';

select etl.raw_family('case_study_extraction_payloads', '{
  "case_study_url": "payload.request ->> ''case_study_url''",
  "origin_company_domain": "payload.entity_key",
  "origin_company_name": "payload.request ->> ''origin_company_name''",
  "company_customer_name": "payload.request ->> ''company_customer_name''",
  "has_case_study_url": "etl.as_boolean(payload.request -> ''has_case_study_url'')",
  "workflow_slug": "payload.workflow_slug",
  "provider": "''google''::text",
  "platform": "''gemini''::text",
  "payload_type": "''case_study_extraction''::text",
  "raw_payload": "payload.payload -> ''answer''",
  "production": "payload.payload"
}');

select etl.workflow('gemini-extract-case-study-details',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/case-study-extraction/ingest',
  provider => 'google',
  platform => 'gemini',
  payload_type => 'case_study_extraction',
  aliases => '{gemini-case-study-extraction}',
  legacy_function => 'ingest_case_study_extraction',
  description => 'Read a case study: its title, the domain of the customer, and the people quoted.',
  family => 'case_study_extraction_payloads',
  key_field => 'origin_company_domain',
  timeout_seconds => 120,
  refuses => $$
    case when etl.web_url(request ->> 'case_study_url') is null then
      jsonb_build_array(jsonb_build_object('pointer', '/case_study_url', 'detail', 'Expected the address of a web page, such as https://acme.example/page, without user name and password.'))
    when not coalesce(etl.as_boolean(request -> 'has_case_study_url'), true) then
      jsonb_build_array(jsonb_build_object('pointer', '/has_case_study_url', 'detail', 'There has to be a case study to be read: send true, or do not send the row.'))
    end
  $$,
  core_tables => '{core.case_study_champions,core.company_customers,core.companies,core.company_names}',
  request_schema => '{
    "type": "object",
    "required": ["origin_company_name", "origin_company_domain", "case_study_url", "company_customer_name", "has_case_study_url", "workflow_slug"],
    "properties": {
      "origin_company_name": {"type": "string", "description": "Name of the publisher."},
      "origin_company_domain": {"type": "string", "description": "Domain of the publisher; a URL is reduced to its host."},
      "case_study_url": {"type": "string", "description": "Page of the case study: it is read."},
      "company_customer_name": {"type": "string", "description": "Company that is featured; the article may spell it a little differently."},
      "has_case_study_url": {"type": "boolean", "description": "false is refused."},
      "workflow_slug": {"type": "string", "description": "gemini-extract-case-study-details."}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "case_study_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.case_study_details."},
    "champion_count": {"type": "integer", "description": "People quoted that have a name."},
    "customer_domain_found": {"type": "boolean", "description": "The page gives a domain of the customer."},
    "article_title": {"type": ["string", "null"]}
  }'),
  example => '{
    "origin_company_name": "Acme Example",
    "origin_company_domain": "acme.example",
    "case_study_url": "https://acme.example/customers/globex",
    "company_customer_name": "Globex Example",
    "has_case_study_url": true,
    "workflow_slug": "gemini-extract-case-study-details"
  }'
);

select etl.produces('gemini-extract-case-study-details',
  settings => '{"temperature": 0.1}',
  pages => $$
    select etl.web_url(request ->> 'case_study_url') as url from source
  $$,
  inputs => $$
    select etl.quoted(request ->> 'origin_company_name', 500) as origin_company_name, etl.quoted(domain) as origin_company_domain,
           etl.quoted(request ->> 'company_customer_name', 500) as company_customer_name, etl.quoted_page(pages -> 0) as page,
           etl.quoted_links(pages -> 0) as links
      from source
  $$,
  instructions => core.document_reader_rules(),
  prompt => $$
    A case study on the website of its publisher:
    {{page}}

    The links of this page, one a line as "text | address":
    {{links}}

    Publisher: {{origin_company_name}}, {{origin_company_domain}}
    Customer that the case study is about: {{company_customer_name}}. The article may spell it a little differently.

    Report
    - article_title: the title of the article; null if it has none
    - customer_company_domain: the domain of the customer's website, bare, such as "globex.example", only if a link, an e-mail address or the text of the page gives it.
      Never the publisher's domain, never built from the name. null if the page does not give it
    - champions: everybody who is quoted or featured in the article with a full name, each once, in the order of the article. full_name and job_title as written, without the company;
      job_title null if it is not given. company_name: the employer as the article states it, null if it does not. Authors of the article are left out. [] if there is nobody
    - confidence: "high": this is the case study of this customer, and what you report stands in it literally; "medium": parts of it had to be interpreted;
      "low": the page is not this case study, or hardly readable
    - reasoning: one or two sentences: what it rests on, and problems that you met
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["article_title", "customer_company_domain", "champions", "confidence", "reasoning"],
    "properties": {
      "article_title": {"type": ["string", "null"]},
      "customer_company_domain": {"type": ["string", "null"]},
      "champions": {
        "type": "array",
        "items": {
          "type": "object",
          "additionalProperties": false,
          "required": ["full_name", "job_title", "company_name"],
          "properties": {"full_name": {"type": "string"}, "job_title": {"type": ["string", "null"]}, "company_name": {"type": ["string", "null"]}}
        }
      },
      "confidence": {"type": "string", "enum": ["high", "medium", "low"]},
      "reasoning": {"type": "string"}
    }
  }',
  example_production => '{"answer": {
    "article_title": "How Globex went up",
    "customer_company_domain": "globex.example",
    "champions": [
      {"full_name": "Ada Example", "job_title": "Head of Operations", "company_name": "Globex Example"},
      {"full_name": "Ben Example", "job_title": null, "company_name": null}
    ],
    "confidence": "high",
    "reasoning": "The article quotes both, and links to the customer."
  }}'
);

select etl.extracts('gemini-extract-case-study-details', 'extracted.case_study_details', key => '{domain,case_study_key}', as_select => $$
  select domain, core.case_study_key(request ->> 'case_study_url') as case_study_key, request ->> 'case_study_url' as case_study_url,
         etl.as_text(request -> 'origin_company_name') as origin_company_name, etl.as_text(request -> 'company_customer_name', 500) as company_customer_name,
         core.website_domain(payload #>> '{answer,customer_company_domain}', domain) as company_customer_domain,
         etl.as_text(payload #> '{answer,article_title}') as article_title,
         nullif(core.allowed_answer(payload #> '{answer,confidence}', '{high,medium,low}'), 'unknown') as confidence,
         etl.as_text(payload #> '{answer,reasoning}') as reasoning
    from source
   where jsonb_typeof(payload -> 'answer') = 'object'
     and etl.as_text(request -> 'company_customer_name', 500) is not null
$$);

select etl.extracts('gemini-extract-case-study-details', 'extracted.case_study_champions', key => '{domain,case_study_key,raw_payload_id,champion_order}', mode => 'replace', as_select => $$
  select domain, page.case_study_key, coalesce(champion.champion_order, 0) as champion_order,
         etl.record_id('extracted.case_study_details', domain || E'\x1f' || page.case_study_key) as case_study_id,
         etl.fold(champion.full_name) as full_name_key, champion.full_name, champion.job_title, champion.company_name,
         etl.as_text(request -> 'company_customer_name', 500) as customer_company_name,
         core.website_domain(payload #>> '{answer,customer_company_domain}', domain) as customer_company_domain, request ->> 'case_study_url' as case_study_url
    from source
   cross join lateral (select core.case_study_key(request ->> 'case_study_url') as case_study_key) as page
    left join lateral core.champions(payload -> 'answer') as champion on true
   where jsonb_typeof(payload -> 'answer') = 'object'
$$);

-- Who is quoted under another employer, such as a partner or the publisher, is not one of the customer's people.
select etl.extracts('gemini-extract-case-study-details', 'extracted.case_study_people', key => '{domain,case_study_key,raw_payload_id,person_order}', mode => 'replace', as_select => $$
  select domain, core.case_study_key(request ->> 'case_study_url', customer.name) as case_study_key, coalesce(champion.champion_order, 0) as person_order,
         etl.fold(champion.full_name) as full_name_key, champion.full_name, champion.job_title,
         case when champion.champion_order is not null then coalesce(champion.company_name, customer.name) end as company_name,
         case when champion.company_name is null or etl.fold(champion.company_name) = etl.fold(customer.name) then core.website_domain(payload #>> '{answer,customer_company_domain}', domain) end as company_domain,
         request ->> 'case_study_url' as case_study_url, 'case_study_champions' as source
    from source
   cross join lateral (select etl.as_text(request -> 'company_customer_name', 500) as name) as customer
    left join lateral core.champions(payload -> 'answer') as champion on true
   where jsonb_typeof(payload #> '{answer,champions}') = 'array'
$$);

select core.offer_case_study_customer('extracted.case_study_details', 'case_study_details', 'company_customer_name', 'company_customer_domain');

select etl.responds('gemini-extract-case-study-details', $$
  select source.raw_payload_id, etl.record_id('extracted.case_study_details', domain || E'\x1f' || core.case_study_key(request ->> 'case_study_url')) as case_study_id,
         (select count(*) from core.champions(payload -> 'answer')) as champion_count,
         core.website_domain(payload #>> '{answer,customer_company_domain}', domain) is not null as customer_domain_found,
         etl.as_text(payload #> '{answer,article_title}') as article_title
    from source
$$);
