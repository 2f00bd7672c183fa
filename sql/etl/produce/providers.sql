create or replace function etl.take_slot(provider text, holder uuid, lease interval, monthly_budget_usd numeric default null)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_provider etl.providers;
  v_now constant timestamptz := clock_timestamp();
  v_at timestamptz;
  v_spent numeric;
begin
  if monthly_budget_usd is not null then
    v_spent := etl.spent_this_month();
    if v_spent >= monthly_budget_usd then
      return jsonb_build_object('refused', 'BUDGT', 'detail', format(
        'The budget of %s US dollars a month is used up: %s were spent since %s. Raise HQ_MONTHLY_BUDGET_USD, or wait for the next month.',
        monthly_budget_usd, round(v_spent, 4), to_char(date_trunc('month', v_now at time zone 'utc'), 'YYYY-MM-DD')
      ));
    end if;
  end if;

  insert into etl.providers (provider) values (take_slot.provider) on conflict do nothing;
  select known.* into v_provider from etl.providers as known where known.provider = take_slot.provider for update;
  delete from etl.provider_slots as ended where ended.provider = take_slot.provider and ended.held_until < v_now;
  v_at := greatest(v_now, v_provider.next_call_at, v_provider.rests_until);
  if v_at > v_now + interval '1 second' then
    return jsonb_build_object('wait_ms', ceil(extract(epoch from v_at - v_now) * 1000)::integer, 'rests', v_provider.rests_until > v_now);
  end if;
  if (select count(*) from etl.provider_slots as held where held.provider = take_slot.provider) >= v_provider.max_in_flight then
    return jsonb_build_object('wait_ms', 200, 'rests', false);
  end if;
  insert into etl.provider_slots as held (provider, holder, held_until)
  values (take_slot.provider, take_slot.holder, v_at + take_slot.lease)
      on conflict on constraint provider_slots_pkey do update
     set held_until = excluded.held_until;
  update etl.providers as known
     set next_call_at = v_at + interval '1 minute' / v_provider.calls_per_minute
   where known.provider = take_slot.provider;
  return jsonb_build_object('granted', true, 'wait_ms', ceil(extract(epoch from v_at - v_now) * 1000)::integer);
end;
$$;
comment on function etl.take_slot(text, uuid, interval, numeric) is
  'Asks to call a provider within its limits, counted over all processes: {granted, wait_ms: wait so long, then call}, {wait_ms, rests: ask again then}, or {refused: BUDGT, detail} when the month''s budget is used up.';

create or replace function etl.record_call(
  production_id uuid, provider text, outcome text, duration_ms integer, holder uuid default null, model text default null, status integer default null,
  input_tokens integer default null, output_tokens integer default null, problem text default null, rests_for interval default null
)
returns void language plpgsql set search_path = '' as $$
begin
  delete from etl.provider_slots as held where held.provider = record_call.provider and held.holder = record_call.holder;
  if rests_for is not null then
    update etl.providers as known
       set rests_until = greatest(known.rests_until, clock_timestamp() + record_call.rests_for)
     where known.provider = record_call.provider;
  end if;
  insert into etl.provider_calls (production_id, workflow_slug, provider, model, outcome, status, input_tokens, output_tokens, cost_usd, duration_ms, problem)
  select record_call.production_id, production.workflow_slug, record_call.provider, record_call.model, record_call.outcome, record_call.status,
         record_call.input_tokens, record_call.output_tokens, etl.cost_usd(record_call.model, record_call.input_tokens, record_call.output_tokens),
         record_call.duration_ms, left(record_call.problem, 500)
    from etl.productions as production
   where production.id = record_call.production_id;
end;
$$;
comment on function etl.record_call(uuid, text, text, integer, uuid, text, integer, integer, integer, text, interval) is
  'Notes a call to a provider with tokens and cost, and gives its slot back. rests_for: the provider asked to be left alone so long.';

create or replace function etl.cost_usd(model text, input_tokens integer, output_tokens integer, at timestamptz default now())
returns numeric language sql stable set search_path = '' as $$
  select (coalesce(cost_usd.input_tokens, 0) * price.input_usd_per_million + coalesce(cost_usd.output_tokens, 0) * price.output_usd_per_million) / 1000000
    from reference.model_prices as price
   where price.model = cost_usd.model
     and price.valid_from <= cost_usd.at
   order by price.valid_from desc
   limit 1;
$$;
comment on function etl.cost_usd(text, integer, integer, timestamptz) is 'What a call to a model cost, in US dollars, by the prices of that day; null where none is known.';

create or replace function etl.spent_this_month()
returns numeric language sql stable set search_path = '' as $$
  select coalesce(sum(call.cost_usd), 0)
    from etl.provider_calls as call
   where call.called_at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc';
$$;
comment on function etl.spent_this_month() is 'US dollars spent on models since the first of the month (UTC).';

create or replace view etl.inference_costs as
  select summed.workflow_slug, summed.day, summed.provider, summed.model, sum(summed.calls)::bigint as calls, sum(summed.calls_without_answer)::bigint as calls_without_answer,
         sum(summed.input_tokens)::bigint as input_tokens, sum(summed.output_tokens)::bigint as output_tokens, sum(summed.cost_usd) as cost_usd,
         sum(summed.calls_without_price)::bigint as calls_without_price
    from (
      select call.workflow_slug, (call.called_at at time zone 'utc')::date as day, call.provider, call.model, count(*) as calls,
             count(*) filter (where call.outcome <> 'ok') as calls_without_answer, sum(call.input_tokens) as input_tokens, sum(call.output_tokens) as output_tokens,
             sum(call.cost_usd) as cost_usd, count(*) filter (where call.model is not null and call.cost_usd is null and call.output_tokens is not null) as calls_without_price
        from etl.provider_calls as call
       group by call.workflow_slug, (call.called_at at time zone 'utc')::date, call.provider, call.model
       union all
      select past.workflow_slug, past.day, past.provider, nullif(past.model, ''), past.calls, past.calls_without_answer, past.input_tokens, past.output_tokens, past.cost_usd,
             past.calls_without_price
        from etl.past_call_costs as past
    ) as summed
   group by summed.workflow_slug, summed.day, summed.provider, summed.model;
comment on view etl.inference_costs is 'Calls, tokens and cost (US dollars) per workflow, day (UTC), provider and model.';
