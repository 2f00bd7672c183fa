create or replace function etl.normalize_slug(slug text)
returns text language plpgsql immutable strict parallel safe set search_path = '' as $$
declare
  v_bytes text;
begin
  -- A member id is a hash, so its case counts; in a name it does not.
  if slug ~ '^AC[a-zA-Z]AA[a-zA-Z0-9_-]+$' and length(slug) > 24 then
    return slug;
  end if;
  if slug ~ '^[a-zA-Z0-9-]+$' then
    return lower(slug);
  end if;
  v_bytes := (
    select string_agg(
        case when item.part ~ '^%[0-9a-fA-F]{2}$' then lower(substr(item.part, 2)) else encode(convert_to(item.part, 'UTF8'), 'hex') end,
        '' order by item.place
      )
      from regexp_matches(slug, '%[0-9a-fA-F]{2}|.', 'g') with ordinality as found (parts, place)
     cross join lateral (select found.parts[1] as part, found.place) as item
  );
  -- Well-formed UTF-8 (RFC 3629) without control characters; anything else stays as it came.
  if v_bytes !~ ('^([2-6][0-9a-f]|7[0-9a-e]|(c[2-9a-f]|d[0-9a-f])[89ab][0-9a-f]|e0[ab][0-9a-f][89ab][0-9a-f]|(e[1-9a-cef])([89ab][0-9a-f]){2}'
    || '|ed[89][0-9a-f][89ab][0-9a-f]|f0[9ab][0-9a-f]([89ab][0-9a-f]){2}|f[1-3]([89ab][0-9a-f]){3}|f48[0-9a-f]([89ab][0-9a-f]){2})*$')
  then
    return lower(slug);
  end if;
  -- convert_from() gives text in the collation C, in which "Ö" has no lower case.
  return (
    select string_agg(
        case when letter.value ~ '^[a-z0-9._~-]$' then letter.value else regexp_replace(encode(convert_to(letter.value, 'UTF8'), 'hex'), '(..)', '%\1', 'g') end,
        '' order by letter.place
      )
      from regexp_split_to_table(normalize(lower(convert_from(decode(v_bytes, 'hex'), 'UTF8') collate pg_catalog."default"), nfc), '') with ordinality as letter (value, place)
  );
end;
$$;
comment on function etl.normalize_slug(text) is
  'One spelling of the name in a profile URL: lower case, and what is no plain character as %xx of its UTF-8, whether it came so or not. A member id (ACoAA…) keeps its case.';

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
    else (
      select 'https://www.linkedin.com/in/' || slug.value
        from etl.normalize_slug(v_part[2]) as slug (value)
       where length(slug.value) <= 250
    )
  end;
end;
$$;
comment on function etl.normalize_linkedin_url(text) is
  'The key of a person: https://www.linkedin.com/in/<slug> in one spelling (etl.normalize_slug), without sub-domain, locale, query and final slash (or /sales/lead/<id>, its case kept). Null when it is not the URL of a person.';
