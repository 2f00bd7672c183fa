create or replace function api.readiness(worker_silence interval default '1 minute', at timestamptz default now())
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'registry', jsonb_build_object(
      'ok', exists (select from reference.enrichment_workflow_registry as registered where registered.is_active),
      'needs', 'at least one active workflow'
    ),
    'worker', jsonb_build_object(
      'ok', coalesce(newest.seen_at > readiness.at - readiness.worker_silence, false),
      'seen_at', newest.seen_at,
      'needs', format('a worker seen within %s', readiness.worker_silence)
    )
  )
    from (select max(beat.seen_at) as seen_at from etl.worker_heartbeats as beat) as newest;
$$;
comment on function api.readiness(interval, timestamptz) is
  'Checks behind /ready, each {ok, needs, ...}: the registry is filled (migrations and reference data are in) and a worker was seen lately.';
