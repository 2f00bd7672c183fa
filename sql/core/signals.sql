-- An event does not change: what was delivered first stays, and what was missing is filled by whoever has it.
select etl.golden('core.company_signals', entity => 'company', key => '{domain,kind,event_key,client_domain}', survives => 'fill', fill_order => 'first');
select etl.golden('core.person_signals', entity => 'person', key => '{linkedin_url,kind,event_key,client_domain}', survives => 'fill', fill_order => 'first');

create or replace view core.signals as
  select signal.id, 'company' as signal_level, signal.kind, signal.domain, signal.person_linkedin_url as linkedin_url, signal.client_domain, signal.signal_slug,
         signal.occurred_on, signal.detected_at, null::integer as confidence, signal.title, signal.url, signal.details, signal.source,
         signal.raw_payload_id, signal.observed_at, signal.created_at, signal.updated_at
    from core.company_signals as signal
   where signal.is_initial_check is not true
  union all
  select signal.id, 'person', signal.kind, signal.company_domain, signal.linkedin_url, signal.client_domain, signal.signal_slug,
         signal.occurred_on, signal.detected_at, signal.confidence, signal.title, null,
         coalesce(signal.details, '{}') || jsonb_strip_nulls(jsonb_build_object(
           'company_name', signal.company_name, 'company_linkedin_url', signal.company_linkedin_url, 'previous_title', signal.previous_title,
           'previous_company_domain', signal.previous_company_domain, 'previous_company_linkedin_url', signal.previous_company_linkedin_url
         )),
         signal.source, signal.raw_payload_id, signal.observed_at, signal.created_at, signal.updated_at
    from core.person_signals as signal
   where signal.is_initial_check is not true;
comment on view core.signals is
  'All events of companies and people, of all providers and clients; those that were there when monitoring began are left out. domain is the company (of a person: the new one), linkedin_url the person (of a company: the new hire).';
