create schema if not exists mapped;
comment on schema mapped is 'Extracted rows beside what the lookups know of them, as views: never behind the lookups.';

create or replace view mapped.company_discovery as
  select etl.record_id('mapped.company_discovery', discovered.domain) as id, discovered.id as extracted_id, discovered.domain,
         discovered.location as original_location, discovered.industry as original_industry, discovered.name as original_company_name,
         place.city as matched_city, place.state as matched_state, place.country as matched_country,
         case when place.id is not null then 'location-lookup' end as location_match_source,
         industry.industry_cleaned as matched_industry, cleaned.cleaned_company_name as matched_company_name,
         discovered.created_at, greatest(discovered.observed_at, cleaned.observed_at, place.updated_at, industry.updated_at) as updated_at
    from extracted.company_discovery as discovered
    left join reference.location_lookup as place on place.match_key = etl.fold(discovered.location)
    left join reference.industry_lookup as industry on industry.match_key = etl.fold(discovered.industry)
    left join extracted.cleaned_company_names as cleaned on cleaned.domain = discovered.domain;
comment on view mapped.company_discovery is 'Companies found by Clay, with location, industry and name as the lookups know them.';
