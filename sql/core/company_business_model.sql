-- A verdict about one side leaves the other as it is known.
select etl.golden('core.company_business_model', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'latest');
