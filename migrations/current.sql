-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Signals for clients belong to the person or company that they are about (they were kept with the client).
do $$
begin
  if not exists (
    select from information_schema.columns where table_schema = 'extracted' and table_name = 'signal_job_change' and column_name = 'domain'
  ) then
    return;
  end if;
  truncate extracted.signal_job_posting, extracted.signal_job_change, extracted.signal_promotion;
  alter table extracted.signal_job_posting drop constraint signal_job_posting_record_key, drop constraint signal_job_posting_pkey;
  alter table extracted.signal_job_posting add constraint signal_job_posting_record_key primary key (domain, client_domain, posting_key);
  alter table extracted.signal_job_change drop constraint signal_job_change_pkey, drop column domain, add column linkedin_url text not null;
  alter table extracted.signal_job_change add constraint signal_job_change_record_key primary key (linkedin_url, client_domain, event_key);
  alter table extracted.signal_promotion drop constraint signal_promotion_pkey, drop column domain, add column linkedin_url text not null;
  alter table extracted.signal_promotion add constraint signal_promotion_record_key primary key (linkedin_url, client_domain, event_key);
  drop index extracted.signal_job_change_person_linkedin_url_idx, extracted.signal_promotion_person_linkedin_url_idx;

  create temporary table moved on commit drop as
  select payload.family, payload.id, payload.workflow_slug, payload.entity_key as client, named.entity_type,
         case named.entity_type
           when 'person' then etl.normalize_linkedin_url(payload.payload #>> '{fullProfile,url}')
           else coalesce(etl.normalize_domain(payload.payload #>> '{jobPostData,domain}'), payload.entity_key)
         end as entity_key
    from raw.payloads as payload
    join (
      values ('signal-job-change-v2', 'person'), ('signal-promotion-v2', 'person'), ('signal-job-posting-v2', 'company')
    ) as named (workflow_slug, entity_type) using (workflow_slug);
  -- What names no person stays with the client, set aside: its workflow needs one.
  insert into etl.failures (payload_id, workflow_slug, entity_key, sqlstate, message)
  select moved.id, moved.workflow_slug, moved.client, 'BADKY', 'The event names no LinkedIn URL of a person (fullProfile.url).'
    from moved
   where moved.entity_key is null
      on conflict do nothing;
  update raw.payloads as payload
     set entity_key = moved.entity_key
    from moved
   where payload.family = moved.family
     and payload.id = moved.id
     and payload.entity_key <> moved.entity_key;
  insert into etl.records as known (entity_key, entity_type, families)
  select moved.entity_key, moved.entity_type, array_agg(distinct moved.family)
    from moved
   where moved.entity_key is not null
   group by moved.entity_key, moved.entity_type
      on conflict (entity_key) do update
     set families = array(select distinct unnest(known.families || excluded.families));
  delete from etl.mentions as mention using moved where mention.payload_id = moved.id;
  -- A worker coalesces them again.
  insert into etl.stale_records (entity_key)
  select moved.client from moved
   union
  select moved.entity_key from moved where moved.entity_key is not null
      on conflict do nothing;
end;
$$;
--!include tables/extracted/client_signals.sql
--!include reference/signal_registry.sql
--!include core/offer_career_event.sql
--!include workflows/people/clay-signal-job-change.sql
--!include workflows/people/clay-signal-promotion.sql
--!include workflows/people/signal-job-change-v2.sql
--!include workflows/people/signal-promotion-v2.sql
--!include workflows/companies/signal-job-posting-v2.sql

-- Workflows that were registered or planned and had no endpoint.
--!include tables/core_signals.sql
--!include tables/extracted/apollo.sql
--!include tables/extracted/clay_signals.sql
--!include core/event_hash.sql
--!include workflows/companies/apollo-companies-cleaned.sql
--!include workflows/companies/clay-signal-web-intent.sql
--!include workflows/companies/cleanup-delete-no-location.sql
--!include workflows/people/clay-signal-linkedin-brand-mention.sql

-- CompanyEnrich's investors under their canonical names, as those of the other sources.
--!include workflows/companies/companyenrich.sql

-- Columns and names of the old system that were still missing.
alter table extracted.cleaned_company_names add column if not exists updated_at timestamptz not null generated always as (observed_at) stored;
alter table extracted.company_discovery add column if not exists updated_at timestamptz not null generated always as (observed_at) stored;
alter table extracted.company_discovery_location_parsed add column if not exists updated_at timestamptz not null generated always as (observed_at) stored;
--!include tables/extracted/cleaned_company_names.sql
--!include tables/extracted/company_discovery.sql
--!include core/people_missing.sql
--!include reference/older_names.sql

-- What met another batch in opposite order goes again alone.
--!include etl/process/take_turn.sql
--!include etl/process/process_safely.sql
--!include etl/process/lookup_changes.sql
--!include etl/process/rebuild.sql

-- Jobs are done in ranges of records, by several workers at once; a rebuild of everything is one.
alter table etl.jobs alter column workflow_slug drop not null;
alter table etl.jobs add column if not exists workers integer not null default 1;
alter table etl.jobs add column if not exists is_cut boolean not null default false;
alter table etl.jobs drop constraint if exists workers_are_some;
alter table etl.jobs add constraint workers_are_some check (workers > 0);
--!include tables/etl.sql
--!include etl/operate/jobs.sql

-- Forgetting reaches the refused lines of loads.
--!include etl/operate/erase_refused_lines.sql
--!include etl/operate/forget.sql

-- Older paths beside the recommended ones.
alter table reference.enrichment_workflow_registry add column if not exists other_paths text[] not null default '{}';
--!include tables/reference.sql
--!include etl/declare/also_at.sql
--!include etl/read/workflow_document.sql
--!include workflows/reference/salesnav-person-location-lookup.sql

-- The question whether a table has a row about a domain.
--!include api/check_existence.sql

select etl.compile();
