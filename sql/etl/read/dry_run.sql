create or replace function etl.dry_run_outcome(workflow_slug text, body jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_outcome jsonb;
  v_keys text[];
  v_after jsonb;
  v_report jsonb;
  v_changes jsonb;
begin
  begin
    v_outcome := etl.run_batch(dry_run_outcome.workflow_slug, array[dry_run_outcome.body]) -> 0;
    v_keys := etl.touched_keys((v_outcome ->> 'payload_id')::uuid);
    select jsonb_agg(to_jsonb(stored)) into v_after from etl.golden_rows(v_keys) as stored;
    -- Leaves the block by an error so that nothing of it stays; the report travels in the error.
    raise exception using errcode = 'DRYRN', message = 'dry run',
      detail = jsonb_build_object('outcome', v_outcome, 'keys', v_keys, 'after', v_after)::text;
  exception
    when sqlstate 'DRYRN' then
      get stacked diagnostics v_report = pg_exception_detail;
  end;

  select jsonb_agg(
      jsonb_build_object('table', changed.target, 'key', changed.row_key, 'before', changed.before, 'after', changed.after)
      order by changed.target, changed.row_key
    )
    into v_changes
    from (
      select coalesce(earlier.target, later.value ->> 'target') as target, coalesce(earlier.row_key, later.value -> 'row_key') as row_key,
             earlier.golden_row as before, later.value -> 'golden_row' as after
        from etl.golden_rows(array(select jsonb_array_elements_text(coalesce(nullif(v_report -> 'keys', 'null'), '[]')))) as earlier
        full join jsonb_array_elements(coalesce(nullif(v_report -> 'after', 'null'), '[]')) as later
          on later.value ->> 'target' = earlier.target
         and later.value -> 'row_key' = earlier.row_key
    ) as changed
   where etl.facts_of(changed.before) is distinct from etl.facts_of(changed.after);
  return case
    when (v_report #>> '{outcome,status}')::integer >= 500 then etl.outcome(500, jsonb_build_object(
      'success', false, 'dry_run', true, 'code', v_report #>> '{outcome,body,code}', 'error', v_report #>> '{outcome,body,error}',
      'detail', format('The payload could not be processed: %s. Nothing was stored.', v_report #>> '{outcome,body,error}')
    ))
    when (v_report #>> '{outcome,status}')::integer >= 400 then v_report -> 'outcome'
    else etl.outcome(200, jsonb_build_object('success', true, 'dry_run', true, 'response', v_report #> '{outcome,body}', 'changes', coalesce(v_changes, '[]')))
  end;
end;
$$;
comment on function etl.dry_run_outcome(text, jsonb) is 'The outcome of a body that is run and rolled back: {response, changes: [{table, key, before, after}]}.';

create or replace function etl.facts_of(golden_row jsonb)
returns jsonb language sql immutable parallel safe as $$
  select golden_row - 'raw_payload_id' - 'observed_at' - 'lineage';
$$;
comment on function etl.facts_of(jsonb) is 'A core row without its lineage.';

create or replace function etl.touched_keys(payload_id uuid)
returns text[] language sql stable set search_path = '' as $$
  select array(
    select payload.entity_key from raw.payloads as payload where payload.id = touched_keys.payload_id
    union
    select mention.entity_key from etl.mentions as mention where mention.payload_id = touched_keys.payload_id
  );
$$;
comment on function etl.touched_keys(uuid) is 'The records that a payload is about or mentions.';

create or replace function etl.dry_run(workflow_slug text, body jsonb)
returns jsonb language sql set search_path = '' as $$
  select etl.required_outcome(etl.dry_run_outcome(dry_run.workflow_slug, dry_run.body)) -> 'body';
$$;
comment on function etl.dry_run(text, jsonb) is
  'What a body would change in core, nothing written: {response, changes: [{table, key, before, after}]}. Raises UNKWF, INAWF, BADRQ, BADKY, FORGT.';
