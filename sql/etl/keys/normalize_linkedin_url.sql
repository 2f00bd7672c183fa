create or replace function etl.normalize_linkedin_url(input text)
returns text language sql immutable parallel safe as $$
  select case
    -- Sales Navigator ids are hashes: their case counts, what follows the first comma does not.
    when part[1] ~* '^sales' then 'https://www.linkedin.com/' || lower(part[1]) || '/' || nullif(split_part(part[2], ',', 1), '')
    else 'https://www.linkedin.com/in/' || lower(part[2])
  end
  from (
    select regexp_match(
      btrim(input, E' \t\r\n'),
      '^(?:https?:)?(?://)?(?:[a-z0-9-]+\.)*linkedin\.com/+(in|sales/lead|sales/people)/+([^/?#\s]{1,250})(?:[/?#].*)?$', 'i'
    ) as part
  ) as parsed
  where part is not null;
$$;
comment on function etl.normalize_linkedin_url(text) is
  'The key of a person: https://www.linkedin.com/in/<slug> in lower case, without sub-domain, locale, query and final slash (or /sales/lead/<id>, its case kept). Null when it is not the URL of a person.';
