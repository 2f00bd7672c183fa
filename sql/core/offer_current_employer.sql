create or replace function core.offer_current_employer(
  origin text,
  source text,
  company_name text,
  company_domain text default 'null::text',
  company_linkedin_url text default 'null::text'
)
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.coalesces(offer_current_employer.origin, 'core.person_current_employer', source => offer_current_employer.source, as_select => format(
    E'  select linkedin_url, %1$s as company_domain, %2$s as company_name, %3$s as company_linkedin_url\n'
    '    from source\n'
    '   where num_nonnulls(%1$s, %2$s, %3$s) > 0',
    offer_current_employer.company_domain, offer_current_employer.company_name, offer_current_employer.company_linkedin_url
  ));
end;
$$;
comment on function core.offer_current_employer(text, text, text, text, text) is
  'Declares that an extracted table of people names their present employers, in the given columns. To be declared behind what the table offers to core.people. Raises BADDL.';
