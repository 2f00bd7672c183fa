-- E-mail of a person from LeadMagic; the shared part is sql/core/email_finder.sql.
select etl.raw_family('email_leadmagic', '{
  "person_linkedin_url": "payload.entity_key",
  "first_name": "payload.request ->> ''first_name''",
  "last_name": "payload.request ->> ''last_name''",
  "full_name": "payload.request ->> ''full_name''",
  "domain": "payload.request ->> ''domain''",
  "company_name": "payload.request ->> ''company_name''",
  "company_linkedin_url": "payload.request ->> ''company_linkedin_url''",
  "workflow_slug": "coalesce(payload.request ->> ''workflow_slug'', payload.workflow_slug)",
  "clay_table_url": "payload.request ->> ''clay_table_url''",
  "leadmagic_raw_payload": "payload.payload"
}');

select etl.workflow('leadmagic-email',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-leadmagic/get-email/ingest',
  provider => 'leadmagic',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_email_leadmagic',
  description => 'Store a LeadMagic e-mail search result with mail-server and employment facts, and learn whose the e-mail is.',
  family => 'email_leadmagic',
  key_field => 'person_linkedin_url',
  payload_field => 'leadmagic_raw_payload',
  timeout_seconds => 60,
  core_tables => '{reference.person_emails,core.people,core.companies,core.company_names}',
  request_schema => core.email_finder_request_schema('leadmagic_raw_payload', '{
    "properties": {
      "email": {"type": ["string", "null"], "maxLength": 320},
      "domain": {"type": ["string", "null"], "description": "Stays in the payload, as the names do."},
      "first_name": {"type": ["string", "null"]},
      "last_name": {"type": ["string", "null"]},
      "status": {"type": ["string", "null"], "description": "valid and valid_catch_all: the e-mail is learned; invalid, unknown and others: it is not."},
      "message": {"type": ["string", "null"]},
      "has_mx": {"type": ["boolean", "null"]},
      "mx_record": {"type": ["string", "null"]},
      "mx_provider": {"type": ["string", "null"]},
      "mx_records_full": {
        "description": "Stays in the payload.",
        "type": ["array", "null"],
        "items": {
          "type": ["object", "null"],
          "properties": {"exchange": {"type": ["string", "null"]}, "priority": {"type": ["integer", "null"]}}
        }
      },
      "is_domain_catch_all": {"type": ["boolean", "null"]},
      "employment_verified": {"type": ["boolean", "null"], "description": "Whether the person still works there."},
      "mx_security_gateway": {"type": ["boolean", "null"]},
      "credits_consumed": {"type": ["number", "null"], "description": "Rounded to whole credits."}
    }
  }', 'leadmagic-email'),
  response_schema => core.email_finder_response_schema(),
  example => core.email_finder_example('leadmagic_raw_payload', '{
    "email": "ada@acme.example",
    "domain": "acme.example",
    "first_name": "Ada",
    "last_name": "Example",
    "status": "valid",
    "message": "Email found",
    "has_mx": true,
    "mx_record": "mx1.mail.example",
    "mx_provider": "Mimecast",
    "mx_records_full": [{"exchange": "mx1.mail.example", "priority": 10}],
    "is_domain_catch_all": false,
    "employment_verified": true,
    "mx_security_gateway": true,
    "credits_consumed": 1
  }', 'leadmagic-email')
);

select core.declare_email_finder('leadmagic-email', 'leadmagic',
  email => $$lower(etl.as_text(payload -> 'email', 320))$$,
  columns => $$etl.as_text(payload -> 'status') as status, etl.as_text(payload -> 'message') as message,
         etl.as_boolean(payload -> 'has_mx') as has_mx, etl.as_text(payload -> 'mx_record') as mx_record,
         etl.as_text(payload -> 'mx_provider') as mx_provider, etl.as_boolean(payload -> 'is_domain_catch_all') as is_domain_catch_all,
         etl.as_boolean(payload -> 'employment_verified') as employment_verified,
         etl.as_boolean(payload -> 'mx_security_gateway') as mx_security_gateway,
         etl.as_integer(to_jsonb(round(etl.as_numeric(payload -> 'credits_consumed')))) as credits_consumed$$,
  is_found => $$lower(status) in ('valid', 'valid_catch_all')$$
);
