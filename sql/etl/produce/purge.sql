create or replace function etl.drop_calls(call_ids bigint[])
returns bigint language sql set search_path = '' as $$
  with dropped as (
    delete from etl.provider_calls as call where call.id = any (drop_calls.call_ids) returning call.*
  ), kept as (
    insert into etl.past_call_costs as past (
      workflow_slug, day, provider, model, calls, calls_without_answer, input_tokens, output_tokens, cost_usd, calls_without_price
    )
    select dropped.workflow_slug, (dropped.called_at at time zone 'utc')::date, dropped.provider, coalesce(dropped.model, ''), count(*),
           count(*) filter (where dropped.outcome <> 'ok'), sum(dropped.input_tokens), sum(dropped.output_tokens), sum(dropped.cost_usd),
           count(*) filter (where dropped.model is not null and dropped.cost_usd is null and dropped.output_tokens is not null)
      from dropped
     group by 1, 2, 3, 4
     order by 2, 1, 3, 4
        on conflict on constraint past_call_costs_pkey do update
       set calls = past.calls + excluded.calls,
           calls_without_answer = past.calls_without_answer + excluded.calls_without_answer,
           input_tokens = case when num_nulls(past.input_tokens, excluded.input_tokens) < 2 then coalesce(past.input_tokens, 0) + coalesce(excluded.input_tokens, 0) end,
           output_tokens = case when num_nulls(past.output_tokens, excluded.output_tokens) < 2 then coalesce(past.output_tokens, 0) + coalesce(excluded.output_tokens, 0) end,
           cost_usd = case when num_nulls(past.cost_usd, excluded.cost_usd) < 2 then coalesce(past.cost_usd, 0) + coalesce(excluded.cost_usd, 0) end,
           calls_without_price = past.calls_without_price + excluded.calls_without_price
  )
  select count(*) from dropped;
$$;
comment on function etl.drop_calls(bigint[]) is 'Deletes calls by their ids and keeps what they cost, summed (etl.past_call_costs); gives their number.';

create or replace function etl.purge_productions(kept interval, most integer default 10000)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_before constant timestamptz := now() - purge_productions.kept;
  v_month constant timestamptz := date_trunc('month', now() at time zone 'utc') at time zone 'utc';
  v_productions bigint;
  v_calls bigint;
  v_pages bigint;
  v_contents bigint;
begin
  with old as (
    select production.id from etl.productions as production where production.finished_at < v_before order by production.finished_at limit most for update skip locked
  ), deleted as (
    delete from etl.productions as production using old where production.id = old.id returning 1
  )
  select count(*) into v_productions from deleted;
  -- The calls of this month stay: the budget counts them.
  v_calls := etl.drop_calls(array(
    select call.id from etl.provider_calls as call where call.called_at < least(v_before, v_month) order by call.called_at limit most for update skip locked
  ));
  with old as (
    select page.url from etl.pages as page where page.fetched_at < v_before and page.fetcher is null order by page.fetched_at limit most for update skip locked
  ), deleted as (
    delete from etl.pages as page using old where page.url = old.url returning 1
  )
  select count(*) into v_pages from deleted;
  with old as (
    select content.content_hash
      from etl.page_contents as content
     where content.first_seen_at < v_before
       and not exists (select from etl.pages as page where page.content_hash = content.content_hash)
       and not exists (
         select
           from etl.productions as production
          where production.state in ('pending', 'running')
            and production.gathered -> 'pages' @> jsonb_build_array(jsonb_build_object('content_hash', content.content_hash))
       )
     order by content.first_seen_at
     limit most
       for update skip locked
  ), deleted as (
    delete from etl.page_contents as content using old where content.content_hash = old.content_hash returning 1
  )
  select count(*) into v_contents from deleted;
  return jsonb_build_object(
    'productions', v_productions, 'calls', v_calls, 'pages', v_pages, 'contents', v_contents,
    'done', v_productions + v_calls + v_pages + v_contents, 'remaining', greatest(v_productions, v_calls, v_pages, v_contents) >= most
  );
end;
$$;
comment on function etl.purge_productions(interval, integer) is
  'Deletes productions that ended longer ago than kept, calls (their costs stay summed; those of this month stay), pages not read since, and texts of pages that nothing refers to: at most so many of each. What landed stays. Gives {productions, calls, pages, contents, done, remaining}.';
