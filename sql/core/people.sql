-- core_company_id is kept by core.keep_core_company_id().
select etl.golden('core.people', entity => 'person', key => '{linkedin_url}', survives => 'fill', fill_order => 'latest');
select etl.golden('core.person_locations', entity => 'person', key => '{linkedin_url}', survives => 'latest');
select etl.golden('core.person_tenure', entity => 'person', key => '{linkedin_url}', survives => 'latest');
-- A person's own profile knows best what they do, and a job change or promotion as well as it: the newer of these counts.
select etl.golden('core.person_job_titles', entity => 'person', key => '{linkedin_url}', survives => 'priority',
  ranking => '{"person_profile,signal_job_change,signal_promotion,clay_job_change,clay_promotion",person_discovery,person_title_enrichment,salesnav_scrapes_person,apollo_people_cleaned,"apollo_scrape,apollo_instantdata"}');
select etl.golden('core.person_past_employer', entity => 'person', key => '{linkedin_url,past_company_name,past_company_domain,source}',
  survives => 'replace', owner => '{linkedin_url,source}');

-- Both are kept by core.sync_person_experience_to_core(), the promotions that signals tell by core.sync_promotion_signals_to_core().
select etl.golden('core.person_work_history', entity => 'person', key => '{linkedin_url,source,experience_order}', survives => 'replace',
  owner => '{linkedin_url,source}', keeper => 'core.sync_person_experience_to_core()');
select etl.golden('core.person_promotions', entity => 'person', key => '{linkedin_url,source,company_domain,new_title,promotion_date}',
  survives => 'replace', owner => '{linkedin_url,source}', keeper => 'core.sync_person_experience_to_core()');
