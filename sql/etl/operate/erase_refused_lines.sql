create or replace function etl.erase_refused_lines(entity_key text)
returns bigint language plpgsql set search_path = '' as $$
declare
  -- The key as it stands in any spelling of it: without scheme and host prefix, and not as a part of a longer name.
  v_name constant text := regexp_replace(erase_refused_lines.entity_key, '^https?://(www\.)?', '');
  v_pattern constant text := '(^|[^a-z0-9-])' || regexp_replace(v_name, '([^a-z0-9/_-])', '\\\1', 'g') || '($|[^a-z0-9_-])';
  v_erased bigint;
begin
  update etl.load_errors as refused
     set body = '', detail = 'What the line held was erased.'
   where strpos(lower(refused.body), v_name) > 0
     and lower(refused.body) ~ v_pattern;
  get diagnostics v_erased = row_count;
  return v_erased;
end;
$$;
comment on function etl.erase_refused_lines(text) is
  'Empties the refused lines of loads that name a record (normalised key); their number and code stay. Such lines may be no JSON, so the key is looked for as text. Reads all refused lines. Gives how many were emptied.';
