create or replace function etl.held_production(production_id uuid, claim uuid)
returns etl.productions language plpgsql set search_path = '' as $$
declare
  v_production etl.productions;
begin
  select production.* into v_production
    from etl.productions as production
   where production.id = held_production.production_id
     and production.claim = held_production.claim
     and production.state = 'running'
     for update;
  if not found then
    raise exception 'The claim on production % was lost', held_production.production_id
      using errcode = 'LOSTC', hint = 'Its lease ran out and another works on it, or it has ended.';
  end if;
  return v_production;
end;
$$;
comment on function etl.held_production(uuid, uuid) is 'The production that this claim holds, locked. Raises LOSTC when another holds it by now.';

create or replace function etl.next_step(production_id uuid, claim uuid, lease interval default '3 minutes')
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_production etl.productions := etl.held_production(production_id, claim);
begin
  if exists (select from etl.suppressions as suppressed where suppressed.entity_key = v_production.entity_key) then
    perform etl.end_forgotten(production_id);
    return '{"do": "stop"}';
  end if;
  update etl.productions as production
     set leased_until = now() + next_step.lease
   where production.id = next_step.production_id;
  return etl.plan(
    v_production.workflow_slug, v_production.entity_key, v_production.body,
    etl.page_documents(coalesce(v_production.gathered -> 'pages', '[]')), coalesce(v_production.gathered -> 'results', '{}')
  );
end;
$$;
comment on function etl.next_step(uuid, uuid, interval) is 'What the holder of a claim is to do next (etl.plan); renews its lease. {do: stop}: it has ended, as its record was erased after it was accepted. Raises LOSTC.';

create or replace function etl.page_documents(pages jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(read.value || jsonb_build_object(
      'text', content.text, 'links', content.links, 'title', content.title, 'description', content.description
    ) order by read.position), '[]')
    from jsonb_array_elements(page_documents.pages) with ordinality as read (value, position)
    left join etl.page_contents as content on content.content_hash = read.value ->> 'content_hash';
$$;
comment on function etl.page_documents(jsonb) is 'Pages that a production has read (by content hash), with what they said.';

create or replace function etl.add_gathered(production_id uuid, claim uuid, pages jsonb default '[]', results jsonb default '{}')
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.held_production(production_id, claim);
  update etl.productions as production
     set gathered = jsonb_build_object(
           'pages', coalesce(production.gathered -> 'pages', '[]') || add_gathered.pages,
           'results', coalesce(production.gathered -> 'results', '{}') || (
             select coalesce(jsonb_object_agg(had.key, had.value - 'keep_path' || case when had.value ? 'keep_path' then
                 jsonb_build_object('body', jsonb_path_query_array(had.value -> 'body', (had.value ->> 'keep_path')::jsonpath)) else '{}'::jsonb end), '{}')
               from jsonb_each(add_gathered.results) as had
           )
         )
   where production.id = add_gathered.production_id;
end;
$$;
comment on function etl.add_gathered(uuid, uuid, jsonb, jsonb) is 'Keeps what was fetched for a production, so that it is not fetched (or paid for) again after a crash. Raises LOSTC.';

create or replace function etl.land_production(production_id uuid, claim uuid, answer jsonb default null, model text default null, sources jsonb default null)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_held etl.productions := etl.held_production(production_id, claim);
  v_produced jsonb;
  v_body jsonb;
  v_key text;
  v_outcome jsonb;
