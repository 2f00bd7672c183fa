create or replace function api.count_leads()
returns trigger language plpgsql set search_path = '' as $$
declare
  v_domains text[];
  v_changes bigint[];
begin
  -- By name of the transition tables, which an event has or has not.
  case tg_op
    when 'INSERT' then
      select array_agg(change.domain), array_agg(change.leads) into v_domains, v_changes
        from (select came.company_domain as domain, count(*) as leads from came where came.is_visible group by came.company_domain) as change;
    when 'DELETE' then
      select array_agg(change.domain), array_agg(change.leads) into v_domains, v_changes
        from (select gone.company_domain as domain, -count(*) as leads from gone where gone.is_visible group by gone.company_domain) as change;
    else
      select array_agg(change.domain), array_agg(change.leads) into v_domains, v_changes
        from (
          select each.domain, sum(each.leads) as leads
            from (
              select came.company_domain as domain, 1 as leads from came where came.is_visible
              union all
              select gone.company_domain, -1 from gone where gone.is_visible
            ) as each
           group by each.domain
          -- Most updates leave a company with as many leads as it had.
          having sum(each.leads) <> 0
        ) as change;
  end case;
  if v_domains is not null then
    perform api.change_lead_counts(v_domains, v_changes);
  end if;
  return null;
end;
$$;
comment on function api.count_leads() is
  'Trigger on api.lead_rows: keeps api.lead_counts. Rows are written under api.lock_reads(), so nobody waits for a count.';

create or replace function api.change_lead_counts(domains text[], changes bigint[])
returns void language sql set search_path = '' as $$
  with change as (
    select given.domain, given.leads
      from unnest(change_lead_counts.domains, change_lead_counts.changes) as given (domain, leads)
     where given.domain is not null
  ), more as (
    insert into api.lead_counts as counted (company_domain, leads)
    select change.domain, change.leads from change where change.leads > 0
        on conflict (company_domain) do update set leads = counted.leads + excluded.leads
  ), fewer as (
    update api.lead_counts as counted
       set leads = counted.leads + change.leads
      from change
     where counted.company_domain = change.domain
       and change.leads < 0
       and counted.leads + change.leads <> 0
  )
  -- So that a company that was erased is not named here either.
  delete from api.lead_counts as counted
   using change
   where counted.company_domain = change.domain
     and counted.leads + change.leads = 0;
$$;
comment on function api.change_lead_counts(text[], bigint[]) is 'Adds to the counts of leads of companies, each given once; takes away where the number is negative.';

create or replace trigger _500_count_inserted
  after insert on api.lead_rows referencing new table as came for each statement execute function api.count_leads();
create or replace trigger _500_count_updated
  after update on api.lead_rows referencing old table as gone new table as came for each statement execute function api.count_leads();
create or replace trigger _500_count_deleted
  after delete on api.lead_rows referencing old table as gone for each statement execute function api.count_leads();
