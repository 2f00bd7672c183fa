create or replace function api.backlog(count_to integer default 100000)
returns table (pending bigint, failed bigint, stale bigint, open_jobs bigint) language sql stable set search_path = '' as $$
  select (select count(*) from (select from etl.pending_payloads limit backlog.count_to) as counted),
         (select count(*) from (select from etl.failures limit backlog.count_to) as counted),
         (select count(*) from (select from etl.stale_records limit backlog.count_to) as counted),
         (select count(*) from etl.jobs as job where job.state in ('queued', 'running'));
$$;
comment on function api.backlog(integer) is
  'Work waiting, for /metrics: each number stops counting at count_to, so that asking stays cheap when much is waiting.';
