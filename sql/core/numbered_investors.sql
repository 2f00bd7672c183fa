create or replace function core.numbered_investors(payload jsonb, prefix text)
returns table (vc_name text) language sql immutable parallel safe rows 5 set search_path = '' as $$
  select distinct on (etl.fold(named.vc_name)) named.vc_name
    from unnest(array['', 'og'] || array(select number::text from generate_series(1, 12) as number)) with ordinality as field (suffix, place)
   cross join lateral (select etl.as_text(numbered_investors.payload -> (numbered_investors.prefix || field.suffix), 500) as vc_name) as named
   where named.vc_name is not null
   order by etl.fold(named.vc_name), field.place;
$$;
comment on function core.numbered_investors(jsonb, text) is
  'Investors that a payload gives in fields such as vc, vc1 to vc12 (prefix vc) or vc_og, vc_1 to vc_12 (prefix vc_): each once, ignoring case and blanks.';
