-- Leads of tenants: paying clients (schema client) and prospects in a demo (schema target_client). A lead is its tenant's row
-- and no golden record: it is stored as it came, is never coalesced, and only points at what core knows.
--
-- Tenants are kept apart by row-level security, forced, so that it holds for the owner of the tables too, as whom the engine and the
-- API run: whoever sets hq.client_domain (a normalised domain) sees and writes only rows of that tenant, even by a query that
-- was written wrong. While it is not set, the owner, and who is a member of it, sees all rows, so ingesting for any tenant
-- works without further ado, and every other role sees none:
--   grant usage on schema client to tenant_reader; grant select on client.leads to tenant_reader;
--   begin; set local role tenant_reader; set local hq.client_domain = 'client.example'; select ... from client.leads; commit;
-- The policies name no role, as migrations may not create any. Whoever can send SQL of their own can also set hq.client_domain:
-- it is for the connection layer to set, from the tenant it has authenticated, and for tenants never to reach. The HTTP API sets it
-- for every statement of a request whose key has a tenant.
create schema if not exists client;
create schema if not exists target_client;
comment on schema client is 'Leads of paying clients, separated by row-level security.';
comment on schema target_client is 'Leads for the demos of prospects (target clients), separated by row-level security.';

create table if not exists raw.client_lead_payloads (
  id uuid primary key,
  workflow_slug text not null,
  tenant_domain text not null,
  lead_id uuid not null,
  payload jsonb not null,
  created_at timestamptz not null default now()
);
comment on table raw.client_lead_payloads is
  'What tenants sent about their leads, as received, one row per accepted lead and call; of a batch, each lead with the fields around it. Outside raw.payloads, as leads have no golden record.';
comment on column raw.client_lead_payloads.tenant_domain is 'The client or target client, normalised.';
comment on column raw.client_lead_payloads.lead_id is 'client.leads.id or target_client.leads.id, as the workflow says.';
create index if not exists client_lead_payloads_lead_id_idx on raw.client_lead_payloads (lead_id);
create index if not exists client_lead_payloads_tenant_domain_idx on raw.client_lead_payloads (tenant_domain, created_at);

