create or replace function core.offer_company_profile(
  origin text,
  source text,
  name text,
  linkedin_url text,
  description text,
  tagline text
)
returns void language plpgsql set search_path = '' as $$
begin
  perform core.offer_company_identity(offer_company_profile.origin, offer_company_profile.source, offer_company_profile.name, offer_company_profile.linkedin_url);
  perform etl.coalesces(offer_company_profile.origin, 'core.company_locations', source => offer_company_profile.source, as_select =>
    E'  select domain, city, state, country, country as raw_country, city is not null as has_city, state is not null as has_state\n'
    '    from source\n'
    '   where num_nonnulls(city, state, country) > 0');
  perform etl.coalesces(offer_company_profile.origin, 'core.company_descriptions', source => offer_company_profile.source, as_select => format(
    E'  select domain, %1$s as description, %2$s as tagline\n    from source\n   where num_nonnulls(%1$s, %2$s) > 0',
    offer_company_profile.description, offer_company_profile.tagline
  ));
  perform etl.looks_up(offer_company_profile.origin, 'employee_range', 'reference.employee_range_lookup');
  perform etl.coalesces(offer_company_profile.origin, 'core.company_employee_range', source => offer_company_profile.source, as_select =>
    E'  select domain, size_cleaned as employee_range\n'
    '    from source\n'
    '    join reference.employee_range_lookup on match_key = etl.fold(employee_range)');
  perform etl.coalesces(offer_company_profile.origin, 'core.company_employee_ranges', source => offer_company_profile.source, as_select =>
    E'  select domain, employee_range as raw_size, size_cleaned as matched_employee_range\n'
    '    from source\n'
    '    left join reference.employee_range_lookup on match_key = etl.fold(employee_range)\n'
    '   where employee_range is not null');
end;
$$;
comment on function core.offer_company_profile(text, text, text, text, text, text) is
  'Declares that an extracted table with city, state, country and employee_range knows what a portfolio says of a company: identity, location, size, description and tagline (SQL over its columns). Raises BADDL.';
