select etl.raw_family('inferred_company_industry_payloads', '{
  "domain": "payload.entity_key",
  "company_name": "payload.request ->> ''company_name''",
  "payload": "payload.request",
  "production": "payload.payload"
}');

select etl.workflow('infer-company-industry',
  type => 'inference',
  entity => 'company',
  path => '/run/companies/gemini/industry/infer',
  provider => 'gemini',
  platform => 'gemini',
  payload_type => 'inference',
  legacy_function => 'infer_company_industry',
  description => 'Ask a model for up to three industries of a company, and match them to those of reference.industry_lookup.',
  family => 'inferred_company_industry_payloads',
  key_field => 'domain',
  timeout_seconds => 60,
  request_schema => '{
    "type": "object",
    "required": ["company_name"],
    "properties": {
      "company_name": {"type": "string", "description": "Name of the company."},
      "domain": {"type": ["string", "null"], "description": "Its domain. Without one the answer is given, but not stored under a company."},
      "short_description": {"type": ["string", "null"], "description": "What it does."}
    }
  }',
  response_schema => core.knowledge_response_schema('{
    "gemini_raw": {"type": "array", "items": {"type": "string"}, "description": "What the model answered, the likeliest first."},
    "matched_industries": {
      "type": "array",
      "items": {
        "type": "object",
        "properties": {
          "gemini_guess": {"type": "string"},
          "matched_industry": {"type": ["string", "null"], "description": "A cleaned name of reference.industry_lookup."},
          "match_type": {"type": "string", "enum": ["exact", "fuzzy", "no_match"]},
          "match_word": {"type": "string", "description": "fuzzy only: the word they share."},
          "alternatives": {"type": "array", "items": {"type": "string"}, "description": "fuzzy only: the next best, two at most."}
        }
      }
    },
    "best_match": {"type": ["string", "null"], "description": "The first exact match, else the first fuzzy one."}
  }'),
  example => '{"company_name": "Acme Example", "domain": "acme.example", "short_description": "Assembly kits for paper rockets, and software to design them."}'
);

select etl.produces('infer-company-industry',
  inputs => $$
    select etl.quoted(request ->> 'company_name') as company_name, etl.quoted(request ->> 'domain') as domain,
           etl.quoted(request ->> 'short_description', 5000) as short_description, etl.quoted(known.names, 10000) as known_industries
      from source
     cross join (select string_agg(distinct industry_cleaned, '; ' order by industry_cleaned) as names from reference.industry_lookup) as known
  $$,
  instructions => core.company_expert_rules(),
  prompt => $$
    Company name: {{company_name}}
    Domain: {{domain}}
    What it does: {{short_description}}
    Industries that our database knows: {{known_industries}}

    Which industries does this company belong to? Give at most three, the likeliest first, by what it sells and not by whom it sells to.
    Spell one as our database does wherever it fits; otherwise name it specifically, in common English terms ("Medical Devices", not "Healthcare stuff").
    Give an empty list if you do not know the company and its description does not tell.
  $$,
  answer_schema => '{
    "type": "object",
    "additionalProperties": false,
    "required": ["industries"],
    "properties": {"industries": {"type": "array", "maxItems": 3, "items": {"type": "string"}}}
  }',
  example_production => '{"answer": {"industries": ["Software Development", "Toy Manufacturing"]}}'
);

select etl.extracts('infer-company-industry', 'extracted.inferred_company_industries', key => '{domain}', as_select => $$
  select domain, etl.as_text(request -> 'company_name') as company_name, etl.as_text_array(payload #> '{answer,industries}') as industries
    from source
   where jsonb_typeof(payload #> '{answer,industries}') = 'array'
$$);

select etl.responds('infer-company-industry', $$
  select source.raw_payload_id, etl.as_text(request -> 'company_name') as company_name,
         to_jsonb(coalesce(etl.as_text_array(payload #> '{answer,industries}'), '{}')) as gemini_raw, matched.industries as matched_industries,
         matched.best as best_match, spent.input_tokens, spent.output_tokens, spent.cost_usd
    from source
   cross join lateral (
     select coalesce(jsonb_agg(jsonb_build_object('gemini_guess', guess.gemini_guess, 'matched_industry', guess.matched_industry, 'match_type', guess.match_type)
              || case when guess.match_type = 'fuzzy' then jsonb_build_object('match_word', guess.match_word, 'alternatives', guess.alternatives) else '{}' end
              order by guess.ordinality), '[]') as industries,
            (array_agg(guess.matched_industry order by guess.match_type, guess.ordinality) filter (where guess.matched_industry is not null))[1] as best
       from reference.matched_industries(payload #> '{answer,industries}') as guess
   ) as matched
   cross join lateral core.model_usage(payload) as spent
$$);
