create or replace function etl.record_id(table_name text, key text)
returns uuid language sql immutable parallel safe as $$
  -- Version 8 (RFC 9562, custom) with the variant bits of a UUID, so that strict readers accept it.
  select overlay(overlay(md5(table_name || E'\x1f' || key) placing '8' from 13) placing '8' from 17)::uuid;
$$;
comment on function etl.record_id(text, text) is
  'The id of a row, derived from its table and key (parts joined by U+001F), so that it survives a rebuild.';
