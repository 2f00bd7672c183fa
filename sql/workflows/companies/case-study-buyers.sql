select etl.raw_family('case_study_buyers_payloads', '{
  "origin_company_name": "payload.payload ->> ''origin_company_name''",
  "origin_company_domain": "payload.entity_key",
  "customer_company_name": "payload.payload ->> ''customer_company_name''",
  "customer_company_domain": "payload.payload ->> ''customer_company_domain''",
  "case_study_url": "payload.payload ->> ''case_study_url''",
  "raw_payload": "payload.payload"
}');

select etl.workflow('case-study-buyers',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/not-sure/case-study-buyers/ingest',
  provider => 'google',
  platform => 'clay',
  payload_type => 'case_study_extraction',
  legacy_function => 'ingest_case_study_buyers',
  description => 'Store the people quoted in a case study, one row per person, and its customer.',
  family => 'case_study_buyers_payloads',
  key_field => 'origin_company_domain',
  core_tables => '{core.case_study_champions,core.company_customers,core.companies,core.company_names}',
  request_schema => '{
    "type": "object",
    "required": ["origin_company_name", "origin_company_domain"],
    "properties": {
      "origin_company_name": {"type": "string", "description": "Name of the publisher."},
      "origin_company_domain": {"type": "string", "description": "Domain of the publisher; a URL is reduced to its host."},
      "case_study_url": {"type": ["string", "null"], "description": "Page of the case study."},
      "customer_company_name": {"type": ["string", "null"], "maxLength": 500, "description": "Company that is featured."},
      "customer_company_domain": {"type": ["string", "null"], "description": "Its domain; the publisher''s own counts as unknown."},
      "people": {
        "type": ["array", "null"],
        "description": "People quoted; those without a name are left out.",
        "items": {
          "type": ["object", "null"],
          "properties": {
            "fullName": {"type": ["string", "null"], "maxLength": 500},
            "jobTitle": {"type": ["string", "null"]}
          }
        }
      },
      "success": {"type": ["boolean", "null"], "description": "Kept in the payload."},
      "cost_usd": {"type": ["number", "null"], "description": "Kept in the payload."},
      "input_tokens": {"type": ["integer", "null"], "description": "Kept in the payload."},
      "output_tokens": {"type": ["integer", "null"], "description": "Kept in the payload."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "buyer_count": {"type": "integer", "description": "Distinct people of the payload."},
      "warnings": {
        "description": "Fields that could not be used: they became null.",
        "type": "array",
        "items": {
          "type": "object",
          "properties": {"field": {"type": "string"}, "problem": {"type": "string"}, "found": {"type": ["string", "null"]}}
        }
      }
    }
  }',
  example => '{
    "origin_company_name": "Acme Example",
    "origin_company_domain": "acme.example",
    "case_study_url": "https://acme.example/customers/globex",
    "customer_company_name": "Globex Example",
    "customer_company_domain": "globex.example",
    "people": [{"fullName": "Ada Example", "jobTitle": "Head of Operations"}, {"fullName": "Ben Example", "jobTitle": ""}],
    "success": true,
    "cost_usd": 0.000412,
    "input_tokens": 3120,
    "output_tokens": 250
  }'
);

select etl.extracts('case-study-buyers', 'extracted.case_study_buyers', key => '{domain,case_study_key,buyer_key}', as_select => $$
  select domain, etl.as_text(payload -> 'origin_company_name') as origin_company_name,
         etl.as_text(payload -> 'customer_company_name', 500) as customer_company_name,
         nullif(etl.normalize_domain(etl.as_text(payload -> 'customer_company_domain')), domain) as customer_company_domain,
         core.case_study_key(etl.as_text(payload -> 'case_study_url')) as case_study_key, etl.as_text(payload -> 'case_study_url') as case_study_url,
         etl.fold(person.full_name) as buyer_key, person.full_name as buyer_full_name, person.job_title as buyer_job_title,
         -person.ordinality as ordinality
    from source
    left join lateral core.quoted_people(payload -> 'people') as person on true
$$);

-- A call without a list of people says nothing about them; an empty list says that nobody is quoted.
select etl.extracts('case-study-buyers', 'extracted.case_study_people', key => '{domain,case_study_key,raw_payload_id,person_order}', mode => 'replace', as_select => $$
  select domain, core.case_study_key(page.url, customer.name) as case_study_key, coalesce(person.ordinality, 0)::integer as person_order,
         etl.fold(person.full_name) as full_name_key, person.full_name, person.job_title,
         customer.name as company_name, nullif(etl.normalize_domain(etl.as_text(payload -> 'customer_company_domain')), domain) as company_domain,
         page.url as case_study_url, 'case_study_buyers' as source
    from source
   cross join lateral (select etl.as_text(payload -> 'case_study_url') as url) as page
   cross join lateral (select etl.as_text(payload -> 'customer_company_name', 500) as name) as customer
    left join lateral core.quoted_people(payload -> 'people') as person on true
   where jsonb_typeof(payload -> 'people') = 'array'
$$);

-- The newest reading of a case study says who is quoted in it, as a whole, whichever workflow read it.
select etl.coalesces('extracted.case_study_people', 'core.case_study_champions', as_select => $$
  select domain as origin_company_domain, case_study_key, full_name_key, full_name, job_title, company_name, company_domain, case_study_url,
         case when company_domain is not null then etl.record_id('core.companies', company_domain) end as core_company_id, source.source
    from source
   where full_name_key is not null
$$);

-- The page is about a customer, and often gives its domain.
select core.offer_case_study_customer('extracted.case_study_buyers', 'case_study_buyers', 'customer_company_name', 'customer_company_domain');

select etl.responds('case-study-buyers', $$
  select source.raw_payload_id,
         (select count(distinct etl.fold(person.full_name)) from core.quoted_people(payload -> 'people') as person) as buyer_count
    from source
$$);
