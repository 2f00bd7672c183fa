create or replace function core.entered_company(payload jsonb)
returns table (name text, linkedin_url text) language sql immutable parallel safe rows 1 as $$
  select etl.as_text(payload -> 'name'), etl.as_text(payload -> 'linkedin_url');
$$;
comment on function core.entered_company(jsonb) is 'The columns of a company that was entered by hand: what core-company-upsert and core-company-simple share.';

select etl.raw_family('core_company_payloads', '{"domain": "payload.entity_key", "workflow_slug": "payload.workflow_slug", "payload": "payload.payload"}');
