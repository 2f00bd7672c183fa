select etl.golden('core.company_public', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'latest');
