-- Functions of the old system, under their old names and parameters. After api.compile(), which makes what they call.
create or replace function core.get_leads_by_past_employer(p_domains text[], p_limit integer default null, p_offset integer default 0)
returns setof api.leads_by_past_employer_row language sql stable set search_path = '' as $$
  select api.leads_by_past_employer(domains => p_domains, page_limit => p_limit, page_offset => p_offset);
$$;
comment on function core.get_leads_by_past_employer(text[], integer, integer) is 'The older name of api.leads_by_past_employer(domains => …). Raises BADKY.';

create or replace function core.get_leads_by_company_customers(p_company_domain text, p_limit integer default 100, p_offset integer default 0)
returns setof api.leads_by_company_customers_row language sql stable set search_path = '' as $$
  select api.leads_by_company_customers(company_domain => p_company_domain, page_limit => p_limit, page_offset => p_offset);
$$;
comment on function core.get_leads_by_company_customers(text, integer, integer) is 'The older name of api.leads_by_company_customers(company_domain => …). Raises BADKY.';

create or replace function public.get_leads_by_past_employer(p_domains text[], p_limit integer default null, p_offset integer default 0)
returns setof api.leads_by_past_employer_row language sql stable set search_path = '' as $$
  select core.get_leads_by_past_employer(p_domains, p_limit, p_offset);
$$;
comment on function public.get_leads_by_past_employer(text[], integer, integer) is
  'core.get_leads_by_past_employer() where a client names no schema; with the rights of its caller. Raises BADKY.';

create or replace function public.get_leads_by_company_customers(p_company_domain text, p_limit integer default 100, p_offset integer default 0)
returns setof api.leads_by_company_customers_row language sql stable set search_path = '' as $$
  select core.get_leads_by_company_customers(p_company_domain, p_limit, p_offset);
$$;
comment on function public.get_leads_by_company_customers(text, integer, integer) is
  'core.get_leads_by_company_customers() where a client names no schema; with the rights of its caller. Raises BADKY.';
