-- What PredictLeads detected. Rules and shared functions: sql/core/company_technologies.sql.
select etl.raw_family('predictleads_payloads', '{
  "domain": "payload.entity_key", "payload": "payload.payload", "clay_table_url": "payload.request ->> ''clay_table_url''"
}');

select etl.workflow('predictleads-techstack',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/clay-predictleads/get-tech-stack/ingest',
  provider => 'predictleads',
  platform => 'clay',
  payload_type => 'enrichment',
  legacy_function => 'ingest_predictleads_techstack',
  description => 'Store the technologies that PredictLeads detected at a company, extend its catalogue of technologies, and keep who uses what.',
  family => 'predictleads_payloads',
  key_field => 'domain',
  payload_field => 'predictleads_payload',
  refuses => $$core.technology_list_objections(payload, 'technologies', '/predictleads_payload')$$,
  core_tables => '{core.predictleads_detections,core.company_predictleads_technologies}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "predictleads_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "workflow_slug": {"type": ["string", "null"], "description": "Optional; must be registered when given."},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that sent it."},
      "predictleads_payload": {
        "type": ["object", "array"],
        "description": "The answer of PredictLeads, unchanged: an object with technologies, or that array itself.",
        "properties": {
          "technologies": {
            "type": "array",
            "items": {
              "type": ["object", "null"],
              "properties": {
                "title": {"type": ["string", "null"], "maxLength": 500, "description": "Identifies the technology, ignoring case and blanks; one without is skipped."},
                "url": {"type": ["string", "null"]},
                "domain": {"type": ["string", "null"], "description": "Domain of the vendor."},
                "categories": {"type": ["array", "string", "null"], "description": "Text is a comma-separated list."},
                "score": {"type": ["number", "null"]},
                "first_seen_at": {"type": ["string", "null"], "format": "date-time"},
                "last_seen_at": {"type": ["string", "null"], "format": "date-time"},
                "behind_firewall": {"type": ["boolean", "null"]}
              }
            }
          },
          "total_count": {"type": ["integer", "null"], "description": "Kept in raw only."},
          "technologiesFound": {"type": ["string", "null"], "description": "Kept in raw only."}
        }
      }
    }
  }',
  response_schema => core.technologies_response_schema(),
  example => '{
    "domain": "acme.example",
    "workflow_slug": "predictleads-techstack",
    "clay_table_url": "https://app.clay.example/tables/t_abc123",
    "predictleads_payload": {
      "technologies": [
        {
          "title": "PostgreSQL",
          "url": "https://www.postgresql.org",
          "domain": "postgresql.org",
          "categories": ["Databases"],
          "score": 0.87,
          "first_seen_at": "2024-03-01T00:00:00Z",
          "last_seen_at": "2026-01-10T12:00:00Z",
          "behind_firewall": true
        }
      ],
      "total_count": 1,
      "technologiesFound": "PostgreSQL"
    }
  }'
);

select etl.extracts('predictleads-techstack', 'extracted.company_predictleads', key => '{domain,technology_key}', as_select => $$
  select domain, etl.fold(named.technology_title) as technology_key, named.technology_title, etl.as_text(found.element -> 'url') as technology_url,
         etl.as_text(found.element -> 'domain') as technology_domain, core.listed_categories(found.element -> 'categories') as categories,
         etl.as_numeric(found.element -> 'score') as score, etl.as_timestamptz(found.element -> 'first_seen_at') as first_seen_at,
         etl.as_timestamptz(found.element -> 'last_seen_at') as last_seen_at, etl.as_boolean(found.element -> 'behind_firewall') as behind_firewall,
         found.ordinality
    from source
   cross join lateral etl.elements(core.technology_list(payload, 'technologies')) as found
   cross join lateral (select etl.as_text(found.element -> 'title', 500) as technology_title offset 0) as named
   where named.technology_title is not null
$$);

select etl.coalesces('extracted.company_predictleads', 'reference.predictleads_technologies', source => 'predictleads', as_select => $$
  select technology_key as title_key, technology_title as title, technology_url as url, technology_domain, categories
    from source
$$);

select etl.coalesces('extracted.company_predictleads', 'core.predictleads_detections', source => 'predictleads', as_select => $$
  select domain, known.id as technology_id, score, first_seen_at, last_seen_at, behind_firewall
    from source
    join reference.predictleads_technologies as known on known.title_key = technology_key
$$);

select etl.responds('predictleads-techstack', $$
  select source.raw_payload_id, domain,
         (
           select count(distinct etl.fold(named.technology_title))
             from etl.elements(core.technology_list(payload, 'technologies')) as found
            cross join lateral (select etl.as_text(found.element -> 'title', 500) as technology_title offset 0) as named
         ) as technologies_count
    from source
$$);
