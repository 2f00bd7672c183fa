create or replace function core.offer_career_event(
  origin text,
  source text,
  title text,
  start_date text,
  company_domain text,
  company_name text,
  company_linkedin_url text
)
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.looks_up(offer_career_event.origin, offer_career_event.title, 'reference.job_title_lookup');
  perform etl.looks_up(offer_career_event.origin, 'person_location', 'reference.location_lookup');
  perform etl.coalesces(offer_career_event.origin, 'core.people', source => offer_career_event.source, as_select =>
    E'  select linkedin_url, person_linkedin_slug as linkedin_slug, person_name as full_name,\n'
    '         case when linkedin_url like ''%/sales/%'' then ''salesnav'' else ''real'' end as linkedin_url_type\n'
    '    from source');
  perform etl.coalesces(offer_career_event.origin, 'core.person_locations', source => offer_career_event.source, as_select =>
    E'  select linkedin_url, place.city, place.state, coalesce(source.person_country, place.country) as country\n'
    '    from source\n'
    '    left join reference.location_lookup as place on place.match_key = etl.fold(source.person_location)\n'
    '   where num_nonnulls(place.city, place.state, place.country, source.person_country) > 0');
  perform etl.coalesces(offer_career_event.origin, 'core.person_tenure', source => offer_career_event.source, as_select => format(
    E'  select linkedin_url, %1$I as job_start_date\n    from source\n   where %1$I is not null', offer_career_event.start_date
  ));
  perform etl.coalesces(offer_career_event.origin, 'core.person_job_titles', source => offer_career_event.source, as_select => format(
    E'  select linkedin_url, cleaned_job_title as matched_cleaned_job_title, job_function as matched_job_function, seniority_level as matched_seniority\n'
    '    from source\n'
    '    join reference.job_title_lookup on match_key = etl.fold(source.%I)',
    offer_career_event.title
  ));
  perform core.offer_current_employer(
    offer_career_event.origin, offer_career_event.source, company_name => offer_career_event.company_name,
    company_domain => offer_career_event.company_domain, company_linkedin_url => offer_career_event.company_linkedin_url
  );
  perform etl.coalesces(offer_career_event.origin, 'core.companies', source => offer_career_event.source, as_select => format(
    E'  select %1$I as domain, %2$I as name, %3$I as linkedin_url\n    from source\n   where %1$I is not null',
    offer_career_event.company_domain, offer_career_event.company_name, offer_career_event.company_linkedin_url
  ));
end;
$$;
comment on function core.offer_career_event(text, text, text, text, text, text, text) is
  'Declares that an extracted table holds job changes or promotions (columns linkedin_url, person_name, person_linkedin_slug, person_location, person_country, and those named): what they say of the person, the job and the employer reaches core. Raises BADDL.';
