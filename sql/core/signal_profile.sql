create or replace function core.new_job(
  event jsonb, company_domain text default null, company_linkedin_url text default null, company_name text default null
)
returns jsonb language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_latest constant jsonb := event #> '{fullProfile,latest_experience}';
  v_url constant text := coalesce(new_job.company_linkedin_url, core.first_listed(event -> 'newCompany'));
  v_slug constant text := core.linkedin_company_slug(v_url);
begin
  -- The latest job of the profile need not be the one that the event is about.
  if num_nonnulls(new_job.company_domain, v_slug, new_job.company_name) = 0 then
    return v_latest;
  end if;
  return coalesce(
    (
      select job.element
        from (
          select v_latest as element, 0::bigint as ordinality
          union all
          select listed.element, listed.ordinality from etl.elements(event #> '{fullProfile,experience}') as listed
        ) as job
       where etl.normalize_domain(etl.as_text(job.element -> 'company_domain')) = new_job.company_domain
          or core.linkedin_company_slug(etl.as_text(job.element -> 'url')) = v_slug
          or etl.fold(etl.as_text(job.element -> 'company')) = etl.fold(new_job.company_name)
       order by job.ordinality
       limit 1
    ),
    jsonb_build_object('url', v_url)
  );
end;
$$;
comment on function core.new_job(jsonb, text, text, text) is
  'The job that Clay''s job change event is about, as in experience: the one at the company given, or else at the event''s newCompany; the latest of the profile when neither names one, and only the URL when the profile has no such job.';

create or replace function core.signal_profile(event jsonb)
returns table (
  person_name text, person_first_name text, person_last_name text, person_linkedin_url text, person_linkedin_slug text, person_title text,
  person_headline text, person_location text, person_country text, confidence integer, reduced_confidence_reasons jsonb, is_initial_check boolean
) language sql immutable parallel safe rows 1 as $$
  select etl.as_text(profile -> 'name'), etl.as_text(profile -> 'first_name'), etl.as_text(profile -> 'last_name'),
         etl.normalize_linkedin_url(etl.as_text(profile -> 'url')), etl.as_text(profile -> 'slug'), etl.as_text(profile -> 'title'),
         etl.as_text(profile -> 'headline'), etl.as_text(profile -> 'location_name'), etl.as_text(profile -> 'country', 500),
         etl.as_integer(event -> 'confidence'), etl.as_array(event -> 'reducedConfidenceReasons'),
         coalesce(etl.as_boolean(event -> 'isInitialCheck'), false)
    from (select event -> 'fullProfile' as profile offset 0) as part
  -- computed once, although it is used several times
  offset 0;
$$;
comment on function core.signal_profile(jsonb) is 'Person and circumstances of a job change or promotion event in Clay''s form.';

create or replace function core.job_of_event(job jsonb)
returns table (title text, company_domain text, company_name text, company_linkedin_url text, start_date date, location text)
language sql immutable parallel safe rows 1 as $$
  select etl.as_text(job -> 'title', 500), etl.normalize_domain(etl.as_text(job -> 'company_domain')), etl.as_text(job -> 'company', 500),
         etl.as_text(job -> 'url', 500), etl.as_date(job -> 'start_date'), etl.as_text(job -> 'locality')
  offset 0;
$$;
comment on function core.job_of_event(jsonb) is 'A job of a profile in Clay''s form (an element of experience) as columns.';

create or replace function core.title_list(input jsonb)
returns jsonb language sql immutable parallel safe as $$
  select case jsonb_typeof(input) when 'array' then input when 'string' then jsonb_build_array(input) end;
$$;
comment on function core.title_list(jsonb) is 'The JSON array itself, or a string as an array of one; null for anything else.';

create or replace function core.job_change_key(company_domain text, company_linkedin_url text, company_name text, start_date date)
returns text language plpgsql stable parallel safe set search_path = '' as $$
begin
  return left(concat_ws('|', etl.fold(coalesce(company_domain, core.linkedin_company_slug(company_linkedin_url), company_name, '')), to_char(start_date, 'YYYY-MM-DD')), 550);
end;
$$;
comment on function core.job_change_key(text, text, text, date) is 'What tells the job changes of a person apart: the new company (domain, else LinkedIn page, else name) and the start date.';

create or replace function core.promotion_key(new_title text, start_date date)
returns text language plpgsql stable parallel safe set search_path = '' as $$
begin
  return left(concat_ws('|', etl.fold(coalesce(new_title, '')), to_char(start_date, 'YYYY-MM-DD')), 550);
end;
$$;
comment on function core.promotion_key(text, date) is 'What tells the promotions of a person apart: the new title and the start date.';
