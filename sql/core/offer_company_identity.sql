create or replace function core.offer_company_identity(origin text, source text, name text, linkedin_url text default null)
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.coalesces(offer_company_identity.origin, 'core.companies', source => offer_company_identity.source, as_select => format(
    E'  select domain, %s as name, %s as linkedin_url\n    from source',
    offer_company_identity.name, coalesce(offer_company_identity.linkedin_url, 'null::text')
  ));
  perform etl.coalesces(offer_company_identity.origin, 'core.company_names', source => offer_company_identity.source, as_select => format(
    E'  select domain, %1$s as raw_name, %2$s as linkedin_url\n    from source\n   where %1$s is not null',
    offer_company_identity.name, coalesce(offer_company_identity.linkedin_url, 'null::text')
  ));
  if offer_company_identity.linkedin_url is not null then
    perform etl.coalesces(offer_company_identity.origin, 'core.company_social_urls', source => offer_company_identity.source, as_select => format(
      E'  select domain, %1$s as linkedin_url\n    from source\n   where %1$s is not null', offer_company_identity.linkedin_url
    ));
  end if;
end;
$$;
comment on function core.offer_company_identity(text, text, text, text) is
  'Declares that an extracted table knows name and LinkedIn page of its company (column names): core.companies, core.company_names, core.company_social_urls. Raises BADDL.';
