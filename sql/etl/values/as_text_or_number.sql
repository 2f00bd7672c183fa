create or replace function etl.as_text_or_number(input jsonb)
returns text language sql immutable parallel safe as $$
  select case when jsonb_typeof(input) = 'number' then input #>> '{}' else etl.as_text(input) end;
$$;
comment on function etl.as_text_or_number(jsonb) is 'Text for identifiers that some providers send as numbers; otherwise as etl.as_text(jsonb).';
