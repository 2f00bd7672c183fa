create or replace function api.words_of(input text)
returns text[] language sql immutable parallel safe set search_path = '' as $$
  select coalesce(array_agg(distinct left(found.word, 40)), '{}')
    from (
      select piece.word
        from regexp_split_to_table(lower(words_of.input), '[^[:alnum:]]+') as piece (word)
       where piece.word <> ''
       limit 256
    ) as found;
$$;
comment on function api.words_of(text) is 'The words of a text in lower case, each once: runs of letters and digits, at most 256 of 40 characters. Empty for null.';

-- These two are computed for every row of the read tables: without a set clause they become part of the query that calls them.
create or replace function api.search_vector(input text)
returns tsvector language sql immutable parallel safe as $$
  select case
    when input ~ '[[:alnum:]]{41}' then array_to_tsvector(api.words_of(input))
    else array_to_tsvector(array_remove(regexp_split_to_array(left(lower(input), 2000), '[^[:alnum:]]+'), ''))
  end;
$$;
comment on function api.search_vector(text) is 'The words of a text, of its first 2,000 characters, to be searched by whole word or beginning. Null for null.';

create or replace function api.sort_key(input text)
returns text language sql immutable parallel safe as $$
  -- U+FFFF is above all letters: those without a name come last. Bounded, as it is indexed.
  select coalesce(nullif(left(etl.fold(input), 60), ''), U&'\FFFF');
$$;
comment on function api.sort_key(text) is 'What names are ordered by: without regard to case, those without a name last.';

create or replace function api.like_pattern(input text)
returns text language sql immutable strict parallel safe set search_path = '' as $$
  select '%' || regexp_replace(etl.fold(like_pattern.input), '([\\%_])', '\\\1', 'g') || '%';
$$;
comment on function api.like_pattern(text) is 'Pattern for LIKE that finds the text anywhere in a folded value; %, _ and \ stand for themselves.';

create or replace function api.trigram_schema()
returns text language sql stable set search_path = '' as $$
  select namespace.nspname
    from pg_catalog.pg_extension as extension
    join pg_catalog.pg_namespace as namespace on namespace.oid = extension.extnamespace
   where extension.extname = 'pg_trgm';
$$;
comment on function api.trigram_schema() is 'The schema of the extension pg_trgm; null where it is not installed.';

create or replace function api.words_with(pattern text, most integer)
returns text[] language plpgsql stable set search_path = '' as $$
declare
  v_words text[];
begin
  -- The planner must see the pattern to know whether an index finds it.
  execute format('select array_agg(found.word) from (select known.word from api.words as known where known.word like %L limit %s) as found', words_with.pattern, words_with.most)
    into v_words;
  return v_words;
end;
$$;
comment on function api.words_with(text, integer) is 'Known words that are LIKE the pattern, at most so many; null for none.';

create or replace function api.words_like(word text)
returns text[] language plpgsql volatile set search_path = '' as $$
declare
  v_schema constant text := api.trigram_schema();
  v_words text[];
begin
  if v_schema is null or length(words_like.word) < 3 then
    return null;
  end if;
  -- The extension has the setting only after its library is loaded, by its first call in a session.
  execute format('select set_config(''pg_trgm.similarity_threshold'', case when %I.similarity('''', '''') is not null then ''0.2'' end, true)', v_schema);
  -- Letters in another order are the commonest slip in short words, where few trigrams are left to compare.
  execute format(
    $sql$
    select array_agg(near.word)
      from (
        select known.word
          from api.words as known
         where known.word operator(%1$I.%%) $1
           and abs(length(known.word) - length($1)) <= 2
         order by api.letters_of(known.word) = api.letters_of($1) desc, %1$I.similarity(known.word, $1) desc, known.word
         limit 5
      ) as near
    $sql$, v_schema
  ) into v_words using words_like.word;
  return v_words;
end;
$$;
comment on function api.words_like(text) is 'The known words nearest to a misspelt one, at most five; null for none, and where pg_trgm is not installed.';

create or replace function api.letters_of(word text)
returns text language sql immutable parallel safe set search_path = '' as $$
  select string_agg(letter, '' order by letter) from regexp_split_to_table(letters_of.word, '') as letter;
$$;
comment on function api.letters_of(text) is 'The letters of a word in alphabetical order.';
