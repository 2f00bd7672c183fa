create or replace function etl.normalize_linkedin_url(input text)
returns text language plpgsql immutable strict parallel safe set search_path = '' as $$
declare
  v_part text[];
begin
  -- what most callers send, already as it should be but for a final slash
  if length(input) <= 278 and input ~ '^https://www\.linkedin\.com/in/[a-z0-9-]+/?$' then
    return rtrim(input, '/');
  end if;
  -- No bounded repetition in here: it makes a regular expression a hundred times dearer.
  v_part := regexp_match(
    btrim(input, E' \t\r\n'),
    '^(?:https?:)?(?://)?(?:[a-z0-9-]+\.)*linkedin\.com/+(in|sales/lead|sales/people)/+([^/?#\s]+)(?:[/?#].*)?$', 'i'
  );
  return case
    when v_part is null or length(v_part[2]) > 250 then null
    -- Sales Navigator ids are hashes: their case counts, what follows the first comma does not.
    when v_part[1] ~* '^sales' then 'https://www.linkedin.com/' || lower(v_part[1]) || '/' || nullif(split_part(v_part[2], ',', 1), '')
    else 'https://www.linkedin.com/in/' || lower(v_part[2])
  end;
end;
$$;
comment on function etl.normalize_linkedin_url(text) is
  'The key of a person: https://www.linkedin.com/in/<slug> in lower case, without sub-domain, locale, query and final slash (or /sales/lead/<id>, its case kept). Null when it is not the URL of a person.';
