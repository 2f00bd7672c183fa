-- What both discovery workflows of Clay read from a company object, and what they offer of it to core.
create or replace function core.discovered_company(payload jsonb)
returns table (
  name text, linkedin_url text, linkedin_company_id bigint, clay_company_id text, size text, type text, country text, location text, industry text,
  industries jsonb, description text, annual_revenue text, total_funding_amount_range_usd text, derived_datapoints jsonb
)
language sql immutable parallel safe rows 1 as $$
  select etl.as_text(payload -> 'name'), etl.as_text(payload -> 'linkedin_url'), etl.as_bigint(payload -> 'linkedin_company_id'),
         etl.as_text_or_number(payload -> 'clay_company_id'), etl.as_text(payload -> 'size'), etl.as_text(payload -> 'type'),
         etl.as_text(payload -> 'country', 500), etl.as_text(payload -> 'location', 500), etl.as_text(payload -> 'industry', 500), etl.as_array(payload -> 'industries'),
         etl.as_text(payload -> 'description'), etl.as_text(payload -> 'annual_revenue'), etl.as_text(payload -> 'total_funding_amount_range_usd'),
         case when jsonb_typeof(payload -> 'derived_datapoints') = 'object' then payload -> 'derived_datapoints' end;
$$;
comment on function core.discovered_company(jsonb) is 'The columns of a company object of Clay''s company search.';

create or replace function core.offer_discovered_company(origin text)
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.looks_up(offer_discovered_company.origin, 'size', 'reference.employee_range_lookup');
  perform etl.looks_up(offer_discovered_company.origin, 'annual_revenue', 'reference.revenue_range_lookup');
  perform etl.looks_up(offer_discovered_company.origin, 'total_funding_amount_range_usd', 'reference.funding_range_lookup');
  perform etl.looks_up(offer_discovered_company.origin, 'type', 'reference.company_type_lookup');
  perform etl.looks_up(offer_discovered_company.origin, 'industry', 'reference.industry_lookup');

  perform etl.coalesces(offer_discovered_company.origin, 'core.companies', source => 'clay', as_select => $select$
    select domain, name, linkedin_url
      from source
  $select$);
  perform etl.coalesces(offer_discovered_company.origin, 'core.company_names', source => 'clay', as_select => $select$
    select domain, name as raw_name, linkedin_url
      from source
     where name is not null
  $select$);
  perform etl.coalesces(offer_discovered_company.origin, 'core.company_social_urls', source => 'clay', as_select => $select$
    select domain, linkedin_url
      from source
     where linkedin_url is not null
  $select$);
  perform etl.coalesces(offer_discovered_company.origin, 'core.company_employee_range', source => 'clay', as_select => $select$
    select domain, size_cleaned as employee_range
      from source
      join reference.employee_range_lookup on match_key = etl.fold(size)
  $select$);
  perform etl.coalesces(offer_discovered_company.origin, 'core.company_employee_ranges', source => 'clay', as_select => $select$
    select domain, size as raw_size, null::integer as raw_employee_count, size_cleaned as matched_employee_range
      from source
      left join reference.employee_range_lookup on match_key = etl.fold(size)
     where size is not null
  $select$);
  perform etl.coalesces(offer_discovered_company.origin, 'core.company_types', source => 'clay', as_select => $select$
    select domain, type as raw_type, matched_type
      from source
      left join reference.company_type_lookup on match_key = etl.fold(type)
     where type is not null
  $select$);
  perform etl.coalesces(offer_discovered_company.origin, 'core.company_revenue', source => 'clay', as_select => $select$
    select domain, annual_revenue as raw_revenue_range, matched_revenue_range
      from source
      left join reference.revenue_range_lookup on match_key = etl.fold(annual_revenue)
     where annual_revenue is not null
  $select$);
  perform etl.coalesces(offer_discovered_company.origin, 'core.company_funding', source => 'clay', as_select => $select$
    select domain, total_funding_amount_range_usd as raw_funding_range, matched_funding_range
      from source
      left join reference.funding_range_lookup on match_key = etl.fold(total_funding_amount_range_usd)
     where total_funding_amount_range_usd is not null
  $select$);
  -- Only an industry that the lookup knows: the rule of the table believes every source but CompanyEnrich to be cleaned.
  perform etl.coalesces(offer_discovered_company.origin, 'core.company_industries', source => 'clay', as_select => $select$
    select domain, industry as raw_industry, industry_cleaned as matched_industry
      from source
      join reference.industry_lookup on match_key = etl.fold(industry)
  $select$);
  perform etl.coalesces(offer_discovered_company.origin, 'reference.company_industries', source => 'clay', as_select => $select$
    select coalesce(industry_cleaned, industry) as name
      from source
      left join reference.industry_lookup on match_key = etl.fold(industry)
     where industry is not null
  $select$);
  perform etl.coalesces(offer_discovered_company.origin, 'core.company_descriptions', source => 'company_discovery', as_select => $select$
    select domain, description
      from source
     where description is not null
  $select$);
end;
$$;
comment on function core.offer_discovered_company(text) is
  'Declares what an extracted table with the columns of core.discovered_company() offers to core, its location apart. Raises BADDL.';