create table if not exists client.leads (
  id uuid primary key,
  client_domain text not null,
  first_name text,
  last_name text,
  full_name text,
  person_linkedin_url text,
  work_email text,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  source text,
  client_form_id text,
  client_form_title text,
  raw_payload_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table client.leads is 'Leads of paying clients: one row per client, source, form and person (core.lead_id).';
comment on column client.leads.raw_payload_id is 'The newest raw.client_lead_payloads.id.';
create index if not exists leads_client_domain_idx on client.leads (client_domain, created_at);
create index if not exists leads_person_linkedin_url_idx on client.leads (person_linkedin_url);
create index if not exists leads_company_domain_idx on client.leads (company_domain);

create table if not exists client.leads_people (
  id uuid primary key,
  lead_id uuid not null references client.leads (id) on delete cascade,
  client_domain text not null,
  first_name text,
  last_name text,
  full_name text,
  person_linkedin_url text,
  work_email text,
  company_domain text,
  source text,
  client_form_id text,
  client_form_title text,
  raw_payload_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint leads_people_lead_id_key unique (lead_id)
);
comment on table client.leads_people is 'The person of a lead, one row per lead.';
create index if not exists leads_people_client_domain_idx on client.leads_people (client_domain, created_at);

create table if not exists client.leads_companies (
  id uuid primary key,
  lead_id uuid not null references client.leads (id) on delete cascade,
  client_domain text not null,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  source text,
  client_form_id text,
  client_form_title text,
  raw_payload_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint leads_companies_lead_id_key unique (lead_id)
);
comment on table client.leads_companies is 'The company of a lead, for leads that name one.';
create index if not exists leads_companies_client_domain_idx on client.leads_companies (client_domain, created_at);

create table if not exists target_client.leads (
  id uuid primary key,
  target_client_domain text not null,
  first_name text,
  last_name text,
  full_name text,
  person_linkedin_url text,
  work_email text,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  source text,
  form_id text,
  form_title text,
  core_company_id uuid,
  core_person_id uuid,
  raw_payload_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table target_client.leads is 'Leads for demos: one row per target client, source, form and person (core.lead_id).';
comment on column target_client.leads.core_company_id is
  'core.companies.id, if the company was known when the lead was last written; target_client.list_leads() also finds later ones. No foreign key: a rebuild replaces the row in core, under the same id.';
comment on column target_client.leads.core_person_id is 'core.people.id, in the same way.';
comment on column target_client.leads.raw_payload_id is 'The newest raw.client_lead_payloads.id.';
create index if not exists leads_target_client_domain_idx on target_client.leads (target_client_domain, created_at);
create index if not exists leads_core_company_id_idx on target_client.leads (core_company_id);
create index if not exists leads_core_person_id_idx on target_client.leads (core_person_id);
create index if not exists leads_person_linkedin_url_idx on target_client.leads (person_linkedin_url);
create index if not exists leads_company_domain_idx on target_client.leads (company_domain);

create table if not exists target_client.leads_people (
  id uuid primary key,
  lead_id uuid not null references target_client.leads (id) on delete cascade,
  target_client_domain text not null,
  first_name text,
  last_name text,
  full_name text,
  person_linkedin_url text,
  work_email text,
  company_domain text,
  source text,
  form_id text,
  form_title text,
  raw_payload_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint leads_people_lead_id_key unique (lead_id)
);
comment on table target_client.leads_people is 'The person of an ingested lead, one row per lead; leads linked to core have none.';
create index if not exists leads_people_target_client_domain_idx on target_client.leads_people (target_client_domain, created_at);

create table if not exists target_client.leads_companies (
  id uuid primary key,
  lead_id uuid not null references target_client.leads (id) on delete cascade,
  target_client_domain text not null,
  company_domain text,
  company_name text,
  company_linkedin_url text,
  source text,
  form_id text,
  form_title text,
  raw_payload_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint leads_companies_lead_id_key unique (lead_id)
);
comment on table target_client.leads_companies is 'The company of an ingested lead, for leads that name one.';
create index if not exists leads_companies_target_client_domain_idx on target_client.leads_companies (target_client_domain, created_at);

do $$
declare
  v_table record;
begin
  for v_table in
    select lead_table.schema_name, lead_table.name, lead_table.tenant_column
      from (values
        ('raw', 'client_lead_payloads', 'tenant_domain'),
        ('client', 'leads', 'client_domain'), ('client', 'leads_people', 'client_domain'), ('client', 'leads_companies', 'client_domain'),
        ('target_client', 'leads', 'target_client_domain'), ('target_client', 'leads_people', 'target_client_domain'),
        ('target_client', 'leads_companies', 'target_client_domain'), ('core', 'target_client_view_settings', 'domain')
      ) as lead_table (schema_name, name, tenant_column)
  loop
    execute format('alter table %1$I.%2$I enable row level security, force row level security', v_table.schema_name, v_table.name);
    execute format('drop policy if exists own_tenant on %I.%I', v_table.schema_name, v_table.name);
    -- Without a check of its own, writing is bound by the same condition. The subqueries are run once per statement; the setting is
    -- null or empty while nobody has set it.
    execute format(
      $policy$
      create policy own_tenant on %1$I.%2$I using (
        %3$I = (select current_setting('hq.client_domain', true))
        or (
          select coalesce(current_setting('hq.client_domain', true), '') = ''
             and pg_has_role((select owned.relowner from pg_catalog.pg_class as owned where owned.oid = '%1$I.%2$I'::regclass), 'member')
        )
      )
      $policy$,
      v_table.schema_name, v_table.name, v_table.tenant_column
    );
  end loop;
end;
$$;
