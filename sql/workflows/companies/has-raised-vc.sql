create or replace function core.has_raised_vc(request jsonb)
returns jsonb language plpgsql stable set search_path = '' as $$
declare
  v_domain constant text := etl.normalize_domain(request ->> 'domain');
  v_answer jsonb;
begin
  if v_domain is null then
    raise exception '"%" is not a domain name.', left(request ->> 'domain', 200) using errcode = 'BADKY', detail = '/domain';
  end if;
  with investor as (
    select investor.vc_name
      from core.company_vc_investors as investor
     where investor.company_domain = v_domain
    union
    select portfolio.vc_name
      from extracted.vc_portfolio as portfolio
     where portfolio.domain = v_domain
  ), company as (
    select min(portfolio.founded_date) as founded_date, count(*) > 0 as is_listed
      from extracted.vc_portfolio as portfolio
     where portfolio.domain = v_domain
  )
  select jsonb_build_object(
      'success', true, 'domain', v_domain, 'has_raised_vc', company.is_listed or count(investor.vc_name) > 0, 'vc_count', count(investor.vc_name),
      'vc_names', coalesce(jsonb_agg(investor.vc_name order by investor.vc_name) filter (where investor.vc_name is not null), '[]'),
      'founded_date', company.founded_date
    )
    into v_answer
    from company
    left join investor on true
   group by company.founded_date, company.is_listed;
  return v_answer;
end;
$$;
comment on function core.has_raised_vc(jsonb) is
  'Whether a domain is known as a company with venture capital, from everything that names its investors: {success, domain, has_raised_vc, vc_count, vc_names (sorted), founded_date}. Raises BADKY.';

select etl.workflow('has-raised-vc',
  type => 'check',
  entity => 'company',
  path => '/run/companies/db/has-raised-vc-status/check',
  provider => 'internal',
  platform => 'db',
  aliases => '{has-raised-vc-status}',
  legacy_function => 'has_raised_vc',
  description => 'Say whether a domain is known as a VC portfolio company and who invested.',
  timeout_seconds => 30,
  request_schema => '{
    "type": "object",
    "required": ["domain"],
    "properties": {"domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host."}}
  }',
  response_schema => '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "has_raised_vc": {"type": "boolean", "description": "Whether any investor or portfolio names it."},
      "vc_count": {"type": "integer", "description": "Number of vc_names."},
      "vc_names": {"type": "array", "items": {"type": "string"}, "description": "Investors, sorted."},
      "founded_date": {"type": ["string", "null"], "description": "Smallest one that a portfolio gives."}
    }
  }',
  example => '{"domain": "acme.example"}'
);

select etl.answers('has-raised-vc', 'core.has_raised_vc');