begin
  v_produced := etl.produced(v_held, answer, model, sources);
  v_body := v_held.body || jsonb_build_object('production', v_produced);
  v_key := coalesce(v_held.entity_key, etl.answered_key(v_held.workflow_slug, v_body));
  if v_key is not null then
    v_outcome := etl.run_batch(v_held.workflow_slug, array[v_body], jsonb_build_object('payload_ids', jsonb_build_array(v_held.id))) -> 0;
    if v_outcome #>> '{body,code}' = 'FORGT' then
      perform etl.end_forgotten(production_id);
    end if;
    -- Its record was erased since it was accepted, perhaps while it landed.
    if not exists (select from etl.productions as production where production.id = land_production.production_id and production.claim = land_production.claim) then
      return etl.production_outcome(production_id);
    end if;
    if v_outcome ->> 'payload_id' is null then
      -- Refused since it was accepted: the workflow was switched off or changed.
      return etl.fail_production(
        production_id, claim, coalesce(v_outcome #>> '{body,code}', 'OUTFL'), v_outcome #>> '{body,detail}', is_transient => false, evidence => v_produced
      );
    end if;
  end if;
  update etl.productions as production
     set state = 'done', claim = null, leased_until = null, finished_at = now(), error = null, gathered = '{}',
         entity_key = v_key, result = case when v_key is null then v_produced end
   where production.id = land_production.production_id;
  perform etl.count_ended(v_held.job_id, 1, 0);
  return coalesce(v_outcome, etl.production_outcome(production_id));
end;
$$;
comment on function etl.land_production(uuid, uuid, jsonb, text, jsonb) is
  'Ends a production with its answer: lands it as a payload under the production''s id and processes it, in this transaction. Gives the outcome for the caller. Raises LOSTC.';

create or replace function etl.answered_key(workflow_slug text, body jsonb)
returns text language sql stable set search_path = '' as $$
  select etl.normalize_key(ingestion.entity_type, etl.key_of(answered_key.workflow_slug, answered_key.body))
    from etl.ingestions as ingestion
   where ingestion.workflow_slug = answered_key.workflow_slug
     and ingestion.key is not null;
$$;
comment on function etl.answered_key(text, jsonb) is
  'The normalised key that the answer in a body names, for workflows whose question is the key itself (key of etl.workflow); null where it names none: such an answer stays with its production.';

create or replace function etl.produced(production etl.productions, answer jsonb, model text, sources jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object(
      'model', produced.model, 'sources', produced.sources, 'prompt_version', case when producer.prompt is not null then producer.prompt_version end,
      'input_tokens', spent.input_tokens, 'output_tokens', spent.output_tokens, 'cost_usd', spent.cost_usd, 'calls', spent.calls,
      'duration_ms', round(extract(epoch from clock_timestamp() - (produced.production).started_at) * 1000)::integer,
      'pages', (
        select jsonb_agg(page.value || jsonb_build_object('title', content.title, 'description', content.description) order by page.position)
          from jsonb_array_elements(coalesce((produced.production).gathered -> 'pages', '[]')) with ordinality as page (value, position)
          left join etl.page_contents as content on content.content_hash = page.value ->> 'content_hash'
      )
    )) || case when producer.prompt is not null then jsonb_build_object('answer', produced.answer)
      else jsonb_build_object('results', coalesce((produced.production).gathered -> 'results', '{}')) end
    from etl.producers as producer
   cross join lateral (
     select sum(call.input_tokens) as input_tokens, sum(call.output_tokens) as output_tokens, sum(call.cost_usd) as cost_usd, count(*) as calls
       from etl.provider_calls as call
      where call.production_id = (produced.production).id
   ) as spent
   where producer.workflow_slug = (produced.production).workflow_slug;
$$;
comment on function etl.produced(etl.productions, jsonb, text, jsonb) is
  'What a production lands under "production": answer or results, model, the web pages that it says its answer rests on (sources: [{url, title}]), prompt version, tokens and cost of all its calls, duration, pages.';

create or replace function etl.fail_production(
  production_id uuid, claim uuid, code text, detail text, is_transient boolean, evidence jsonb default null, may_retry boolean default false, delay interval default null
)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_held etl.productions := etl.held_production(production_id, claim);
  v_retries constant boolean := is_transient and may_retry and v_held.attempts < (
    select producer.max_attempts from etl.producers as producer where producer.workflow_slug = v_held.workflow_slug
  );
begin
  update etl.productions as production
     set state = case when v_retries then 'pending' else 'failed' end,
         claim = null,
         leased_until = null,
         finished_at = case when not v_retries then now() end,
         next_attempt_at = now() + coalesce(fail_production.delay, etl.production_retry_delay(v_held.attempts)),
         error = jsonb_strip_nulls(jsonb_build_object(
           'code', fail_production.code, 'detail', fail_production.detail, 'is_transient', fail_production.is_transient, 'failed_at', now()
         )) || jsonb_build_object('evidence', fail_production.evidence)
   where production.id = fail_production.production_id;
  if not v_retries then
    perform etl.count_ended(v_held.job_id, 1, 1, fail_production.detail);
  end if;
  return etl.production_outcome(production_id);
end;
$$;
comment on function etl.fail_production(uuid, uuid, text, text, boolean, jsonb, boolean, interval) is
  'Records that a production failed. may_retry: nobody waits for it, so after a transient failure it goes back in line (after delay, by default ever longer) until its attempts are used up. Gives the outcome. Raises LOSTC.';

create or replace function etl.production_retry_delay(attempts integer)
returns interval language sql volatile parallel safe as $$
  -- Half of it by chance, so that those that failed together do not come back together.
  select least(interval '5 seconds' * power(2, least(attempts, 20) - 1), interval '30 minutes') * (0.5 + random() / 2);
$$;
comment on function etl.production_retry_delay(integer) is 'How long a production rests after so many attempts: about 5, 10, 20 … seconds, half an hour at most, with jitter.';
