create or replace function etl.begin_load(workflow_slug text, source_name text, source_fingerprint text, source_size bigint default null)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_workflow reference.enrichment_workflow_registry;
  v_load etl.loads;
begin
  v_workflow := etl.find_workflow(begin_load.workflow_slug);
  if not etl.lands_payloads(v_workflow.workflow_type) then
    raise exception 'Workflow "%" lands no payloads, so nothing can be loaded into it', v_workflow.workflow_slug
      using errcode = 'BADRQ', hint = 'Load into a workflow of type ingest, upsert, inference or fetch.';
  end if;
  insert into etl.loads as stored (id, workflow_slug, source_name, source_fingerprint, source_size)
  values (
    etl.record_id('etl.loads', v_workflow.workflow_slug || E'\x1f' || begin_load.source_fingerprint),
    v_workflow.workflow_slug, begin_load.source_name, begin_load.source_fingerprint, begin_load.source_size
  )
      on conflict on constraint load_is_identified do update
     set source_name = excluded.source_name
  returning stored.* into v_load;
  return jsonb_build_object(
    'load_id', v_load.id, 'lines_copied', v_load.lines_copied, 'bytes_read', v_load.bytes_read,
    'lines_loaded', v_load.lines_loaded, 'lines_failed', v_load.lines_failed, 'finished_at', v_load.finished_at
  );
end;
$$;
comment on function etl.begin_load(text, text, text, bigint) is
  'Begins a bulk load, or finds the one begun with the same workflow and fingerprint: {load_id, lines_copied, bytes_read, lines_loaded, lines_failed, finished_at}. Raises UNKWF, INAWF, BADRQ.';

create or replace function etl.note_lines_copied(load_id uuid, lines_copied bigint, bytes_read bigint)
returns void language sql set search_path = '' as $$
  update etl.loads as load
     set lines_copied = note_lines_copied.lines_copied, bytes_read = note_lines_copied.bytes_read
   where load.id = note_lines_copied.load_id;
$$;
comment on function etl.note_lines_copied(uuid, bigint, bigint) is 'How far the source was copied into etl.load_lines; call it in the transaction of the COPY, so that a resumed load goes on exactly there.';

create or replace function etl.json_or_null(input text)
returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  return input::jsonb;
exception
  when invalid_text_representation or untranslatable_character or program_limit_exceeded or statement_too_complex or numeric_value_out_of_range then
    return null;
end;
$$;
comment on function etl.json_or_null(text) is 'Text as JSON; null when it is not JSON that the database can hold.';

create or replace function etl.load_chunk(load_id uuid, max_lines integer default 1000)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_load etl.loads;
  v_numbers bigint[];
  v_texts text[];
  v_bodies jsonb[];
  v_outcomes jsonb;
  v_refused integer;
