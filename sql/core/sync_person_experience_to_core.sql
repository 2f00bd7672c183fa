create or replace function core.sync_person_experience_to_core()
returns trigger language plpgsql set search_path = '' as $$
begin
  if not exists (select from arrived) then
    return null;
  end if;

  delete from core.person_work_history as stored
   using (select distinct arrived.linkedin_url from arrived) as person
   where stored.linkedin_url = person.linkedin_url
     and stored.source = 'person_profile';
  delete from core.person_promotions as stored
   using (select distinct arrived.linkedin_url from arrived) as person
   where stored.linkedin_url = person.linkedin_url
     and stored.source = 'person_profile';

  insert into core.person_work_history (
    id, linkedin_url, company_domain, company_name, company_linkedin_url, title, matched_cleaned_job_title, matched_job_function,
    matched_seniority, start_date, end_date, is_current, experience_order, source_id, source, raw_payload_id, observed_at
  )
  select etl.record_id('core.person_work_history', job.linkedin_url || E'\x1f' || 'person_profile' || E'\x1f' || job.experience_order),
         job.linkedin_url, job.company_domain, job.company, job.company_linkedin_url, job.title,
         coalesce(job.matched_cleaned_job_title, title.cleaned_job_title), coalesce(job.matched_job_function, title.job_function),
         coalesce(job.matched_seniority, title.seniority_level), job.start_date, job.end_date, coalesce(job.is_current, false),
         job.experience_order, job.id, 'person_profile', job.raw_payload_id, job.observed_at
    from arrived as job
    left join reference.job_title_lookup as title on title.match_key = etl.fold(job.title);

  -- Jobs at one company in the order they were held. Only neighbours pair up, so that one job makes at most one promotion.
  insert into core.person_promotions (
    id, linkedin_url, company_domain, company_name, previous_title, new_title, promotion_date, source, raw_payload_id, observed_at
  )
  with held as (
    select job.linkedin_url, job.company_domain, job.company, job.title, job.start_date, job.end_date, job.raw_payload_id, job.observed_at,
           lag(job.title) over earlier as previous_title,
           lag(job.end_date) over earlier as previous_end_date
      from arrived as job
     where job.company_domain is not null
       and job.title is not null
       and job.start_date is not null
    window earlier as (
      partition by job.linkedin_url, job.company_domain
      order by job.start_date, job.end_date nulls last, job.experience_order desc
    )
  )
  select distinct on (held.linkedin_url, held.company_domain, held.title, held.start_date)
         etl.record_id(
           'core.person_promotions',
           concat_ws(E'\x1f', held.linkedin_url, 'person_profile', held.company_domain, held.title, held.start_date - date '2000-01-01')
         ),
         held.linkedin_url, held.company_domain, held.company, held.previous_title, held.title, held.start_date,
         'person_profile', held.raw_payload_id, held.observed_at
    from held
   where etl.fold(held.title) <> etl.fold(held.previous_title)
     -- LinkedIn dates are exact to the month: the old job may end up to a month after the new one starts.
     and held.start_date between held.previous_end_date - 31 and held.previous_end_date + 90
   order by held.linkedin_url, held.company_domain, held.title, held.start_date, held.previous_title;
  return null;
end;
$$;
comment on function core.sync_person_experience_to_core() is
  'Trigger function on extracted.person_experience: replaces the work history and the promotions that come from people''s profiles by what their newest set of jobs says. '
  'A promotion is a different title at the same company that starts at most 31 days before and 90 days after the previous one ended. Rows of other sources stay.';

create or replace trigger trigger_sync_person_experience after insert on extracted.person_experience
referencing new table as arrived for each statement execute function core.sync_person_experience_to_core();
