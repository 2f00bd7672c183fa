create or replace function etl.produces(
  workflow_slug text,
  example_production jsonb,
  pages text default null,
  calls text default null,
  inputs text default 'select from source',
  instructions text default null,
  prompt text default null,
  answer_schema jsonb default null,
  model text default null,
  settings jsonb default '{}',
  max_attempts integer default 5,
  page_kept_for interval default '7 days',
  min_page_text integer default 80
)
returns void language plpgsql set search_path = '' as $$
declare
  v_workflow reference.enrichment_workflow_registry;
  v_plan jsonb;
begin
  select registered.* into v_workflow from reference.enrichment_workflow_registry as registered where registered.workflow_slug = produces.workflow_slug;
  if not found or not etl.is_producing(v_workflow.workflow_type) then
    perform etl.refuse_declaration(
      format('Workflow "%s" is not declared as one that produces', produces.workflow_slug), 'Declare it first: select etl.workflow(..., type => ''inference'' or ''fetch'').'
    );
  end if;
  if (v_workflow.workflow_type = 'inference') <> (produces.prompt is not null) then
    perform etl.refuse_declaration(format('Workflow "%s" is of type %s: inference has a prompt and an answer schema, fetch has neither', v_workflow.workflow_slug, v_workflow.workflow_type));
  end if;

  insert into etl.producers as stored (
    workflow_slug, pages, calls, inputs, instructions, prompt, answer_schema, model, settings, max_attempts, page_kept_for, min_page_text, prompt_version, example_production
  )
  values (
    produces.workflow_slug, btrim(produces.pages, E' \n'), btrim(produces.calls, E' \n'), btrim(produces.inputs, E' \n'), etl.dedented(produces.instructions), etl.dedented(produces.prompt),
    produces.answer_schema, produces.model, produces.settings, produces.max_attempts, produces.page_kept_for, produces.min_page_text,
    left(md5(concat_ws(E'\x1f', produces.pages, produces.calls, produces.inputs, produces.instructions, produces.prompt, produces.answer_schema, produces.settings - 'stream')), 12),
    produces.example_production
  )
      on conflict on constraint producers_pkey do update
     set pages = excluded.pages,
         calls = excluded.calls,
         inputs = excluded.inputs,
         instructions = excluded.instructions,
         prompt = excluded.prompt,
         answer_schema = excluded.answer_schema,
         model = excluded.model,
         settings = excluded.settings,
         max_attempts = excluded.max_attempts,
         page_kept_for = excluded.page_kept_for,
         min_page_text = excluded.min_page_text,
         prompt_version = excluded.prompt_version,
         example_production = excluded.example_production;

  v_plan := etl.example_plan(produces.workflow_slug);
  if v_plan ->> 'do' = 'fail' then
    perform etl.refuse_declaration(format('The example of "%s" cannot be produced: %s', produces.workflow_slug, v_plan ->> 'detail'));
  end if;
end;
$$;
comment on function etl.produces(text, jsonb, text, text, text, text, text, jsonb, text, jsonb, integer, interval, integer) is
  'Declares what a workflow of type inference or fetch does outside before its answer lands. pages, calls and inputs are selects from source: one row with the key (domain or linkedin_url), '
  'request (the caller''s body), pages (array: url, final_url, status, title, description, text, links) and results (object: call name -> status, body). '
  'pages gives url; calls gives name, provider, method, path (behind the provider''s base URL), body, keep_path (jsonpath: keep only this of the answer), or name and known (a result that needs no call), or problem and code (cannot be asked); inputs gives one row whose columns fill {{placeholders}}, and may give problem (text: do not ask) or known_answer (jsonb: no need to ask) or attachments (jsonb: [{attachment, content_type}], files for the model to look at). '
  'model: provider:name, null for HQ_MODEL; example_production: {answer} or {results, pages} of an example. Raises BADDL.';

create or replace function etl.is_producing(workflow_type text)
returns boolean language sql immutable parallel safe as $$
  select workflow_type in ('inference', 'fetch');
$$;
comment on function etl.is_producing(text) is 'Whether workflows of this type call the outside world before a payload lands.';

create or replace function etl.lands_payloads(workflow_type text)
returns boolean language sql immutable parallel safe as $$
  select workflow_type in ('ingest', 'upsert', 'inference', 'fetch');
$$;
comment on function etl.lands_payloads(text) is 'Whether workflows of this type land payloads, from their callers or from the outside world.';

create or replace function etl.dedented(input text)
returns text language sql immutable parallel safe as $$
  -- The margin of the first line is taken off all of them, as a template is indented like the SQL around it.
  select btrim(regexp_replace(input, '\n' || coalesce(substring(input from '^\s*?\n( *)\S'), ''), E'\n', 'g'), E' \n');
$$;
comment on function etl.dedented(text) is 'A text of several lines without the indentation of its first line.';

create or replace function etl.production_schema(workflow_slug text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'type', 'object',
    'properties', '{
      "results": {}, "pages": {},
      "model": {"type": ["string", "null"]}, "prompt_version": {"type": ["string", "null"]},
      "input_tokens": {"type": ["integer", "null"]}, "output_tokens": {"type": ["integer", "null"]}, "cost_usd": {"type": ["number", "null"]},
      "duration_ms": {"type": ["integer", "null"]}, "calls": {"type": ["integer", "null"]}
    }'::jsonb || jsonb_build_object('answer', coalesce(producer.answer_schema, '{}'))
  )
    from etl.producers as producer
   where producer.workflow_slug = production_schema.workflow_slug;
$$;
comment on function etl.production_schema(text) is 'JSON Schema of what a producing workflow lands under "production", the answer included. Null for other workflows.';

create or replace function etl.landing_example(workflow_slug text)
returns jsonb language sql stable set search_path = '' as $$
  select registered.example_request || case when producer.workflow_slug is null then '{}'::jsonb else jsonb_build_object(
      'production', jsonb_build_object('prompt_version', producer.prompt_version, 'pages', '[]'::jsonb, 'results', '{}'::jsonb, 'duration_ms', 1200, 'calls', 1)
        || case when producer.prompt is null then '{}'::jsonb else jsonb_build_object(
             'model', coalesce(producer.model, 'google:gemini-3-flash-preview'), 'input_tokens', 1000, 'output_tokens', 100, 'cost_usd', 0.0008
           ) end
        || producer.example_production
    ) end
    from reference.enrichment_workflow_registry as registered
    left join etl.producers as producer on producer.workflow_slug = registered.workflow_slug
   where registered.workflow_slug = landing_example.workflow_slug;
$$;
comment on function etl.landing_example(text) is 'The example of a workflow as a body that lands: for a producing workflow with its example answer, so that nothing outside is asked.';
