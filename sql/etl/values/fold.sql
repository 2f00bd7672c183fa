create or replace function etl.fold(input text)
returns text language sql immutable parallel safe as $$
  select lower(btrim(regexp_replace(input, '\s+', ' ', 'g')));
$$;
comment on function etl.fold(text) is
  'The form in which lookups compare: lower case, runs of white space as one blank, none at the ends. Null for null.';
