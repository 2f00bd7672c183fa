select etl.golden('core.tech_on_site_detections', entity => 'company', key => '{domain,technology_id,source,first_detected,last_detected}', survives => 'set');

select etl.derives('core.company_technologies', 'core.tech_on_site_detections', entity => 'company', origin_column => 'domain', key => '{domain,technology_id}', as_select => $$
  select domain, technology_id, min(first_detected) as first_detected, max(last_detected) as last_detected,
         (array_agg(source order by observed_at desc, raw_payload_id desc))[1] as source,
         (array_agg(raw_payload_id order by observed_at desc, raw_payload_id desc))[1] as raw_payload_id, max(observed_at) as observed_at
    from source
   group by domain, technology_id
$$);

-- The score of one pair of dates is the newest that was given with it.
select etl.golden('core.predictleads_detections', entity => 'company', key => '{domain,technology_id,first_seen_at,last_seen_at}', survives => 'latest');

select etl.derives('core.company_predictleads_technologies', 'core.predictleads_detections', entity => 'company', origin_column => 'domain', key => '{domain,technology_id}', as_select => $$
  select domain, technology_id,
         (array_agg(score order by observed_at desc, raw_payload_id desc) filter (where score is not null))[1] as score,
         min(first_seen_at) as first_seen_at, max(last_seen_at) as last_seen_at,
         (array_agg(behind_firewall order by observed_at desc, raw_payload_id desc) filter (where behind_firewall is not null))[1] as behind_firewall,
         (array_agg(source order by observed_at desc, raw_payload_id desc))[1] as source,
         (array_agg(raw_payload_id order by observed_at desc, raw_payload_id desc))[1] as raw_payload_id, max(observed_at) as observed_at
    from source
   group by domain, technology_id
$$);

-- A catalogue: what a newer payload does not say of a technology stays as it was.
select etl.golden('reference.predictleads_technologies', key => '{title_key}', survives => 'fill', fill_order => 'latest');

create or replace function core.technology_list(payload jsonb, list_field text)
returns jsonb language sql immutable parallel safe as $$
  select coalesce(etl.as_array(technology_list.payload), etl.as_array(technology_list.payload -> technology_list.list_field));
$$;
comment on function core.technology_list(jsonb, text) is 'The technologies of a payload that is the list itself or an object with it; null when it is neither.';

create or replace function core.technology_list_objections(payload jsonb, list_field text, pointer text)
returns jsonb language sql immutable parallel safe as $$
  select case when core.technology_list(technology_list_objections.payload, technology_list_objections.list_field) is null then
    jsonb_build_array(jsonb_build_object(
      'pointer', technology_list_objections.pointer, 'detail', format('Expected an array, or an object with the array "%s".', technology_list_objections.list_field)
    ))
  end;
$$;
comment on function core.technology_list_objections(jsonb, text, text) is 'Why a payload has no list of technologies, as [{pointer, detail}]; null when it has one.';

create or replace function core.split_categories(input text)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_agg(part.item order by part.ordinality) from etl.split_list(input) as part;
$$;
comment on function core.split_categories(text) is 'The parts of a comma-separated text (etl.split_list) as a JSON array; null when there are none.';

create or replace function core.listed_categories(input jsonb)
returns jsonb language sql immutable parallel safe as $$
  -- Parts of a short text cannot be too long. Without a subquery this is part of the query that calls it, once for each technology.
  select case
    when jsonb_typeof(input) = 'array' then input
    when jsonb_typeof(input) = 'string' and length(input #>> '{}') <= 300 then
      to_jsonb(nullif(array_remove(regexp_split_to_array(btrim(input #>> '{}'), ' *, *'), ''), '{}'))
    when jsonb_typeof(input) = 'string' then core.split_categories(input #>> '{}')
  end;
$$;
comment on function core.listed_categories(jsonb) is 'Categories as a JSON array: the array itself, or the parts of a comma-separated text without empty ones; null when there are none.';

create or replace function core.technologies_response_schema()
returns jsonb language sql immutable parallel safe as $$
  select '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "technologies_count": {"type": "integer", "description": "Distinct technologies of the payload, ignoring case and blanks."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }'::jsonb;
$$;
comment on function core.technologies_response_schema() is 'What the two tech-stack workflows answer.';
