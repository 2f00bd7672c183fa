create or replace function etl.longest_label(host text)
returns integer language sql immutable parallel safe as $$
  select max(length(label)) from unnest(string_to_array(host, '.')) as label;
$$;
comment on function etl.longest_label(text) is 'Characters of the longest part between the dots of a host name.';

create or replace function etl.normalize_domain(input text)
returns text language plpgsql immutable strict parallel safe set search_path = '' as $$
declare
  v_host text;
begin
  -- What most callers send, already as it should be. No bounded repetition in any of these: it makes a regular expression
  -- thirty times dearer. Within 63 characters no label can be too long.
  if length(input) <= 63 and input ~ '^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z]+$'
    and input not like 'www.%' and input not like '-%' and input not like '%-.%' and input not like '%.-%'
  then
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
  -- An international name has two spellings; the one of DNS is the key. Spaces and invisible characters are in no name.
  if v_host ~ '[^\u0001-\u007f]' then
    if length(v_host) > 253 or etl.longest_label(v_host) > 63 or v_host ~ '[\u0080-\u00a0\u2000-\u206f\u3000\ufe00-\ufe0f\ufeff\ufff0-\uffff]' then
      return null;
    end if;
    v_host := (
      select string_agg(etl.to_ascii_label(label.value), '.' order by label.place)
        from string_to_table(normalize(v_host, nfc), '.') with ordinality as label (value, place)
    );
  end if;
  -- 253 characters in labels of 1 to 63 (RFC 1035); the last label is no number, so an IP address is not a domain.
  if length(v_host) <= 253
    and v_host ~ '^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]$'
    and etl.longest_label(v_host) <= 63
  then
    return v_host;
  end if;
  return null;
end;
$$;
comment on function etl.normalize_domain(text) is
  'The key of a company: host name in lower case as DNS knows it (international names as xn--…), without scheme, user, "www.", port, path, query and final dot. Null when that is no domain name.';
