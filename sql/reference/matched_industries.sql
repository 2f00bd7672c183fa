create or replace function reference.matched_industries(guesses jsonb)
returns table (gemini_guess text, matched_industry text, match_type text, match_word text, alternatives text[], ordinality bigint)
language sql stable parallel safe rows 3 set search_path = '' as $$
  with known as materialized (
    select distinct industry.industry_cleaned as name
      from reference.industry_lookup as industry
  ), guess as (
    select stated.item as text, stated.ordinality
      from etl.text_elements(matched_industries.guesses) as stated
     order by stated.ordinality
     limit 3
  )
  select guess.text, coalesce(exact.name, alike.names[1]),
         case when exact.name is not null then 'exact' when alike.names is not null then 'fuzzy' else 'no_match' end,
         case when exact.name is null then alike.word end,
         case when exact.name is null then alike.names[2:3] end,
         guess.ordinality
    from guess
    left join lateral (
      select known.name from known where etl.fold(known.name) = etl.fold(guess.text) order by known.name limit 1
    ) as exact on true
    left join lateral (
      -- The more words they share the better, then the fewer others the name has: nothing is left to the order of the rows.
      select array_agg(candidate.name order by candidate.shared desc, candidate.words, candidate.name) as names,
             (array_agg(candidate.word order by candidate.shared desc, candidate.words, candidate.name))[1] as word
        from (
          select known.name, count(*) filter (where word.text = any (reference.telling_words(guess.text))) as shared, count(*) as words,
                 min(word.text) filter (where word.text = any (reference.telling_words(guess.text))) as word
            from known
           cross join lateral unnest(reference.telling_words(known.name)) as word (text)
           group by known.name
        ) as candidate
       where candidate.shared > 0
    ) as alike on true
   order by guess.ordinality;
$$;
comment on function reference.matched_industries(jsonb) is
  'The first three industries of a JSON array with the cleaned name of reference.industry_lookup that each means: exact (but for case and blanks), fuzzy (shares a telling word: match_word, up to two alternatives), or no_match.';

create or replace function reference.telling_words(name text)
returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct word.text), '{}')
    from regexp_split_to_table(lower(telling_words.name), '[^[:alnum:]]+') as word (text)
   where word.text <> ''
     and word.text not in (
       'a', 'an', 'and', 'for', 'in', 'of', 'on', 'or', 'other', 'the', 'to', 'general', 'company', 'industry', 'industries', 'management', 'product', 'products',
       'service', 'services', 'software', 'solution', 'solutions', 'system', 'systems', 'technology', 'technologies'
     );
$$;
comment on function reference.telling_words(text) is 'The words of the name of an industry, in lower case, without those that occur in names of all kinds of industries.';
