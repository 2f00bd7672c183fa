create or replace function etl.tables_written(workflow_slug text)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_example jsonb;
  v_outcome jsonb;
  v_keys text[];
  v_report jsonb;
begin
  v_example := etl.landing_example(tables_written.workflow_slug);
  begin
    v_outcome := etl.run_batch(tables_written.workflow_slug, array[v_example]) -> 0;
    if (v_outcome ->> 'status')::integer = 200 then
      -- Again without anything else that is known about its records, so that every row found is this payload's.
      v_keys := etl.touched_keys((v_outcome ->> 'payload_id')::uuid);
      perform etl.erase_keys(v_keys);
      v_outcome := etl.run_batch(tables_written.workflow_slug, array[v_example]) -> 0;
    end if;
    raise exception using errcode = 'DRYRN', message = 'audit', detail = jsonb_build_object(
      'outcome', v_outcome,
      'tables', coalesce((select jsonb_agg(distinct stored.target) from etl.golden_rows(v_keys) as stored), '[]')
    )::text;
  exception
    when sqlstate 'DRYRN' then
      get stacked diagnostics v_report = pg_exception_detail;
  end;
  return v_report;
end;
$$;
comment on function etl.tables_written(text) is 'Really runs a workflow''s example (a producing one''s with its example answer) and rolls it back: {outcome, tables: the core tables it wrote}.';

create or replace function etl.missing_from_example(example jsonb, schema jsonb, pointer text default '')
returns setof text language plpgsql immutable set search_path = '' as $$
declare
  v_property record;
begin
  if jsonb_typeof(example) = 'array' and schema ? 'items' then
    -- The elements together have to show every field.
    if schema #> '{items,properties}' is not null then
      return query select etl.missing_from_example(
        (select coalesce(jsonb_object_agg(member.key, member.value), '{}')
           from jsonb_array_elements(example) as element
          cross join lateral jsonb_each(case when jsonb_typeof(element) = 'object' then element else '{}' end) as member), schema -> 'items', pointer || '/*');
    end if;
    return;
  end if;
  for v_property in select property.key, property.value from jsonb_each(coalesce(schema -> 'properties', '{}')) as property loop
    if example -> v_property.key is null then
      return next pointer || '/' || v_property.key;
    else
      return query select etl.missing_from_example(example -> v_property.key, v_property.value, pointer || '/' || v_property.key);
    end if;
  end loop;
end;
$$;
comment on function etl.missing_from_example(jsonb, jsonb, text) is 'Documented fields that an example does not show, as JSON pointers.';

create or replace function etl.audit()
returns table (workflow_slug text, ok boolean, problem text) language plpgsql set search_path = '' as $$
declare
  v_workflow record;
  v_report jsonb;
begin
  for v_workflow in
    select registered.workflow_slug, registered.workflow_type, registered.core_tables, registered.request_schema, registered.example_request,
           answered.example_awaits
      from reference.enrichment_workflow_registry as registered
      left join etl.handlers as answered using (workflow_slug)
     where registered.is_active
     order by registered.workflow_slug
  loop
    v_report := etl.tables_written(v_workflow.workflow_slug);
    return query
    with found as (
      select format('the example is answered %s: %s', v_report #>> '{outcome,status}', v_report #>> '{outcome,body,detail}') as problem
       where (v_report #>> '{outcome,status}')::integer >= 400
         and (v_workflow.example_awaits is null or v_report #>> '{outcome,body,code}' is distinct from 'UNKEY')
      union all
      select format('the example is said to await %s, and is answered %s', v_workflow.example_awaits, v_report #>> '{outcome,status}')
       where v_workflow.example_awaits is not null
         and v_report #>> '{outcome,body,code}' is distinct from 'UNKEY'
      union all
      select format('the example writes %s, which core_tables does not name', written)
        from jsonb_array_elements_text(v_report -> 'tables') as written
       where not written = any (v_workflow.core_tables)
      union all
      select format('core_tables names %s, which the example does not write', claimed)
        from unnest(v_workflow.core_tables) as claimed
       where not v_report -> 'tables' ? claimed
         and v_workflow.workflow_type <> 'backfill'
      union all
      select format('the example has an unusable field: %s %s', warning ->> 'field', warning ->> 'problem')
        from jsonb_array_elements(coalesce(v_report #> '{outcome,body,warnings}', '[]')) as warning
      union all
      select format('the example does not show %s', missing)
        from etl.missing_from_example(v_workflow.example_request, v_workflow.request_schema) as missing
      union all
      select format('the example has %s, which the request schema does not know', finding.field)
        from etl.inspect_value(v_workflow.example_request, v_workflow.request_schema, '') as finding
       where finding.problem = 'unknown field'
    )
    select v_workflow.workflow_slug, false, found.problem from found
    union all
    select v_workflow.workflow_slug, true, null::text where not exists (select from found);
  end loop;
end;
$$;
comment on function etl.audit() is
  'Runs every active workflow''s example (rolled back) and compares what it wrote with what the registry claims: one row (ok) per clean workflow, else one per problem.';
