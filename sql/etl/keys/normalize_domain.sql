create or replace function etl.normalize_domain(input text)
returns text language plpgsql immutable strict parallel safe set search_path = '' as $$
declare
  v_host text;
begin
  -- What most callers send, already as it should be. No bounded repetition in any of these: it makes a regular expression
  -- thirty times dearer. Within 63 characters no label can be too long.
  if length(input) <= 63 and input ~ '^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z]+$' and input !~ '^www\.|^-|-\.|\.-' then
    return input;
  end if;
  v_host := regexp_replace(
    lower(
      regexp_replace(
        regexp_replace(btrim(input, E' \t\r\n'), '^([a-z][a-z0-9+.-]*:)?//([^/?#@]*@)?', '', 'i'),
        '(:\d*)?([/?#].*)?$', ''
      )
    ),
    '^(www\.)+(?=[^.]+\.)|\.$', '', 'g'
  );
  -- 253 characters in labels of 1 to 63 (RFC 1035); the last label is no number, so an IP address is not a domain.
  if length(v_host) <= 253
    and v_host ~ '^([[:alnum:]_]([[:alnum:]_-]*[[:alnum:]_])?\.)+[[:alpha:]][[:alnum:]-]*[[:alnum:]]$'
    and not exists (select from unnest(string_to_array(v_host, '.')) as label where length(label) > 63)
  then
    return v_host;
  end if;
  return null;
end;
$$;
comment on function etl.normalize_domain(text) is
  'The key of a company: host name in lower case, without scheme, user, "www.", port, path, query and final dot. Null when that is no domain name.';
