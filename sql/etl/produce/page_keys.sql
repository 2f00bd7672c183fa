create or replace function etl.page_keys(url text, final_url text)
returns text[] language sql immutable parallel safe set search_path = '' as $$
  select array_agg(distinct named.key)
    from (values (page_keys.url), (page_keys.final_url)) as page (address)
   cross join lateral (values (etl.normalize_domain(page.address)), (etl.normalize_linkedin_url(page.address))) as named (key)
   where named.key is not null;
$$;
comment on function etl.page_keys(text, text) is 'The records (normalised keys) whose page an address is: the company of its host, the person of a LinkedIn profile. Null for none.';
