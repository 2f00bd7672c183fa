select etl.raw_family('icp_criteria_payloads', '{"domain": "payload.entity_key", "payload": "payload.payload"}');

select etl.workflow('icp-criteria-upsert',
  type => 'upsert',
  entity => 'company',
  path => '/run/companies/db/icp-criteria/upsert',
  provider => 'internal',
  platform => 'db',
  payload_type => 'icp_criteria',
  aliases => '{upsert-icp-criteria}',
  legacy_function => 'upsert_icp_criteria',
  description => 'Write whom a company sells to; only the fields that are given change.',
  family => 'icp_criteria_payloads',
  key_field => 'domain',
  timeout_seconds => 30,
  core_tables => '{core.icp_criteria,core.companies,core.company_names}',
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company that sells; a URL is reduced to its host. All other fields: left out or null, what is stored stays; an empty list or text replaces it."},
      "company_name": {"type": ["string", "null"], "description": "Its name."},
      "industries": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Canonical names."},
      "countries": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Names."},
      "employee_ranges": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Such as 51-200."},
      "funding_stages": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Such as series_a."},
      "job_titles": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Readable titles."},
      "seniorities": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Levels."},
      "job_functions": {"type": ["array", "null"], "items": {"type": ["string", "null"]}, "description": "Functions."},
      "value_proposition": {"type": ["string", "null"]},
      "core_benefit": {"type": ["string", "null"]},
      "target_customer": {"type": ["string", "null"]},
      "key_differentiator": {"type": ["string", "null"]}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "id": {"type": "string", "format": "uuid", "description": "Id of the row of core.icp_criteria."},
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
    "domain": "acme.example",
    "company_name": "Acme Example",
    "industries": ["Software Development"],
    "countries": ["United States"],
    "employee_ranges": ["51-200"],
    "funding_stages": ["series_a"],
    "job_titles": ["VP of Security"],
    "seniorities": ["VP"],
    "job_functions": ["Engineering"],
    "value_proposition": "Rockets that arrive flat.",
    "core_benefit": "Saves space.",
    "target_customer": "Schools",
    "key_differentiator": "Made of paper."
  }'
);

-- Empty text is kept here, as it replaces what is stored.
select etl.extracts('icp-criteria-upsert', 'extracted.icp_criteria', key => '{domain}', as_select => $$
  select domain, etl.as_text(payload -> 'company_name') as company_name,
         to_jsonb(etl.as_text_array(payload -> 'industries')) as industries,
         to_jsonb(etl.as_text_array(payload -> 'countries')) as countries,
         to_jsonb(etl.as_text_array(payload -> 'employee_ranges')) as employee_ranges,
         to_jsonb(etl.as_text_array(payload -> 'funding_stages')) as funding_stages,
         to_jsonb(etl.as_text_array(payload -> 'job_titles')) as job_titles,
         to_jsonb(etl.as_text_array(payload -> 'seniorities')) as seniorities,
         to_jsonb(etl.as_text_array(payload -> 'job_functions')) as job_functions,
         case when jsonb_typeof(payload -> 'value_proposition') = 'string' then btrim(payload ->> 'value_proposition') end as value_proposition,
         case when jsonb_typeof(payload -> 'core_benefit') = 'string' then btrim(payload ->> 'core_benefit') end as core_benefit,
         case when jsonb_typeof(payload -> 'target_customer') = 'string' then btrim(payload ->> 'target_customer') end as target_customer,
         case when jsonb_typeof(payload -> 'key_differentiator') = 'string' then btrim(payload ->> 'key_differentiator') end as key_differentiator
    from source
$$);

select etl.coalesces('extracted.icp_criteria', 'core.icp_criteria', source => 'manual', as_select => $$
  select domain, company_name, industries, countries, employee_ranges, funding_stages, job_titles, seniorities, job_functions,
         value_proposition, core_benefit, target_customer, key_differentiator
    from source
$$);
select core.offer_company_identity('extracted.icp_criteria', 'icp_criteria', 'company_name');

select etl.responds('icp-criteria-upsert', $$
  select source.raw_payload_id, domain, etl.record_id('core.icp_criteria', domain) as id
    from source
$$);
