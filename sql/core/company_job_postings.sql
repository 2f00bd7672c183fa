-- A field that a later delivery lacks does not erase what is known.
select etl.golden('core.company_job_postings', entity => 'company', key => '{domain,job_id}', survives => 'fill', fill_order => 'latest');
-- A catalogue that postings extend; it belongs to no record.
select etl.golden('reference.job_titles', key => '{title_key}', survives => 'first');
