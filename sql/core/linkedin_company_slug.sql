create or replace function core.linkedin_company_slug(url text)
returns text language sql immutable parallel safe as $$
  select lower(left((regexp_match(url, '^\s*(?:https?://)?(?:[a-z0-9-]+\.)*linkedin\.com/+(?:company|school|showcase)/+([^/?#\s]+)', 'i'))[1], 200));
$$;
comment on function core.linkedin_company_slug(text) is 'The part of a LinkedIn company URL that names the company, in lower case; null when it is no such URL.';
