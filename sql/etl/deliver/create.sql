create or replace function etl.begin_delivery(workflow_slug text, request jsonb, delivery_id uuid default null)
returns uuid language plpgsql set search_path = '' as $$
declare
  v_workflow constant reference.enrichment_workflow_registry := etl.find_workflow(begin_delivery.workflow_slug);
  v_source etl.delivery_sources;
  v_url text;
  v_id constant uuid := coalesce(begin_delivery.delivery_id, etl.uuidv7());
  v_added json := '{}';
begin
  select declared.* into v_source from etl.delivery_sources as declared where declared.workflow_slug = v_workflow.workflow_slug;
  if not found then
    raise exception '"%" delivers nothing', v_workflow.workflow_slug
      using errcode = 'BADRQ', hint = 'select workflow_slug from etl.delivery_sources;';
  end if;
  v_url := btrim(begin_delivery.request ->> v_source.url_field);
  if v_source.adds is not null then
    execute format('with source as (select $1 as request), added as (%s) select row_to_json(added) from added', v_source.adds)
       into v_added using begin_delivery.request;
  end if;

  insert into etl.deliveries (id, workflow_slug, title, url, host, tenant_domain, request, added, index_field)
  values (
    v_id, v_workflow.workflow_slug, etl.as_text(begin_delivery.request -> 'export_title', 500), v_url, etl.destination_host(v_url, v_source.url_field),
    etl.normalize_domain(begin_delivery.request ->> v_source.tenant_field),
    -- rows that came with the request are kept as rows
    begin_delivery.request - '{rows,records}'::text[], coalesce(v_added, '{}'), v_source.index_field
  );
  return v_id;
end;
$$;
comment on function etl.begin_delivery(text, jsonb, uuid) is
  'Makes a delivery of a workflow, still without rows; gives its id. Its rows are added in the same transaction, by etl.add_chosen_rows or by copying into etl.delivery_rows, and etl.finish_delivery ends it. Raises UNKWF, INAWF, BADRQ.';

create or replace function etl.add_chosen_rows(delivery_id uuid, request jsonb)
returns void language plpgsql set search_path = '' as $$
declare
  v_delivery etl.deliveries;
  v_source etl.delivery_sources;
  v_has_key boolean;
begin
  select delivery.* into strict v_delivery from etl.deliveries as delivery where delivery.id = add_chosen_rows.delivery_id;
  select declared.* into strict v_source from etl.delivery_sources as declared where declared.workflow_slug = v_delivery.workflow_slug;
  -- Of two calls at the same time the second sees the rows of the first, and leaves them out.
  perform pg_advisory_xact_lock(hashtext('etl.deliveries'), hashtext(v_delivery.workflow_slug));
  execute format(
    $query$
    with source as (
      select $1 as request
    ), chosen as (
      %s
    ), numbered as (
      select %s as row_key, %s as body, row_number() over () as place from chosen
    )
    insert into etl.delivery_rows (delivery_id, position, row_key, body)
    select $2, row_number() over (order by numbered.place) - 1, numbered.row_key, numbered.body
      from numbered
     where numbered.row_key is null
        or not exists (
          select
            from etl.delivery_rows as waiting
            join etl.deliveries as other on other.id = waiting.delivery_id
           where waiting.row_key = numbered.row_key
             and waiting.state in ('pending', 'sending')
             and other.workflow_slug = $3
             and other.state in ('sending', 'paused')
        )
    $query$,
    v_source.as_select,
    case when v_source.as_select ~ '\mrow_key\M' then 'chosen.row_key::text' else 'null::text' end,
    case when v_source.columns = '{body}' then 'chosen.body::json'
      else format('(select row_to_json(picked) from (select %s) as picked)', (select string_agg(format('chosen.%I', name), ', ') from unnest(v_source.columns) as name))
    end
  ) using add_chosen_rows.request, v_delivery.id, v_delivery.workflow_slug;
end;
$$;
comment on function etl.add_chosen_rows(uuid, jsonb) is
  'Adds the rows that the workflow''s query chooses, in its order; without those whose row_key waits in another delivery of the workflow.';

create or replace function etl.finish_delivery(delivery_id uuid)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_delivery etl.deliveries;
  v_source etl.delivery_sources;
  v_total bigint;
  v_skipped bigint;
  v_answer jsonb;
begin
  select delivery.* into strict v_delivery from etl.deliveries as delivery where delivery.id = finish_delivery.delivery_id and delivery.state = 'receiving';
  select declared.* into strict v_source from etl.delivery_sources as declared where declared.workflow_slug = v_delivery.workflow_slug;
  if cardinality(v_source.required) > 0 then
    update etl.delivery_rows as waiting
       set state = 'skipped', problem = format('lacks %s', lacking.fields)
      from etl.delivery_rows as found
     cross join lateral (
       select string_agg(name, ', ') as fields from unnest(v_source.required) as name where etl.as_text((found.body -> name)::jsonb) is null
     ) as lacking
     where found.delivery_id = v_delivery.id
       and lacking.fields is not null
       and waiting.delivery_id = found.delivery_id
       and waiting.position = found.position;
  end if;
  perform etl.note_delivery_mentions(v_delivery.id);
  perform etl.skip_suppressed_rows(v_delivery.id);
  select count(*), count(*) filter (where waiting.state = 'skipped') into v_total, v_skipped from etl.delivery_rows as waiting where waiting.delivery_id = v_delivery.id;
  if v_total = 0 and v_source.takes_file then
    raise exception 'There are no data rows.' using errcode = 'BADRQ', detail = '/rows';
  end if;
  insert into etl.destinations (host) values (v_delivery.host) on conflict do nothing;
  update etl.deliveries as delivery
     set total = v_total, skipped = v_skipped,
         state = case when v_total = v_skipped then 'done' else 'sending' end,
         finished_at = case when v_total = v_skipped then now() end
   where delivery.id = v_delivery.id;

  v_answer := jsonb_build_object(
    'success', true, 'delivery_id', v_delivery.id, 'status_url', '/deliveries/' || v_delivery.id, 'total_rows', v_total, 'sent', 0, 'skipped', v_skipped, 'errors', '[]'::jsonb,
    'message', case
      when v_total = 0 then 'There is nothing to send.'
      when v_total = v_skipped then format('No row can be sent: each of the %s lacks a required field or is about a record that was erased.', v_total)
      else format('%s rows are sent to %s in the background; status_url shows how far they are.', v_total - v_skipped, v_delivery.host)
    end
  );
  return v_answer || coalesce((select jsonb_object_agg(renamed.value, v_answer -> renamed.key) from jsonb_each_text(v_source.also_as) as renamed), '{}');
end;
$$;
comment on function etl.finish_delivery(uuid) is
  'Ends the making of a delivery: skips rows that lack a required field or name a record that was erased, counts, and leaves it to the workers. Gives {success, delivery_id, status_url, total_rows, sent, skipped, message, errors} and the second names that were declared. Raises BADRQ for an upload without rows.';

create or replace function etl.make_delivery(workflow_slug text, request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_id constant uuid := etl.begin_delivery(make_delivery.workflow_slug, make_delivery.request);
begin
  perform etl.add_chosen_rows(v_id, make_delivery.request);
  return etl.finish_delivery(v_id);
end;
$$;
comment on function etl.make_delivery(text, jsonb) is 'Makes a delivery of the rows that the workflow''s query chooses, and answers as etl.finish_delivery does. Raises UNKWF, INAWF, BADRQ, and what the query raises.';
