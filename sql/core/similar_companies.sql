create or replace function core.refuses_similarity()
returns text language sql immutable parallel safe as $$
  select $sql$
    nullif(coalesce(case when etl.as_numeric(request -> 'similarity_weight') not between -1 and 1 then
      '[{"pointer": "/similarity_weight", "detail": "Expected a number from -1 (established) to 1 (similar)."}]'::jsonb end, '[]')
      || coalesce(case when etl.as_text(request -> 'country_code') !~* '^[a-z]{2}$' then
      '[{"pointer": "/country_code", "detail": "Expected two letters, such as US."}]'::jsonb end, '[]'), '[]')
  $sql$;
$$;
comment on function core.refuses_similarity() is 'The rule about the search parameters of similar companies: weight from -1 to 1, country in two letters.';

create or replace function core.similar_request_schema(properties jsonb, required jsonb)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object('type', 'object', 'required', similar_request_schema.required, 'properties', similar_request_schema.properties || '{
    "similarity_weight": {"type": ["number", "null"], "description": "From -1 (more established) to 1 (more similar); 0 unless given."},
    "country_code": {"type": ["string", "null"], "description": "Two letters: only companies of this country."}
  }');
$$;
comment on function core.similar_request_schema(jsonb, jsonb) is 'JSON Schema of a request about similar companies: the given properties and the search parameters.';

create or replace function core.similar_bodies(domains text[], request jsonb)
returns jsonb[] language sql immutable parallel safe as $$
  select array(
    select jsonb_build_object('domain', wanted.domain) || jsonb_strip_nulls(jsonb_build_object(
        'similarity_weight', similar_bodies.request -> 'similarity_weight', 'country_code', similar_bodies.request -> 'country_code'
      ))
      from unnest(domains) with ordinality as wanted (domain, position)
     order by wanted.position
  );
$$;
comment on function core.similar_bodies(text[], jsonb) is 'Bodies of company-enrich-similar-single for domains, with the search parameters of a request.';

