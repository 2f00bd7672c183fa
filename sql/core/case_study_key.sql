create or replace function core.case_study_key(url text)
returns text language sql immutable parallel safe set search_path = '' as $$
  -- md5, because a URL is of any length and the key is indexed
  select md5(
    lower(regexp_replace(split_part(page.address, '/', 1), ':(80|443)$', ''))
      || rtrim(substr(page.address, length(split_part(page.address, '/', 1)) + 1), '/')
  )
    from (
      select regexp_replace(regexp_replace(btrim(case_study_key.url), '^https?://(www\.)?|^www\.', '', 'i'), '#.*$', '') as address
    ) as page
   where page.address <> '';
$$;
comment on function core.case_study_key(text) is
  'The same for all spellings of a page: scheme, "www.", the case of the host, default port, fragment and final slash do not matter. Null for no URL.';

create or replace function core.case_study_key(url text, customer_name text)
returns text language sql immutable parallel safe set search_path = '' as $$
  -- A line break is in no address.
  select coalesce(core.case_study_key(case_study_key.url), md5(E'customer\n' || coalesce(etl.fold(case_study_key.customer_name), '')));
$$;
comment on function core.case_study_key(text, text) is 'core.case_study_key of a page; where there is no URL, a key of the case study by its customer.';
