select etl.golden('core.person_current_employer', entity => 'person', key => '{linkedin_url}', survives => 'latest');
