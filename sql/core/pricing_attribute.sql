create or replace function core.pricing_attribute(
  slug text, attribute text, path text, legacy_function text, description text, question text, answers json, example json,
  aliases text[] default '{}', family text default null
)
returns void language plpgsql set search_path = '' as $$
declare
  v_family constant text := coalesce(pricing_attribute.family, pricing_attribute.attribute || '_payloads');
  v_fields constant text[] := array(select json_object_keys(pricing_attribute.answers));
begin
  insert into reference.pricing_attributes as stored (attribute, workflow_slug, question, answers, position)
  values (pricing_attribute.attribute, pricing_attribute.slug, pricing_attribute.question, pricing_attribute.answers, (select count(*) + 1 from reference.pricing_attributes))
      on conflict on constraint pricing_attributes_pkey do update
     set workflow_slug = excluded.workflow_slug,
         question = excluded.question,
         answers = excluded.answers;

  perform etl.raw_family(v_family, '{
    "domain": "payload.entity_key",
    "pricing_page_url": "payload.request ->> ''pricing_page_url''",
    "company_name": "coalesce(payload.request ->> ''company_name'', '''')",
    "payload": "payload.request",
    "production": "payload.payload"
  }');
  perform etl.workflow(
    pricing_attribute.slug,
    type => 'inference',
    entity => 'company',
    path => pricing_attribute.path,
    provider => 'gemini',
    platform => 'gemini',
    payload_type => 'inference',
    aliases => pricing_attribute.aliases,
    legacy_function => pricing_attribute.legacy_function,
    description => pricing_attribute.description,
    family => v_family,
    key_field => 'domain',
    timeout_seconds => 90,
    refuses => core.refuses_page_url('pricing_page_url'),
    core_tables => array['core.company_' || pricing_attribute.attribute],
    request_schema => core.pricing_request_schema(),
    response_schema => core.ingest_response_schema(
      '{"domain": {"type": "string", "description": "The domain, normalised."}}'::jsonb || core.pricing_answer_fields(pricing_attribute.answers)
        || '{"explanation": {"type": ["string", "null"], "description": "Which words of the page decided it."}}'
    ),
    example => '{"domain": "acme.example", "pricing_page_url": "https://acme.example/pricing", "company_name": "Acme Example"}'
  );
  perform etl.produces(
    pricing_attribute.slug,
    pages => 'select etl.web_url(request ->> ''pricing_page_url'') as url from source',
    inputs => core.pricing_page_inputs(),
    instructions => core.page_analyst_rules(),
    prompt => format(E'Company: {{company}}\nIts pricing page:\n{{page}}\n\n%s', core.pricing_question(pricing_attribute.question, pricing_attribute.answers)),
    answer_schema => core.pricing_answer_schema(pricing_attribute.answers),
    example_production => jsonb_build_object('answer', pricing_attribute.example)
  );
  perform core.extract_pricing_attribute(pricing_attribute.slug, pricing_attribute.attribute, '{answer}');

  perform etl.golden('core.company_' || pricing_attribute.attribute, entity => 'company', key => '{domain}', survives => 'latest');
  -- What is not known stays an attempt in extracted.
  perform etl.coalesces('extracted.company_' || pricing_attribute.attribute, 'core.company_' || pricing_attribute.attribute, source => 'gemini', as_select => format(
    E'select domain, %s, explanation, observed_at as last_checked_at\n  from source\n where %I <> ''unknown''',
    (select string_agg(quote_ident(field.name), ', ' order by field.position) from unnest(v_fields) with ordinality as field (name, position)), pricing_attribute.attribute
  ));
  perform etl.responds(pricing_attribute.slug, format(
    E'select source.raw_payload_id, domain, %s, etl.as_text(payload #> ''{answer,explanation}'') as explanation\n  from source',
    core.pricing_answer_columns(pricing_attribute.answers, '{answer}')
  ));
end;
$$;
comment on function core.pricing_attribute(text, text, text, text, text, text, json, json, text[], text) is
  'Declares the whole workflow of one attribute that is read from a pricing page: registry row, question, extraction into extracted.company_<attribute>, core.company_<attribute>, response. '
  'answers: field -> allowed value -> meaning; example: an answer.';

create or replace function core.extract_pricing_attribute(slug text, attribute text, path text[])
returns void language sql set search_path = '' as $$
  -- One row per run: attempts that found nothing are kept, too.
  select etl.extracts(
    extract_pricing_attribute.slug, 'extracted.company_' || extract_pricing_attribute.attribute, key => '{domain,raw_payload_id}',
    as_select => format(
      E'select domain, etl.as_text(request -> ''pricing_page_url'', 2000) as pricing_page_url, %s, etl.as_text(payload #> %L) as explanation\n  from source\n where payload #> %L is not null',
      core.pricing_answer_columns(known.answers, extract_pricing_attribute.path),
      extract_pricing_attribute.path || '{explanation}', extract_pricing_attribute.path || extract_pricing_attribute.attribute
    )
  )
    from reference.pricing_attributes as known
   where known.attribute = extract_pricing_attribute.attribute;
