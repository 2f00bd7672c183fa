-- People of an old list of shops.
select etl.raw_family('nostra_ecom_people', '{
  "domain": "payload.payload ->> ''domain''",
  "workflow_slug": "coalesce(payload.payload ->> ''workflow_slug'', payload.workflow_slug)",
  "raw_payload": "payload.payload"
}');

select etl.workflow('nostra-ecom-people',
  type => 'ingest',
  entity => 'person',
  path => '/run/people/nostra/ecom-people/ingest',
  provider => 'nostra',
  platform => 'nostra',
  payload_type => 'enrichment',
  aliases => '{nostra-ecom-person}',
  legacy_function => 'ingest_nostra_ecom_person',
  description => 'Store one person of an old e-commerce company list.',
  family => 'nostra_ecom_people',
  key_field => 'person_linkedin_url',
  timeout_seconds => 60,
  core_tables => '{core.people,core.person_current_employer,core.companies,core.company_names,reference.person_emails}',
  request_schema => '{
    "type": "object",
    "required": ["person_linkedin_url"],
    "properties": {
      "person_linkedin_url": {"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."},
      "workflow_slug": {"type": ["string", "null"], "default": "nostra-ecom-people", "description": "A registered slug."},
      "first_name": {"type": ["string", "null"]},
      "last_name": {"type": ["string", "null"]},
      "email": {"type": ["string", "null"], "maxLength": 320, "description": "Learned into reference.email_to_person."},
      "company_name": {"type": ["string", "null"]},
      "domain": {"type": ["string", "null"], "description": "Domain of the employer."},
      "company_linkedin_url": {"type": ["string", "null"]}
    }
  }',
  response_schema => core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.nostra_ecom_people."}
  }'),
  example => '{
    "person_linkedin_url": "https://www.linkedin.com/in/ada-example",
    "workflow_slug": "nostra-ecom-people",
    "first_name": "Ada",
    "last_name": "Example",
    "email": "ada@acme.example",
    "company_name": "Acme Example",
    "domain": "acme.example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example"
  }'
);

select etl.extracts('nostra-ecom-people', 'extracted.nostra_ecom_people', key => '{linkedin_url}', as_select => $$
  select linkedin_url, linkedin_url as person_linkedin_url, etl.as_text(payload -> 'first_name') as first_name, etl.as_text(payload -> 'last_name') as last_name,
         lower(etl.as_text(payload -> 'email', 320)) as email, etl.as_text(payload -> 'company_name') as company_name,
         etl.normalize_domain(etl.as_text(payload -> 'domain')) as domain, etl.as_text(payload -> 'company_linkedin_url') as company_linkedin_url
    from source
$$);

select etl.coalesces('extracted.nostra_ecom_people', 'core.people', source => 'nostra', as_select => $$
  select linkedin_url, nullif(concat_ws(' ', first_name, last_name), '') as full_name,
         case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source
$$);

select etl.coalesces('extracted.nostra_ecom_people', 'core.companies', source => 'nostra', as_select => $$
  select domain, company_name as name, company_linkedin_url as linkedin_url
    from source
   where domain is not null
$$);

select etl.coalesces('extracted.nostra_ecom_people', 'core.company_names', source => 'nostra', as_select => $$
  select domain, company_name as raw_name, company_linkedin_url as linkedin_url
    from source
   where domain is not null
     and company_name is not null
$$);

select etl.coalesces('extracted.nostra_ecom_people', 'reference.person_emails', source => 'nostra', as_select => $$
  select person_linkedin_url, email, first_name, last_name, nullif(concat_ws(' ', first_name, last_name), '') as full_name, domain, company_name
    from source
   where email is not null
$$);

select core.offer_current_employer('extracted.nostra_ecom_people', 'nostra',
  company_name => 'company_name', company_domain => 'domain', company_linkedin_url => 'company_linkedin_url');

select etl.responds('nostra-ecom-people', $$
  select source.raw_payload_id, etl.record_id('extracted.nostra_ecom_people', linkedin_url) as extracted_id
    from source
$$);
