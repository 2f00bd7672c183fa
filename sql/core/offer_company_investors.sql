create or replace function core.offer_company_investors(origin text, source text, vc_name text default 'vc_name')
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.looks_up(offer_company_investors.origin, offer_company_investors.vc_name, 'reference.vc_name_aliases');
  perform etl.coalesces(offer_company_investors.origin, 'core.company_vc_investors', source => offer_company_investors.source, as_select => format(
    E'  select domain as company_domain, coalesce(canonical_name, %1$s) as vc_name, company_name\n'
    '    from source\n'
    '    left join reference.vc_name_aliases on match_key = etl.fold(%1$s)\n'
    '   where %1$s is not null', offer_company_investors.vc_name
  ));
end;
$$;
comment on function core.offer_company_investors(text, text, text) is
  'Declares that an extracted table names investors of its company: they reach core.company_vc_investors under their canonical name. Raises BADDL.';
