-- A job change or promotion says what someone does as well as their profile: the newer of these counts.
select etl.golden('core.person_job_titles', entity => 'person', key => '{linkedin_url}', survives => 'priority',
  ranking => '{"person_profile,signal_job_change,signal_promotion,clay_job_change,clay_promotion","person_discovery,company_people_snapshot",salesnav_scrapes_person,apollo_people_cleaned}');
