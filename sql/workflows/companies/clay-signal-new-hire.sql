-- Clay signal: a new hire at a monitored company.
select etl.raw_family('clay_new_hire_payloads', $${
  "company_domain": "payload.payload ->> 'company_domain'",
  "company_linkedin_url": "payload.payload ->> 'company_linkedin_url'",
  "signal_slug": "coalesce(payload.payload ->> 'signal_slug', 'clay-new-hire')",
  "clay_table_url": "payload.payload ->> 'clay_table_url'",
  "raw_payload": "jsonb_build_object('company_name', payload.payload -> 'company_name', 'person_linkedin_url', payload.payload -> 'person_linkedin_url')"
}$$);

select etl.workflow('clay-signal-new-hire',
  type => 'ingest',
  entity => 'company',
  path => '/run/people/clay-native/signal-new-hire-2/ingest',
  provider => 'clay',
  platform => 'clay',
  payload_type => 'signal',
  legacy_function => 'ingest_clay_signal_new_hire',
  description => 'Store a new hire at a monitored company, and note the employer of the person.',
  family => 'clay_new_hire_payloads',
  key_field => 'company_domain',
  refuses => $$reference.signal_objections(payload -> 'signal_slug', 'clay-new-hire', 'new_hire')$$,
  core_tables => '{core.company_signals,core.companies,core.company_names,core.company_social_urls,core.people,core.person_current_employer}',
  request_schema => '{
    "type": "object",
    "required": ["company_domain"],
    "properties": {
      "company_domain": {"type": "string", "description": "Domain of the monitored company; a URL is reduced to its host."},
      "company_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn page of the company."},
      "company_name": {"type": ["string", "null"], "description": "Name of the company."},
      "person_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn profile of the new hire; tells the hires of a company apart."},
      "signal_slug": {"type": ["string", "null"], "default": "clay-new-hire", "description": "An active slug of kind new_hire in reference.signal_registry."},
      "clay_table_url": {"type": ["string", "null"], "description": "The Clay table that the call comes from."}
    }
  }',
  response_schema => reference.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the row of extracted.clay_new_hire."},
    "company_name": {"type": ["string", "null"], "description": "As sent."},
    "person_linkedin_url": {"type": ["string", "null"], "description": "LinkedIn URL of the new hire, normalised."}
  }'),
  example => '{
    "company_domain": "acme.example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "company_name": "Acme Example",
    "person_linkedin_url": "https://www.linkedin.com/in/ada-example",
    "signal_slug": "clay-new-hire",
    "clay_table_url": "https://app.clay.example/tables/t_abc123"
  }'
);

select etl.extracts('clay-signal-new-hire', 'extracted.clay_new_hire', key => '{domain,event_key}', as_select => $$
  select domain, coalesce(hire.person_linkedin_url, '') as event_key, domain as company_domain,
         etl.as_text(payload -> 'company_linkedin_url') as company_linkedin_url, etl.as_text(payload -> 'company_name') as company_name,
         hire.person_linkedin_url, coalesce(etl.as_text(payload -> 'signal_slug'), 'clay-new-hire') as signal_slug, observed_at as signal_detected_at
    from source
   cross join lateral (select etl.normalize_linkedin_url(etl.as_text(payload -> 'person_linkedin_url')) as person_linkedin_url) as hire
$$);

select etl.coalesces('extracted.clay_new_hire', 'core.company_signals', source => 'clay_new_hire', as_select => $$
  select domain, 'new_hire' as kind, event_key, null::text as client_domain, signal_slug, signal_detected_at as detected_at, person_linkedin_url
    from source
$$);

select etl.coalesces('extracted.clay_new_hire', 'core.companies', source => 'clay_new_hire', as_select => $$
  select domain, company_name as name, company_linkedin_url as linkedin_url
    from source
$$);

select etl.coalesces('extracted.clay_new_hire', 'core.company_names', source => 'clay_new_hire', as_select => $$
  select domain, company_name as raw_name, company_linkedin_url as linkedin_url
    from source
   where company_name is not null
$$);

select etl.coalesces('extracted.clay_new_hire', 'core.company_social_urls', source => 'clay_new_hire', as_select => $$
  select domain, company_linkedin_url as linkedin_url
    from source
   where company_linkedin_url is not null
$$);

select etl.coalesces('extracted.clay_new_hire', 'core.people', source => 'clay_new_hire', as_select => $$
  select person_linkedin_url as linkedin_url, case when person_linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source
   where person_linkedin_url is not null
$$);

select etl.coalesces('extracted.clay_new_hire', 'core.person_current_employer', source => 'clay_new_hire', as_select => $$
  select person_linkedin_url as linkedin_url, domain as company_domain, company_name, company_linkedin_url
    from source
   where person_linkedin_url is not null
$$);

select etl.responds('clay-signal-new-hire', $$
  select source.raw_payload_id, etl.record_id('extracted.clay_new_hire', domain || E'\x1f' || coalesce(hire.person_linkedin_url, '')) as extracted_id,
         etl.as_text(payload -> 'company_name') as company_name, hire.person_linkedin_url
    from source
   cross join lateral (select etl.normalize_linkedin_url(etl.as_text(payload -> 'person_linkedin_url')) as person_linkedin_url) as hire
$$);
