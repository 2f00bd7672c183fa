create or replace function etl.record_id(table_name text, key text)
returns uuid language sql immutable parallel safe as $$
  -- Version 8 (RFC 9562, custom) and variant bits, so that strict readers accept it. Setting whole bytes is the fastest way.
  select encode(set_byte(set_byte(decode(md5(table_name || E'\x1f' || key), 'hex'), 6, 128), 8, 128), 'hex')::uuid;
$$;
comment on function etl.record_id(text, text) is
  'The id of a row, derived from its table and key (parts joined by U+001F), so that it survives a rebuild.';
