create or replace function api.known_values(field text, value text)
returns text[] language sql stable set search_path = '' as $$
  select coalesce(array_agg(known.value order by known.value), array[known_values.value])
    from api.vocabulary as known
   where known.field = known_values.field
     and known.match_key = etl.fold(known_values.value);
$$;
comment on function api.known_values(text, text) is
  'The spellings of a value that occur in a column, ignoring case and blanks; the value itself when none does.';

create or replace function api.split_values(field text, stated text)
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_pieces constant text[] := string_to_array(split_values.stated, ',');
  v_count constant integer := coalesce(cardinality(v_pieces), 0);
  v_values text[] := '{}';
  v_from integer := 1;
  v_to integer;
begin
  while v_from <= v_count loop
    -- The longest run of pieces that is a known value ("Security, Risk, & Compliance") is one value; no known value has more than ten commas.
    v_to := least(v_from + 10, v_count);
    while v_to > v_from loop
      exit when exists (
        select
          from api.vocabulary as known
         where known.field = split_values.field
           and known.match_key = etl.fold(array_to_string(v_pieces[v_from:v_to], ','))
      );
      v_to := v_to - 1;
    end loop;
    v_values := v_values || array_to_string(v_pieces[v_from:v_to], ',');
    v_from := v_to + 1;
  end loop;
  return v_values;
end;
$$;
comment on function api.split_values(text, text) is
  'The values of a comma-separated list. A comma that belongs to a value which occurs in the column does not separate.';

create or replace function api.listed_values(field text, stated text[], splits boolean)
returns text[] language sql stable set search_path = '' as $$
  select coalesce(array_agg(distinct spelt.value order by spelt.value), '{}')
    from unnest(listed_values.stated) as item (value)
   cross join lateral unnest(case when listed_values.splits then api.split_values(listed_values.field, item.value) else array[item.value] end) as piece (value)
   cross join lateral unnest(api.known_values(listed_values.field, btrim(piece.value))) as spelt (value)
   where btrim(piece.value) <> '';
$$;
comment on function api.listed_values(text, text[], boolean) is
  'The values that a list asks for, as the column spells them; splits: each item may be a comma-separated list itself. Empty items are dropped.';

create or replace function api.values_containing(field text, part text)
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_values text[];
begin
  -- The planner must see the part to know whether an index finds it.
  execute format(
    $sql$
    select case when count(*) <= 100 then coalesce(array_agg(found.value), '{}') end
      from (select known.value from api.vocabulary as known where known.field = %L and known.match_key like %L limit 101) as found
    $sql$, values_containing.field, api.like_pattern(values_containing.part)
  ) into v_values;
  return v_values;
end;
$$;
comment on function api.values_containing(text, text) is 'The values of a column that contain a text, in any case; null when they are more than 100.';

create or replace function api.word_query(part text)
returns tsquery language plpgsql stable set search_path = '' as $$
declare
  v_pieces constant text[] := array(
    select left(piece.word, 40)
      from regexp_split_to_table(etl.fold(word_query.part), '[^[:alnum:]]+') with ordinality as piece (word, place)
     where piece.word <> ''
     order by piece.place
     limit 20
  );
  v_count constant integer := coalesce(cardinality(v_pieces), 0);
  v_query tsquery;
  v_each tsquery;
  v_words text[];
begin
  for v_place in 1 .. v_count loop
    -- The first piece may be the end of a word and the last one the beginning; a single one any part. The others are whole.
    if v_place > 1 then
      v_each := (quote_literal(v_pieces[v_place]) || case when v_place = v_count then ':*' else '' end)::tsquery;
    elsif length(v_pieces[1]) < 2 then
      continue;
    else
      v_words := api.words_with(case when v_count = 1 then api.like_pattern(v_pieces[1]) else '%' || replace(v_pieces[1], '_', '\_') end, 51);
      -- So many words mean so many rows that looking them all up costs more than it saves.
      continue when cardinality(v_words) > 50;
      v_each := (select string_agg(quote_literal(word), ' | ') from unnest(coalesce(v_words, v_pieces[1:1])) as word)::tsquery;
    end if;
    v_query := coalesce(v_query && v_each, v_each);
  end loop;
  return v_query;
end;
$$;
comment on function api.word_query(text) is
  'What the search vector of every row meets that has the text somewhere in name, title or company: found by index, to be compared exactly afterwards. Null when so many rows would meet it that it sorts nothing out.';

create or replace function api.search_query(stated text)
returns tsquery language plpgsql volatile set search_path = '' as $$
declare
  v_word text;
  v_query tsquery;
  v_each tsquery;
begin
  foreach v_word in array api.words_of(search_query.stated) loop
    v_each := (quote_literal(v_word) || ':*')::tsquery;
    if not exists (select from api.words as known where known.word >= v_word collate "C" and known.word < (v_word || U&'\FFFF') collate "C") then
      v_each := coalesce(
        (select string_agg(quote_literal(near.word), ' | ') from unnest(api.words_like(v_word)) as near (word))::tsquery, v_each
      );
    end if;
    v_query := coalesce(v_query && v_each, v_each);
  end loop;
  return v_query;
end;
$$;
comment on function api.search_query(text) is
  'Rows with all these words, each whole or as a beginning. A word that no row has is taken for the nearest known ones, where pg_trgm is installed. Null when there are no words.';
