create or replace function etl.take_turn(alone boolean)
returns void language plpgsql set search_path = '' as $$
begin
  if take_turn.alone then
    perform pg_advisory_xact_lock(hashtext('etl.take_turn'));
  else
    perform pg_advisory_xact_lock_shared(hashtext('etl.take_turn'));
  end if;
end;
$$;
comment on function etl.take_turn(boolean) is
  'Whoever writes to extracted and core takes a turn first, beside others. What met another in opposite order (40P01) takes the next one alone, so that it cannot meet it again. Call it inside the sub-transaction that is rolled back: that gives the turn up.';
