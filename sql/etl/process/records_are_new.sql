create or replace function etl.records_are_new()
returns boolean language sql stable parallel safe as $$
  select coalesce(current_setting('etl.records_are_new', true), '') = 'on';
$$;
comment on function etl.records_are_new() is
  'Whether the payloads being processed are about records that nobody spoke of before (etl.process_payloads says so). Compiled functions then insert without comparing with stored rows, and a row that is there all the same raises 23505.';
