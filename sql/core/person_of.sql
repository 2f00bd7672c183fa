create or replace function core.person_of(linkedin_url text, email text)
returns table (
  core_person_id uuid, person_linkedin_url text, first_name text, last_name text, full_name text, work_email text, company_domain text
) language sql stable rows 1 as $$
  -- The profile tells more surely than the e-mail.
  with found as (
    select person.id, person.linkedin_url, person.full_name, person.core_company_id
      from core.people as person
     where person.linkedin_url = any (array[
             person_of.linkedin_url,
             (select known.person_linkedin_url from reference.email_to_person as known where known.email = person_of.email)
           ])
     order by (person.linkedin_url = person_of.linkedin_url) is true desc
     limit 1
  )
  select found.id, found.linkedin_url, coalesce(profile.first_name, known.first_name), coalesce(profile.last_name, known.last_name),
         coalesce(found.full_name, known.full_name), known.email, coalesce(company.domain, known.domain)
    from found
    left join core.companies as company on company.id = found.core_company_id
    left join extracted.person_profile as profile on profile.linkedin_url = found.linkedin_url
    left join lateral (
      select mapped.email, mapped.first_name, mapped.last_name, mapped.full_name, mapped.domain
        from reference.person_emails as mapped
       where mapped.person_linkedin_url = found.linkedin_url
       -- the e-mail that was asked for, else the newest
       order by (mapped.email = person_of.email) is true desc, mapped.observed_at desc, mapped.email
       limit 1
    ) as known on true;
$$;
comment on function core.person_of(text, text) is
  'The person in core with that LinkedIn URL (normalised), else with that e-mail (lower case); no row when there is none.';
