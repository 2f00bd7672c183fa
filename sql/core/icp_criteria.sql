-- What someone wrote wins over what the ICP workflows found, field by field.
select etl.golden('core.icp_criteria', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'priority', ranking => '{manual,*}');

select etl.lookup('reference.icp_industry_lookup', 'term');

create or replace function reference.icp_industries(terms jsonb)
returns table (term text, matched_industries text[], ordinality bigint) language sql stable parallel safe rows 10 set search_path = '' as $$
  select stated.item, coalesce(icp.matched_industries, case when industry.id is not null then array[industry.industry_cleaned] end), stated.ordinality
    from etl.text_elements(icp_industries.terms) as stated
    left join reference.icp_industry_lookup as icp on icp.match_key = etl.fold(stated.item)
    left join reference.industry_lookup as industry on industry.match_key = etl.fold(stated.item);
$$;
comment on function reference.icp_industries(jsonb) is 'The terms of a JSON array with the canonical industries that the lookups give for them (null: not known) and their position.';

create or replace function reference.distinct_icp_industries(terms jsonb)
returns jsonb language sql stable parallel safe set search_path = '' as $$
  select coalesce(jsonb_agg(matched.name order by matched.ordinality, matched.position), '[]')
    from (
      select distinct on (industry.name) industry.name, stated.ordinality, industry.position
        from reference.icp_industries(distinct_icp_industries.terms) as stated
       cross join lateral unnest(stated.matched_industries) with ordinality as industry (name, position)
       order by industry.name, stated.ordinality, industry.position
    ) as matched;
$$;
comment on function reference.distinct_icp_industries(jsonb) is 'All canonical industries of the terms of a JSON array, each once, in their order; an empty array for none.';
