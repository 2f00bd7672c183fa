create or replace function core.company_linkedin_slug(url text)
returns text language sql immutable parallel safe as $$
  select substring(lower(url) from 'linkedin\.com/+(?:company|school|showcase)/+([^/?#\s]+)');
$$;
comment on function core.company_linkedin_slug(text) is 'What names a company in its LinkedIn URL, in lower case: the same for every spelling of the URL. Null when it is no such URL.';
