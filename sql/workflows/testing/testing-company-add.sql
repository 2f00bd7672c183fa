create or replace function testing.add_company(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_domain constant text := core.asked_domain(request);
  v_name constant text := etl.as_text(request -> 'name');
  v_id uuid;
begin
  if v_name is null then
    raise exception 'name must not be blank.' using errcode = 'BADRQ', detail = '/name';
  end if;
  insert into testing.companies as stored (id, name, domain, linkedin_url)
  values (etl.record_id('testing.companies', v_domain), v_name, v_domain, etl.as_text(request -> 'linkedin_url'))
      on conflict on constraint companies_domain_key do update
     set name = excluded.name,
         linkedin_url = coalesce(excluded.linkedin_url, stored.linkedin_url),
         updated_at = now()
  returning stored.id into v_id;
  return jsonb_build_object('success', true, 'id', v_id);
end;
$$;
comment on function testing.add_company(jsonb) is 'Adds a test company, or changes the one with that domain: {success, id}. Raises BADRQ, BADKY.';

select etl.workflow('testing-company-add',
  type => 'update',
  entity => 'testing',
  path => '/run/testing/companies',
  provider => 'internal',
  platform => 'db',
  legacy_function => null,
  description => 'Add a company to the table of test companies.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["name", "domain"],
    "properties": {
      "name": {"type": "string", "description": "Name of the company."},
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."},
      "linkedin_url": {"type": ["string", "null"], "description": "Left out: stays as it was."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "id": {"type": "string", "format": "uuid", "description": "Id of the row; the same for every call with this domain."}
    }
  }',
  example => '{
    "name": "Acme Example",
    "domain": "acme.example",
    "linkedin_url": "https://www.linkedin.com/company/acme-example"
  }'
);

select etl.answers('testing-company-add', 'testing.add_company');
