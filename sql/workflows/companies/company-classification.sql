-- A payload without a verdict is stored, answered with success false, and leaves what is known of the company alone.
select etl.raw_family('company_classification_payloads', '{
  "domain": "payload.entity_key", "payload": "payload.payload", "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('company-classification',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/gemini/type-classification/ingest',
  provider => 'gemini',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_company_classification',
  description => 'Store a model''s verdict whether a company sells to businesses or consumers, and keep the newest in core.',
  family => 'company_classification_payloads',
  key_field => 'domain',
  payload_field => 'classification_payload',
  core_tables => '{core.company_business_model}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "classification_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "classification_payload": {
        "type": "object",
        "description": "The answer of the model, unchanged.",
        "properties": {
          "buyerClassification": {
            "type": ["object", "null"],
            "properties": {
              "businessBuyers": {
                "type": ["object", "null"],
                "properties": {"isB2b": {"type": ["string", "boolean", "null"], "description": "YES or NO; anything else is no verdict."}, "reason": {"type": ["string", "null"]}}
              },
              "consumerBuyers": {
                "type": ["object", "null"],
                "properties": {"isB2c": {"type": ["string", "boolean", "null"], "description": "YES or NO; anything else is no verdict."}, "reason": {"type": ["string", "null"]}}
              }
            }
          },
          "tokensUsed": {"type": ["integer", "null"]}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean", "description": "false when the payload has no verdict."},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "is_b2b": {"type": ["boolean", "null"], "description": "The verdict of this payload."},
      "is_b2c": {"type": ["boolean", "null"], "description": "The verdict of this payload."},
      "error": {"type": ["string", "null"], "description": "Says that there is no verdict."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }',
  example => '{
    "domain": "acme.example",
    "workflow_slug": "company-classification",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "classification_payload": {
      "buyerClassification": {
        "businessBuyers": {"isB2b": "YES", "reason": "Sells assembly kits to schools."},
        "consumerBuyers": {"isB2c": "NO", "reason": "Has no shop for private persons."}
      },
      "tokensUsed": 512
    }
  }'
);

create or replace function core.buyer_verdict(payload jsonb)
returns table (is_b2b boolean, b2b_reason text, is_b2c boolean, b2c_reason text) language sql immutable parallel safe rows 1 as $$
  select etl.as_boolean(buyers -> 'businessBuyers' -> 'isB2b'), etl.as_text(buyers -> 'businessBuyers' -> 'reason'),
         etl.as_boolean(buyers -> 'consumerBuyers' -> 'isB2c'), etl.as_text(buyers -> 'consumerBuyers' -> 'reason')
    from (select payload -> 'buyerClassification' as buyers) as part;
$$;
comment on function core.buyer_verdict(jsonb) is 'What a classification payload says of a company''s buyers; null where it says neither YES nor NO.';

select etl.extracts('company-classification', 'extracted.company_classification', key => '{domain}', as_select => $$
  select domain, verdict.is_b2b, verdict.b2b_reason, verdict.is_b2c, verdict.b2c_reason, etl.as_integer(payload -> 'tokensUsed') as tokens_used
    from source
   cross join lateral core.buyer_verdict(payload) as verdict
   where num_nonnulls(verdict.is_b2b, verdict.is_b2c) > 0
$$);

select etl.coalesces('extracted.company_classification', 'core.company_business_model', source => 'gemini', as_select => $$
  select domain, is_b2b, is_b2c
    from source
$$);

select etl.responds('company-classification', $$
  select source.raw_payload_id, num_nonnulls(verdict.is_b2b, verdict.is_b2c) > 0 as success, domain, verdict.is_b2b, verdict.is_b2c,
         case when num_nonnulls(verdict.is_b2b, verdict.is_b2c) = 0 then 'The payload has no verdict; it is stored, and nothing else has changed.' end as error
    from source
   cross join lateral core.buyer_verdict(payload) as verdict
$$);
