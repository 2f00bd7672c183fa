create or replace function api.producer_figures(count_to integer default 100000)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'productions', jsonb_build_object(
      'pending', (select count(*) from (select from etl.productions as production where production.state = 'pending' limit producer_figures.count_to) as counted),
      'running', (select count(*) from (select from etl.productions as production where production.state = 'running' limit producer_figures.count_to) as counted),
      'failed', (select count(*) from (select from etl.productions as production where production.state = 'failed' limit producer_figures.count_to) as counted)
    ),
    'month', coalesce((
      select jsonb_agg(jsonb_build_object(
          'workflow', spent.workflow_slug, 'provider', spent.provider, 'calls', spent.calls, 'input_tokens', spent.input_tokens, 'output_tokens', spent.output_tokens, 'cost_usd', spent.cost_usd
        ))
        from (
          select call.workflow_slug, call.provider, count(*) as calls, coalesce(sum(call.input_tokens), 0) as input_tokens, coalesce(sum(call.output_tokens), 0) as output_tokens,
                 coalesce(sum(call.cost_usd), 0) as cost_usd
            from etl.provider_calls as call
           where call.called_at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc'
           group by call.workflow_slug, call.provider
        ) as spent
    ), '[]')
  );
$$;
comment on function api.producer_figures(integer) is 'For /metrics: productions by state (counted up to count_to), and calls, tokens and cost of this month (UTC) per workflow and provider.';
