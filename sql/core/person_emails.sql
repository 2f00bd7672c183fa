-- The first word about an e-mail stands; reference.email_to_person gives each to one person.
select etl.golden('reference.person_emails', entity => 'person', entity_column => 'person_linkedin_url', key => '{person_linkedin_url,email}', survives => 'first');
