-- One row per source: what each provider says stands beside what the others say.
select etl.golden('core.company_names', entity => 'company', key => '{domain,source}', survives => 'first');
select etl.golden('core.company_types', entity => 'company', key => '{domain,source}', survives => 'latest');
select etl.golden('core.company_revenue', entity => 'company', key => '{domain,source}', survives => 'latest');
select etl.golden('core.company_employee_ranges', entity => 'company', key => '{domain,source}', survives => 'latest');
select etl.golden('core.company_funding_rounds', entity => 'company', key => '{domain,source,funding_date,funding_type}', survives => 'latest');

-- One row per company.
select etl.golden('core.company_employee_range', entity => 'company', key => '{domain}', survives => 'latest');
select etl.golden('core.company_locations', entity => 'company', key => '{domain}', survives => 'richest', richness => '{city,state,country}');
select etl.golden('core.company_descriptions', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'latest');
select etl.golden('core.company_social_urls', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'latest');
-- Cleaned industries that someone entered win over CompanyEnrich, whose first word stands.
select etl.golden('core.company_industries', entity => 'company', key => '{domain}', survives => 'priority', ranking => '{*,companyenrich first}');

-- One row per value ever observed.
select etl.golden('core.company_keywords', entity => 'company', key => '{domain,keyword}', survives => 'set');
select etl.golden('core.company_categories', entity => 'company', key => '{domain,category}', survives => 'set');
select etl.golden('core.company_naics_codes', entity => 'company', key => '{domain,naics_code}', survives => 'set');
select etl.golden('core.company_tech_on_site', entity => 'company', key => '{domain,technology_id}', survives => 'set');
select etl.golden('core.company_vc_investors', entity => 'company', entity_column => 'company_domain', key => '{company_domain,vc_name}', survives => 'set');

select etl.derives('core.company_vc_backed', 'core.company_vc_investors', entity => 'company', origin_column => 'company_domain', as_select => $$
  select company_domain as domain, count(*)::integer as vc_count, 'derived' as source,
         (array_agg(raw_payload_id order by observed_at desc, raw_payload_id desc))[1] as raw_payload_id, max(observed_at) as observed_at
    from source
   group by company_domain
$$);