create or replace function core.start_similar_batch(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_domains text[];
  v_job_id uuid;
begin
  v_domains := array(
    select named.domain
      from (
        select coalesce(etl.normalize_domain(item.element #>> '{}'), item.element #>> '{}') as domain, min(item.ordinality) as position
          from etl.elements(request -> 'domains') as item
         group by 1
      ) as named
     where named.domain is not null
     order by named.position
  );
  if cardinality(v_domains) = 0 then
    raise exception 'There are no domains to ask about.' using errcode = 'BADRQ', detail = '/domains';
  end if;
  v_job_id := etl.start_productions('company-enrich-similar-single', core.similar_bodies(v_domains, request), etl.as_text(request -> 'batch_name'));
  return jsonb_build_object(
    'success', true, 'batch_id', v_job_id, 'total_domains', cardinality(v_domains), 'status', 'processing', 'status_url', '/jobs/' || v_job_id,
    'message', format('GET /api/enrichment/similar-companies/batch/%s/status shows how far it is.', v_job_id)
  );
end;
$$;
comment on function core.start_similar_batch(jsonb) is 'Starts a job that fetches the similar companies of each domain: {success, batch_id, total_domains, status, message}. Raises BADRQ.';

create or replace function core.process_similar_queue(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_size constant integer := coalesce(etl.as_integer(request -> 'batch_size'), 300);
  v_webhook_url constant text := etl.as_text(request -> 'webhook_url');
  v_domains text[];
  v_job_id uuid;
begin
  if v_size not between 1 and 10000 then
    raise exception 'A batch takes from 1 to 10000 domains, not %.', v_size using errcode = 'BADRQ', detail = '/batch_size';
  end if;
  if v_webhook_url is not null then
    perform etl.destination_host(v_webhook_url);
  end if;
  v_domains := core.take_similar_queue(v_size);
  if cardinality(v_domains) = 0 then
    return jsonb_build_object(
      'success', true, 'batch_id', null, 'domains_to_process', 0, 'estimated_time_seconds', 0, 'webhook_url', v_webhook_url, 'message', 'There is nothing pending in the queue.'
    );
  end if;
  v_job_id := etl.start_productions('company-enrich-similar-single', core.similar_bodies(v_domains, request), format('queue-batch-%s', cardinality(v_domains)));
  update raw.company_enrich_similar_queue as queued
     set batch_id = v_job_id, production_id = production.id
    from etl.productions as production
   where production.job_id = v_job_id
     and queued.domain = production.entity_key;
  if v_webhook_url is not null then
    insert into raw.company_enrich_similar_webhooks (batch_id, webhook_url) values (v_job_id, v_webhook_url);
  end if;
  -- What cannot be asked (erased on request) ends here.
  update raw.company_enrich_similar_queue as queued
     set status = 'error', batch_id = v_job_id, processed_at = now()
   where queued.domain = any (v_domains)
     and queued.production_id is null;
  return jsonb_build_object(
    'success', true, 'batch_id', v_job_id, 'domains_to_process', cardinality(v_domains), 'estimated_time_seconds', cardinality(v_domains) * 0.5,
    'webhook_url', v_webhook_url, 'message', format('GET /jobs/%s shows how far it is.', v_job_id)
  );
end;
$$;
comment on function core.process_similar_queue(jsonb) is
  'Takes the oldest pending domains of the queue, each for one caller alone, and starts a job for them, at whose end webhook_url is told: {success, batch_id, domains_to_process, estimated_time_seconds, webhook_url, message}. Raises BADRQ.';

create or replace function core.take_similar_queue(most integer)
returns text[] language sql set search_path = '' as $$
  with taken as materialized (
    select queued.id
      from raw.company_enrich_similar_queue as queued
     where queued.status = 'pending'
     order by queued.created_at, queued.id
     limit take_similar_queue.most
       for update skip locked
  ), marked as (
    update raw.company_enrich_similar_queue as queued
       set status = 'processing', production_id = null, processed_at = null
      from taken
     where queued.id = taken.id
    returning queued.domain, queued.created_at, queued.id
  )
  select coalesce(array_agg(marked.domain order by marked.created_at, marked.id), '{}') from marked;
$$;
comment on function core.take_similar_queue(integer) is 'Marks the oldest pending domains of the queue as processing and gives them; what another takes at the same time is left out.';

create or replace function core.follow_similar_production()
returns trigger language plpgsql set search_path = '' as $$
begin
  update raw.company_enrich_similar_queue as queued
     set status = case changed.state when 'done' then 'done' when 'failed' then 'error' when 'cancelled' then 'pending' else 'processing' end,
         processed_at = changed.finished_at
    from changed
   where queued.production_id = changed.id
     and changed.workflow_slug = 'company-enrich-similar-single';
  return null;
end;
$$;
comment on function core.follow_similar_production() is 'Trigger on etl.productions: rows of the queue of similar companies follow what becomes of their production.';
drop trigger if exists _500_similar_queue on etl.productions;
create trigger _500_similar_queue
  after update on etl.productions
  referencing new table as changed
  for each statement execute function core.follow_similar_production();

create or replace function core.tell_similar_batch(batch_id uuid)
returns void language plpgsql set search_path = '' as $$
declare
  v_webhook_url text;
begin
  select wanted.webhook_url into v_webhook_url
    from raw.company_enrich_similar_webhooks as wanted
   where wanted.batch_id = tell_similar_batch.batch_id
     for update;
  if not found then
    return;
  end if;
  perform etl.make_delivery('similar-companies-batch-completed', jsonb_build_object('webhook_url', v_webhook_url, 'batch_id', tell_similar_batch.batch_id));
  delete from raw.company_enrich_similar_webhooks as wanted where wanted.batch_id = tell_similar_batch.batch_id;
exception
  when others then
    if etl.is_transient(sqlstate) then
      raise;
    end if;
    -- The last answer of the batch lands in this transaction: it must not be lost because nobody can be told of it.
    update raw.company_enrich_similar_webhooks as wanted set problem = sqlerrm where wanted.batch_id = tell_similar_batch.batch_id;
end;
$$;
comment on function core.tell_similar_batch(uuid) is
  'Makes the delivery that tells of a batch of similar companies, if a webhook asked for it. What keeps it from being made (the workflow is switched off) is noted beside the webhook, which is told later. Raises only what can pass.';

create or replace function core.follow_similar_batch()
returns trigger language plpgsql set search_path = '' as $$
begin
  perform core.tell_similar_batch(new.id);
  return null;
end;
$$;
comment on function core.follow_similar_batch() is 'Trigger on etl.jobs: a batch of similar companies that has ended is told to the webhook that asked for it, as a delivery.';
drop trigger if exists _500_similar_batch on etl.jobs;
create trigger _500_similar_batch
  after update of state on etl.jobs
  for each row
  when (new.state = 'done' and old.state <> 'done' and new.workflow_slug = 'company-enrich-similar-single')
  execute function core.follow_similar_batch();

create or replace function core.tell_waiting_similar_batches()
returns trigger language plpgsql set search_path = '' as $$
begin
  perform core.tell_similar_batch(wanted.batch_id)
     from raw.company_enrich_similar_webhooks as wanted
     join etl.jobs as job on job.id = wanted.batch_id
    where job.state = 'done'
    order by job.finished_at, job.id;
  return null;
end;
$$;
comment on function core.tell_waiting_similar_batches() is 'Trigger on the registry: batches of similar companies that ended while the workflow that tells of them was switched off are told once it is on again.';
drop trigger if exists _500_similar_batches on reference.enrichment_workflow_registry;
create trigger _500_similar_batches
  after update of is_active on reference.enrichment_workflow_registry
  for each row
  when (new.is_active and not old.is_active and new.workflow_slug = 'similar-companies-batch-completed')
  execute function core.tell_waiting_similar_batches();

create or replace function core.similar_batch_event(batch_id uuid)
returns table (event text, batch text, status text, total bigint, processed bigint, errors bigint, error_details jsonb)
language sql stable set search_path = '' as $$
  select 'batch_completed', job.id::text, case when job.errors > 0 then 'completed_with_errors' else 'completed' end, job.total, job.done, job.errors,
         coalesce((
           select jsonb_agg(jsonb_build_object('domain', failed.entity_key, 'error', failed.error ->> 'detail') order by failed.id)
             from (
               select production.id, production.entity_key, production.error
                 from etl.productions as production
                where production.job_id = job.id
                  and production.state = 'failed'
                order by production.id
                limit 10
             ) as failed
         ), '[]')
    from etl.jobs as job
   where job.id = similar_batch_event.batch_id
     and job.workflow_slug = 'company-enrich-similar-single';
$$;
comment on function core.similar_batch_event(uuid) is 'What is told of a batch of similar companies: one row, with the first ten failures; none for an unknown batch.';

create or replace function core.enqueue_similar(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_size constant integer := coalesce(etl.as_integer(request -> 'batch_size'), 200);
  v_queued integer;
  v_batch jsonb;
begin
  if v_size not between 1 and 2000 then
    raise exception 'A batch takes from 1 to 2000 domains, not %.', v_size using errcode = 'BADRQ', detail = '/batch_size';
  end if;
  with chosen as (
    select pending.domain from core.similar_pending as pending order by pending.domain limit v_size
  )
  insert into raw.company_enrich_similar_queue as queued (domain)
  select chosen.domain from chosen
      -- A domain that failed is tried again; one that waits or is under way stays where it is.
      on conflict on constraint company_enrich_similar_queue_domain_key do update
     set status = 'pending', production_id = null, processed_at = null, created_at = clock_timestamp()
   where queued.status in ('error', 'done');
  get diagnostics v_queued = row_count;
  -- Where there is nothing to queue, what stands in the queue since an earlier call (a batch that was cancelled) is begun.
  v_batch := core.process_similar_queue(request || jsonb_build_object('batch_size', case when v_queued > 0 then v_queued else v_size end));
  return jsonb_build_object(
    'success', true, 'queued_domains', v_queued, 'remaining_pending', (select count(*) from core.similar_pending),
    'batch_id', v_batch -> 'batch_id', 'domains_processing', v_batch -> 'domains_to_process', 'estimated_time_seconds', v_batch -> 'estimated_time_seconds'
  ) || case when v_batch -> 'batch_id' = 'null' then '{"message": "There is nothing left to do."}' else '{}' end::jsonb;
end;
$$;
comment on function core.enqueue_similar(jsonb) is 'Queues customer domains that nobody has asked CompanyEnrich about (core.similar_pending), batch_size of them, and starts a batch, of what waits in the queue where there is none. Raises BADRQ.';

create or replace view core.similar_pending as
  select customer.customer_domain as domain
    from (select distinct etl.normalize_domain(resolved.customer_domain) as customer_domain from core.company_customers_resolved as resolved) as customer
   where customer.customer_domain is not null
     and not exists (select from extracted.company_enrich_similar_checks as known where known.domain = customer.customer_domain)
     and not exists (select from raw.company_enrich_similar_queue as queued where queued.domain = customer.customer_domain and queued.status in ('pending', 'processing'));
comment on view core.similar_pending is 'Domains of customers whose similar companies nobody has asked about, and that are not in the queue.';

create or replace function core.similar_batch_status(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_job etl.jobs;
  v_found jsonb;
begin
  select job.* into v_job from etl.jobs as job where job.id = core.as_uuid(request -> 'batch_id') and job.workflow_slug = 'company-enrich-similar-single';
  if not found then
    raise exception 'There is no batch "%".', left(request ->> 'batch_id', 100) using errcode = 'UNKEY', detail = '/batch_id';
  end if;
  select jsonb_build_object(
      'total_similar_companies', coalesce(sum(counted.similar), 0), 'domains_with_results', count(*) filter (where counted.similar > 0),
      'per_domain_counts', coalesce(jsonb_object_agg(counted.domain, counted.similar), '{}')
    )
    into v_found
    from (
      select production.entity_key as domain, count(similar_company.id) as similar
        from etl.productions as production
        left join extracted.company_enrich_similar as similar_company on similar_company.domain = production.entity_key and similar_company.raw_payload_id = production.id
       where production.job_id = v_job.id
       group by production.entity_key
    ) as counted;
  return jsonb_build_object(
      'success', true, 'batch_id', v_job.id, 'batch_name', v_job.name,
      'status', case when v_job.state = 'done' and v_job.errors > 0 then 'completed_with_errors' when v_job.state = 'done' then 'completed' when v_job.state = 'running' then 'processing' when v_job.state = 'queued' then 'pending' else v_job.state end,
      'total_domains', v_job.total, 'processed_domains', v_job.done,
      'progress_percent', case when v_job.total > 0 then round(v_job.done * 100.0 / v_job.total, 1) else 0 end,
      'created_at', v_job.created_at, 'completed_at', v_job.finished_at,
      'error_message', case when v_job.errors > 0 then format('%s failed; the last: %s', v_job.errors, v_job.last_error) end
    ) || case when v_job.state = 'done' then jsonb_build_object('results_summary', v_found, 'similar_companies_found', v_found -> 'total_similar_companies') else '{}' end;
end;
$$;
comment on function core.similar_batch_status(jsonb) is 'How far a batch of similar companies is, and once it has ended what it found. Raises UNKEY.';

create or replace function core.similar_queue_status(request jsonb default '{}')
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
      'success', true, 'total', count(*), 'pending', count(*) filter (where queued.status = 'pending'), 'processing', count(*) filter (where queued.status = 'processing'),
      'done', count(*) filter (where queued.status = 'done'), 'error', count(*) filter (where queued.status = 'error')
    )
    from raw.company_enrich_similar_queue as queued;
$$;
comment on function core.similar_queue_status(jsonb) is 'The queue of similar companies, counted by status.';

create or replace function core.clear_similar_queue(include_processing boolean default false)
returns jsonb language sql set search_path = '' as $$
  with deleted as (
    delete from raw.company_enrich_similar_queue as queued
     where queued.status <> 'processing'
        or clear_similar_queue.include_processing
    returning 1
  )
  select jsonb_build_object('success', true, 'message', format('%s rows deleted.', count(*)), 'deleted', count(*)) from deleted;
$$;
comment on function core.clear_similar_queue(boolean) is 'Empties the queue of similar companies; what is being processed only on request.';

create or replace function core.similar_companies(domain text, most integer default 25)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
      'domain', named.domain, 'checked_at', asked.observed_at,
      'similar_companies', listed.rows, 'count', jsonb_array_length(listed.rows)
    )
    from (select etl.normalize_domain(similar_companies.domain) as domain) as named
    left join extracted.company_enrich_similar_checks as asked on asked.domain = named.domain
   cross join lateral (
     select coalesce(jsonb_agg(jsonb_build_object(
         'company_name', found.company_name, 'company_domain', found.company_domain, 'company_industry', found.company_industry,
         'company_description', found.company_description, 'similarity_score', found.similarity_score
       ) order by found.similarity_score desc nulls last, found.similar_order), '[]') as rows
       from (
         select best.company_name, best.company_domain, best.company_industry, best.company_description, best.similarity_score, best.similar_order
           from (
             -- A company that the answer names twice counts once, with its best score.
             select distinct on (coalesce(similar_company.company_domain, similar_company.similar_order::text)) similar_company.company_name, similar_company.company_domain,
                    similar_company.company_industry, similar_company.company_description, similar_company.similarity_score, similar_company.similar_order
               from extracted.company_enrich_similar as similar_company
              where similar_company.domain = named.domain
              order by coalesce(similar_company.company_domain, similar_company.similar_order::text), similar_company.similarity_score desc nulls last, similar_company.similar_order
           ) as best
          order by best.similarity_score desc nulls last, best.similar_order
          limit similar_companies.most
       ) as found
   ) as listed
   where named.domain is not null;
$$;
comment on function core.similar_companies(text, integer) is 'The current set of similar companies of a domain, best first, each once, and when the provider was asked last (checked_at; null: never). Null for what is no domain.';

create or replace view raw.company_enrich_similar_batches as
  select job.id, job.name as batch_name, asked.input_domains, asked.similarity_weight, asked.country_code,
         case job.state when 'queued' then 'pending' when 'running' then 'processing' when 'done' then 'completed' else job.state end as status,
         job.total as total_domains, job.done as processed_domains, job.created_at, job.finished_at as completed_at, job.last_error as error_message
    from etl.jobs as job
   cross join lateral (
     select array_agg(production.entity_key order by production.created_at, production.entity_key) as input_domains,
            min(etl.as_numeric(production.body -> 'similarity_weight')) as similarity_weight, min(production.body ->> 'country_code') as country_code
       from etl.productions as production
      where production.job_id = job.id
   ) as asked
   where job.workflow_slug = 'company-enrich-similar-single';
comment on view raw.company_enrich_similar_batches is 'Batches of similar companies under the column names of the old table: jobs of the workflow company-enrich-similar-single.';
