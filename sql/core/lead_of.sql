create or replace function core.as_email(input jsonb)
returns text language sql immutable parallel safe as $$
  select case when btrim(input #>> '{}') ~ '^[^\s@]+@[^\s@]+\.[^\s@]+$' then lower(etl.as_text(input, 320)) end;
$$;
comment on function core.as_email(jsonb) is 'A JSON string that looks like an e-mail, in lower case and without the white space around it; null for anything else.';

create or replace function core.lead_of(request jsonb)
returns table (
  first_name text, last_name text, full_name text, person_linkedin_url text, work_email text,
  company_domain text, company_name text, company_linkedin_url text, source text, form_id text, form_title text
) language sql immutable parallel safe rows 1 as $$
  -- The two ingest workflows name the form differently.
  select etl.as_text(request -> 'first_name'), etl.as_text(request -> 'last_name'), etl.as_text(request -> 'full_name'),
         etl.normalize_linkedin_url(etl.as_text(request -> 'person_linkedin_url')), core.as_email(request -> 'work_email'),
         etl.normalize_domain(etl.as_text(request -> 'company_domain')), etl.as_text(request -> 'company_name'),
         etl.as_text(request -> 'company_linkedin_url'), etl.as_text(request -> 'source'),
         etl.as_text(coalesce(request -> 'form_id', request -> 'client_form_id')),
         etl.as_text(coalesce(request -> 'form_title', request -> 'client_form_title'));
$$;
comment on function core.lead_of(jsonb) is 'The fields of a lead with its keys normalised; what is missing or unusable is null.';

create or replace function core.lead_id(
  target text, tenant text, source text, form_id text,
  person_linkedin_url text, work_email text, first_name text, last_name text, full_name text,
  company_domain text, company_linkedin_url text, company_name text
)
returns uuid language sql immutable parallel safe as $$
  -- A person is told by their profile, else their e-mail, else their name at the company; a company without a person by itself.
  select etl.record_id(lead_id.target, concat_ws(E'\x1f', lead_id.tenant, coalesce(lead_id.source, ''), coalesce(lead_id.form_id, ''), identified.key))
    from (
      select coalesce(
          lead_id.person_linkedin_url,
          lead_id.work_email,
          nullif(concat_ws(
            E'\x1f',
            nullif(etl.fold(coalesce(lead_id.full_name, concat_ws(' ', lead_id.first_name, lead_id.last_name))), ''),
            coalesce(lead_id.company_domain, etl.fold(lead_id.company_linkedin_url), etl.fold(lead_id.company_name))
          ), '')
        ) as key
    ) as identified
   where identified.key is not null;
$$;
comment on function core.lead_id(text, text, text, text, text, text, text, text, text, text, text, text) is
  'The id of a lead, derived from tenant, source, form and person, so that a repeated submission is the same lead; null when nothing identifies a person or company.';

create or replace function core.lead_warnings(request jsonb)
returns jsonb language sql immutable parallel safe as $$
  select case when count(*) > 0 then
      jsonb_build_object('warnings', jsonb_agg(jsonb_build_object('field', checked.field, 'problem', checked.problem, 'found', left(checked.found, 200)) order by checked.field))
    else '{}' end
    from core.lead_of(request) as lead
   cross join lateral (
     values
       ('/person_linkedin_url', 'expected the LinkedIn URL of a person', etl.as_text(request -> 'person_linkedin_url'), lead.person_linkedin_url),
       ('/work_email', 'expected an e-mail', etl.as_text(request -> 'work_email'), lead.work_email),
       ('/company_domain', 'expected a domain name', etl.as_text(request -> 'company_domain'), lead.company_domain)
   ) as checked (field, problem, found, used)
   where checked.found is not null
     and checked.used is null;
$$;
comment on function core.lead_warnings(jsonb) is '{warnings: [...]} for the keys of a lead that are none and became null; {} when there are none.';
