create or replace function core.sync_promotion_signals_to_core()
returns trigger language plpgsql set search_path = '' as $$
declare
  v_people constant text[] := array(select distinct changed.linkedin_url from changed where changed.kind = 'promotion' order by changed.linkedin_url);
begin
  if v_people = '{}' then
    return null;
  end if;

  delete from core.person_promotions as stored
   where stored.linkedin_url = any (v_people)
     and stored.source in ('clay_promotion', 'signal_promotion');

  -- Several clients may be told of one promotion: the first delivery counts.
  insert into core.person_promotions (
    id, linkedin_url, company_domain, company_name, previous_title, new_title, promotion_date, source, raw_payload_id, observed_at
  )
  select distinct on (signal.linkedin_url, signal.source, signal.company_domain, signal.title, signal.occurred_on)
         etl.record_id(
           'core.person_promotions',
           concat_ws(E'\x1f', signal.linkedin_url, signal.source, signal.company_domain, signal.title, signal.occurred_on - date '2000-01-01')
         ),
         signal.linkedin_url, signal.company_domain, signal.company_name, signal.previous_title, signal.title, signal.occurred_on,
         signal.source, signal.raw_payload_id, signal.observed_at
    from core.person_signals as signal
   where signal.linkedin_url = any (v_people)
     and signal.kind = 'promotion'
     and num_nulls(signal.company_domain, signal.previous_title, signal.title, signal.occurred_on) = 0
   order by signal.linkedin_url, signal.source, signal.company_domain, signal.title, signal.occurred_on, signal.observed_at, signal.raw_payload_id;
  return null;
end;
$$;
comment on function core.sync_promotion_signals_to_core() is
  'Trigger function on core.person_signals: replaces the promotions of people that come from signals by what their signals say now. One that lacks the company''s domain, a title or the date is no row. Rows of other sources stay.';

create or replace trigger _600_promotions_insert after insert on core.person_signals
referencing new table as changed for each statement execute function core.sync_promotion_signals_to_core();
create or replace trigger _600_promotions_update after update on core.person_signals
referencing new table as changed for each statement execute function core.sync_promotion_signals_to_core();
