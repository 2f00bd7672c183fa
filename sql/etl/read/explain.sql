create or replace function etl.candidates(target text, entity_key text)
returns table (candidate jsonb) language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
  v_feed record;
begin
  for v_feed in
    select feed.query, feed.family, read.ids
      from etl.candidate_queries as feed
     cross join lateral (
       select own.ids
         from etl.records as known
        cross join lateral etl.processed_payloads(feed.family, array[candidates.entity_key]) as own
        where known.entity_key = candidates.entity_key
          and feed.family = any (known.families)
          and own.workflow_slug = feed.workflow_slug
       union all
       select said.ids
         from (
           select array_agg(mention.payload_id) as payload_ids
             from etl.mentions as mention
            where mention.entity_key = candidates.entity_key
              and mention.family = feed.family
         ) as mentioned
        cross join lateral etl.landed_by_workflow(feed.family, mentioned.payload_ids) as said
        where mentioned.payload_ids is not null
          and said.workflow_slug = feed.workflow_slug
     ) as read
     where feed.target = candidates.target
     order by feed.workflow_slug, feed.origin
  loop
    return query execute v_feed.query using etl.landed_payloads(v_feed.family, v_feed.ids), candidates.entity_key;
  end loop;
end;
$$;
comment on function etl.candidates(text, text) is
  'Everything that was ever offered to one golden table about one record, computed from raw: candidate rows as JSON with source, raw_payload_id, observed_at, workflow_slug.';

create or replace function etl.explain(key text)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_entity record;
  v_kept record;
  v_rows jsonb;
  v_tables jsonb := '[]'::jsonb;
  v_payloads jsonb;
begin
  select entity.entity_type, entity.entity_key into v_entity from etl.require_entity(explain.key) as entity;
  for v_kept in select kept.target, kept.rule, kept.kept_by, kept.key from etl.kept_tables() as kept where kept.entity_type = v_entity.entity_type order by kept.target loop
    with offered as materialized (
      select offer.candidate, etl.picked(offer.candidate, v_kept.key) as row_key
        from etl.golden_tables as golden
       cross join lateral etl.candidates(golden.target, v_entity.entity_key) as offer
       where golden.target = v_kept.target
    )
    select jsonb_agg(
        jsonb_build_object(
          'key', stored.row_key,
          'values', etl.facts_of(stored.golden_row) - 'id' - 'source' - v_kept.key,
          'source', stored.golden_row -> 'source',
          'raw_payload_id', stored.golden_row -> 'raw_payload_id',
          'observed_at', stored.golden_row -> 'observed_at',
          'workflow_slug', (
            select offered.candidate -> 'workflow_slug'
              from offered
             where offered.row_key = stored.row_key
               and offered.candidate -> 'raw_payload_id' = stored.golden_row -> 'raw_payload_id'
             limit 1
          ),
          'losers', coalesce((
            select jsonb_agg(
                offered.candidate - v_kept.key
                order by offered.candidate ->> 'observed_at' desc, offered.candidate ->> 'raw_payload_id' desc
              )
              from offered
             where offered.row_key = stored.row_key
               and offered.candidate -> 'raw_payload_id' <> stored.golden_row -> 'raw_payload_id'
          ), '[]')
        ) || case when stored.golden_row ? 'lineage' then jsonb_build_object('lineage', stored.golden_row -> 'lineage') else '{}' end
        order by stored.row_key
      )
      into v_rows
      from etl.golden_rows(array[v_entity.entity_key]) as stored
     where stored.target = v_kept.target;
    if v_rows is not null then
      v_tables := v_tables || jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('table', v_kept.target, 'rule', v_kept.rule, 'kept_by', v_kept.kept_by)) || jsonb_build_object('rows', v_rows));
    end if;
  end loop;
  v_payloads := etl.payloads_of(v_entity.entity_key);
  -- Some answers are kept in extracted alone.
  if v_tables = '[]' and not v_payloads @> '[{"state": "processed"}]' then
    raise exception 'Nothing is known about %', v_entity.entity_key using errcode = 'UNKEY', hint = 'No payload about it was processed yet.';
  end if;
  return jsonb_build_object('entity', v_entity.entity_type, 'key', v_entity.entity_key, 'tables', v_tables, 'payloads', v_payloads);
end;
$$;
comment on function etl.explain(text) is
  'Why the golden record of a domain or LinkedIn URL is as it is: per table its rule, per row the winner (source, payload, time) and the losers; and the record''s payloads, with what produced ones rest on. Raises BADKY, UNKEY.';

create or replace function etl.payloads_of(entity_key text)
returns jsonb language sql stable set search_path = '' set timezone = 'UTC' as $$
  select coalesce(jsonb_agg(
      jsonb_build_object(
        'payload_id', payload.id, 'workflow_slug', payload.workflow_slug, 'observed_at', payload.observed_at, 'landed_at', payload.created_at,
        'state', etl.payload_state(payload.id)
      ) || case when producer.workflow_slug is not null then jsonb_strip_nulls(jsonb_build_object(
        'model', payload.payload -> 'model', 'sources', payload.payload -> 'sources',
        'pages', (select jsonb_agg(page.element -> 'url' order by page.ordinality) from etl.elements(payload.payload -> 'pages') as page)
      )) else '{}' end order by payload.observed_at desc, payload.id desc
    ), '[]')
    from raw.payloads as payload
    left join etl.producers as producer on producer.workflow_slug = payload.workflow_slug
   where payload.entity_key = payloads_of.entity_key;
$$;
comment on function etl.payloads_of(text) is 'The raw payloads about one record (normalised key), newest first, as JSON; of one that was produced also the model, the pages it was shown and the sources that it cites.';
