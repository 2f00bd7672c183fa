-- The question is the key: what a model answers lands under the domain that it names.
create or replace function core.crunchbase_key(url text)
returns text language sql immutable parallel safe as $$
  select coalesce(lower((regexp_match(url, 'crunchbase\.com/+organization/+([^/?#\s]{1,200})', 'i'))[1]), md5(lower(btrim(url))));
$$;
comment on function core.crunchbase_key(text) is 'What names an organisation in its Crunchbase URL, the same for all spellings of it; a hash of any other text.';

select etl.raw_family('crunchbase_domain_inference_payloads', '{
  "company_name": "payload.request ->> ''company_name''",
  "crunchbase_url": "payload.request ->> ''crunchbase_url''",
  "investment_round": "payload.request ->> ''investment_round''",
  "vc_name": "payload.request ->> ''vc_name''",
  "vc_domain": "payload.request ->> ''vc_domain''",
  "workflow_slug": "payload.workflow_slug",
  "provider": "''google''::text",
  "platform": "''gemini''::text",
  "payload_type": "''domain_inference''::text",
  "raw_payload": "payload.payload -> ''answer''",
  "production": "payload.payload"
}');

select etl.workflow('gemini-crunchbase-domain-inference',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/crunchbase-url/get',
  provider => 'google',
  platform => 'gemini',
  payload_type => 'domain_inference',
  legacy_function => 'infer_crunchbase_domain',
  description => 'Have a model find the website of a company from its name and Crunchbase page, by web search where the model has it.',
  family => 'crunchbase_domain_inference_payloads',
  key_field => 'production/answer/domain',
  key => $$core.website_domain(body #>> '{production,answer,domain}', body ->> 'vc_domain')$$,
  timeout_seconds => 60,
  core_tables => '{core.companies,core.company_names,core.company_social_urls}',
  request_schema => '{
    "type": "object",
    "required": ["company_name", "crunchbase_url"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company."},
      "crunchbase_url": {"type": "string", "description": "Its page on Crunchbase; only the address is used."},
      "vc_name": {"type": ["string", "null"], "description": "An investor of the company."},
      "vc_domain": {"type": ["string", "null"], "description": "Domain of the investor, told together with vc_name; never the answer."},
      "investment_round": {"type": ["string", "null"], "description": "Free text about the round."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given.", "default": "gemini-crunchbase-domain-inference"}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": ["string", "null"], "format": "uuid", "description": "Id of the row of extracted.crunchbase_domain_inference; null without a domain."},
    "inferred_domain": {"type": ["string", "null"], "description": "Normalised; null when it was not found."},
    "confidence": {"type": ["string", "null"], "enum": ["high", "medium", "low", null], "description": "By the model''s own rating."},
    "reasoning": {"type": ["string", "null"], "description": "How it was found."}
  }'),
  example => '{
    "company_name": "Acme Example",
    "crunchbase_url": "https://www.crunchbase.com/organization/acme-example",
    "vc_name": "Example Ventures",
    "vc_domain": "ventures.example",
    "investment_round": "Series A, 2 million US dollars, for paper rockets",
    "workflow_slug": "gemini-crunchbase-domain-inference"
  }'
);

select etl.produces('gemini-crunchbase-domain-inference',
  settings => '{"temperature": 0.1, "search": true}',
  inputs => $$
    select etl.quoted(request ->> 'company_name') as company_name, etl.quoted(request ->> 'crunchbase_url') as crunchbase_url,
           etl.quoted(request ->> 'investment_round') as investment_round,
           etl.quoted(case when request ->> 'vc_name' <> '' then (request ->> 'vc_name') || coalesce(' (' || nullif(request ->> 'vc_domain', '') || ')', '') end) as investor,
           (
             select jsonb_build_object('domain', known.domain, 'confidence', known.confidence, 'reasoning', known.reasoning)
               from extracted.crunchbase_domain_inference as known
               join etl.producers as producer on producer.workflow_slug = 'gemini-crunchbase-domain-inference' and producer.prompt_version = known.prompt_version
              where known.crunchbase_key = core.crunchbase_key(request ->> 'crunchbase_url')
              order by known.observed_at desc, known.raw_payload_id desc
              limit 1
           ) as known_answer
      from source
  $$,
  instructions => core.web_researcher_rules(),
  prompt => $$
    Company name: {{company_name}}
    Its page on Crunchbase: {{crunchbase_url}}
    Investment round: {{investment_round}}
    An investor of it: {{investor}}

    What is the primary domain of this company's own website?
    The last part of the Crunchbase address is a hint at the name, and sometimes at the domain. Round and investor tell which company of that name is meant.
    - domain: bare, such as "acme.example", without scheme and "www."; no page on Crunchbase, LinkedIn or another directory, and not the investor's. null if you are not confident
    - confidence: "high": you have seen or know the site, and it is this company's; "medium": it very likely is, but something does not quite match; "low": a hint only, or domain is null
    - reasoning: one or two sentences: what led to it
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["domain", "confidence", "reasoning"],
    "properties": {
      "domain": {"type": ["string", "null"]},
      "confidence": {"type": "string", "enum": ["high", "medium", "low"]},
      "reasoning": {"type": "string"}
    }
  }',
  example_production => '{"answer": {"domain": "acme.example", "confidence": "high", "reasoning": "The site acme.example names the same founders and the investor."}}'
);

select etl.extracts('gemini-crunchbase-domain-inference', 'extracted.crunchbase_domain_inference', key => '{domain,crunchbase_key}', as_select => $$
  select domain, core.crunchbase_key(request ->> 'crunchbase_url') as crunchbase_key, request ->> 'company_name' as company_name, request ->> 'crunchbase_url' as crunchbase_url,
         nullif(core.allowed_answer(payload #> '{answer,confidence}', '{high,medium,low}'), 'unknown') as confidence,
         etl.as_text(payload #> '{answer,reasoning}') as reasoning, etl.as_text(payload -> 'prompt_version') as prompt_version
    from source
$$);

-- A domain that the model itself doubts reaches no record.
select etl.coalesces('extracted.crunchbase_domain_inference', 'core.companies', source => 'crunchbase_inference', as_select => $$
  select domain, company_name as name
    from source
   where confidence = 'high'
$$);
select etl.coalesces('extracted.crunchbase_domain_inference', 'core.company_names', source => 'crunchbase_inference', as_select => $$
  select domain, company_name as raw_name
    from source
   where confidence = 'high'
$$);
select etl.coalesces('extracted.crunchbase_domain_inference', 'core.company_social_urls', source => 'crunchbase_inference', as_select => $$
  select domain, crunchbase_url
    from source
   where confidence = 'high'
     and crunchbase_url ~* 'crunchbase\.com/+organization/'
$$);

select etl.responds('gemini-crunchbase-domain-inference', $$
  select source.raw_payload_id, found.domain as inferred_domain,
         etl.record_id('extracted.crunchbase_domain_inference', found.domain || E'\x1f' || core.crunchbase_key(request ->> 'crunchbase_url')) as extracted_id,
         nullif(core.allowed_answer(payload #> '{answer,confidence}', '{high,medium,low}'), 'unknown') as confidence,
         etl.as_text(payload #> '{answer,reasoning}') as reasoning
    from source
   cross join lateral (select core.website_domain(payload #>> '{answer,domain}', request ->> 'vc_domain') as domain) as found
$$);
