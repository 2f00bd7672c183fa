-- Catalogues that payloads extend. They belong to no record, so a rebuild of one leaves them.
select etl.golden('reference.technologies', key => '{name_key}', survives => 'first');
select etl.golden('reference.company_industries', key => '{name,source}', survives => 'first');

select etl.lookup('reference.employee_ranges', 'name');
select etl.lookup('reference.employee_range_lookup', 'size_raw');
select etl.lookup('reference.revenue_range_lookup', 'raw_value');
select etl.lookup('reference.company_type_lookup', 'raw_value');
select etl.lookup('reference.industry_lookup', 'industry_raw');
select etl.lookup('reference.job_title_lookup', 'latest_title');
select etl.lookup('reference.location_lookup', 'location_name');
