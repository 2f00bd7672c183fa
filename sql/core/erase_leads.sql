-- etl.forget() knows the tables of the engine. Leads about the same person or company go with it, whoever's they are, and later
-- ones are refused by core.require_not_erased().
create or replace function core.erase_leads()
returns trigger language plpgsql set search_path = '' as $$
begin
  with forgotten_email as (
    select mapped.email from reference.person_emails as mapped where mapped.person_linkedin_url = new.entity_key
  ), erased as (
    delete from client.leads as lead
     where lead.person_linkedin_url = new.entity_key
        or lead.company_domain = new.entity_key
        or lead.work_email in (select email from forgotten_email)
    returning lead.id
  ), erased_target as (
    delete from target_client.leads as lead
     where lead.person_linkedin_url = new.entity_key
        or lead.company_domain = new.entity_key
        or lead.core_person_id = etl.record_id('core.people', new.entity_key)
        or lead.work_email in (select email from forgotten_email)
    returning lead.id
  )
  delete from raw.client_lead_payloads as payload
   where payload.lead_id in (select id from erased union all select id from erased_target);
  delete from testing.companies as company where company.domain = new.entity_key;
  return null;
end;
$$;
comment on function core.erase_leads() is 'Trigger: deletes the leads and test companies about a record that is being forgotten, and what was received about them.';

create or replace trigger erase_leads
  after insert or update on etl.suppressions
  for each row execute function core.erase_leads();

create or replace function core.is_erased(keys text[])
returns boolean language sql stable as $$
  select exists (select from etl.suppressions as suppressed where suppressed.entity_key = any (keys));
$$;
comment on function core.is_erased(text[]) is 'Whether one of the given normalised keys was forgotten and is kept out.';

create or replace function core.require_not_erased(key text, pointer text)
returns void language plpgsql stable set search_path = '' as $$
begin
  if core.is_erased(array[require_not_erased.key]) then
    raise exception '% was erased and is kept out.', require_not_erased.key
      using errcode = 'BADKY', detail = require_not_erased.pointer, hint = 'Remove it from etl.suppressions to accept it again.';
  end if;
end;
$$;
comment on function core.require_not_erased(text, text) is 'Raises BADKY for a normalised key that was forgotten and is kept out.';
