create or replace function etl.fold(input text)
returns text language sql immutable parallel safe as $$
  -- Most text has nothing to fold but its case, and looking is cheaper than replacing.
  select lower(case when input ~ '^\s|\s\s|[^\S ]|\s$' then btrim(regexp_replace(input, '\s+', ' ', 'g')) else input end);
$$;
comment on function etl.fold(text) is
  'The form in which lookups compare: lower case, runs of white space as one blank, none at the ends. Null for null.';
