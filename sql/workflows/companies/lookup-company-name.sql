create or replace function core.lookup_company_name(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_domain constant text := etl.normalize_domain(request ->> 'domain');
  v_company core.companies;
begin
  if v_domain is null then
    raise exception '"%" is not a domain name.', left(request ->> 'domain', 200) using errcode = 'BADKY', detail = '/domain';
  end if;
  select company.* into v_company from core.companies as company where company.domain = v_domain;
  return jsonb_build_object(
    'success', v_company.id is not null, 'found', v_company.id is not null, 'domain', v_domain,
    'company_name', coalesce(v_company.cleaned_name, v_company.name),
    'error', case when v_company.id is null then 'Company not found' end
  );
end;
$$;
comment on function core.lookup_company_name(jsonb) is
  'The name to show for a domain, the cleaned one if there is one: {success, found, domain, company_name, error}. Raises BADKY.';

select etl.workflow('lookup-company-name',
  type => 'lookup',
  entity => 'company',
  path => '/run/companies/db/company-name/lookup',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'lookup_company_name',
  description => 'Give the best known name of a company.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {"domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean", "description": "The same as found."},
      "found": {"type": "boolean", "description": "Whether the company is known."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "company_name": {"type": ["string", "null"], "description": "The cleaned name, else the name; null when none is known."},
      "error": {"type": ["string", "null"], "description": "Company not found, when it is not."}
    }
  }',
  example => '{"domain": "acme.example"}'
);

select etl.answers('lookup-company-name', 'core.lookup_company_name');
