-- Ranked as in core.person_job_titles: a person's own profile, and what was observed of the change of job; then what searches found.
select etl.golden('core.person_current_employer', entity => 'person', key => '{linkedin_url}', survives => 'priority', ranking => array[
  'person_profile,signal_job_change,signal_promotion,clay_job_change,clay_promotion,clay_new_hire,company_people_snapshot',
  'person_discovery', 'person_title_enrichment', 'salesnav_scrapes_person', 'apollo_scrape', 'nostra', 'apollo_people_cleaned,apollo_instantdata'
]);

create or replace function core.keep_core_company_id()
returns trigger language plpgsql set search_path = '' as $$
begin
  update core.people as person
     set core_company_id = known.core_company_id,
         lineage = person.lineage - 'core_company_id' || known.lineage,
         updated_at = now()
    from (
      select employer.linkedin_url,
             case when employer.company_domain is not null then etl.record_id('core.companies', employer.company_domain) end as core_company_id,
             case when employer.company_domain is null then '{}'
               else jsonb_build_object('core_company_id', etl.origin(employer.source, employer.observed_at, employer.raw_payload_id)) end as lineage
        from (select distinct changed.linkedin_url from changed) as touched
        join core.person_current_employer as employer using (linkedin_url)
    ) as known
   where person.linkedin_url = known.linkedin_url
     and (
       person.core_company_id is distinct from known.core_company_id
       or person.lineage -> 'core_company_id' is distinct from known.lineage -> 'core_company_id'
     );
  return null;
end;
$$;
comment on function core.keep_core_company_id() is
  'Trigger function on core.person_current_employer and core.people: core.people.core_company_id, with its lineage, is the company of the current employer. '
  'Whatever offers an employer offers the person before, so that of two transactions that meet at a person the later one sees both rows.';

create or replace trigger _600_core_company_id_insert after insert on core.person_current_employer
referencing new table as changed for each statement execute function core.keep_core_company_id();
create or replace trigger _600_core_company_id_update after update on core.person_current_employer
referencing new table as changed for each statement execute function core.keep_core_company_id();
create or replace trigger _600_core_company_id_insert after insert on core.people
referencing new table as changed for each statement execute function core.keep_core_company_id();
