create or replace function staging.update_company(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_domain constant text := etl.normalize_domain(request ->> 'domain');
  -- What is no text says nothing; it must not clear what is there.
  v_linkedin_url constant text := case when jsonb_typeof(request -> 'company_linkedin_url') = 'string' then request ->> 'company_linkedin_url' end;
  v_description constant text := case when jsonb_typeof(request -> 'short_description') = 'string' then request ->> 'short_description' end;
  v_updated integer;
begin
  if v_domain is null then
    raise exception '"%" is not a domain name.', left(request ->> 'domain', 200) using errcode = 'BADKY', detail = '/domain';
  end if;
  if num_nonnulls(v_linkedin_url, v_description) = 0 then
    raise exception 'Give company_linkedin_url or short_description.' using errcode = 'BADRQ', detail = '/company_linkedin_url';
  end if;
  update staging.companies_to_enrich as waiting
     set company_linkedin_url = case when v_linkedin_url is null then waiting.company_linkedin_url else etl.as_text(request -> 'company_linkedin_url') end,
         short_description = case when v_description is null then waiting.short_description else etl.as_text(request -> 'short_description') end,
         updated_at = now()
   where etl.normalize_domain(waiting.domain) = v_domain;
  get diagnostics v_updated = row_count;
  return jsonb_build_object('success', true, 'domain', v_domain, 'updated_count', v_updated);
end;
$$;
comment on function staging.update_company(jsonb) is
  'Sets LinkedIn page and description of the waiting rows of a domain; a field left out, null or no text stays, empty text clears it. {success, domain, updated_count}. Raises BADKY, and BADRQ when neither is given.';

select etl.workflow('staging-company-linkedin-update',
  type => 'update',
  entity => 'company',
  path => '/run/companies/db/company-linkedin/update',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'update_staging_company_linkedin',
  description => 'Set the LinkedIn page or the short description of a company that waits in staging.companies_to_enrich.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; every row with it is changed."},
      "company_linkedin_url": {"type": ["string", "null"], "description": "Left out or null: stays as it is. Empty: is cleared."},
      "short_description": {"type": ["string", "null"], "description": "Left out or null: stays as it is. Empty: is cleared."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "updated_count": {"type": "integer", "description": "Rows changed; 0 when the domain is not waiting."},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used."}
    }
  }',
  example => '{
    "domain": "acme.example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "short_description": "Paper rockets for everyone."
  }'
);

select etl.answers('staging-company-linkedin-update', 'staging.update_company');
