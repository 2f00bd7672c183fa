create or replace function etl.split_list(input text)
returns table (item text, ordinality bigint) language sql immutable parallel safe rows 5 as $$
  select btrim(part), ordinality
    from unnest(string_to_array(input, ',')) with ordinality as split (part, ordinality)
   where btrim(part) <> ''
     and length(btrim(part)) <= 300;
$$;
comment on function etl.split_list(text) is 'The parts of a comma-separated list, trimmed; empty ones and those above 300 characters (they become part of a key) left out, with their position from 1.';
