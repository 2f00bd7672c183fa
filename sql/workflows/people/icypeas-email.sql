-- E-mail of a person from Icypeas; the shared part is sql/core/email_finder.sql.
select etl.raw_family('email_icypeas', '{
  "person_linkedin_url": "payload.entity_key",
  "first_name": "payload.request ->> ''first_name''",
  "last_name": "payload.request ->> ''last_name''",
  "full_name": "payload.request ->> ''full_name''",
  "domain": "payload.request ->> ''domain''",
  "company_name": "payload.request ->> ''company_name''",
  "company_linkedin_url": "payload.request ->> ''company_linkedin_url''",
  "workflow_slug": "coalesce(payload.request ->> ''workflow_slug'', payload.workflow_slug)",
  "clay_table_url": "payload.request ->> ''clay_table_url''",
  "icypeas_raw_payload": "payload.payload"
}');

select etl.workflow('icypeas-email',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/clay-icypeas/get-email/ingest',
  provider => 'icypeas',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_email_icypeas',
  description => 'Store an Icypeas e-mail search result and learn whose the e-mail is.',
  family => 'email_icypeas',
  key_field => 'person_linkedin_url',
  payload_field => 'icypeas_raw_payload',
  timeout_seconds => 60,
  core_tables => '{reference.person_emails,core.people,core.companies,core.company_names}',
  request_schema => core.email_finder_request_schema('icypeas_raw_payload', '{
    "properties": {
      "email": {"type": ["string", "null"], "maxLength": 320, "description": "Left out: the first of emails."},
      "status": {"type": ["string", "null"], "description": "FOUND: the e-mail is learned; NOT_FOUND and others: it is not."},
      "success": {"type": ["boolean", "null"]},
      "searchId": {"type": ["string", "null"]},
      "certainty": {"type": ["string", "null"], "description": "ultra_sure, sure and the like; left out: that of the first of emails."},
      "emails": {
        "description": "All e-mails found, the best first.",
        "type": ["array", "null"],
        "items": {
          "type": ["object", "null"],
          "properties": {
            "email": {"type": ["string", "null"], "maxLength": 320},
            "certainty": {"type": ["string", "null"]},
            "mxRecords": {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
            "mxProvider": {"type": ["string", "null"]}
          }
        }
      }
    }
  }', 'icypeas-email'),
  response_schema => core.email_finder_response_schema(),
  example => core.email_finder_example('icypeas_raw_payload', '{
    "email": "ada@acme.example",
    "status": "FOUND",
    "success": true,
    "searchId": "s_123",
    "certainty": "ultra_sure",
    "emails": [{"email": "ada@acme.example", "certainty": "ultra_sure", "mxRecords": ["mx1.mail.example"], "mxProvider": "google"}]
  }', 'icypeas-email')
);

select core.declare_email_finder('icypeas-email', 'icypeas',
  email => $$lower(coalesce(etl.as_text(payload -> 'email', 320), etl.as_text(payload #> '{emails,0,email}', 320)))$$,
  columns => $$etl.as_text(payload -> 'status') as status,
         coalesce(etl.as_boolean(payload -> 'success'), false) as success,
         etl.as_text(payload -> 'searchId') as search_id,
         coalesce(etl.as_text(payload -> 'certainty'), etl.as_text(payload #> '{emails,0,certainty}')) as certainty,
         etl.as_array(payload #> '{emails,0,mxRecords}') as mx_records,
         etl.as_text(payload #> '{emails,0,mxProvider}') as mx_provider,
         nullif(etl.as_array(payload -> 'emails'), '[]') as emails$$,
  is_found => $$upper(status) = 'FOUND'$$
);
