create or replace function etl.take_slot(host text, delivery_id uuid, sends_per_second integer, hold interval)
returns table (slot integer, wait interval) language plpgsql set search_path = '' as $$
#variable_conflict use_column
declare
  v_next_send_at timestamptz;
  v_slot integer;
  v_free_at timestamptz;
begin
  select known.next_send_at into strict v_next_send_at from etl.destinations as known where known.host = take_slot.host for update;
  if v_next_send_at > clock_timestamp() then
    return query select null::integer, v_next_send_at - clock_timestamp();
    return;
  end if;
  if not exists (select from etl.destination_slots as known where known.host = take_slot.host and known.slot = sends_per_second) then
    insert into etl.destination_slots (host, slot)
    select take_slot.host, number from generate_series(1, sends_per_second) as number
        on conflict do nothing;
  end if;
  select known.slot, known.free_at into v_slot, v_free_at
    from etl.destination_slots as known
   where known.host = take_slot.host
     and known.slot <= sends_per_second
   order by known.free_at, known.slot
   limit 1;
  if v_free_at > clock_timestamp() then
    return query select null::integer, v_free_at - clock_timestamp();
    return;
  end if;
  update etl.destination_slots as known
     set free_at = clock_timestamp() + hold, held_by = take_slot.delivery_id
   where known.host = take_slot.host and known.slot = v_slot;
  update etl.destinations as known
     set next_send_at = clock_timestamp() + interval '1 second' / sends_per_second
   where known.host = take_slot.host;
  return query select v_slot, interval '0';
end;
$$;
comment on function etl.take_slot(text, uuid, integer, interval) is
  'Takes one of the host''s slots for a send that takes at most hold, or gives a null slot and how long to wait. '
  'As a slot is free again only a second after its answer, at most sends_per_second sends arrive in any second, from however many workers.';

create or replace function etl.give_slot_back(host text, slot integer, delivery_id uuid)
returns void language sql set search_path = '' as $$
  -- Not when it was taken by another delivery, because the answer came too late.
  update etl.destination_slots as held
     set free_at = clock_timestamp() + interval '1 second', held_by = null
   where held.host = give_slot_back.host
     and held.slot = give_slot_back.slot
     and held.held_by = give_slot_back.delivery_id;
$$;
comment on function etl.give_slot_back(text, integer, uuid) is 'Ends the hold of a slot: it is free again in one second.';
