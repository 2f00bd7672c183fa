create or replace function etl.run_producer(workflow reference.enrichment_workflow_registry, bodies jsonb[], options jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_known constant jsonb[] := etl.known_productions(workflow, bodies);
  v_answered bigint[];
  v_outcomes jsonb;
  v_landed jsonb;
begin
  v_answered := array(
    select body.position
      from unnest(bodies) with ordinality as body (value, position)
     where v_known[body.position] is not null
        or jsonb_typeof(body.value -> 'production') = 'object' and not coalesce((options ->> 'only_requests')::boolean, false)
     order by body.position
  );
  v_outcomes := etl.request_productions(
    workflow, array(select body.value from unnest(bodies) with ordinality as body (value, position) where not body.position = any (v_answered) order by body.position), options
  );
  if cardinality(v_answered) = 0 then
    return v_outcomes;
  end if;
  v_landed := etl.run_ingestion(workflow, array(
    select bodies[item.position] || case when v_known[item.position] is null then '{}' else jsonb_build_object('production', v_known[item.position]) end
      from unnest(v_answered) with ordinality as item (position, rank)
     order by item.rank
  ), options);
  return (
    select jsonb_agg(case
        when answered.rank is not null then v_landed -> (answered.rank - 1)::integer
        else v_outcomes -> (item.position - 1 - (select count(*) from unnest(v_answered) as before where before < item.position))::integer
      end order by item.position)
      from generate_series(1, cardinality(bodies)) as item (position)
      left join unnest(v_answered) with ordinality as answered (position, rank) using (position)
  );
end;
$$;
comment on function etl.run_producer(reference.enrichment_workflow_registry, jsonb[], jsonb) is
  'Runs bodies of a producing workflow. A body whose answer is known without asking (etl.known_productions) lands at once. A body with an object "production" (an answer from elsewhere: an example, an import, a rebuild) lands like any payload; any other becomes a production, which a worker or the API finishes. '
  'options: only_requests (no caller may bring its own answer), and those of etl.request_productions.';

create or replace function etl.known_productions(workflow reference.enrichment_workflow_registry, bodies jsonb[])
returns jsonb[] language sql stable set search_path = '' as $$
  -- Only where neither pages nor calls come first; most producers have one of them, or no known answers at all.
  select array_agg(case when known.plan ->> 'do' = 'land' and known.plan ? 'answer' then
             jsonb_build_object('answer', known.plan -> 'answer', 'prompt_version', producer.prompt_version)
           end order by accepted.place)
    from etl.producers as producer
    join etl.ingestions as ingestion on ingestion.workflow_slug = producer.workflow_slug
   cross join lateral etl.accept(known_productions.workflow, ingestion, known_productions.bodies) as accepted
    left join lateral (
      select etl.plan(producer.workflow_slug, accepted.entity_key, accepted.request, '[]', '{}') as plan
    ) as known on accepted.refused is null and not known_productions.bodies[accepted.place] ? 'production'
   where producer.workflow_slug = (known_productions.workflow).workflow_slug
     and producer.pages is null
     and producer.calls is null
     and producer.inputs ~ '\mknown_answer\M';
$$;
comment on function etl.known_productions(reference.enrichment_workflow_registry, jsonb[]) is
  'For each body what would land of it if its inputs give a known_answer that needs nothing outside; null elsewhere, and null instead of the array for producers without such answers.';

create or replace function etl.request_productions(workflow reference.enrichment_workflow_registry, bodies jsonb[], options jsonb default '{}')
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_ingestion etl.ingestions;
  v_at constant timestamptz := clock_timestamp();
  v_outcomes jsonb;
begin
  select ingestion.* into strict v_ingestion from etl.ingestions as ingestion where ingestion.workflow_slug = workflow.workflow_slug;
  with looked_at as materialized (
    select accepted.place, accepted.entity_key, accepted.request, etl.uuidv7(v_at + accepted.place * interval '1 microsecond') as id,
           coalesce(accepted.refused, case when bodies[accepted.place] ? 'production' then
             etl.refusal('BADRQ', '/production: The answer is made here; a caller cannot bring it.',
               errors => '[{"pointer": "/production", "detail": "The answer is made here; a caller cannot bring it."}]')
           end) as refused
      from etl.accept(workflow, v_ingestion, bodies) as accepted
  ), requested as (
    insert into etl.productions (id, workflow_slug, entity_key, body, job_id, next_attempt_at)
    select looked_at.id, workflow.workflow_slug, looked_at.entity_key, looked_at.request, (options ->> 'job_id')::uuid,
           v_at + coalesce((options ->> 'held_seconds')::integer, 0) * interval '1 second'
      from looked_at
     where looked_at.refused is null
  )
  select coalesce(jsonb_agg(coalesce(looked_at.refused, etl.outcome(202, jsonb_build_object(
      'success', true, 'production_id', looked_at.id, 'raw_id', looked_at.id, 'raw_payload_id', looked_at.id, 'state', 'pending', 'status_url', '/productions/' || looked_at.id
    ), looked_at.id)) order by looked_at.place), '[]')
    into v_outcomes
    from looked_at;
  return v_outcomes;
end;
$$;
comment on function etl.request_productions(reference.enrichment_workflow_registry, jsonb[], jsonb) is
  'Accepts bodies of a producing workflow like an ingest (nothing that is refused is stored) and stores each as a pending production; outcomes 202 with its id. options: job_id; held_seconds: workers leave it alone so long, as a caller is waiting who will claim it.';
