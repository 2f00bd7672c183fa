-- A provider in one file. "RatingScout" is invented: it sends what customers of a company say about it.
-- Run it against a running system: psql "$(npm run -s hq -- url)" -f examples/add-a-provider.sql
-- The new path answers at once, without a restart. Running the file again changes nothing.
begin;

-- The tables: facts only. The engine adds id, source, raw_payload_id, observed_at, created_at and the unique keys.
create table if not exists extracted.ratingscout_company (domain text not null, name text, score numeric, reviews integer);
create table if not exists extracted.ratingscout_tags (domain text not null, tag text not null);
create table if not exists core.company_ratings (domain text not null, score numeric, reviews integer);

-- The workflow: path, key, request schema and a complete example.
select etl.raw_family('ratingscout_payloads', '{"domain": "payload.entity_key", "payload": "payload.payload"}');

select etl.workflow('ratingscout',
  type => 'ingest',
  entity => 'company',
  path => '/run/companies/ratingscout/ingest',
  provider => 'ratingscout',
  platform => 'ratingscout',
  payload_type => 'company_rating',
  description => 'Store what RatingScout knows about a company: its score, the number of reviews, and tags.',
  family => 'ratingscout_payloads',
  key_field => 'domain',
  payload_field => 'raw_payload',
  observed_at => $$etl.as_timestamptz(payload -> 'checked_at')$$,
  core_tables => '{core.company_names,core.company_categories,core.company_ratings}',
  request_schema => '{
    "type": "object",
    "required": ["domain", "raw_payload"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "raw_payload": {
        "type": "object",
        "description": "The RatingScout company object, unchanged.",
        "properties": {
          "company": {"type": ["string", "null"]},
          "score": {"type": ["number", "null"], "description": "From 0 to 5."},
          "reviews": {"type": ["integer", "null"]},
          "tags": {"type": ["array", "null"], "items": {"type": ["string", "null"], "maxLength": 500}},
          "checked_at": {"type": ["string", "null"], "format": "date-time"}
        }
      }
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid"},
      "tags_count": {"type": "integer"}
    }
  }',
  example => '{
    "domain": "acme.example",
    "raw_payload": {
      "company": "Acme Example",
      "score": 4.6,
      "reviews": 318,
      "tags": ["hobby", "b2b"],
      "checked_at": "2026-02-01T09:00:00Z"
    }
  }'
);

-- What comes in: payload -> extracted rows.
select etl.extracts('ratingscout', 'extracted.ratingscout_company', key => '{domain}', as_select => $$
  select domain, etl.as_text(payload -> 'company') as name,
         etl.as_numeric(payload -> 'score') as score, etl.as_integer(payload -> 'reviews') as reviews
    from source
$$);

select etl.extracts('ratingscout', 'extracted.ratingscout_tags', key => '{domain,tag}', as_select => $$
  select domain, etl.as_text(item.element, 500) as tag
    from source
   cross join lateral etl.elements(payload -> 'tags') as item
   where etl.as_text(item.element, 500) is not null
$$);

-- What it offers to core: extracted rows -> candidates. The first two tables and their rules are there already.
select etl.coalesces('extracted.ratingscout_company', 'core.company_names', source => 'ratingscout', as_select => $$
  select domain, name as raw_name
    from source
   where name is not null
$$);

select etl.coalesces('extracted.ratingscout_tags', 'core.company_categories', source => 'ratingscout', as_select => $$
  select domain, tag as category
    from source
$$);

select etl.golden('core.company_ratings', entity => 'company', key => '{domain,source}', survives => 'latest');

select etl.coalesces('extracted.ratingscout_company', 'core.company_ratings', source => 'ratingscout', as_select => $$
  select domain, score, reviews
    from source
   where num_nonnulls(score, reviews) > 0
$$);

-- What it answers, beside success and raw_id.
select etl.responds('ratingscout', $$
  select source.raw_payload_id, (select count(distinct etl.as_text(item.element, 500)) from etl.elements(payload -> 'tags') as item) as tags_count
    from source
$$);

select etl.compile();
commit;
