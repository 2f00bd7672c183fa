create or replace function etl.plan(workflow_slug text, entity_key text, request jsonb, pages jsonb, results jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_producer etl.producers;
  v_source text;
  v_rows jsonb;
  v_missing jsonb;
  v_problem text;
begin
  select producer.* into strict v_producer from etl.producers as producer where producer.workflow_slug = plan.workflow_slug;
  v_source := etl.producer_source_sql(plan.workflow_slug);

  if v_producer.pages is not null then
    v_rows := etl.rows_of(v_source, v_producer.pages, entity_key, request, pages, results);
    select jsonb_agg(distinct wanted.value -> 'url') into v_missing
      from jsonb_array_elements(v_rows) as wanted
     where wanted.value ->> 'url' is not null
       and not exists (select from jsonb_array_elements(pages) as page where page.value -> 'url' = wanted.value -> 'url');
    if v_missing is not null then
      return jsonb_build_object('do', 'read_pages', 'urls', v_missing, 'kept_for_seconds', extract(epoch from v_producer.page_kept_for)::integer);
    end if;
    select format('%s has no readable text: it may be drawn by scripts only.', page.value ->> 'url') into v_problem
      from jsonb_array_elements(pages) as page
     where length(coalesce(page.value ->> 'text', '')) < v_producer.min_page_text
     limit 1;
    if v_problem is not null then
      return jsonb_build_object('do', 'fail', 'code', 'NOTXT', 'detail', v_problem);
    end if;
  end if;

  if v_producer.calls is not null then
    v_rows := etl.rows_of(v_source, v_producer.calls, entity_key, request, pages, results);
    if v_rows #>> '{0,problem}' is not null then
      return jsonb_build_object('do', 'fail', 'code', coalesce(v_rows #>> '{0,code}', 'OUTFL'), 'detail', v_rows #>> '{0,problem}');
    end if;
    select jsonb_agg(jsonb_strip_nulls(wanted.value)) into v_missing
      from jsonb_array_elements(v_rows) as wanted
     where not results ? (wanted.value ->> 'name');
    if v_missing is not null then
      return jsonb_build_object('do', 'call', 'calls', v_missing);
    end if;
  end if;

  if v_producer.prompt is null then
    return jsonb_build_object('do', 'land');
  end if;
  v_rows := etl.rows_of(v_source, v_producer.inputs, entity_key, request, pages, results) -> 0;
  return case
    when v_rows ->> 'problem' is not null then jsonb_build_object('do', 'fail', 'code', 'NOTXT', 'detail', v_rows ->> 'problem')
    when jsonb_typeof(v_rows -> 'known_answer') = 'object' then jsonb_build_object('do', 'land', 'answer', v_rows -> 'known_answer')
    else jsonb_build_object(
      'do', 'ask', 'model', v_producer.model, 'settings', v_producer.settings, 'schema', v_producer.answer_schema, 'prompt_version', v_producer.prompt_version,
      'instructions', etl.rendered(v_producer.instructions, v_rows), 'prompt', etl.rendered(v_producer.prompt, v_rows),
      'attachments', coalesce(v_rows -> 'attachments', '[]')
    )
  end;
end;
$$;
comment on function etl.plan(text, text, jsonb, jsonb, jsonb) is
  'What is to be done next outside for a body, given the pages read and the results had so far: {do: read_pages, call, ask, land, or fail, ...}. Raises BADDL when the declaration does not fit.';

create or replace function etl.producer_source_sql(workflow_slug text)
returns text language sql stable set search_path = '' as $$
  select format('with source as (select $1::text as %I, $2::jsonb as request, $3::jsonb as pages, $4::jsonb as results)', etl.entity_column(ingestion.entity_type))
    from etl.ingestions as ingestion
   where ingestion.workflow_slug = producer_source_sql.workflow_slug;
$$;
comment on function etl.producer_source_sql(text) is 'SQL of the relation source that the selects of a producer read. Parameters: key, request, pages, results.';

create or replace function etl.rows_of(source_sql text, as_select text, entity_key text, request jsonb, pages jsonb, results jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_rows jsonb;
begin
  execute format(E'%s\nselect coalesce(jsonb_agg(to_jsonb(item)), ''[]'') from (\n%s\n) as item', source_sql, as_select) into v_rows using entity_key, request, pages, results;
  return v_rows;
exception
  when syntax_error_or_access_rule_violation then
    perform etl.refuse_declaration(format('A select of a producer is not valid: %s', sqlerrm), 'It reads from a relation named source: key, request, pages, results.');
end;
$$;
comment on function etl.rows_of(text, text, text, jsonb, jsonb, jsonb) is 'The rows of a producer''s select as a JSON array. Raises BADDL when it is not valid.';

create or replace function etl.rendered(template text, inputs jsonb)
returns text language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_text text := '';
  v_rest text := template;
  v_found text[];
begin
  -- From left to right, so that what stands in an input is never taken for a placeholder.
  loop
    v_found := regexp_match(v_rest, '^(.*?)\{\{\s*([a-z_]+)\s*\}\}(.*)$');
    exit when v_found is null;
    if not inputs ? v_found[2] then
      perform etl.refuse_declaration(format('The prompt has the placeholder {{%s}}, which inputs does not give', v_found[2]));
    end if;
    v_text := v_text || v_found[1] || coalesce(inputs ->> v_found[2], '');
    v_rest := v_found[3];
  end loop;
  return v_text || v_rest;
end;
$$;
comment on function etl.rendered(text, jsonb) is 'A template with its {{placeholders}} filled in; a null becomes nothing. Raises BADDL for a placeholder without an input.';

create or replace function etl.example_plan(workflow_slug text)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_pages jsonb := '[]';
  v_results jsonb;
  v_example jsonb;
  v_key text;
  v_plan jsonb;
begin
  select registered.example_request, producer.example_production -> 'results', etl.normalize_key(ingestion.entity_type, coalesce(registered.example_request ->> ingestion.key_field, ''))
    into strict v_example, v_results, v_key
    from etl.producers as producer
    join etl.ingestions as ingestion using (workflow_slug)
    join reference.enrichment_workflow_registry as registered using (workflow_slug)
   where producer.workflow_slug = example_plan.workflow_slug;
  for v_round in 1 .. 5 loop
    v_plan := etl.plan(example_plan.workflow_slug, v_key, v_example, v_pages, coalesce(v_results, '{}'));
    exit when v_plan ->> 'do' <> 'read_pages';
    v_pages := v_pages || (
      select jsonb_agg(jsonb_build_object(
          'url', wanted.value, 'final_url', wanted.value, 'status', 200, 'title', 'Acme', 'description', 'Rockets.',
          'text', repeat('Acme builds rockets. ', 10), 'links', jsonb_build_array(jsonb_build_object('text', 'Webinars', 'href', 'https://acme.example/webinars'))
        ))
        from jsonb_array_elements(v_plan -> 'urls') as wanted
    );
  end loop;
  return v_plan;
end;
$$;
comment on function etl.example_plan(text) is 'What a producing workflow would do with its example, once invented pages are read and its example results had: shows that its selects and placeholders fit. Raises BADDL.';

create or replace function etl.planned_outcome(workflow reference.enrichment_workflow_registry, body jsonb)
returns jsonb language sql stable set search_path = '' as $$
  select coalesce(accepted.refused, etl.outcome(200, jsonb_build_object('success', true, 'dry_run', true, 'next', planned.plan -> 'do') || planned.plan - 'do'))
    from etl.ingestions as ingestion
   cross join lateral etl.accept(planned_outcome.workflow, ingestion, array[planned_outcome.body]) as accepted
    left join lateral (
      select etl.plan(ingestion.workflow_slug, accepted.entity_key, accepted.request, '[]', '{}') as plan
    ) as planned on accepted.refused is null
   where ingestion.workflow_slug = (planned_outcome.workflow).workflow_slug;
$$;
comment on function etl.planned_outcome(reference.enrichment_workflow_registry, jsonb) is
  'A dry run of a producing workflow as far as the database can go alone: what would be done first outside (pages to read, calls to make, or the question). The API goes on from there and reads the pages.';
