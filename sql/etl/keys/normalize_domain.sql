create or replace function etl.normalize_domain(input text)
returns text language sql immutable parallel safe as $$
  select case
    -- what most callers send, already as it should be
    when length(input) <= 100 and input ~ '^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,63}$' and input !~ '^www\.|^-|-\.|\.-'
    then input
    -- 253 characters in labels of 1 to 63 (RFC 1035); the last label is no number, so an IP address is not a domain.
    when length(host) <= 253
     and host ~ '^([[:alnum:]_]([[:alnum:]_-]{0,61}[[:alnum:]_])?\.)+[[:alpha:]][[:alnum:]-]{0,61}[[:alnum:]]$'
    then host
  end
  from (
    select regexp_replace(
      lower(
        regexp_replace(
          regexp_replace(btrim(input, E' \t\r\n'), '^([a-z][a-z0-9+.-]*:)?//([^/?#@]*@)?', '', 'i'),
          '(:\d*)?([/?#].*)?$', ''
        )
      ),
      '^(www\.)+(?=[^.]+\.)|\.$', '', 'g'
    ) as host
  ) as parsed;
$$;
comment on function etl.normalize_domain(text) is
  'The key of a company: host name in lower case, without scheme, user, "www.", port, path, query and final dot. Null when that is no domain name.';
