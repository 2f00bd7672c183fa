create or replace function etl.entity_column(entity_type text)
returns text language sql immutable parallel safe as $$
  select case entity_type when 'company' then 'domain' when 'person' then 'linkedin_url' end;
$$;
comment on function etl.entity_column(text) is 'The column that holds the key of a company (domain) or person (linkedin_url) in source and in extracted tables.';