$$;
comment on function core.extract_pricing_attribute(text, text, text[]) is 'Declares how a workflow''s answer, which stands at path of what it produced, becomes a row of extracted.company_<attribute>.';

create or replace function core.pricing_values(meanings json)
returns text[] language sql immutable parallel safe as $$
  select array(select json_object_keys(pricing_values.meanings));
$$;
comment on function core.pricing_values(json) is 'The allowed values of a field, in their order.';

create or replace function core.pricing_answer_columns(answers json, path text[])
returns text language sql immutable parallel safe set search_path = '' as $$
  select string_agg(format(
      'core.allowed_answer(payload #> %L, %L) as %I', pricing_answer_columns.path || field.key, core.pricing_values(field.value), field.key
    ), ', ' order by field.position)
    from json_each(answers) with ordinality as field (key, value, position);
$$;
comment on function core.pricing_answer_columns(json, text[]) is 'Select list with a column for each field of an answer that stands at path of the payload.';

create or replace function core.pricing_answer_fields(answers json)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select jsonb_object_agg(field.key, jsonb_build_object('type', 'string', 'enum', to_jsonb(core.pricing_values(field.value) || array(
      select 'unknown' where not 'unknown' = any (core.pricing_values(field.value))))))
    from json_each(answers) as field;
$$;
comment on function core.pricing_answer_fields(json) is 'JSON Schemas of the fields of a response: the allowed values, and unknown.';

create or replace function core.pricing_answer_schema(answers json)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select jsonb_build_object(
      'type', 'object', 'additionalProperties', false,
      'required', jsonb_agg(field.key order by field.position) || '["explanation"]',
      'properties', jsonb_object_agg(field.key, jsonb_build_object('type', 'string', 'enum', to_jsonb(core.pricing_values(field.value))))
        || '{"explanation": {"type": "string", "description": "One or two sentences: which words of the page decided it."}}'
    )
    from json_each(answers) with ordinality as field (key, value, position);
$$;
comment on function core.pricing_answer_schema(json) is 'JSON Schema of the answer about one attribute: exactly the allowed values, and an explanation.';

create or replace function core.pricing_question(question text, answers json)
returns text language sql immutable parallel safe set search_path = '' as $$
  select format(E'Question: %s\n\n%s', question, string_agg(format(E'%s is one of:\n%s', field.key, (
      select string_agg(format('- "%s": %s', allowed.key, allowed.value), E'\n' order by allowed.position)
        from json_each_text(field.value) with ordinality as allowed (key, value, position)
    )), E'\n\n' order by field.position))
    from json_each(answers) with ordinality as field (key, value, position);
$$;
comment on function core.pricing_question(text, json) is 'A question with the allowed values of its answer and what they mean, as a model reads it.';

create or replace function core.pricing_page_inputs()
returns text language sql immutable parallel safe as $$
  select 'select etl.quoted(coalesce(nullif(btrim(request ->> ''company_name''), ''''), domain), 200) as company, etl.quoted_page(pages -> 0) as page from source';
$$;
comment on function core.pricing_page_inputs() is 'The inputs of a question about one page of a company: company, page.';

create or replace function core.pricing_request_schema()
returns jsonb language sql immutable parallel safe as $$
  select '{
    "type": "object",
    "required": ["domain", "pricing_page_url"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "pricing_page_url": {"type": "string", "description": "The page to read, with http or https; https:// is put before a bare host."},
      "company_name": {"type": ["string", "null"], "description": "Told to the model; the domain is, where it is missing."}
    }
  }'::jsonb;
$$;
comment on function core.pricing_request_schema() is 'JSON Schema of the body of all workflows that read a pricing page.';

create or replace function core.refuses_page_url(field text)
returns text language sql immutable parallel safe as $$
  select format($sql$
    case when etl.web_url(request ->> %1$L) is null then
      jsonb_build_array(jsonb_build_object('pointer', %2$L, 'detail', 'Expected the address of a web page, such as https://acme.example/page, without user name and password.'))
    end
  $sql$, refuses_page_url.field, '/' || refuses_page_url.field);
$$;
comment on function core.refuses_page_url(text) is 'The rule (refuses of etl.workflow) that a field of the body is the address of a web page.';
