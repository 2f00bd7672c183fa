-- The three e-mail finders differ in their answer only: what the caller sends beside it, and what is learned, is the same.
create or replace function core.email_finder_request_schema(payload_field text, payload_schema jsonb, slug text)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object(
    'type', 'object',
    'required', jsonb_build_array('person_linkedin_url', payload_field),
    'properties', jsonb_build_object(
      'person_linkedin_url', '{"type": "string", "description": "LinkedIn profile URL of the person, in any of its spellings."}'::jsonb,
      payload_field, '{"type": "object", "description": "The answer of the provider, unchanged."}'::jsonb || payload_schema,
      'workflow_slug', jsonb_build_object('type', '["string", "null"]'::jsonb, 'description', 'A registered slug.', 'default', slug)
    ) || '{
      "first_name": {"type": ["string", "null"], "description": "As the caller knows it; names in the answer are not used."},
      "last_name": {"type": ["string", "null"]},
      "full_name": {"type": ["string", "null"]},
      "company_name": {"type": ["string", "null"], "description": "Employer of the person."},
      "domain": {"type": ["string", "null"], "description": "Domain of the employer."},
      "company_linkedin_url": {"type": ["string", "null"]},
      "clay_table_url": {"type": ["string", "null"], "description": "Clay table that the call came from."}
    }'::jsonb
  );
$$;
comment on function core.email_finder_request_schema(text, jsonb, text) is 'JSON Schema of the body of an e-mail finder: the provider''s answer in payload_field, and what the caller knows about the person.';

create or replace function core.email_finder_example(payload_field text, payload jsonb, slug text)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object(payload_field, payload, 'workflow_slug', slug) || '{
    "person_linkedin_url": "https://www.linkedin.com/in/ada-example",
    "first_name": "Ada",
    "last_name": "Example",
    "full_name": "Ada Example",
    "company_name": "Acme Example",
    "domain": "acme.example",
    "company_linkedin_url": "https://www.linkedin.com/company/acme-example",
    "clay_table_url": "https://app.clay.example/tables/t_1"
  }'::jsonb;
$$;
comment on function core.email_finder_example(text, jsonb, text) is 'An invented body of an e-mail finder around the given answer of the provider.';

create or replace function core.email_finder_response_schema()
returns jsonb language sql immutable parallel safe as $$
  select core.ingest_response_schema('{
    "extracted_id": {"type": "string", "format": "uuid", "description": "Id of the extracted row."},
    "email": {"type": ["string", "null"], "description": "The e-mail found, in lower case."},
    "person_mapping_updated": {"type": "boolean", "description": "Whether this payload is why reference.email_to_person knows the person of the e-mail."}
  }');
$$;
comment on function core.email_finder_response_schema() is 'JSON Schema of the answer of an e-mail finder.';

create or replace function core.declare_email_finder(slug text, provider text, email text, columns text, is_found text)
returns void language plpgsql set search_path = '' as $$
declare
  v_table constant text := 'extracted.email_' || provider;
begin
  perform etl.extracts(slug, v_table, key => '{linkedin_url,email}', as_select => format(
$sql$select linkedin_url, linkedin_url as person_linkedin_url,
         etl.as_text(request -> 'first_name') as first_name, etl.as_text(request -> 'last_name') as last_name, etl.as_text(request -> 'full_name') as full_name,
         etl.normalize_domain(etl.as_text(request -> 'domain')) as domain, etl.as_text(request -> 'company_name') as company_name,
         etl.as_text(request -> 'company_linkedin_url') as company_linkedin_url,
         %s as email,
         %s
    from source$sql$, email, columns));

  perform etl.coalesces(v_table, 'reference.person_emails', source => provider, as_select => format(
$sql$select person_linkedin_url, email, first_name, last_name, full_name, domain, company_name
    from source
   where email is not null
     and %s$sql$, is_found));

  perform etl.coalesces(v_table, 'core.people', source => provider, as_select =>
$sql$select linkedin_url, coalesce(full_name, nullif(concat_ws(' ', first_name, last_name), '')) as full_name,
         case when linkedin_url like '%/sales/%' then 'salesnav' else 'real' end as linkedin_url_type
    from source$sql$);

  perform etl.coalesces(v_table, 'core.companies', source => provider, as_select =>
$sql$select domain, company_name as name, company_linkedin_url as linkedin_url
    from source
   where domain is not null$sql$);

  perform etl.coalesces(v_table, 'core.company_names', source => provider, as_select =>
$sql$select domain, company_name as raw_name, company_linkedin_url as linkedin_url
    from source
   where domain is not null
     and company_name is not null$sql$);

  perform etl.responds(slug, format(
$sql$select source.raw_payload_id,
         (
           select stored.id
             from %1$s as stored
            where stored.linkedin_url = source.linkedin_url
              and stored.email is not distinct from found.email
         ) as extracted_id,
         found.email,
         exists (
           select
             from reference.email_to_person as known
            where known.email = found.email
              and known.raw_payload_id = source.raw_payload_id
         ) as person_mapping_updated
    from source
   cross join lateral (select %2$s as email) as found$sql$, v_table, email));
end;
$$;
comment on function core.declare_email_finder(text, text, text, text, text) is
  'Declares what an e-mail finder extracts, offers to core and answers. email and columns: SQL over payload; is_found: SQL over the extracted row that is true when the e-mail is known to work. Raises BADDL.';
