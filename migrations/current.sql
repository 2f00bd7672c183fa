-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Workflows whose example asks for what somebody has to start first
alter table etl.handlers add column if not exists example_awaits text;
drop function if exists etl.answers(text, text);
--!include tables/etl.sql
--!include etl/declare/answers.sql
--!include etl/operate/audit.sql
--!include workflows/fetch/similar-companies-batch.sql
--!include workflows/people/email-waterfall.sql
--!include workflows/companies/staging-company-linkedin-update.sql

-- What signals and searches say of a person's employer and promotions
--!include tables/core_signals.sql
--!include core/people.sql
--!include core/person_current_employer.sql
--!include core/offer_current_employer.sql
--!include core/offer_career_event.sql
--!include core/clay_person.sql
--!include core/sync_person_experience_to_core.sql
--!include core/sync_promotion_signals_to_core.sql
--!include core/leads.sql
--!include api/endpoints/past_employers.sql
--!include workflows/companies/clay-signal-new-hire.sql
--!include workflows/people/apollo-instantdata.sql
--!include workflows/people/apollo-people-cleaned.sql
--!include workflows/people/apollo-scrape.sql
--!include workflows/people/clay-find-people-location-parsed.sql
--!include workflows/people/clay-find-people-title-enrichment.sql
--!include workflows/people/clay-find-people.sql
--!include workflows/people/clay-person-profile.sql
--!include workflows/people/clay-signal-job-change.sql
--!include workflows/people/clay-signal-promotion.sql
--!include workflows/people/nostra-ecom-people.sql
--!include workflows/people/salesnav-person.sql
--!include workflows/people/signal-job-change-v2.sql
--!include workflows/people/signal-promotion-v2.sql

-- What need not be computed twice
--!include etl/compile/functions_sql.sql
--!include etl/keys/normalize_domain.sql
--!include etl/land/run.sql
--!include etl/process/process_payloads.sql
--!include etl/values/as_date.sql
--!include core/company_technologies.sql
--!include workflows/companies/builtwith-techstack.sql
--!include workflows/companies/google-ads-ingest.sql
--!include workflows/companies/linkedin-ads-ingest.sql
--!include workflows/companies/meta-ads-ingest.sql
--!include workflows/companies/predictleads-techstack.sql

select etl.compile();
