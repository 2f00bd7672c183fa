-- What BuiltWith detected. Rules and shared functions: sql/core/company_technologies.sql.
select etl.raw_family('builtwith_payloads', '{
  "domain": "payload.entity_key", "payload": "payload.payload", "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('builtwith-techstack',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/built-with/site-tech/ingest',
  provider => 'builtwith',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_builtwith',
  description => 'Store the technologies that BuiltWith detected on a company''s site, extend the catalogue of technologies, and keep who uses what since when.',
  family => 'builtwith_payloads',
  key_field => 'domain',
  payload_field => 'builtwith_payload',
  refuses => $$core.technology_list_objections(payload, 'matchesFound', '/builtwith_payload')$$,
  core_tables => '{core.company_tech_on_site,core.tech_on_site_detections,core.company_technologies}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "builtwith_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "builtwith_payload": {
        "type": ["object", "array"],
        "description": "The answer of BuiltWith, unchanged: an object with matchesFound, or that array itself.",
        "properties": {
          "matchesFound": {
            "type": "array",
            "items": {
              "type": ["object", "null"],
              "properties": {
                "Name": {"type": ["string", "null"], "maxLength": 500, "description": "Identifies the technology, ignoring case and blanks; one without is skipped."},
                "Link": {"type": ["string", "null"]},
                "Description": {"type": ["string", "null"]},
                "Parent": {"type": ["string", "null"]},
                "Categories": {"type": ["array", "string", "null"], "description": "Text is a comma-separated list."},
                "Tag": {"type": ["array", "string", "null"], "description": "Read as categories where there are no Categories."},
                "FirstDetected": {"type": ["string", "integer", "null"], "format": "int64", "description": "Kept as sent."},
                "LastDetected": {"type": ["string", "integer", "null"], "format": "int64", "description": "Kept as sent."},
                "name": {"type": ["string", "null"], "maxLength": 500, "description": "Read where Name is missing; so are the other names in lower case."},
                "link": {"type": ["string", "null"]},
                "description": {"type": ["string", "null"]},
                "parent": {"type": ["string", "null"]},
                "categories": {"type": ["array", "string", "null"]},
                "tag": {"type": ["array", "string", "null"]},
                "first_detected": {"type": ["string", "integer", "null"], "format": "int64"},
                "last_detected": {"type": ["string", "integer", "null"], "format": "int64"}
              }
            }
          },
          "technologiesFound": {"type": ["string", "null"], "description": "Kept in raw only."},
          "numberOfTotalTechnologies": {"type": ["integer", "null"], "description": "Kept in raw only."}
        }
      }
    }
  }',
  response_schema => core.technologies_response_schema(),
  example => '{
    "domain": "acme.example",
    "workflow_slug": "builtwith-techstack",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "builtwith_payload": {
      "matchesFound": [
        {
          "Name": "Google Analytics",
          "Link": "https://analytics.example",
          "Description": "Counts visitors.",
          "Parent": "Google",
          "Categories": "Analytics and Tracking, Audience Measurement",
          "Tag": "analytics",
          "FirstDetected": "2021-05-03",
          "LastDetected": "2026-01-10"
        },
        {
          "name": "React",
          "link": "https://react.example",
          "description": "Draws pages.",
          "parent": "Meta",
          "categories": ["JavaScript Libraries"],
          "tag": "javascript",
          "first_detected": "2022-01-01",
          "last_detected": "2026-01-10"
        }
      ],
      "technologiesFound": "Google Analytics, React",
      "numberOfTotalTechnologies": 2
    }
  }'
);

select etl.extracts('builtwith-techstack', 'extracted.company_builtwith', key => '{domain,technology_key}', as_select => $$
  select domain, etl.fold(named.technology_name) as technology_key, named.technology_name,
         coalesce(etl.as_text(item -> 'Link'), etl.as_text(item -> 'link')) as technology_url,
         coalesce(etl.as_text(item -> 'Description'), etl.as_text(item -> 'description')) as technology_description,
         coalesce(etl.as_text(item -> 'Parent'), etl.as_text(item -> 'parent')) as technology_parent,
         coalesce(core.listed_categories(item -> 'Categories'), core.listed_categories(item -> 'categories'),
                  core.listed_categories(item -> 'Tag'), core.listed_categories(item -> 'tag')) as categories,
         coalesce(etl.as_text_or_number(item -> 'FirstDetected'), etl.as_text_or_number(item -> 'first_detected')) as first_detected,
         coalesce(etl.as_text_or_number(item -> 'LastDetected'), etl.as_text_or_number(item -> 'last_detected')) as last_detected,
         found.ordinality
    from source
   cross join lateral etl.elements(core.technology_list(payload, 'matchesFound')) as found
   cross join lateral (select found.element as item) as part
   -- computed once, although it is used several times
   cross join lateral (select coalesce(etl.as_text(item -> 'Name', 500), etl.as_text(item -> 'name', 500)) as technology_name offset 0) as named
   where named.technology_name is not null
$$);

select etl.coalesces('extracted.company_builtwith', 'reference.technologies', as_select => $$
  select technology_key as name_key, technology_name as name, technology_url as url, technology_description as description,
         technology_parent as parent, categories
    from source
$$);

select etl.coalesces('extracted.company_builtwith', 'core.company_tech_on_site', source => 'builtwith', as_select => $$
  select domain, known.id as technology_id
    from source
    join reference.technologies as known on known.name_key = technology_key
$$);

select etl.coalesces('extracted.company_builtwith', 'core.tech_on_site_detections', source => 'builtwith', as_select => $$
  select domain, known.id as technology_id, first_detected, last_detected
    from source
    join reference.technologies as known on known.name_key = technology_key
$$);

select etl.responds('builtwith-techstack', $$
  select source.raw_payload_id, domain,
         (
           select count(distinct etl.fold(named.technology_name))
             from etl.elements(core.technology_list(payload, 'matchesFound')) as found
            cross join lateral (
              select coalesce(etl.as_text(found.element -> 'Name', 500), etl.as_text(found.element -> 'name', 500)) as technology_name offset 0
            ) as named
         ) as technologies_count
    from source
$$);

-- The entry for callers that knew it beside the lists of workflows.
select etl.also_at('builtwith-techstack', '/api/enrichment/builtwith');
