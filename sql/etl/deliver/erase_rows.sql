create or replace function etl.erase_delivery_rows(entity_keys text[])
returns bigint language plpgsql set search_path = '' as $$
declare
  v_erased bigint;
begin
  -- What was not sent must not be sent any more, by a retry neither: it becomes skipped, and its delivery can end.
  perform
     from etl.deliveries as delivery
    where exists (
      select from etl.delivery_rows as found
       where found.delivery_id = delivery.id
         and etl.names_record(found.row_key, found.body, erase_delivery_rows.entity_keys)
    )
    order by delivery.id
      for update;
  with found as (
    select known.delivery_id, known.position, known.state
      from etl.delivery_rows as known
     where etl.names_record(known.row_key, known.body, erase_delivery_rows.entity_keys)
  ), erased as (
    update etl.delivery_rows as known
       set body = '{}', row_key = null, answer = null,
           state = case when known.state = 'sent' then known.state else 'skipped' end,
           problem = case when known.state <> 'sent' then 'erased on request' end
      from found
     where known.delivery_id = found.delivery_id
       and known.position = found.position
    returning found.delivery_id, found.state
  ), counted as (
    select erased.delivery_id, count(*) filter (where erased.state in ('pending', 'sending')) as waiting,
           count(*) filter (where erased.state = 'failed') as failed, count(*) as rows from erased group by erased.delivery_id
  ), ended as (
    update etl.deliveries as delivery
       set skipped = delivery.skipped + counted.waiting + counted.failed,
           failed = delivery.failed - counted.failed,
           state = case when delivery.state in ('sending', 'paused') and delivery.sent + delivery.failed + delivery.skipped + counted.waiting = delivery.total then 'done' else delivery.state end,
           finished_at = case
             when delivery.state in ('sending', 'paused') and delivery.sent + delivery.failed + delivery.skipped + counted.waiting = delivery.total then now()
             else delivery.finished_at
           end
      from counted
     where delivery.id = counted.delivery_id
    returning counted.rows
  )
  select coalesce(sum(ended.rows), 0) into v_erased from ended;
  return v_erased;
end;
$$;
comment on function etl.erase_delivery_rows(text[]) is
  'Empties rows of deliveries that name one of the records (normalised keys); those that were not sent count as skipped. The delivery keeps its counts. Gives their number. Reads every row of every delivery.';

create or replace function etl.names_record(row_key text, body json, entity_keys text[])
returns boolean language sql immutable parallel safe set search_path = '' as $$
  select names_record.row_key = any (names_record.entity_keys)
      or exists (
        select
          from json_each_text(case when json_typeof(names_record.body) = 'object' then names_record.body else '{}' end) as field
         where etl.normalize_domain(field.value) = any (names_record.entity_keys)
            or etl.normalize_linkedin_url(field.value) = any (names_record.entity_keys)
      );
$$;
comment on function etl.names_record(text, json, text[]) is 'Whether a row of a delivery is about one of the records: its row_key is the key, or one of its own fields (not those inside others) is a spelling of the key.';
