-- E-mail of a person from AnyMailFinder; the shared part is sql/core/email_finder.sql.
select etl.raw_family('email_anymailfinder', '{
  "person_linkedin_url": "payload.entity_key",
  "first_name": "payload.request ->> ''first_name''",
  "last_name": "payload.request ->> ''last_name''",
  "full_name": "payload.request ->> ''full_name''",
  "domain": "payload.request ->> ''domain''",
  "company_name": "payload.request ->> ''company_name''",
  "company_linkedin_url": "payload.request ->> ''company_linkedin_url''",
  "workflow_slug": "coalesce(payload.request ->> ''workflow_slug'', payload.workflow_slug)",
  "clay_table_url": "payload.request ->> ''clay_table_url''",
  "anymailfinder_raw_payload": "payload.payload"
}');

select etl.workflow('anymailfinder-email',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-anymail/get-email/ingest',
  provider => 'anymailfinder',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_email_anymailfinder',
  description => 'Store an AnyMailFinder e-mail search result and learn whose the e-mail is.',
  family => 'email_anymailfinder',
  key_field => 'person_linkedin_url',
  payload_field => 'anymailfinder_raw_payload',
  timeout_seconds => 60,
  core_tables => '{reference.person_emails,core.people,core.companies,core.company_names}',
  request_schema => core.email_finder_request_schema('anymailfinder_raw_payload', '{
    "properties": {
      "success": {"type": ["boolean", "null"]},
      "input": {
        "type": ["object", "null"],
        "description": "What was searched for; only not_found_error is stored.",
        "properties": {
          "domain": {"type": ["string", "null"]},
          "full_name": {"type": ["string", "null"]},
          "first_name": {"type": ["string", "null"]},
          "last_name": {"type": ["string", "null"]},
          "company_name": {"type": ["string", "null"]},
          "not_found_error": {"type": ["boolean", "null"]}
        }
      },
      "results": {
        "type": ["object", "null"],
        "properties": {
          "email": {"type": ["string", "null"], "maxLength": 320},
          "validation": {"type": ["string", "null"], "description": "valid: the e-mail is learned; unknown and others: it is not."},
          "alternatives": {"type": ["array", "null"], "items": {"type": ["string", "null"]}}
        }
      }
    }
  }', 'anymailfinder-email'),
  response_schema => core.email_finder_response_schema(),
  example => core.email_finder_example('anymailfinder_raw_payload', '{
    "success": true,
    "input": {
      "domain": "acme.example",
      "full_name": "Ada Example",
      "first_name": "Ada",
      "last_name": "Example",
      "company_name": "Acme Example",
      "not_found_error": false
    },
    "results": {"email": "ada@acme.example", "validation": "valid", "alternatives": ["a.example@acme.example"]}
  }', 'anymailfinder-email')
);

select core.declare_email_finder('anymailfinder-email', 'anymailfinder',
  email => $$lower(etl.as_text(payload -> 'results' -> 'email', 320))$$,
  columns => $$etl.as_text(payload -> 'results' -> 'validation') as validation,
         nullif(etl.as_text_array(payload -> 'results' -> 'alternatives'), '{}') as alternatives,
         coalesce(etl.as_boolean(payload -> 'success'), false) as success,
         coalesce(etl.as_boolean(payload -> 'input' -> 'not_found_error'), false) as input_not_found_error$$,
  is_found => $$lower(validation) = 'valid'$$
);
