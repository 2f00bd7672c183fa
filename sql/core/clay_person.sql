create or replace function core.clay_person(payload jsonb)
returns table (
  first_name text, last_name text, full_name text, location_name text, company_domain text, latest_title text, latest_company text,
  latest_start_date date, clay_company_table_id text, clay_company_record_id text
) language sql immutable parallel safe rows 1 as $$
  select etl.as_text(payload -> 'first_name'), etl.as_text(payload -> 'last_name'), etl.as_text(payload -> 'name'),
         etl.as_text(payload -> 'location_name'), etl.normalize_domain(etl.as_text(payload -> 'domain')),
         coalesce(etl.as_text(payload -> 'latest_title'), etl.as_text(payload -> 'latest_experience_title')),
         etl.as_text(payload -> 'latest_experience_company'), etl.as_date(payload -> 'latest_experience_start_date'),
         etl.as_text(payload -> 'company_table_id'), etl.as_text(payload -> 'company_record_id');
$$;
comment on function core.clay_person(jsonb) is 'The columns of a person of Clay''s people search, as its object has them. One row.';

create or replace function core.declare_found_people(origin text, source text, name_sql text default 'full_name')
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.coalesces(origin, 'core.people', source => source, as_select => format(
$sql$select linkedin_url, coalesce(%s, nullif(concat_ws(' ', first_name, last_name), '')) as full_name,
         case when linkedin_url like '%%/sales/%%' then 'salesnav' else 'real' end as linkedin_url_type
    from source$sql$, name_sql));

  perform etl.coalesces(origin, 'core.companies', source => source, as_select =>
$sql$select company_domain as domain, latest_company as name
    from source
   where company_domain is not null$sql$);

  perform etl.coalesces(origin, 'core.company_names', source => source, as_select =>
$sql$select company_domain as domain, latest_company as raw_name
    from source
   where company_domain is not null
     and latest_company is not null$sql$);

  perform etl.coalesces(origin, 'core.person_tenure', source => source, as_select =>
$sql$select linkedin_url, latest_start_date as job_start_date
    from source
   where latest_start_date is not null$sql$);

  perform core.offer_current_employer(origin, source, company_name => 'latest_company', company_domain => 'company_domain');
end;
$$;
comment on function core.declare_found_people(text, text, text) is
  'Declares what an extracted table of found people (first_name, last_name, company_domain, latest_company, latest_start_date) offers to core: people, their employers, tenure. name_sql: the full name. Raises BADDL.';

create or replace function core.declare_parsed_people(origin text, source text)
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.looks_up(origin, 'location_name', 'reference.location_lookup');

  -- One statement or the other, never a city of the one beside a country of the other.
  perform etl.coalesces(origin, 'core.person_locations', source => source, as_select =>
$sql$select linkedin_url, spot.city, spot.state, spot.country
    from source
    left join reference.location_lookup as known on known.match_key = etl.fold(source.location_name)
   cross join lateral (
     select source.city, source.state, source.country
      where num_nonnulls(source.city, source.state, source.country) > 0
     union all
     select known.city, known.state, known.country
      where num_nonnulls(source.city, source.state, source.country) = 0
        and num_nonnulls(known.city, known.state, known.country) > 0
   ) as spot$sql$);
end;
$$;
comment on function core.declare_parsed_people(text, text) is
  'Declares the location that an extracted table of people (city, state, country, parsed upstream; location_name) offers to core: the parsed one, or else what the lookup knows. Raises BADDL.';
