create or replace function etl.claim_productions(max_productions integer, lease interval default '3 minutes')
returns table (id uuid, claim uuid, workflow_slug text) language sql set search_path = '' as $$
  with waiting as materialized (
    select known.id
      from etl.productions as known
     where known.state = 'pending'
       and known.next_attempt_at <= now()
     order by known.next_attempt_at, known.id
     limit claim_productions.max_productions
       for update skip locked
  ), abandoned as materialized (
    select known.id
      from etl.productions as known
     where known.state = 'running'
       and known.leased_until < now()
     order by known.leased_until, known.id
     limit claim_productions.max_productions
       for update skip locked
  ), due as (
    select abandoned.id from abandoned
    union all
    select waiting.id from waiting
    limit claim_productions.max_productions
  )
  update etl.productions as claimed
     set state = 'running',
         claim = gen_random_uuid(),
         leased_until = now() + claim_productions.lease,
         attempts = claimed.attempts + 1,
         started_at = coalesce(claimed.started_at, now())
    from due
   where claimed.id = due.id
  returning claimed.id, claimed.claim, claimed.workflow_slug;
$$;
comment on function etl.claim_productions(integer, interval) is
  'Claims productions that are due, or whose holder has let its lease run out (it died), for this worker alone. Others may do the same at once.';

create or replace function etl.claim_production(production_id uuid, lease interval default '3 minutes')
returns uuid language sql set search_path = '' as $$
  update etl.productions as claimed
     set state = 'running',
         claim = gen_random_uuid(),
         leased_until = now() + claim_production.lease,
         attempts = claimed.attempts + 1,
         started_at = coalesce(claimed.started_at, now())
   where claimed.id = claim_production.production_id
     and (claimed.state = 'pending' or claimed.state = 'running' and claimed.leased_until < now())
  returning claimed.claim;
$$;
comment on function etl.claim_production(uuid, interval) is 'Claims one production, due or not; null when another holds it or it has ended.';

create or replace function etl.renew_lease(production_id uuid, claim uuid, lease interval default '3 minutes')
returns boolean language sql set search_path = '' as $$
  with renewed as (
    update etl.productions as production
       set leased_until = now() + renew_lease.lease
     where production.id = renew_lease.production_id
       and production.claim = renew_lease.claim
    returning 1
  )
  select exists (select from renewed);
$$;
comment on function etl.renew_lease(uuid, uuid, interval) is 'Says that whoever holds a production is still at it. False when the claim was lost.';

create or replace function etl.release_production(production_id uuid, claim uuid, delay interval default '0')
returns boolean language sql set search_path = '' as $$
  with released as (
    update etl.productions as production
       set state = 'pending', claim = null, leased_until = null, next_attempt_at = now() + release_production.delay
     where production.id = release_production.production_id
       and production.claim = release_production.claim
       and production.state = 'running'
    returning 1
  )
  select exists (select from released);
$$;
comment on function etl.release_production(uuid, uuid, interval) is 'Gives a claimed production back unfinished, for a worker to go on with after delay. False when the claim was lost.';

create or replace function etl.retry_productions(production_ids uuid[] default null, workflow_slug text default null)
returns integer language sql set search_path = '' as $$
  with retried as (
    update etl.productions as production
       set state = 'pending', error = null, finished_at = null, attempts = 0, next_attempt_at = now()
     where production.state = 'failed'
       -- Nothing is left of a production whose record was erased.
       and production.error ->> 'code' is distinct from 'FORGT'
       and (retry_productions.production_ids is null or production.id = any (retry_productions.production_ids))
       and (retry_productions.workflow_slug is null or production.workflow_slug = retry_productions.workflow_slug)
    returning production.job_id
  ), recounted as (
    select etl.count_ended(retried.job_id, -count(*)::integer, -count(*)::integer) from retried where retried.job_id is not null group by retried.job_id
  )
  select (select count(*)::integer from retried) from (select count(*) from recounted) as counted;
$$;
comment on function etl.retry_productions(uuid[], text) is 'Puts failed productions (all, or the given ones, or those of a workflow) back in line, for after a fix. Gives their number; a worker does the rest.';
