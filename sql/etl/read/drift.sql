create or replace view etl.drift as
  select sighting.workflow_slug, sighting.pointer, sum(sighting.payloads)::bigint as payloads, min(sighting.first_seen_at) as first_seen_at, max(sighting.last_seen_at) as last_seen_at
    from etl.unknown_fields as sighting
   group by sighting.workflow_slug, sighting.pointer;
comment on view etl.drift is 'Payload fields that no mapping knows: in how many payloads, first and last seen.';

create or replace view etl.warning_counts as
  select warning.workflow_slug, regexp_replace(warning.pointer, '/\d+(?=/|$)', '/*', 'g') as pointer, warning.problem, count(*) as warnings,
         min(warning.seen_at) as first_seen_at, max(warning.seen_at) as last_seen_at
    from etl.payload_warnings as warning
   group by 1, 2, 3;
comment on view etl.warning_counts is 'Payload fields that could not be used: how often, first and last seen.';

create or replace function etl.compact_drift()
returns integer language plpgsql set search_path = '' as $$
declare
  v_removed integer;
begin
  with removed as (
    delete from etl.unknown_fields as sighting
    returning sighting.workflow_slug, sighting.pointer, sighting.payloads, sighting.first_seen_at, sighting.last_seen_at
  ), kept as (
    insert into etl.unknown_fields (workflow_slug, pointer, payloads, first_seen_at, last_seen_at)
    select removed.workflow_slug, removed.pointer, sum(removed.payloads), min(removed.first_seen_at), max(removed.last_seen_at)
      from removed
     group by removed.workflow_slug, removed.pointer
  )
  select count(*) into v_removed from removed;
  return v_removed;
end;
$$;
comment on function etl.compact_drift() is 'Sums the sightings of unknown fields into one row each; run daily by the worker. Gives the number of rows summed.';
