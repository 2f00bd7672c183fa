create or replace function etl.accept(workflow reference.enrichment_workflow_registry, ingestion etl.ingestions, bodies jsonb[])
returns table (place bigint, entity_key text, payload jsonb, request jsonb, refused jsonb) language plpgsql stable set search_path = '' rows 100 as $$
#variable_conflict use_column
declare
  v_usual constant jsonpath := etl.faultless_path((accept.workflow).strict_schema);
begin
  return query
  with keyed as (
    select body.position, body.value, named.key as named_key,
           case when body.value @@ v_usual then null else etl.request_errors(body.value, (accept.workflow).strict_schema) end as errors,
           case when jsonb_typeof(body.value) = 'object' then
             etl.normalize_key((accept.ingestion).entity_type, named.key)
           end as entity_key,
           etl.as_text(case when jsonb_typeof(body.value) = 'object' then body.value -> 'workflow_slug' end) as named_workflow
      from unnest(accept.bodies) with ordinality as body (value, position)
     cross join lateral (
       select case when (accept.ingestion).key is null then body.value ->> (accept.ingestion).key_field
         else etl.key_of((accept.ingestion).workflow_slug, body.value) end as key
     ) as named
  ), parted as (
    select keyed.position, keyed.value, keyed.named_key, keyed.errors, keyed.entity_key, keyed.named_workflow,
           case when (accept.ingestion).payload_field is null then keyed.value else keyed.value -> (accept.ingestion).payload_field end as payload,
           case
             when (accept.ingestion).payload_field is null then '{}'::jsonb
             when jsonb_typeof(keyed.value) = 'object' then keyed.value - (accept.ingestion).payload_field
           end as request
      from keyed
  )
  select keyed.position, keyed.entity_key, keyed.payload, keyed.request,
         case
           when keyed.errors is not null then
             etl.refusal('BADRQ', (
               select string_agg(format('%s: %s', coalesce(nullif(error ->> 'pointer', ''), 'body'), error ->> 'detail'), ' ') from jsonb_array_elements(keyed.errors) as error
             ), errors => keyed.errors)
           when keyed.entity_key is null and not ((accept.ingestion).key_is_optional and coalesce(btrim(keyed.named_key), '') = '') then
             etl.refusal('BADKY', format('"%s" is not %s.', left(coalesce(keyed.named_key, ''), 200),
                 case (accept.ingestion).entity_type when 'company' then 'a domain name' else 'the LinkedIn URL of a person' end),
               errors => jsonb_build_array(jsonb_build_object(
                 'pointer', '/' || (accept.ingestion).key_field,
                 'detail', case (accept.ingestion).entity_type
                   when 'company' then 'Expected a domain such as acme.example.' else 'Expected a URL such as https://www.linkedin.com/in/ada-example.' end
               )))
           when keyed.named_workflow is not null and not exists (
             select
               from reference.enrichment_workflow_registry as registered
              where registered.workflow_slug = keyed.named_workflow
                 or registered.aliases @> array[keyed.named_workflow]
           ) then
             etl.refusal('UNKWF', format('Unknown workflow "%s" in workflow_slug.', left(keyed.named_workflow, 200)),
               errors => '[{"pointer": "/workflow_slug", "detail": "Not in reference.enrichment_workflow_registry."}]')
           when objection.errors is not null then
             etl.refusal('BADRQ', (select string_agg(error ->> 'detail', ' ') from jsonb_array_elements(objection.errors) as error), errors => objection.errors)
           when exists (select from etl.suppressions as suppressed where suppressed.entity_key = keyed.entity_key) then
             etl.refusal('FORGT', format('%s was erased and is kept out.', keyed.entity_key), 'Remove it from etl.suppressions to accept it again.')
         end
    from parted as keyed
   cross join lateral (
     select case when (accept.ingestion).refuses is not null and keyed.errors is null then
         etl.objections((accept.ingestion).workflow_slug, keyed.payload, keyed.request)
       end as errors
   ) as objection;
end;
$$;
comment on function etl.accept(reference.enrichment_workflow_registry, etl.ingestions, jsonb[]) is
  'Looks at bodies without storing anything: per body its position from 1, normalised key, payload, the rest of the request, and the refusal (an outcome) or null.';

create or replace function etl.faultless_path(strict_schema jsonb)
returns jsonpath language sql immutable parallel safe set search_path = '' as $$
  -- The fast twin of etl.request_errors. A type that JSON does not have (integer) is never met, and left to that function.
  select (
    '$.type() == "object"' || coalesce((
      select string_agg(
        case
          when strict_schema -> 'properties' -> field.name ->> 'type' = 'string' then format(' && $.%1$s.type() == "string" && $.%1$s like_regex "[^ ]"', to_json(field.name))
          when strict_schema -> 'properties' -> field.name ? 'type' then format(' && $.%s.type() == %s', to_json(field.name), strict_schema -> 'properties' -> field.name -> 'type')
          else format(' && exists($.%s)', to_json(field.name))
        end, '')
        from jsonb_array_elements_text(strict_schema -> 'required') as field (name)
    ), '')
  )::jsonpath;
$$;
comment on function etl.faultless_path(jsonb) is 'A JSON path predicate that is true only for bodies in which etl.request_errors() finds nothing under this strict schema.';

create or replace function etl.key_of(workflow_slug text, body jsonb)
returns text language plpgsql stable set search_path = '' as $$
declare
  v_key text;
begin
  if jsonb_typeof(body) = 'object' then
    execute format('select extracted.key_%s($1)', etl.compiled_name(key_of.workflow_slug)) into v_key using body;
  end if;
  return v_key;
end;
$$;
comment on function etl.key_of(text, jsonb) is 'The key that a body names by its workflow''s own expression (key); null when it names none.';

create or replace function etl.objections(workflow_slug text, payload jsonb, request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_errors jsonb;
begin
  execute format('select extracted.refuses_%s($1, $2)', etl.compiled_name(objections.workflow_slug)) into v_errors using payload, request;
  return v_errors;
end;
$$;
comment on function etl.objections(text, jsonb, jsonb) is 'What a workflow''s own rule (refuses) has against a body: [{pointer, detail}], or null.';