begin
  select load.* into v_load from etl.loads as load where load.id = load_chunk.load_id for update;
  if not found then
    raise exception 'Unknown load %', load_chunk.load_id using errcode = 'UNKEY', hint = 'Begin it with etl.begin_load().';
  end if;
  with taken as (
    delete from etl.load_lines as line
     where line.load_id = load_chunk.load_id
       and line.line_number in (
         select waiting.line_number
           from etl.load_lines as waiting
          where waiting.load_id = load_chunk.load_id
          order by waiting.line_number
          limit load_chunk.max_lines
       )
    returning line.line_number, line.body
  )
  select array_agg(taken.line_number order by taken.line_number), array_agg(taken.body order by taken.line_number),
         array_agg(etl.json_or_null(taken.body) order by taken.line_number)
    into v_numbers, v_texts, v_bodies
    from taken;
  if v_numbers is null then
    return jsonb_build_object('loaded', 0, 'failed', 0, 'last_line', null, 'remaining', false);
  end if;

  -- A payload id from load and line: landing a line twice changes nothing.
  v_outcomes := etl.run_batch(v_load.workflow_slug, v_bodies, jsonb_build_object(
    'respond', false,
    'payload_ids', (
      select jsonb_agg(etl.line_id(load_chunk.load_id, v_load.started_at, number) order by number) from unnest(v_numbers) as number
    )
  ));
  insert into etl.load_errors as stored (load_id, line_number, code, detail, body)
  select load_chunk.load_id, item.number,
         case when item.body is null then 'NOTJS' else outcome.value #>> '{body,code}' end,
         case when item.body is null then 'The line is not JSON that can be stored.' else outcome.value #>> '{body,detail}' end,
         -- of what was erased nothing is kept
         case when outcome.value #>> '{body,code}' = 'FORGT' then '' else item.text end
    from unnest(v_numbers, v_texts, v_bodies) with ordinality as item (number, text, body, position)
    join jsonb_array_elements(v_outcomes) with ordinality as outcome (value, position) using (position)
   where (outcome.value ->> 'status')::integer >= 400
     and outcome.value ->> 'payload_id' is null
      on conflict on constraint load_errors_pkey do nothing;
  select count(*) into v_refused from jsonb_array_elements(v_outcomes) as outcome where (outcome ->> 'status')::integer >= 400;
  update etl.loads as load
     set lines_loaded = load.lines_loaded + cardinality(v_numbers) - v_refused, lines_failed = load.lines_failed + v_refused
   where load.id = load_chunk.load_id;
  return jsonb_build_object(
    'loaded', cardinality(v_numbers) - v_refused, 'failed', v_refused, 'last_line', v_numbers[cardinality(v_numbers)],
    'remaining', exists (select from etl.load_lines as line where line.load_id = load_chunk.load_id)
  );
end;
$$;
comment on function etl.load_chunk(uuid, integer) is
  'Lands and processes the next lines of a load as one batch: {loaded, failed, last_line, remaining}. Refused lines go to etl.load_errors, lines that landed but failed to etl.failures. Raises UNKEY.';

create or replace function etl.line_id(load_id uuid, started_at timestamptz, line_number bigint)
returns uuid language sql immutable parallel safe as $$
  -- Time-ordered like every payload id: the load's time, then the line number, then bits of the load.
  select encode(
    overlay(
      overlay(
        overlay(decode(md5(load_id::text || line_number::text), 'hex')
          placing substring(int8send(floor(extract(epoch from started_at) * 1000)::bigint + line_number / 4096) from 3 for 6) from 1)
        placing substring(int4send(28672 + (line_number % 4096)::integer) from 3 for 2) from 7)
      placing set_byte(substring(decode(md5(load_id::text || line_number::text), 'hex') from 9 for 1), 0,
        (get_byte(decode(md5(load_id::text || line_number::text), 'hex'), 8) & 63) | 128) from 9
    ), 'hex'
  )::uuid;
$$;
comment on function etl.line_id(uuid, timestamptz, bigint) is 'The payload id of a line of a load: the same each time, in line order, in the month the load began.';

create or replace function etl.finish_load(load_id uuid)
returns jsonb language sql set search_path = '' as $$
  update etl.loads as load
     set finished_at = coalesce(load.finished_at, now())
   where load.id = finish_load.load_id
  returning jsonb_build_object(
    'load_id', load.id, 'lines_loaded', load.lines_loaded, 'lines_failed', load.lines_failed,
    'errors', coalesce((
      select jsonb_agg(jsonb_build_object('code', grouped.code, 'detail', grouped.detail, 'lines', grouped.lines, 'first_line', grouped.first_line) order by grouped.lines desc)
        from (
          select error.code, error.detail, count(*) as lines, min(error.line_number) as first_line
            from etl.load_errors as error
           where error.load_id = finish_load.load_id
           group by error.code, error.detail
           order by count(*) desc
           limit 20
        ) as grouped
    ), '[]')
  );
$$;
comment on function etl.finish_load(uuid) is 'Marks a load as finished and reports it: {load_id, lines_loaded, lines_failed, errors: the 20 most frequent}.';
