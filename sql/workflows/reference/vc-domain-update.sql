create or replace function reference.update_vc_domain(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_domain constant text := core.asked_domain(request);
  v_name text;
begin
  update reference.vc_firms as firm
     set domain = v_domain, updated_at = now()
   where firm.match_key = (
     select etl.fold(coalesce(alias.canonical_name, asked.name))
       from (select request ->> 'vc_name' as name) as asked
       left join reference.vc_name_aliases as alias on alias.match_key = etl.fold(asked.name)
   )
  returning firm.name into v_name;
  if v_name is null then
    raise exception 'No firm is called "%".', left(request ->> 'vc_name', 200)
      using errcode = 'UNKEY', hint = 'select name from reference.vc_firms;', detail = '/vc_name';
  end if;
  return jsonb_build_object('success', true, 'vc_name', v_name, 'domain', v_domain, 'updated', 1);
end;
$$;
comment on function reference.update_vc_domain(jsonb) is
  'Sets the domain of a venture capital firm, found by its name or another spelling of it: {success, vc_name, domain, updated}. Raises BADKY, UNKEY.';

select etl.workflow('vc-domain-update',
  type => 'update',
  entity => 'reference',
  path => '/run/companies/db/vc-domain/update',
  provider => 'internal',
  platform => 'db',
  legacy_function => 'update_vc_domain',
  description => 'Set the domain of a venture capital firm, found by its name.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["vc_name", "domain"],
    "properties": {
      "vc_name": {"type": "string", "description": "Name of the firm, or a spelling that reference.vc_name_aliases knows; case and blanks do not matter."},
      "domain": {"type": "string", "description": "Its domain; a URL is reduced to its host."}
    }
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "vc_name": {"type": "string", "description": "The firm, as reference.vc_firms names it."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "updated": {"type": "integer", "description": "Always 1."}
    }
  }',
  example => '{"vc_name": "Sequoia Capital", "domain": "https://www.sequoiacap.com"}'
);

select etl.answers('vc-domain-update', 'reference.update_vc_domain');
