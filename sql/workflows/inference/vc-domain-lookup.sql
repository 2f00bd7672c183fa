-- The question is the key: what is found lands under the domain of the investor.
select etl.raw_family('vc_domain_lookup_payloads', '{
  "vc_name": "payload.request ->> ''vc_name''",
  "domain": "payload.entity_key",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select etl.workflow('vc-domain-lookup',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/vc-domain/get',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'inference',
  legacy_function => 'lookup_vc_domain',
  description => 'Find the official website of a venture capital firm: as reference.vc_firms has it, else by a model that searches the web.',
  family => 'vc_domain_lookup_payloads',
  key_field => 'production/answer/domain',
  key => $$core.website_domain(body #>> '{production,answer,domain}')$$,
  timeout_seconds => 60,
  request_schema => '{
    "type": "object",
    "required": ["vc_name"],
    "properties": {"vc_name": {"type": "string", "description": "Name of the firm, or a spelling that reference.vc_name_aliases knows."}}
  }',
  response_schema => core.ingest_response_schema('{
    "vc_name": {"type": "string", "description": "As sent."},
    "domain": {"type": ["string", "null"], "description": "Normalised; null when it was not found."},
    "found": {"type": "boolean"}
  }'),
  example => '{"vc_name": "Example Ventures"}'
);

select etl.produces('vc-domain-lookup',
  settings => '{"search": true}',
  inputs => $$
    select etl.quoted(request ->> 'vc_name', 500) as vc_name, (
             select jsonb_build_object('domain', firm.domain, 'evidence', 'reference.vc_firms')
               from reference.vc_firms as firm
              where firm.domain is not null
                and firm.match_key = coalesce(
                  (select etl.fold(alias.canonical_name) from reference.vc_name_aliases as alias where alias.match_key = etl.fold(request ->> 'vc_name')),
                  etl.fold(request ->> 'vc_name')
                )
           ) as known_answer
      from source
  $$,
  instructions => core.web_researcher_rules(),
  prompt => $$
    Name of the investor: {{vc_name}}

    What is the domain of the official website of this investor? It has to be a venture capital or other investment firm.
    - domain: the root domain of its main website, bare and in lower case, such as "ventures.example"; a sub-domain only if that is the main website itself. No page of
      a social network or a directory, and none of a company that it has invested in. null if you have not confirmed it
    - evidence: one sentence: where the site says that it is this firm, and which second source agrees; why not, if domain is null
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["domain", "evidence"],
    "properties": {"domain": {"type": ["string", "null"]}, "evidence": {"type": "string"}}
  }',
  example_production => '{"answer": {"domain": "ventures.example", "evidence": "The site is titled Example Ventures, and a newspaper names it as theirs."}}'
);

select etl.extracts('vc-domain-lookup', 'extracted.vc_domain_lookups', key => '{domain,vc_key}', as_select => $$
  select domain, etl.fold(request ->> 'vc_name') as vc_key, request ->> 'vc_name' as vc_name, etl.as_text(payload #> '{answer,evidence}') as evidence
    from source
$$);

select etl.responds('vc-domain-lookup', $$
  select source.raw_payload_id, request ->> 'vc_name' as vc_name, answered.domain, answered.domain is not null as found
    from source
   cross join lateral (select core.website_domain(payload #>> '{answer,domain}') as domain) as answered
$$);
