create or replace function etl.normalize_key(entity_type text, input text)
returns text language sql immutable parallel safe as $$
  select case entity_type
    when 'company' then etl.normalize_domain(input)
    when 'person' then etl.normalize_linkedin_url(input)
  end;
$$;
comment on function etl.normalize_key(text, text) is 'The normalised key of a company or person; null when the input is not one.';
