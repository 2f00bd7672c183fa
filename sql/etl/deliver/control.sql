create or replace function etl.change_delivery(delivery_id uuid, action text)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_delivery etl.deliveries;
  v_first bigint;
  v_again bigint := 0;
begin
  select delivery.* into v_delivery from etl.deliveries as delivery where delivery.id = change_delivery.delivery_id for update;
  if not found then
    return null;
  end if;
  if not (v_delivery.state = any (case action
    when 'pause' then '{sending,paused}'::text[]
    when 'resume' then '{sending,paused}'
    when 'cancel' then '{sending,paused,cancelled}'
    when 'retry' then '{sending,paused,done}'
  end)) then
    raise exception 'The delivery is %, and cannot be asked to %', v_delivery.state, action
      using errcode = 'DLVST', hint = 'pause and resume one that is sending or paused, cancel one that has not ended, retry the failed rows of one that is not cancelled.';
  end if;
  if action = 'retry' then
    with again as (
      update etl.delivery_rows as failed
         set state = 'pending', attempts = 0
       where failed.delivery_id = v_delivery.id
         and failed.state = 'failed'
         -- A later delivery may have taken the row up.
         and not exists (
           select
             from etl.delivery_rows as later
             join etl.deliveries as other on other.id = later.delivery_id
            where later.row_key = failed.row_key
              and later.delivery_id > failed.delivery_id
              and later.state in ('pending', 'sending', 'sent')
              and other.workflow_slug = v_delivery.workflow_slug
         )
      returning failed.position
    )
    select count(*), min(again.position) into v_again, v_first from again;
  end if;
  update etl.deliveries as delivery
     set state = case
           when action = 'pause' then 'paused'
           when action = 'cancel' then 'cancelled'
           when action = 'resume' or v_again > 0 then 'sending'
           else delivery.state
         end,
         finished_at = case when action = 'cancel' then coalesce(delivery.finished_at, now()) when v_again > 0 then null else delivery.finished_at end,
         failed = delivery.failed - v_again,
         next_position = least(delivery.next_position, v_first),
         next_attempt_at = case when action = 'resume' or v_again > 0 then '-infinity' else delivery.next_attempt_at end,
         exhausted_in_a_row = 0,
         problem = null,
         measured_from = null, measured_rows = 0, rows_per_second = null
   where delivery.id = v_delivery.id;
  return etl.delivery(v_delivery.id);
end;
$$;
comment on function etl.change_delivery(uuid, text) is
  'Does pause, resume, cancel or retry (the failed rows once more; not the skipped) to a delivery and gives it; null when unknown. A row in flight is still counted. The same again changes nothing. Raises DLVST when its state does not allow the action.';

create or replace function etl.purge_deliveries(older_than interval default '90 days')
returns bigint language sql set search_path = '' as $$
  with purged as (
    delete from etl.deliveries as delivery where delivery.finished_at < now() - purge_deliveries.older_than returning delivery.id
  )
  select count(*) from purged;
$$;
comment on function etl.purge_deliveries(interval) is 'Deletes deliveries that ended longer ago, with their rows; gives their number.';
