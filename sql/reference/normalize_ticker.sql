create or replace function reference.normalize_ticker(input text)
returns text language sql immutable parallel safe as $$
  -- "NYSE: BRK.B" and "$brk.b" are BRK-B at the SEC
  select nullif(regexp_replace(replace(regexp_replace(upper(input), '^.*:|\$|\s', '', 'g'), '.', '-'), '[^A-Z0-9-]', '', 'g'), '');
$$;
comment on function reference.normalize_ticker(text) is 'A stock ticker in the spelling of the SEC: upper case, classes behind a dash, without exchange and "$". Null when nothing is left.';

create or replace function reference.sent_ticker(payload jsonb)
returns text language sql immutable parallel safe as $$
  select reference.normalize_ticker(coalesce(etl.as_text(payload, 50), etl.as_text(payload -> 'ticker', 50)));
$$;
comment on function reference.sent_ticker(jsonb) is 'The ticker of a payload that is the text itself or an object with the key ticker, in the spelling of the SEC; null for none.';
